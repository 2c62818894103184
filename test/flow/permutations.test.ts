import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { paymentOf, sessionOf, wooOrder } from '../support/deliveries.ts';
import { type FlowWorld, openFlowWorld } from '../support/flow-world.ts';

type Told = ['shop' | 'stripe', string, object];

/** All that is told of one sale: placed, changed within the same second, paid, and Stripe's two events of one payment. */
const story = (id: number): Told[] => {
  const placed = wooOrder({ id });
  return [
    ['shop', 'order.created', placed],
    ['shop', 'order.updated', { ...placed, customer_note: 'a change in the same second' }],
    ['shop', 'order.updated', wooOrder({ id, paid: true, second: 20, transaction: `pi_${id}` })],
    ['stripe', 'payment_intent.succeeded', paymentOf(placed, 12_000)],
    ['stripe', 'checkout.session.completed', sessionOf(placed, 12_000)],
  ];
};

let world: FlowWorld;
afterEach(() => world.close());

describe('one sale, told in any order', () => {
  it('ends in the same documents, however its deliveries are permuted, repeated and interleaved with work', async () => {
    world = await openFlowWorld();
    let id = 0;
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 });
    const repeats = fc.array(fc.nat(4), { maxLength: 4 });
    const pauses = fc.array(fc.boolean(), { minLength: 9, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(order, repeats, pauses, async (sequence, again, works) => {
        id++;
        const told = story(id);
        for (const [step, index] of [...sequence, ...again].entries()) {
          const [source, topic, body] = told[index] ?? told[0] ?? ['shop', '', {}];
          await world.deliver(source, topic, body);
          if (works[step]) await world.drain();
        }
        await world.settle();
        const sale = `shop/${id}`;
        const jobs = (await world.jobs()).filter(({ key }) => key.startsWith(`${sale}/`));
        expect(jobs.map(({ key, status }) => `${key} ${status}`)).toEqual([
          `${sale}/invoice/1 done`,
          `${sale}/payment/pi_${id} done`,
        ]);
        const documents = world.simulator.documents().filter(({ oid }) => oid === `shop-${id}-invoice-1`);
        expect(documents).toMatchObject([{ price_gross: '120.0', status: 'paid' }]);
      }),
      { numRuns: 60 },
    );
    expect(world.simulator.clients()).toHaveLength(1);
  });
});
