// How documents look, as the user decided: worked out for each document before it is composed.
import { afterEach, describe, expect, test } from 'vitest';
import type { DocumentStyle } from '../../src/connector.ts';
import type { Order } from '../../src/domain/order.ts';
import type { DocumentsPolicy } from '../../src/registry.ts';
import { paidOrder, unpaidOrder } from '../support/orders.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

/** How the invoice of this order was asked to look, on 21 November 2026 at 11:00 in Paris. */
async function styleOf(documents: Partial<DocumentsPolicy>, order: Order = paidOrder()): Promise<DocumentStyle> {
  await world?.close();
  world = await openWorld({ documents, invoicing: { when: 'placed' } });
  await world.deliver('shop', { order });
  await world.drain();
  const [style] = world.books.styles;
  if (style === undefined) throw new Error('nothing was invoiced');
  return style;
}

const from = (country: string): Order => {
  const { buyer } = paidOrder();
  return paidOrder({ buyer: { ...buyer, address: { ...buyer.address, country } } });
};

test('without a word of the user the connector decides, and the document is payable at once', async () => {
  expect(await styleOf({})).toEqual({
    language: null,
    dueDate: '2026-11-21',
    title: null,
    notes: null,
    sells: 'goods',
  });
});

describe('the language', () => {
  test('is the one for the buyer’s country, else the general one', async () => {
    const documents = { language: 'fr', languages: { DE: 'de', BE: 'nl' } };
    expect((await styleOf(documents, from('DE'))).language).toBe('de');
    expect((await styleOf(documents, from('BE'))).language).toBe('nl');
    expect((await styleOf(documents, from('FR'))).language).toBe('fr');
    expect((await styleOf({ languages: { DE: 'de' } }, from('FR'))).language).toBeNull();
  });
});

describe('the due date', () => {
  test('is so many days after the document’s own date, across the end of a year', async () => {
    expect((await styleOf({ dueInDays: 30 })).dueDate).toBe('2026-12-21');
    expect((await styleOf({ dueInDays: 41 })).dueDate).toBe('2027-01-01');
  });
});

describe('title and notes', () => {
  test('have every field filled in from the order, its buyer and its payment', async () => {
    const title = 'Order {{order.number}} ({{ order.id }}) of {{order.date}}';
    const notes = 'For {{buyer.name}}, {{buyer.email}}\nPaid: {{payment.method}} {{payment.id}}, {{source}}';
    const style = await styleOf({ title, notes });
    expect(style.title).toBe('Order WEB-501 (501) of 2026-11-10');
    // The source is called `shop`; `oldshop` is its identity, which nobody sees.
    expect(style.notes).toBe('For Ada Martin, ada@buyer.example\nPaid: Card claim, shop');
  });

  test('leave out what the order does not tell', async () => {
    const order = unpaidOrder({ buyer: { ...unpaidOrder().buyer, email: null } });
    const style = await styleOf({ title: '{{payment.id}}', notes: 'Write to {{buyer.email}}' }, order);
    expect(style).toMatchObject({ title: '', notes: 'Write to' });
  });

  test('date the order where the seller is', async () => {
    const late = paidOrder({ placedAt: '2026-11-10T23:30:00.000Z' });
    expect((await styleOf({ title: '{{order.date}}' }, late)).title).toBe('2026-11-11');
  });

  test('never fill in a field that came with the order', async () => {
    const order = paidOrder({ buyer: { ...paidOrder().buyer, name: '{{order.id}}' } });
    expect((await styleOf({ title: '{{buyer.name}}' }, order)).title).toBe('{{order.id}}');
  });
});
