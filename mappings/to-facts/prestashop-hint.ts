// What a module of a PrestaShop sends when something happened to an order. Every module has its own form, and none is trusted
// for more than the order's id: the order itself is asked of the webservice.
import { type Json, parseJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** A module that exports many orders at once names at most so many. */
const MAX_ORDERS = 100;

/** Keys that name an order wherever they stand. */
const ORDER_ID_KEYS = ['id_order', 'order_id', 'orderId', 'idOrder'];
/** Keys under which modules wrap what they tell. */
const WRAPPERS = ['order', 'data', 'payload', 'object', 'properties', 'resource'];

/**
 * Ids of the orders that a hint names, in JSON or as a form. Fails with `malformed_json`, and with `not_an_order` where it
 * names none.
 */
export function ordersHinted(body: Uint8Array): Result<string[]> {
  const text = Buffer.from(body).toString('utf8').trim();
  const parsed = /^[[{]/.test(text) ? parseJson(body) : ok<Json>(Object.fromEntries(new URLSearchParams(text)));
  if (!parsed.ok) return parsed;
  const told = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  const ids = [...new Set(told.slice(0, MAX_ORDERS).flatMap((one) => idIn(one, 0) ?? []))];
  return ids.length > 0
    ? ok(ids)
    : err(problem('not_an_order', 'the module’s message names no order: it needs an id_order, order_id or order.id'));
}

/** The id of the order that an object names: under a key of its own, else in what it wraps, else its own `id`. */
function idIn(json: Json, depth: number): string | null {
  if (json === null || typeof json !== 'object' || Array.isArray(json) || depth > WRAPPERS.length) return null;
  const named = ORDER_ID_KEYS.map((key) => idOf(json[key])).find((id) => id !== null);
  if (named !== undefined) return named;
  for (const key of WRAPPERS) {
    const id = idIn(json[key] ?? null, depth + 1);
    if (id !== null) return id;
  }
  return idOf(json.id);
}

const idOf = (value: Json | undefined): string | null =>
  typeof value === 'string' && /^[1-9]\d{0,17}$/.test(value) ? value : null;
