// What a mapping answers, put together with what we understood: a JSON merge patch (RFC 7396) over the order's JSON, whose
// lines and refunds are merged by their ids.
import type { Json } from '../domain/json.ts';
import type { Order } from '../domain/order.ts';
import { problem } from '../domain/problem.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { settled, vetted } from './agreement.ts';
import { orderToStandard } from './order-to-standard.ts';
import { MappedOrderSchema } from './standard-order.ts';
import { standardToOrder } from './standard-to-order.ts';

type JsonObject = { [key: string]: Json };

/**
 * The order with the corrections of a mapping. A key that is not said stays, null takes it away, `lines` and `refunds` name
 * what they correct by its id. Where the gross or the rate of a line changes and its tax is not said, the tax is worked out.
 * Fails with `unreadable_order`, at the path in the corrected order.
 */
export function correct(order: Order, patch: Json): Result<Order> {
  if (!isObject(patch)) return wrong('', 'write an object of corrections, or nothing where there are none');
  const merged = mergeOrder(orderToStandard(order), asLists(patch));
  if (!merged.ok) return merged;
  const corrected = standardToOrder(merged.value, MappedOrderSchema);
  if (!corrected.ok) return corrected;
  // Another id would be another sale, and a second invoice.
  if (corrected.value.id !== order.id) return wrong('id', `the order’s id ${order.id} cannot be changed`);
  return ok(settled(corrected.value));
}

/** The whole order as a mapping made it, of a payload that we do not understand. Fails with `unreadable_order`. */
export function wholeOrder(json: Json): Result<Order> {
  if (!isObject(json)) return wrong('', 'write the whole order, or nothing');
  const told = standardToOrder(asLists(json), MappedOrderSchema);
  return told.ok ? ok(vetted(settled(told.value))) : told;
}

function mergeOrder(base: JsonObject, patch: JsonObject): Result<JsonObject> {
  const { lines, refunds, ...rest } = patch;
  const sold = mergeById(base.lines, lines, 'lines');
  if (!sold.ok) return sold;
  const returned = mergeById(base.refunds, refunds, 'refunds');
  if (!returned.ok) return returned;
  return ok({ ...mergePatch(base, rest), lines: sold.value, refunds: returned.value });
}

/** The list with each entry of the patch merged into the one of its id; an id that is not there is added to the end. */
function mergeById(base: Json | undefined, patch: Json | undefined, path: string): Result<Json> {
  const list = Array.isArray(base) ? base.filter(isObject) : [];
  if (patch === undefined) return ok(list);
  if (!Array.isArray(patch)) return wrong(path, 'write a list of corrections, each with its id');
  for (const [index, entry] of patch.entries()) {
    const id = isObject(entry) ? entry.id : undefined;
    if (!isObject(entry) || typeof id !== 'string')
      return wrong(`${path}.${index}.id`, 'write the id of what it corrects');
    const { remove, ...change } = entry;
    const place = list.findIndex((item) => item.id === id);
    if (remove === true) {
      if (place < 0) return wrong(`${path}.${index}.id`, `there is no ${id} to remove`);
      list.splice(place, 1);
    } else if (place < 0) list.push(mergePatch({}, change));
    else list[place] = mergePatch(withoutStaleAmounts(list[place] ?? {}, change), change);
  }
  return ok(list);
}

/** The amounts of a line that no longer hold once others of it change. */
function withoutStaleAmounts(line: JsonObject, change: JsonObject): JsonObject {
  const { gross, tax, ...rest } = line;
  if ('net' in change) return rest;
  if ('tax' in change || !('gross' in change || 'rate' in change)) return line;
  return gross === undefined ? rest : { ...rest, gross };
}

function mergePatch(base: JsonObject, patch: JsonObject): JsonObject {
  const merged = { ...base };
  for (const [key, change] of Object.entries(patch)) {
    const kept = merged[key];
    if (change === null) delete merged[key];
    else merged[key] = isObject(change) ? mergePatch(isObject(kept) ? kept : {}, change) : change;
  }
  return merged;
}

const LISTS = ['lines', 'refunds', 'tags', 'transactions', 'aliases'];

/** JSONata gives a list of one as that one: where a list belongs, it becomes a list again. */
function asLists(json: JsonObject): JsonObject {
  const listed = withLists(json, LISTS);
  if (!Array.isArray(listed.refunds)) return listed;
  return {
    ...listed,
    refunds: listed.refunds.map((refund) => (isObject(refund) ? withLists(refund, ['lines']) : refund)),
  };
}

const withLists = (json: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      keys.includes(key) && value !== null && !Array.isArray(value) ? [value] : value,
    ]),
  );

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const wrong = (path: string, write: string): Result<never> =>
  err(problem('unreadable_order', path === '' ? write : `${path}: ${write}`, path));
