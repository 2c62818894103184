// The steps that tests of a provider are told in, while nothing fails.
import type {
  Capabilities,
  ComposeContext,
  CreditNoteIntent,
  DocumentEffect,
  Effect,
  InvoiceIntent,
  ProviderIo,
} from '../../src/connector.ts';
import { bears, type Client, type ClientDraft, type ClientKey, type ListedClient } from '../../src/domain/client.ts';
import type { CreditNoteDraft, InvoiceDraft, Issued } from '../../src/domain/document.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { CONTEXT, type ProviderKit, type ProviderWorld, type SeenDocument } from './provider-kit.ts';
import { paymentDraft, received } from './provider-samples.ts';

type Connected = Pick<ProviderWorld, 'account' | 'io'>;

/** How a kit is called in the titles of its tests. */
export const titleOf = ({ type, variant }: ProviderKit): string => (variant === null ? type : `${type}, ${variant}`);

/** What a provider declares, before any test of it runs: from this alone follows which tests there are. */
export async function capabilitiesOf(kit: ProviderKit): Promise<Capabilities> {
  const world = await kit.open();
  await world.close();
  return world.account.capabilities;
}

/** Runs a test in a fresh account, which is closed whatever comes of it. */
export const worldOf =
  <World extends { close(): Promise<void> }>(kit: { open(): Promise<World> }) =>
  (run: (world: World) => Promise<void>) =>
  async (): Promise<void> => {
    const world = await kit.open();
    try {
      await run(world);
    } finally {
      await world.close();
    }
  };
export type InWorld<World> = ReturnType<typeof worldOf<World & { close(): Promise<void> }>>;

/** The value of an outcome that must be `done`; the test fails with the problem otherwise. */
export function proved<T>(outcome: Outcome<T>): T {
  if (outcome.kind !== 'done') throw new Error(`expected done, it is ${outcome.kind}: ${outcome.problem.detail}`);
  return outcome.value;
}

/** What was found by a search that must not fail. */
export function found<T>(lookup: Lookup<T>): T[] {
  if (lookup.kind === 'failed') throw new Error(`the search failed: ${lookup.problem.detail}`);
  return lookup.items;
}

/** The request for an intent that the provider must be able to carry out. */
export function requestFor<I, V>(effect: Effect<I, V>, intent: I, context: ComposeContext = CONTEXT): string {
  const composed = effect.compose(intent, context);
  if (!composed.ok) throw new Error(composed.error.detail);
  return composed.value;
}

/** What a look-up for this intent finds; the test fails where there is nothing to look with. */
export async function lookUp<I, V>(
  effect: Effect<I, V> | null,
  intent: I,
  request: string,
  io: ProviderIo,
): Promise<Lookup<V>> {
  if (effect === null || effect.find === null) throw new Error('it cannot be looked up');
  return effect.find(intent, request, io);
}

/** A client made from this draft. */
export const clientOf = async ({ account, io }: Connected, draft: ClientDraft): Promise<Client> =>
  proved(await account.client.send(requestFor(account.client, draft), io));

/** The intent to invoice this draft to a client of its own. */
export async function invoiceOf(world: Connected, draft: InvoiceDraft): Promise<InvoiceIntent> {
  const { buyer, orderId } = draft;
  return { draft, client: await clientOf(world, { buyer, externalId: `shop-${orderId}`, marker: `mark ${orderId}` }) };
}

/** The document as its creation left it: final, or a draft. */
export const begin = async <I>(
  { io }: Connected,
  effect: DocumentEffect<I>,
  intent: I,
  context?: ComposeContext,
): Promise<Issued> => proved(await effect.send(requestFor(effect, intent, context), io));

/** The document once it says what was asked: final, or a draft with the total that the provider computed. */
export async function fillIn<I>(
  world: Connected,
  effect: DocumentEffect<I>,
  intent: I,
  context?: ComposeContext,
): Promise<Issued> {
  const made = await begin(world, effect, intent, context);
  if (made.state === 'final') return made;
  return proved(await draftingOf(effect).fill(made, requestFor(effect, intent, context), false, world.io));
}

/** The document brought to its end. */
export async function finish<I>(world: Connected, effect: DocumentEffect<I>, intent: I): Promise<Issued> {
  const filled = await fillIn(world, effect, intent);
  if (filled.state === 'final') return filled;
  return proved(await draftingOf(effect).finalize(filled, requestFor(effect, intent), world.io));
}

export function draftingOf<I>({ drafting }: DocumentEffect<I>): NonNullable<DocumentEffect<I>['drafting']> {
  if (drafting === null) throw new Error('a draft that nothing can finish');
  return drafting;
}

export const issue = (world: Connected, intent: InvoiceIntent): Promise<Issued> =>
  finish(world, world.account.invoice, intent);

/** An issued invoice that is paid, as far as the provider can be told so: what a credit note may ask for. */
export async function issuePaid(world: Connected, draft: InvoiceDraft): Promise<Issued> {
  const { account, io } = world;
  const money = received(draft.total);
  const invoice = await issue(world, await invoiceOf(world, { ...draft, received: [money] }));
  if (account.payment !== null && invoice.paid < draft.total) {
    const paying = {
      draft: { ...paymentDraft(draft.orderId, money), currency: draft.currency },
      invoice,
      paidBefore: invoice.paid,
    };
    proved(await account.payment.send(requestFor(account.payment, paying), io));
  }
  return readAgain(world, invoice);
}

/** The document as the provider shows it now. */
export async function readAgain({ account, io }: Connected, { providerId }: Issued): Promise<Issued> {
  const [document] = found(await account.read(providerId, io));
  if (document === undefined) throw new Error(`${providerId} is not there`);
  return document;
}

/** The intent to credit this much of the invoice that `original` became. */
export const creditOf = (draft: CreditNoteDraft, invoice: Issued, original: InvoiceDraft): CreditNoteIntent => ({
  draft,
  invoice,
  original,
});

export function creditNoteOf({ account }: Connected): DocumentEffect<CreditNoteIntent> {
  if (account.creditNote === null) throw new Error('credit notes are declared and there is nothing to make them with');
  return account.creditNote;
}

/** Every row of the directory: all its lists, all their pages. */
export async function wholeDirectory({ account, io }: Connected): Promise<ListedClient[]> {
  const { directory } = account;
  if (directory === null) throw new Error('a key that is not searched is found through a directory');
  const rows: ListedClient[] = [];
  for (const list of directory.lists) {
    for (let number = 1, more = true; more; number++) {
      const [page] = found(await directory.page(list, number, io));
      if (page === undefined) throw new Error('a page was found without its rows');
      rows.push(...page.rows);
      more = page.more;
    }
  }
  return rows;
}

/** Clients that bear the key: searched by the provider, or picked out of its directory. */
export async function clientsUnder(world: Connected, key: ClientKey, country: string): Promise<Client[]> {
  const { account, io } = world;
  if (account.capabilities.searches.includes(key.kind)) return found(await account.findClients(key, country, io));
  const rows = await wholeDirectory(world);
  return rows.flatMap(({ client, live }) => (live && bears(client, key, country) ? [client] : []));
}

/** Why the provider declares that it cannot make such an invoice; null where it must. */
export function excludedBy({ currencies, taxRates }: Capabilities, draft: InvoiceDraft): 'currency' | 'rate' | null {
  if (currencies !== null && !currencies.includes(draft.currency)) return 'currency';
  return taxRates !== null && draft.lines.some(({ rate }) => rate !== null && !taxRates.includes(rate)) ? 'rate' : null;
}

/** The documents made since: all but those that were there. */
export const madeSince = (before: readonly SeenDocument[], world: ProviderWorld): SeenDocument[] =>
  world.documents().filter(({ id }) => !before.some((one) => one.id === id));

/** An amount without its sign: providers write what a credit note takes back above or below zero. */
export const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
