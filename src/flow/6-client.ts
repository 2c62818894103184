// The provider's client for an invoice: remembered, found or created, once however many orders arrive together.
import { z } from 'zod';
import type { Effect, ProviderIo } from '../connector.ts';
import {
  bears,
  type Client,
  type ClientDraft,
  type ClientKey,
  clientKeys,
  externalId,
  normalEmail,
} from '../domain/client.ts';
import type { InvoiceDraft } from '../domain/document.ts';
import { problem } from '../domain/problem.ts';
import { assertNever } from '../domain/result.ts';
import { keyText, lockKeys, rememberClient, rememberedClient, unlockKeys } from '../store/clients.ts';
import { changeLeased, type JobChange, THAWED } from '../store/jobs.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';
import { findListed, type Syncing, untilWhole } from './6-directory.ts';
import { isWhole, needsDirectory } from './6-listing.ts';
import { type Match, matchClient, type Rejected } from './6-match.ts';
import { perform } from './7-protocol.ts';
import { hold, lookupFailed, putBack, saleOfJob, type Work } from './7-settle.ts';
import { composeContext } from './7-style.ts';

/** A job waits until the account's clients are listed. */
const SYNCING = 'directory_syncing';

/** How long a job waits before it looks again whether another has found or made the same client. */
const LOCK_WAIT_MS = 500;

type Wanted = { draft: InvoiceDraft; keys: ClientKey[]; externalId: string | null };

/** The client, or null when the job was put back or held meanwhile. */
export async function clientFor(work: Work, io: ProviderIo, draft: InvoiceDraft): Promise<Client | null> {
  const { job, registry, store, provider } = work;
  const { account } = provider;
  const external = externalId(registry.matching.externalId, draft.source, draft.buyer);
  const wanted: Wanted = { draft, keys: clientKeys(draft.buyer, external, registry.matching.by), externalId: external };
  const { capabilities, directory } = account;
  const indexed = directory !== null && needsDirectory(registry, provider) ? directory : null;
  const whole = indexed !== null && (await isWhole(work, provider, indexed));
  if (indexed !== null && !whole && job.reason === SYNCING) {
    // It was looked for by all that the provider searches: asking again would keep the listing from its end.
    await putBackUntilWhole(work, await untilWhole(work, provider, indexed));
    return null;
  }
  // Held from the first look until the client is known, through a quarantine too: a row, not a variable.
  const locked = await store.write((tx) => lockKeys(tx, account.accountId, wanted.keys.map(keyText), job.id));
  if (!locked) {
    await putBack(work, 'client_in_progress', LOCK_WAIT_MS);
    return null;
  }
  const remembered = (key: ClientKey) => rememberedClient(store.read, account.accountId, key);
  const search = (key: ClientKey) => account.findClients(key, draft.buyer.address.country, io);
  const { name, address } = draft.buyer;
  // A client whose creation may have succeeded is younger than what was listed.
  const inDoubt = job.phase !== null || job.doubts > 0;
  const listed =
    indexed === null
      ? null
      : (key: ClientKey) => findListed(work, provider, indexed, key, { name, country: address.country, inDoubt }, io);
  const preferIndex = whole && indexed?.latestFirst === 'changed' && !inDoubt;
  const parts = { capabilities, externalId: external, search, remembered, listed, preferIndex };
  const match = await matchClient(parts, draft.buyer, wanted.keys);
  if (match.kind === 'failed') {
    await lookupFailed(work, match.lookup);
    return null;
  }
  if (match.kind === 'syncing') {
    // Where nothing was begun, others of this buyer need not wait behind it.
    if (job.phase === null) await store.write((tx) => unlockKeys(tx, job.id));
    await putBackUntilWhole(work, match);
    return null;
  }
  return decide(work, io, wanted, match);
}

const putBackUntilWhole = (work: Work, { waitMs, detail }: Syncing): Promise<void> =>
  putBack(work, SYNCING, waitMs, { detail });

async function decide(
  work: Work,
  io: ProviderIo,
  wanted: Wanted,
  match: Exclude<Match, { kind: 'failed' | 'syncing' }>,
): Promise<Client | null> {
  const { matching } = work.registry;
  switch (match.kind) {
    case 'matched':
      return matched(work, io, wanted, match);
    case 'ambiguous': {
      const [first] = match.candidates;
      if (matching.onAmbiguous === 'first' && first !== undefined)
        return take(work, io, wanted, first, 'the first of several', match);
      await hold(work, problem('ambiguous_client', `${match.detail}: choose one`), { candidates: match.candidates });
      return null;
    }
    case 'missing':
      if (matching.onMissing === 'hold') {
        const detail = 'no client bears a key of this buyer: choose one, or create it at the provider and choose it';
        await hold(work, problem('client_missing', detail));
        return null;
      }
      // An external id that somebody else holds is not given to a second client.
      return create(work, io, wanted, match.taken.includes('external_id') ? null : wanted.externalId, match);
    default:
      return assertNever(match);
  }
}

async function matched(
  work: Work,
  io: ProviderIo,
  wanted: Wanted,
  match: Extract<Match, { kind: 'matched' }>,
): Promise<Client | null> {
  const { onDifference } = work.registry.matching;
  if (onDifference === 'fill' || onDifference === 'update')
    return take(work, io, wanted, match.client, match.by, match);
  const differing = differences(match.client, wanted.draft);
  if (differing.length === 0) return take(work, io, wanted, match.client, match.by, match);
  if (onDifference === 'create') return create(work, io, wanted, null, match);
  const detail = `client ${match.client.id} differs from the order in ${differing.join(', ')}`;
  await hold(work, problem('client_differs', detail), { candidates: [match.client] });
  return null;
}

function differences(client: Client, { buyer }: InvoiceDraft): string[] {
  const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
  const [theirs, ours] = [normalEmail(client.email), normalEmail(buyer.email)];
  return [
    ...(same(client.name, buyer.name) ? [] : ['name']),
    ...(theirs === null || ours === null || theirs === ours ? [] : ['e-mail']),
  ];
}

/** Takes an existing client, filling what is empty at the provider as far as the policy allows. */
async function take(
  work: Work,
  io: ProviderIo,
  wanted: Wanted,
  client: Client,
  by: string,
  match: { rejected: readonly unknown[] },
): Promise<Client> {
  const { onDifference } = work.registry.matching;
  const draft: ClientDraft = { buyer: wanted.draft.buyer, externalId: wanted.externalId, marker: '' };
  if (onDifference !== 'update' && !(onDifference === 'fill' && fillable(client, draft))) {
    await know(work, wanted.keys, client, `client ${client.id} matched by ${by}`, match);
    return client;
  }
  const outcome = await work.provider.account.updateClient(client, draft, onDifference === 'update', io);
  // A record that could not be filled does not stop the invoice; it is told.
  const known = outcome.kind === 'done' ? outcome.value : client;
  const how = outcome.kind === 'done' ? 'its record completed' : `its record not completed: ${outcome.problem.code}`;
  await know(work, wanted.keys, known, `client ${client.id} matched by ${by}; ${how}`, match);
  return known;
}

function fillable(client: Client, { buyer, externalId: external }: ClientDraft): boolean {
  const values: Record<Client['empty'][number], string | null> = {
    email: buyer.email,
    tax_number: buyer.taxNumber,
    external_id: external,
    phone: buyer.phone,
    street: buyer.address.line1,
    post_code: buyer.address.postCode,
    city: buyer.address.city,
    country: buyer.address.country,
  };
  return client.empty.some((field) => (values[field] ?? '') !== '');
}

/** Who was found instead of the client that is made now: rejected ones, and the one that differs too much. */
type Missed = { rejected: readonly Rejected[]; client?: Client };

/** The effect of making a client, whose look-up takes nobody who was there before for the one that was made. */
function newcomers(effect: Effect<ClientDraft, Client>, { rejected, client }: Missed): Effect<ClientDraft, Client> {
  const { find } = effect;
  if (find === null) return effect;
  const before = new Set([...rejected.map(({ clientId }) => clientId), ...(client === undefined ? [] : [client.id])]);
  return {
    ...effect,
    find: async (draft, request, io) => {
      const lookup = await find(draft, request, io);
      return lookup.kind === 'failed' ? lookup : { ...lookup, items: lookup.items.filter(({ id }) => !before.has(id)) };
    },
  };
}

async function create(
  work: Work,
  io: ProviderIo,
  wanted: Wanted,
  external: string | null,
  match: Missed,
): Promise<Client | null> {
  const effect = newcomers(work.provider.account.client, match);
  const created = await perform<ClientDraft, Client>(work, io, {
    name: 'client',
    effect,
    context: composeContext(work.registry, work.provider, wanted.draft, work.runtime.now()),
    intent: { buyer: wanted.draft.buyer, externalId: external, marker: `invoice-bridge ${wanted.draft.key}` },
  });
  if (created === null) return null;
  const { value, adopted } = created;
  const keys = external === null ? wanted.keys.filter(({ kind }) => kind !== 'external_id') : wanted.keys;
  await know(
    work,
    keys,
    value,
    `client ${value.id} ${adopted ? 'found after an unknown outcome' : 'created: none matched'}`,
    match,
  );
  return value;
}

const ChoiceSchema = z.object({ answer: z.object({ client_id: z.string() }) });

/** Where a person chose the client of an invoice, the buyer's keys lead to it from now on. */
export async function rememberChoice(tx: Tx, work: Work, draft: InvoiceDraft, client: Client): Promise<void> {
  const { job, registry, provider } = work;
  const choice = ChoiceSchema.safeParse(JSON.parse(job.decision ?? 'null'));
  if (choice.data?.answer.client_id !== client.id) return;
  const external = externalId(registry.matching.externalId, draft.source, draft.buyer);
  await rememberClient(tx, provider.account.accountId, clientKeys(draft.buyer, external, registry.matching.by), client);
}

/** The client step is over: what comes next is the document, with a fresh count of its own. */
const CLIENT_KNOWN: JobChange = { ...THAWED, failures: 0, doubts: 0, reason: null, detail: null };

async function know(
  work: Work,
  keys: readonly ClientKey[],
  client: Client,
  detail: string,
  match: { rejected: readonly unknown[] },
): Promise<void> {
  const { job, provider, runtime, store } = work;
  const now = runtime.now();
  const country = job.draft.kind === 'invoice' ? job.draft.buyer.address.country : '';
  await store.write(async (tx) => {
    await changeLeased(tx, work.lease, { ...CLIENT_KNOWN, client }, now);
    await rememberClient(
      tx,
      provider.account.accountId,
      keys.filter((key) => bears(client, key, country)),
      client,
    );
    await unlockKeys(tx, job.id);
    await note(tx, {
      sale: saleOfJob(job),
      at: now,
      step: 'match',
      detail,
      data: { rejected: match.rejected },
      jobId: job.id,
    });
  });
  Object.assign(job, CLIENT_KNOWN, { client });
}
