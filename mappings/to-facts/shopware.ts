// Shopware's webhooks and orders to facts. A webhook names an order or shows it with half of what belongs to it, so the
// order is asked for; the whole one, `fetched.order`, is what facts are made of.
import type { StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { readOrder } from './shopware-order.ts';
import { WireOrderSchema } from './shopware-wire.ts';

/** Orders placed and written, and every state that an order, its payment, a capture or a refund enters. */
const ORDER_EVENTS =
  /^(checkout\.order\.(placed|payment_method\.changed)|order\.written|state_enter\.order(_transaction(_capture(_refund)?)?)?\.state\.\w+)$/;

/** Shopware keeps what somebody is editing in the admin as versions of their own; this one is the order. */
const LIVE_VERSION = '0fa91ce3e96a4bc2be4bd9ce752c3425';

/**
 * Translates a webhook of Shopware, or an order that was fetched. Total and pure.
 *
 * Fails with `malformed_json`, `not_an_order`, `unreadable_order` (with the path), `unknown_currency` and
 * `order_without_lines`.
 */
export function understandShopware({ topic, body }: StoredDelivery): Result<Understood> {
  if (topic === 'order.deleted') return ok({ kind: 'ignored', reason: 'order_deleted' });
  if (topic !== 'fetched.order' && !ORDER_EVENTS.test(topic)) return ok({ kind: 'ignored', reason: 'topic_not_used' });
  const parsed = parseJson(body);
  if (!parsed.ok) return parsed;
  return topic === 'fetched.order' ? understandOrder(parsed.value) : understandEvent(topic, parsed.value);
}

function understandOrder(json: Json): Result<Understood> {
  const wire = WireOrderSchema.safeParse(json);
  if (!wire.success) {
    const issue = wire.error.issues[0];
    const at = issue?.path.join('.') ?? '';
    const detail = `${at}: ${issue?.message ?? 'unexpected'}; correct the order in the shop`;
    return err(problem('unreadable_order', detail, at));
  }
  const order = readOrder(wire.data);
  return order.ok ? ok({ kind: 'facts', facts: [{ kind: 'order', order: order.value }] }) : order;
}

function understandEvent(topic: string, json: Json): Result<Understood> {
  const payload = field(field(json, 'data'), 'payload');
  const written = topic === 'order.written' ? writesIn(payload) : [{ id: idOf(field(payload, 'order')), live: true }];
  const orders = [...new Set(written.filter(({ live }) => live).map(({ id }) => id))];
  const ids = orders.filter((id) => id !== null);
  if (written.length === 0 || ids.length < orders.length) {
    return err(problem('not_an_order', `the body of ${topic} names no order; look at what stands before the bridge`));
  }
  const [first, ...others] = ids;
  if (first === undefined) return ok({ kind: 'ignored', reason: 'draft' });
  const fetch = ids.map((id) => `order:${id}`);
  return ok(others.length === 0 ? { kind: 'fetch', fetch, orderId: first } : { kind: 'fetch', fetch });
}

/** A list of writes, which is an object with numbers for names where Shopware has filtered it. */
const writesIn = (payload: Json): { id: string | null; live: boolean }[] =>
  (payload !== null && typeof payload === 'object' ? Object.values(payload) : [])
    .filter((write) => field(write, 'entity') === 'order')
    .map((write) => ({
      id: idOf(write, 'primaryKey'),
      live: (field(write, 'versionId') ?? LIVE_VERSION) === LIVE_VERSION,
    }));

/** Exactly as the Admin API writes its ids. */
function idOf(json: Json, name = 'id'): string | null {
  const id = field(json, name);
  return typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) ? id : null;
}

const field = (json: Json, name: string): Json =>
  json !== null && typeof json === 'object' && !Array.isArray(json) ? (json[name] ?? null) : null;
