// The steps that tests of a provider are told in.
import type { InvoiceIntent } from '../../src/connector.ts';
import type { Client, ClientDraft } from '../../src/domain/client.ts';
import type { InvoiceDraft, Issued } from '../../src/domain/document.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { CONTEXT, type ProviderWorld } from './provider-kit.ts';

type Connected = Pick<ProviderWorld, 'account' | 'io'>;

/** The value of an outcome that must be `done`; the test fails with the problem otherwise. */
export function proved<T>(outcome: Outcome<T>): T {
  if (outcome.kind !== 'done') throw new Error(`expected done, it is ${outcome.kind}: ${outcome.problem.detail}`);
  return outcome.value;
}

/** A client made from this draft. */
export async function clientOf(world: Connected, draft: ClientDraft): Promise<Client> {
  const composed = world.account.client.compose(draft, CONTEXT);
  if (!composed.ok) throw new Error(composed.error.detail);
  return proved(await world.account.client.send(composed.value, world.io));
}

/** The intent to invoice this draft to a client of its own. */
export async function invoiceOf(world: Connected, draft: InvoiceDraft): Promise<InvoiceIntent> {
  const { buyer, orderId } = draft;
  return { draft, client: await clientOf(world, { buyer, externalId: `shop-${orderId}`, marker: `mark ${orderId}` }) };
}

export async function issue(world: Connected, intent: InvoiceIntent): Promise<Issued> {
  const composed = world.account.invoice.compose(intent, CONTEXT);
  if (!composed.ok) throw new Error(composed.error.detail);
  return proved(await world.account.invoice.send(composed.value, world.io));
}
