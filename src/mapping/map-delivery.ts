// What a delivery comes to once the user's mapping has had its say: the one place where understanding and mapping meet.
import { z } from 'zod';
import type { StoredDelivery } from '../connector.ts';
import type { Fact, Understood } from '../domain/facts.ts';
import { parseJson } from '../domain/json.ts';
import type { Order } from '../domain/order.ts';
import { problem } from '../domain/problem.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { correct, wholeOrder } from './correct.ts';
import type { Mapping } from './expression.ts';
import type { Mappings } from './mappings.ts';
import { orderToStandard } from './order-to-standard.ts';

const IgnoreSchema = z.strictObject({ ignore: z.string().min(1).max(500) });

/**
 * Asks the mapping about a delivery that tells an order, or that we could not understand. Nothing answered: `understood`
 * stands, a problem too. An order that was understood is corrected; in place of a problem an order may be told whole.
 * `{"ignore": reason}` leaves the delivery aside as `ignored_by_mapping`.
 *
 * Fails with `mapping_failed`, which names the file and the path in the order. Rejects as `Mappings.run` does.
 */
export async function mapDelivery(
  { mapping, mappings }: { mapping: Mapping; mappings: Mappings },
  delivery: StoredDelivery,
  understood: Result<Understood>,
): Promise<Result<Understood>> {
  const order = understood.ok ? orderOf(understood.value) : null;
  const hasNothingToMap = understood.ok ? order === null : !parseJson(delivery.body).ok;
  if (hasNothingToMap) return understood;
  const answer = await mappings.run(mapping, {
    body: new TextDecoder().decode(delivery.body),
    order: order && orderToStandard(order),
    topic: delivery.topic,
    headers: delivery.headers,
    receivedAt: delivery.receivedAt,
  });
  if (!answer.ok) return answer;
  if (answer.value === null) return understood;
  const ignore = IgnoreSchema.safeParse(answer.value).data?.ignore;
  if (ignore !== undefined) return ok(leftAside(ignore, order));

  const mapped = order === null ? wholeOrder(answer.value) : correct(order, answer.value);
  if (mapped.ok) return ok(withOrder(mapped.value, understood));
  const without = understood.ok ? '' : ` (without the mapping: ${understood.error.detail})`;
  const { detail, at } = mapped.error;
  return err(problem('mapping_failed', `${mapping.path}: in what it gives, ${detail}${without}`, at));
}

const isOrder = (fact: Fact): fact is Extract<Fact, { kind: 'order' }> => fact.kind === 'order';

/** A delivery tells of one order at most. */
const orderOf = (understood: Understood): Order | null =>
  understood.kind === 'facts' ? (understood.facts.find(isOrder)?.order ?? null) : null;

const leftAside = (detail: string, order: Order | null): Understood => {
  const ignored = { kind: 'ignored', reason: 'ignored_by_mapping', detail } as const;
  return order === null ? ignored : { ...ignored, orderId: order.id };
};

/** What was understood, with this order in the place of its own. */
function withOrder(order: Order, understood: Result<Understood>): Understood {
  const fact: Fact = { kind: 'order', order };
  if (!understood.ok || understood.value.kind !== 'facts') return { kind: 'facts', facts: [fact] };
  return { ...understood.value, facts: understood.value.facts.map((known) => (isOrder(known) ? fact : known)) };
}
