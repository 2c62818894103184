// What happened to a sale, in the order it happened, for people.
import { toJson } from '../domain/json.ts';
import type { SaleRef } from '../domain/order.ts';
import type { Tx } from './writer.ts';

export type Note = {
  sale: SaleRef;
  at: Date;
  /** The stage that speaks: receive, facts, plan, match, deliver, person. */
  step: 'facts' | 'plan' | 'match' | 'deliver' | 'person';
  /** One sentence without personal data. */
  detail: string;
  data?: unknown;
  eventId?: number;
  jobId?: number;
};

export async function note(tx: Tx, entry: Note): Promise<void> {
  await tx
    .insertInto('timeline')
    .values({
      source: entry.sale.source,
      order_id: entry.sale.orderId,
      at: entry.at.getTime(),
      step: entry.step,
      detail: entry.detail,
      data: entry.data === undefined ? null : toJson(entry.data),
      event_id: entry.eventId ?? null,
      job_id: entry.jobId ?? null,
    })
    .execute();
}
