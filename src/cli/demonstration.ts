// The newcomer's first start: the bridge sends itself deliveries through its own door, and shows what became of them.
import { setTimeout as wait } from 'node:timers/promises';
import { SAMPLES } from '../demo/samples.ts';
import { type Answer, type DemoSecrets, sendSample } from '../demo/send.ts';
import { type Outcome, orderIds, outcomeRow, remarks, TABLE_HEAD } from '../demo/table.ts';
import { type OrderView, showOrder } from '../operations/orders.ts';
import type { OperationParts } from '../operations/parts.ts';
import { countEventsByStatus, countJobs } from '../store/queries.ts';
import { columns, plain, type Terminal } from './terminal.ts';

const LOOK_MS = 20;
const PATIENCE_MS = 30_000;

/** Sends the samples to the bridge at `url` one after the other, and prints what became of each. */
export async function demonstrate(
  parts: OperationParts,
  { url, secrets, terminal }: { url: string; secrets: DemoSecrets; terminal: Terminal },
): Promise<void> {
  const answers: Answer[] = [];
  for (const sample of SAMPLES) {
    terminal.progress(sample.title);
    answers.push(await sendSample(url, sample, secrets, parts.runtime.now()));
    // One after the other, so that a reader finds the numbers in the order of the deliveries.
    if (!(await settled(parts))) {
      terminal.say(
        `Not everything is done after ${PATIENCE_MS / 1000} seconds: the admin page shows what it waits for.`,
      );
      break;
    }
  }
  const outcomes: Outcome[] = [];
  for (const { source, orderId } of orderIds(SAMPLES)) {
    const shown = await showOrder(parts, source, orderId);
    outcomes.push(shown.ok ? outcomeOf(shown.value, url) : unknownOrder(source, orderId));
  }
  const rows = outcomes.map(outcomeRow);
  const [head = '', ...lines] = columns([TABLE_HEAD, ...rows.map(({ row }) => row.map(plain))]);
  terminal.say(terminal.styled('bold', head));
  for (const [at, line] of lines.entries()) {
    terminal.say(line);
    const below = rows[at]?.below ?? null;
    if (below !== null) terminal.say(`  PDF: ${below}`);
  }
  terminal.say('');
  for (const remark of remarks(answers)) terminal.say(remark);
}

/** True when nothing is left to do; false when it takes too long. */
async function settled({ store }: OperationParts): Promise<boolean> {
  const since = performance.now();
  while (performance.now() - since < PATIENCE_MS) {
    const events = await countEventsByStatus(store.read);
    const jobs = await countJobs(store.read);
    const left =
      events.some(({ word }) => word === 'received') ||
      jobs.some(({ word }) => word === 'pending' || word === 'running');
    if (!left) return true;
    await wait(LOOK_MS);
  }
  return false;
}

/** An order whose delivery was not understood, or not yet read. */
const unknownOrder = (source: string, orderId: string): Outcome => ({
  source,
  number: orderId,
  client: null,
  match: null,
  invoice: null,
  waits: 'none: see the admin page',
});

function outcomeOf({ order, client, documents, timeline }: OrderView, url: string): Outcome {
  const invoice = documents.find(({ kind }) => kind === 'invoice');
  const match = timeline.findLast(({ step }) => step === 'match')?.detail ?? null;
  return {
    source: order.source,
    number: order.number,
    client: client?.name ?? null,
    match: match?.replace(/^client \S+ |;.*$/g, '') ?? null,
    invoice: invoice === undefined ? null : { ...invoice, pdf: pdfPage(invoice, url) },
    waits: order.reason,
  };
}

/** Where a browser that has signed in finds the PDF. */
const pdfPage = ({ key, pdf_url }: OrderView['documents'][number], url: string): string | null =>
  pdf_url === null ? null : `${url}/admin/documents/${encodeURIComponent(key)}/pdf`;
