// The fold of what is told of money: payments, refunds and disputes, each once however many tell of it.
import type { Dispute, MoneyBack, Payment } from '../domain/facts.ts';
import { max } from '../domain/money.ts';
import { compareText } from '../domain/order-by.ts';
import type { Source } from '../registry.ts';
import type { EventRow } from '../store/events.ts';
import { movementOf, saveMovement } from '../store/movements.ts';
import { paymentOf, savePayment } from '../store/sales.ts';
import type { Tx } from '../store/writer.ts';

/** One payment, whoever tells of it: links add up, the larger amount and the earlier instant stand. */
export async function foldPayment(tx: Tx, source: Source, event: EventRow, told: Payment, now: Date): Promise<void> {
  const known = (await paymentOf(tx, source.identity, told.id))?.payment;
  const links = [...(known?.links ?? []), ...told.links]
    .filter((link, index, all) => all.findIndex((l) => l.by === link.by && l.value === link.value) === index)
    .sort((a, b) => compareText(a.by, b.by) || compareText(a.value, b.value));
  const payment: Payment =
    known === undefined
      ? { ...told, links }
      : {
          ...known,
          amount: max(known.amount, told.amount),
          paidAt: [known.paidAt, told.paidAt].toSorted(compareText)[0] ?? told.paidAt,
          method: known.method || told.method,
          mode: known.mode === 'other' ? told.mode : known.mode,
          links,
        };
  await savePayment(tx, source.identity, payment, event.id, now);
}

/** How far a refund has come; it never goes back. */
const REFUND_PROGRESS: readonly MoneyBack['status'][] = ['pending', 'succeeded', 'failed'];

/** A refund goes from pending to succeeded, and may fail even then. */
export async function foldRefundMovement(
  tx: Tx,
  source: Source,
  event: EventRow,
  told: MoneyBack,
  now: Date,
): Promise<void> {
  const row = await movementOf(tx, source.identity, told.id);
  const known = row?.kind === 'refund' ? row.told : undefined;
  const further = known === undefined ? told : furthest(REFUND_PROGRESS, known, told);
  await saveMovement(tx, source.identity, { kind: 'refund', told: completed(further, known) }, event.id, now);
}

/** A dispute that was lost may be won afterwards: the bank's last word is the money. */
const DISPUTE_PROGRESS: readonly Dispute['status'][] = ['open', 'lost', 'won'];

export async function foldDispute(tx: Tx, source: Source, event: EventRow, told: Dispute, now: Date): Promise<void> {
  const row = await movementOf(tx, source.identity, told.id);
  const known = row?.kind === 'dispute' ? row.told : undefined;
  const further = known === undefined ? told : furthest(DISPUTE_PROGRESS, known, told);
  await saveMovement(tx, source.identity, { kind: 'dispute', told: completed(further, known) }, event.id, now);
}

/** Of two tellings the one that is further; of equal ones the one that was told of first in time, so that order does not matter. */
function furthest<Status extends string, Told extends { status: Status; at: string }>(
  progress: readonly Status[],
  known: Told,
  told: Told,
): Told {
  const step = progress.indexOf(told.status) - progress.indexOf(known.status);
  if (step !== 0) return step > 0 ? told : known;
  return compareText(told.at, known.at) < 0 ? told : known;
}

/** Older events name a payment by one id only. */
const completed = <Told extends { paymentId: string | null; chargeId: string | null }>(
  told: Told,
  known: Told | undefined,
): Told => ({
  ...told,
  paymentId: told.paymentId ?? known?.paymentId ?? null,
  chargeId: told.chargeId ?? known?.chargeId ?? null,
});
