// How many requests one order costs at each provider. docs/providers.md tells the same figures, and is compared.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpSimulator } from '../simulators/http-simulator.ts';
import { ada, wooOrder } from '../support/deliveries.ts';
import { type FlowWorld, openWorldAt, type ProviderAccountOf } from '../support/flow-world.ts';
import {
  abbyAccount,
  facturationProAccount,
  fastFakturaAccount,
  vosfacturesAccount,
} from '../support/provider-accounts.ts';

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

/** The figures of a provider's column in the table of calls. */
function documented(label: string): { newBuyer: number; knownBuyer: number } {
  const rows = readFileSync('docs/providers.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const heads = rows.find((cells) => cells[1] === 'requests for a paid order');
  const column = heads?.indexOf(label) ?? -1;
  const figure = (row: string): number => Number(rows.find((cells) => cells[1] === row)?.[column]);
  return { newBuyer: figure('of a new buyer'), knownBuyer: figure('of a known buyer') };
}

async function spent<S extends HttpSimulator>(world: FlowWorld<S>, order: object): Promise<number> {
  const before = world.simulator.requests().length;
  await world.deliver('shop', 'order.updated', order);
  await world.settle();
  return world.simulator.requests().length - before;
}

describe('an order costs as many requests as the documentation says', () => {
  const tells =
    <S extends HttpSimulator>(label: string, account: ProviderAccountOf<S>) =>
    async (): Promise<void> => {
      const world = await openWorldAt(account);
      close = world.close;
      // The index of clients, where one is kept, is read before.
      await world.drain();
      const newBuyer = await spent(world, wooOrder({ id: 1, paid: true }));
      const knownBuyer = await spent(world, wooOrder({ id: 2, paid: true, buyer: ada }));
      const made = (await world.jobs()).filter(({ key }) => key.includes('/invoice/'));
      expect(made.map(({ status }) => status)).toEqual(['done', 'done']);
      expect({ newBuyer, knownBuyer }).toEqual(documented(label));
    };
  it('at Abby', tells('Abby', abbyAccount));
  it('at Facturation.pro', tells('Facturation.pro', facturationProAccount));
  it('at FastFaktura', tells('FastFaktura', fastFakturaAccount));
  it('at VosFactures', tells('VosFactures', vosfacturesAccount));
});
