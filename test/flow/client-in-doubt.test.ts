// A client whose creation got no answer is looked for at the provider after the attempt, however fresh our own index is.
import { afterEach, expect, it } from 'vitest';
import type { HttpSimulator } from '../simulators/http-simulator.ts';
import { wooOrder } from '../support/deliveries.ts';
import { openWorldAt, type ProviderAccountOf } from '../support/flow-world.ts';
import { abbyAccount, facturationProAccount, fastFakturaAccount } from '../support/provider-accounts.ts';

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

/** A quarantine far shorter than the time for which the index counts as fresh. */
const hasty = <S extends HttpSimulator>(account: ProviderAccountOf<S>): ProviderAccountOf<S> => ({
  start: account.start,
  settings: (simulator) => `${account.settings(simulator)}, delivery: { quarantine: 1s }`,
});

async function madeWithoutAnswer<S extends HttpSimulator & { clients(): readonly unknown[] }>(
  account: ProviderAccountOf<S>,
  path: RegExp,
): Promise<void> {
  const world = await openWorldAt(hasty(account));
  close = world.close;
  await world.drain();
  world.simulator.failNext(
    { acts: 'at_once', sees: 'reset' },
    (exchange) => exchange.method === 'POST' && path.test(exchange.path),
  );
  await world.deliver('shop', 'order.updated', wooOrder({ id: 1, paid: true }));
  for (let second = 0; second < 20; second++) {
    await world.drain();
    world.advance(1500);
  }
  expect((await world.jobs())[0]).toMatchObject({ status: 'done' });
  expect(world.simulator.clients()).toHaveLength(1);
}

it('at Abby it is found in the lists', () => madeWithoutAnswer(abbyAccount, /^\/contact$/));
it('at Facturation.pro it is found by a search', () => madeWithoutAnswer(facturationProAccount, /\/customers\.json$/));
it('at FastFaktura it is found by a search', () => madeWithoutAnswer(fastFakturaAccount, /\/clients$/));
