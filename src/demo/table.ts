// What became of the samples, as rows for people.
import { parseJson } from '../domain/json.ts';
import type { Sample } from './samples.ts';
import type { Answer } from './send.ts';

/** What the table shows of an order; null for what is not there (yet). */
export type Outcome = {
  source: string;
  number: string;
  client: string | null;
  /** How the client was come by, in the words of the order's timeline: "created: none matched". */
  match: string | null;
  invoice: { number: string; total: string; paid: string; currency: string; pdf: string | null } | null;
  /** Why there is no invoice. */
  waits: string | null;
};

/** The orders that the samples tell of, each once, by source and the shop's own id. */
export function orderIds(samples: readonly Sample[]): { source: string; orderId: string }[] {
  const ids = samples.flatMap(({ source, body, honest }) => {
    const parsed = parseJson(Buffer.from(body));
    const order = parsed.ok ? parsed.value : null;
    if (!honest || order === null || typeof order !== 'object' || !('line_items' in order)) return [];
    return typeof order.id === 'string' ? [{ source, orderId: order.id }] : [];
  });
  return ids.filter(
    (one, at) => ids.findIndex(({ source, orderId }) => source === one.source && orderId === one.orderId) === at,
  );
}

export const TABLE_HEAD = ['Order', 'Client', 'Invoice', 'Total', 'Paid'];

/** One order: its row, and the line below it that leads to the PDF. */
export function outcomeRow({ source, number, client, match, invoice, waits }: Outcome): {
  row: string[];
  below: string | null;
} {
  const who = client === null ? '' : match === null ? client : `${client} (${match})`;
  return {
    row: [
      `${source} ${number}`,
      who,
      invoice?.number ?? waits ?? 'in work',
      invoice === null ? '' : `${invoice.total} ${invoice.currency}`,
      invoice?.paid ?? '',
    ],
    below: invoice?.pdf ?? null,
  };
}

/** What the deliveries show besides the orders: one that came twice, one that was refused. */
export const remarks = (answers: readonly Answer[]): string[] => [
  ...answers
    .filter(({ duplicate }, at) => duplicate && sentBefore(answers, at))
    .map(({ sample, status }) => `${sample.title}: ${status}, stored once`),
  ...answers
    .filter(({ sample, status }) => sample.honest && status !== 200)
    .map(({ sample, status }) => `${sample.title}: ${status}, not accepted`),
  ...answers
    .filter(({ sample }) => !sample.honest)
    .map(({ sample, status }) => `${sample.title}: ${status}, nothing is stored`),
];

const sentBefore = (answers: readonly Answer[], at: number): boolean =>
  answers.slice(0, at).some(({ sample }) => sample.body === answers[at]?.sample.body && sample.honest);
