// What a provider's API cannot do is known before anything is sent: no client is left behind for an invoice that is held.
import { afterEach, expect, it } from 'vitest';
import { wooOrder } from '../support/deliveries.ts';
import { openWorldAt } from '../support/flow-world.ts';
import { abbyAccount, fastFakturaAccount } from '../support/provider-accounts.ts';

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

/** The order of wooOrder at 19 %, a rate that France does not have. */
function atNineteen() {
  const order = wooOrder({ id: 1, paid: true });
  const line_items = order.line_items.map((line) => ({
    ...line,
    total_tax: '19.00',
    subtotal_tax: '19.00',
    taxes: [{ id: 1, total: '19.00', subtotal: '19.00' }],
  }));
  const tax_lines = [{ id: 1, rate_code: 'DE-19', rate_id: 1, label: 'MwSt', compound: false, rate_percent: 19 }];
  return { ...order, total: '119.00', total_tax: '19.00', line_items, tax_lines };
}

it('an order at a rate that the provider does not have is held with its payment, and nothing is sent', async () => {
  const world = await openWorldAt(abbyAccount);
  close = world.close;
  await world.drain();
  const asked = world.simulator.requests().length;
  await world.deliver('shop', 'order.updated', atNineteen());
  await world.settle();
  expect(await world.jobs()).toMatchObject([
    { status: 'held', reason: 'not_supported_by_provider', detail: expect.stringContaining('19 %') },
    { status: 'held', reason: 'waits_for' },
  ]);
  expect(world.simulator.requests().length).toBe(asked);
  expect(world.simulator.clients()).toEqual([]);
});

it('an order in a currency that the provider does not take is held, and nothing is sent', async () => {
  const world = await openWorldAt(fastFakturaAccount);
  close = world.close;
  await world.deliver('shop', 'order.updated', { ...wooOrder({ id: 1, paid: true }), currency: 'CHF' });
  await world.settle();
  expect((await world.jobs())[0]).toMatchObject({
    reason: 'not_supported_by_provider',
    detail: expect.stringContaining('CHF'),
  });
  expect(world.simulator.clients()).toEqual([]);
});
