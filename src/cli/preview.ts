// `preview`: what a payload would become. It runs the real flow up to the point where something would be sent, on a
// database of its own in a temporary folder.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suggestion } from '../config/nearest.ts';
import type { Config } from '../config/types.ts';
import type { ProviderAccount } from '../connector.ts';
import { type Client, type ClientKey, clientKeys, externalId } from '../domain/client.ts';
import type { InvoiceDraft } from '../domain/document.ts';
import { formatMinor } from '../domain/money.ts';
import type { Order, SaleRef } from '../domain/order.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { applyEvent, read, storedDelivery } from '../flow/3-facts.ts';
import { composeContext, styled } from '../flow/7-style.ts';
import { orderFact, paymentFact } from '../operations/orders.ts';
import type { OperationParts } from '../operations/parts.ts';
import { providerFor, type Source } from '../registry.ts';
import { type EventRow, eventById, storeDeliveries } from '../store/events.ts';
import { type JobRow, jobsOf } from '../store/jobs.ts';
import { saleOf } from '../store/sales.ts';
import { type Failure, failed, misused, type Run } from './command.ts';
import { PROGRAM } from './help.ts';
import { type Preview, previewLines } from './preview-report.ts';
import { readSetUp } from './set-up.ts';
import { openVisit } from './visit.ts';

const HELP = `${PROGRAM} preview --help`;

/** The topic under which a type of shop tells of a paid order. */
const USUAL_TOPICS: Readonly<Record<string, string>> = {
  woocommerce: 'order.updated',
  shopify: 'orders/paid',
  stripe: 'payment_intent.succeeded',
};

export const run: Run = async (call) => {
  const [name, file, surplus] = call.args;
  if (name === undefined || file === undefined) return misused('preview needs a source and a file', HELP);
  if (surplus !== undefined) return misused(`preview does not take "${surplus}" as well`, HELP);
  const body = bodyIn(path.resolve(call.cwd, file));
  if (!body.ok) return body.error;
  const dir = mkdtempSync(path.join(tmpdir(), 'invoice-bridge-preview-'));
  try {
    const setUp = await readSetUp(call, dir);
    if (!setUp.ok) return setUp.error;
    const opened = await openVisit(standingAlone(setUp.value.config, dir));
    if (!opened.ok)
      return failed(
        opened.error.map(({ detail }) => detail),
        `${PROGRAM} check`,
      );
    try {
      const source = opened.value.registry.sources.get(name);
      if (source === undefined) {
        return misused(
          `there is no source "${name}": ${suggestion(name, [...opened.value.registry.sources.keys()])}`,
          HELP,
        );
      }
      const topic = call.options.topic ?? USUAL_TOPICS[source.type];
      if (topic === undefined) return misused(`a ${source.type} source has no usual topic: give --topic`, HELP);
      const seen = await lookAhead(opened.value, source, topic, body.value);
      if (!seen.ok) return seen.error;
      const { preview, order } = seen.value;
      call.terminal.say(call.json ? JSON.stringify(preview, null, 2) : previewLines(preview, order).join('\n'));
      return null;
    } finally {
      await opened.value.store.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

function bodyIn(file: string): Result<Uint8Array, Failure> {
  try {
    return ok(readFileSync(file));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return err(failed(`${file} cannot be read (${reason})`, 'the path of a file that holds a payload'));
  }
}

/** The same configuration beside a database of its own. Where the start line is the first start, there is none yet. */
const standingAlone = (config: Config, dir: string): Config => ({
  ...config,
  database: { kind: 'sqlite', path: path.join(dir, 'preview.db') },
  sources: Object.fromEntries(
    Object.entries(config.sources).map(([name, source]) => [name, { ...source, startAt: source.startAt ?? 'all' }]),
  ),
});

async function lookAhead(
  parts: OperationParts,
  source: Source,
  topic: string,
  body: Uint8Array,
): Promise<Result<{ preview: Preview; order: Order | null }, Failure>> {
  const { store, registry } = parts;
  const event = await applied(parts, source, topic, body);
  const understood = await read(source, event);
  if (!understood.ok || event.status === 'failed') {
    return err(
      failed(
        `not understood as ${topic} of ${source.name}: ${event.detail ?? event.reason}`,
        'the body as the webhook carries it, or another --topic',
      ),
    );
  }
  const facts = understood.value.kind === 'facts' ? understood.value.facts : [];
  const ref: SaleRef = { source: source.identity, orderId: event.order_id ?? '' };
  const order = (await saleOf(store.read, ref))?.order ?? null;
  const job = (await jobsOf(store.read, ref)).find(({ kind, status }) => kind === 'invoice' && status !== 'skipped');
  const draft = job?.draft.kind === 'invoice' ? job.draft : null;
  const preview: Preview = {
    source: source.name,
    topic,
    status: event.status,
    reason: event.reason,
    detail: event.detail,
    order: order === null ? null : orderFact(order),
    payments: [
      ...facts.flatMap((fact) => (fact.kind === 'payment' ? [paymentFact(fact.payment)] : [])),
      ...(draft === null ? [] : receivedOn(draft)),
    ],
    invoice: job === undefined || draft === null ? null : invoiceOf(parts, job, draft),
    client_keys: order === null ? [] : keysOf(registry, source, order),
    mapping: await source.mappingEffect(storedDelivery(event)),
  };
  return ok({ preview, order });
}

/** The delivery's event after the flow has read it. */
async function applied(parts: OperationParts, source: Source, topic: string, body: Uint8Array): Promise<EventRow> {
  const { store, runtime } = parts;
  const [accepted] = await store.write((tx) =>
    storeDeliveries(
      tx,
      [{ source: source.identity, topic, delivery_key: 'preview', delivery_id: null, shop: null, headers: '{}', body }],
      runtime.now(),
    ),
  );
  const id = accepted?.eventId ?? 0;
  await applyEvent(parts, id);
  const event = await eventById(store.read, id);
  if (event === undefined) throw new Error('the previewed delivery was not stored');
  return event;
}

const receivedOn = ({ received, currency }: InvoiceDraft): Preview['payments'] =>
  received.map(({ id, amount, at, label }) => ({
    id,
    amount: formatMinor(amount, currency),
    currency,
    paid_at: at,
    method: label,
  }));

/** Keys that a client at the order's provider can bear. */
function keysOf({ matching, providers }: OperationParts['registry'], source: Source, order: Order): ClientKey[] {
  const held = providers.get(providerFor(source, order))?.account.capabilities.keys ?? [];
  const keys = clientKeys(order.buyer, externalId(matching.externalId, source.identity, order.buyer), matching.by);
  return keys.filter(({ kind }) => held.includes(kind));
}

/** A client that exists nowhere. */
const somebody = ({ exampleClientId }: ProviderAccount): Client => ({
  id: exampleClientId,
  name: '',
  kind: null,
  email: null,
  taxNumber: null,
  externalId: null,
  empty: [],
});

function invoiceOf({ registry, runtime }: OperationParts, job: JobRow, draft: InvoiceDraft): Preview['invoice'] {
  const { provider: name, reason, detail } = job;
  const provider = registry.providers.get(name);
  if (provider === undefined) throw new Error(`provider ${name} is not configured`);
  const { account } = provider;
  const shown = styled(draft, provider);
  const context = composeContext(registry, provider, shown, runtime.now());
  const composed = account.invoice.compose({ draft: shown, client: somebody(account) }, context);
  if (!composed.ok) return { provider: name, held: composed.error.code, detail: composed.error.detail, request: null };
  const request: unknown = JSON.parse(composed.value);
  const total = account.predictTotal(composed.value);
  if (job.status !== 'held' && total !== null && total !== draft.total) {
    const told = `${name} would compute ${formatMinor(total, draft.currency)} ${draft.currency}`;
    return { provider: name, held: 'total_differs', detail: told, request };
  }
  return { provider: name, held: job.status === 'held' ? reason : null, detail, request };
}
