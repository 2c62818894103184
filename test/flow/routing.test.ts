// Which provider an order goes to, and that what follows an invoice goes where the invoice went.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Order } from '../../src/domain/order.ts';
import { providerFor, type Route } from '../../src/registry.ts';
import { paidOrder, unpaidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

const TO_GERMAN: Route = { provider: 'german', countries: ['DE', 'AT'], currencies: null, buyer: 'company' };

/** The same buyer as a company of this country. */
const companyOf = (country: string, { buyer }: Order = unpaidOrder()): Order['buyer'] => ({
  ...buyer,
  kind: 'company',
  name: 'Martin GmbH',
  company: 'Martin GmbH',
  address: { ...buyer.address, country },
});

describe('the provider of an order', () => {
  const source = {
    provider: 'books',
    routes: [
      TO_GERMAN,
      { provider: 'swiss', countries: null, currencies: ['CHF'], buyer: null },
      { provider: 'never', countries: ['DE'], currencies: ['CHF'], buyer: 'company' as const },
    ],
  };

  test('is the one of the first route whose every condition holds', () => {
    expect(providerFor(source, unpaidOrder({ buyer: companyOf('AT') }))).toBe('german');
    expect(providerFor(source, unpaidOrder({ buyer: companyOf('DE'), currency: 'CHF' }))).toBe('german');
    expect(providerFor(source, unpaidOrder({ buyer: companyOf('CH'), currency: 'CHF' }))).toBe('swiss');
  });

  test('is the source’s own where none holds, as for a country that the shop did not say', () => {
    expect(providerFor(source, unpaidOrder({ buyer: companyOf('FR') }))).toBe('books');
    expect(providerFor(source, unpaidOrder({ buyer: companyOf('') }))).toBe('books');
    const person = { ...companyOf('DE'), kind: 'person' as const };
    expect(providerFor(source, unpaidOrder({ buyer: person }))).toBe('books');
  });
});

describe('a shop whose German companies are invoiced elsewhere', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld({ routes: [TO_GERMAN] });
  });
  afterEach(() => world.close());

  const told = async (order: Order): Promise<void> => {
    await world.deliver('shop', { order });
    await world.drain();
  };
  const providers = async (): Promise<string[]> =>
    (await world.jobs()).map(({ kind, provider, status }) => `${kind} ${status} at ${provider}`);
  const invoiced = () => [world.books.documents.length, world.german.documents.length];

  test('has their orders invoiced there, on a client that is made there', async () => {
    await told(paidOrder({ buyer: companyOf('DE') }));
    expect(await providers()).toEqual(['invoice done at german', 'payment done at german']);
    expect(invoiced()).toEqual([0, 1]);
    expect(world.german.clients).toMatchObject([{ name: 'Martin GmbH' }]);
    expect(world.books.clients).toEqual([]);
  });

  test('has all other orders invoiced at its own provider', async () => {
    await told(paidOrder());
    expect(await providers()).toEqual(['invoice done at books', 'payment done at books']);
    expect(invoiced()).toEqual([1, 0]);
  });

  test('records a later payment and credits a refund where the invoice went, though the buyer has moved since', async () => {
    await world.close();
    world = await openWorld({ routes: [TO_GERMAN], invoicing: { when: 'placed' } });
    await told(unpaidOrder({ buyer: companyOf('DE') }));
    expect(invoiced()).toEqual([0, 1]);
    await told(
      paidOrder({
        buyer: companyOf('FR'),
        refunds: [{ id: 'r1', amount: 2_000n, at: null, reason: 'broken', lines: null, transactionId: null }],
      }),
    );
    expect((await world.jobs()).map(({ kind, provider }) => `${kind} at ${provider}`)).toEqual([
      'invoice at german',
      'payment at german',
      'credit_note at german',
    ]);
    expect(invoiced()).toEqual([0, 1]);
    expect(world.german.documents).toMatchObject([{ paid: 12_000n }]);
  });

  test('moves what has not begun when the order changes', async () => {
    await world.close();
    world = await openWorld({ routes: [TO_GERMAN], invoicing: { approve: true } });
    await told(paidOrder());
    expect((await world.jobs()).map(({ provider }) => provider)).toEqual(['books', 'books']);
    await told(paidOrder({ buyer: companyOf('DE'), rank: 30 }));
    expect((await world.jobs()).map(({ provider }) => provider)).toEqual(['german', 'german']);
    await told(paidOrder({ buyer: companyOf('BE'), rank: 35 }));
    expect((await world.jobs()).map(({ provider }) => provider)).toEqual(['books', 'books']);
    await world.call('POST', `/jobs/${(await world.job('501/invoice/1')).id}/resolve`, { approve: true });
    await world.drain();
    expect(invoiced()).toEqual([1, 0]);
  });

  test('never makes a second invoice elsewhere for one whose outcome is not known', async () => {
    world.german.next = 'late';
    await told(paidOrder({ buyer: companyOf('DE') }));
    expect((await world.job('501/invoice/1')).phase).toBe('resolving');
    await told(paidOrder({ buyer: companyOf('FR'), rank: 30 }));
    await world.runtime.advance(400_000);
    await world.drain();
    expect(await providers()).toEqual(['invoice done at german', 'payment done at german']);
    expect(invoiced()).toEqual([0, 1]);
  });
});
