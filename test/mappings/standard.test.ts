// What the standard source makes of an order's JSON.
import { readFileSync } from 'node:fs';
import Big from 'big.js';
import { describe, expect, it } from 'vitest';
import { settleLines } from '../../mappings/to-facts/lines.ts';
import { understandStandard } from '../../mappings/to-facts/standard.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Result } from '../../src/domain/result.ts';

const sample = (file: string): string => readFileSync(new URL(`../samples/standard/${file}`, import.meta.url), 'utf8');

function read(text: string): Result<Order> {
  const receivedAt = '2026-11-21T10:00:00.000Z';
  const outcome = understandStandard({ topic: 'order', headers: {}, body: Buffer.from(text), receivedAt }, ['*']);
  if (!outcome.ok) return outcome;
  const [fact] = outcome.value.kind === 'facts' ? outcome.value.facts : [];
  if (fact?.kind !== 'order') throw new Error('no order was told');
  return { ok: true, value: fact.order };
}
const orderOf = (text: string): Order => {
  const order = read(text);
  if (!order.ok) throw new Error(order.error.detail);
  return order.value;
};

describe('an order told in our form', () => {
  it('is read whole: lines, taxes, buyer, payment', () => {
    expect(orderOf(sample('company-paid.json'))).toEqual({
      id: 'SO-2026-0042',
      number: 'SO-2026-0042',
      aliases: [],
      orderKey: null,
      cartId: null,
      transactions: [],
      placedAt: '2026-11-21T09:30:00.000Z',
      updatedAt: '2026-11-21T09:31:07.204Z',
      rank: 20,
      status: 'open',
      state: 'open',
      currency: 'EUR',
      total: 15_125n,
      lines: [
        {
          id: '1',
          kind: 'item',
          name: 'Oak desk lamp',
          sku: 'LAMP-01',
          quantity: '2',
          gross: 12_000n,
          tax: 2_000n,
          rate: '20',
          discount: 0n,
        },
        {
          id: '2',
          kind: 'item',
          name: 'Handbook of joinery',
          sku: '',
          quantity: '1',
          gross: 2_110n,
          tax: 110n,
          rate: '5.5',
          discount: 200n,
        },
        {
          id: '3',
          kind: 'shipping',
          name: 'Parcel',
          sku: '',
          quantity: '1',
          gross: 1_015n,
          tax: 169n,
          rate: '20',
          discount: 0n,
        },
      ],
      paid: {
        amount: 15_125n,
        at: '2026-11-21T09:31:05.000Z',
        method: 'terminal-2',
        title: '',
        mode: 'card',
        transactionId: 'pi_3PwTestStandard0001',
      },
      refunds: [],
      listsAllRefunds: false,
      buyer: {
        customerId: '3107',
        kind: 'company',
        name: 'Menuiserie Larivière',
        company: 'Menuiserie Larivière',
        firstName: 'Odile',
        lastName: 'Larivière',
        email: 'compta@menuiserie-lariviere.example',
        phone: '',
        taxNumber: 'FR40303265045',
        address: {
          name: 'Menuiserie Larivière',
          line1: '12 rue des Tilleuls',
          line2: '',
          postCode: '35000',
          city: 'Rennes',
          region: '',
          country: 'FR',
        },
        delivery: {
          name: 'Atelier Larivière',
          line1: '3 quai du Port',
          line2: '',
          postCode: '35400',
          city: 'Saint-Malo',
          region: '',
          country: 'FR',
        },
      },
      language: 'fr',
      paymentMethod: 'terminal-2',
      tags: ['wholesale'],
      test: false,
      invoicedElsewhere: null,
      doubt: null,
    });
  });

  it('keeps an id beyond 2^53, which may be a number', () => {
    expect(orderOf(sample('bare-guest.json'))).toMatchObject({
      id: '90071992547409931',
      number: '90071992547409931',
      placedAt: '2026-11-21T04:59:59.000Z',
      paid: null,
      rank: 10,
      buyer: { kind: 'person', name: 'Ada Meyer', customerId: null, email: null },
      lines: [{ gross: 1_990n, tax: 0n, rate: null }],
    });
  });

  it('adds tax to net, for a discount too', () => {
    expect(orderOf(sample('net-lines.json'))).toMatchObject({
      lines: [
        { gross: 24_000n, tax: 4_000n, rate: '20' },
        { gross: -150n, tax: -25n, rate: '20' },
      ],
      paymentMethod: 'transfer',
      doubt: null,
    });
  });

  it('tells refunds item by item, with the name and rate of the line that they take back', () => {
    const { refunds, rank, listsAllRefunds } = orderOf(sample('refunded.json'));
    expect({ refunds, rank, listsAllRefunds }).toEqual({
      refunds: [
        {
          id: 'r1',
          amount: 2_000n,
          at: '2026-11-20T10:00:00.000Z',
          reason: 'one bag came torn',
          lines: [
            { lineId: '11', kind: 'item', name: 'Canvas bag', quantity: '1', gross: 2_000n, tax: 333n, rate: '20' },
          ],
          transactionId: 're_1PwTestStandard01',
        },
        { id: 'r2', amount: 500n, at: null, reason: '', lines: [], transactionId: null },
      ],
      rank: 50,
      listsAllRefunds: true,
    });
  });

  it('knows a cancelled order, in a currency without decimals', () => {
    expect(orderOf(sample('cancelled.json'))).toMatchObject({
      state: 'cancelled',
      status: 'storno',
      rank: 40,
      total: 5_400n,
      lines: [{ gross: 5_400n, tax: 491n }],
    });
  });

  it('settles a cent that the sender’s rounding left over, as every other source does', () => {
    const { lines, total, doubt } = orderOf(sample('one-cent-off.json'));
    const told = lines.map((line) => ({ ...line, gross: new Big(333), tax: new Big(55.5), discount: new Big(0) }));
    expect(lines.map(({ gross }) => gross)).toEqual(settleLines(told, total).lines.map(({ gross }) => gross));
    expect(doubt).toBeNull();
  });

  it('is doubtful with both figures where its lines do not make its total', () => {
    expect(orderOf(sample('totals-disagree.json')).doubt).toMatchObject({
      code: 'totals_disagree',
      detail: expect.stringMatching(/20\.00 EUR.*60\.00 EUR/),
    });
  });

  it('is doubtful where a tax is not what its rate makes', () => {
    expect(orderOf(sample('rate-as-fraction.json')).doubt).toMatchObject({
      code: 'rate_unknown',
      detail: expect.stringContaining('rates are in percent'),
    });
  });

  it('keeps a doubt that the sender has', () => {
    const told = sample('one-cent-off.json').replace(
      '"lines"',
      '"doubt":{"code":"deposit","detail":"half is due"},"lines"',
    );
    expect(orderOf(told)).toMatchObject({
      doubt: { code: 'deposit', detail: 'half is due' },
      lines: [{ gross: 333n }, { gross: 333n }, { gross: 333n }],
    });
  });
});

describe('an order that cannot be read', () => {
  /** A sound order whose first line is `line`, or some of whose fields are others. */
  const order = (change: object, line: object = {}): string =>
    JSON.stringify({
      id: 'A-1',
      placed_at: '2026-11-21T08:00:00Z',
      updated_at: '2026-11-21T08:00:00Z',
      currency: 'EUR',
      total: '24.00',
      lines: [{ id: '1', name: 'Canvas bag', quantity: 1, gross: '24.00', rate: 20, ...line }],
      buyer: { name: 'Ida Lund', address: {} },
      ...change,
    });

  it.each<[string, string, RegExp]>([
    ['id', order({ id: null }), /write the order’s id/],
    ['updated_at', order({ updated_at: '2026-11-21T08:00:00' }), /offset/],
    ['updated_at', order({ updated_at: '2026-02-30T08:00:00Z' }), /2026-11-21T10:00:00\+01:00/],
    ['currency', order({ currency: 'eur' }), /ISO 4217/],
    ['currency', order({ currency: 'XXX' }), /ISO 4217/],
    ['total', order({ total: '24,00' }), /12\.40/],
    ['total', order({ total: '24.005' }), /round it to 2 decimals/],
    ['total', order({ total: 1e21 }), /12\.40/],
    ['lines', order({ lines: null }), /list/],
    ['lines.0.rate', order({}, { rate: null }), /"none" for a line without tax/],
    ['lines.0.rate', order({}, { rate: '20%' }), /percent/],
    ['lines.0.rate', order({}, { rate: 0.2 }), /write 20 for 20 %/],
    ['lines.0.rate', order({}, { rate: 'none', tax: '4.00' }), /at which rate/],
    ['lines.0.gross', order({}, { gross: null }), /net and tax/],
    ['lines.0.tax', order({}, { gross: null, net: '20.00' }), /beside net/],
    ['lines.0.tax', order({}, { tax: '-4.00' }), /same sign/],
    ['lines.0.tax', order({}, { tax: '24.01' }), /part of gross/],
    ['lines.0.net', order({}, { net: '20.00', tax: '3.00' }), /gross and tax alone/],
    ['lines.0.quantity', order({}, { quantity: 0 }), /at least one piece/],
    ['lines.0.quantity', order({}, { quantity: -1 }), /how many/],
    ['lines.0.kind', order({}, { kind: 'product' }), /item, shipping, fee, tip/],
    [
      'lines.1.id',
      order({ lines: [1, 1].map((id) => ({ id, name: 'a', quantity: 1, gross: 12, rate: 20 })) }),
      /twice/,
    ],
    ['buyer.name', order({ buyer: { address: {} } }), /who buys/],
    ['buyer.address.country', order({ buyer: { name: 'x', address: { country: 'fr' } } }), /two capital letters/],
    ['paid.mode', order({ paid: { amount: 24, at: '2026-11-21T08:00:00Z', mode: 'visa' } }), /card, transfer/],
    ['paid.amount', order({ paid: { amount: -1, at: '2026-11-21T08:00:00Z', mode: 'card' } }), /positive/],
    ['refunds.0.amount', order({ refunds: [{ id: 1, amount: -4 }] }), /positive/],
    [
      'refunds.0.lines.0.rate',
      order({ refunds: [{ id: 1, amount: 4, lines: [{ quantity: 1, gross: 4 }] }] }),
      /line_id/,
    ],
    [
      'refunds.1.id',
      order({
        refunds: [
          { id: 1, amount: 4 },
          { id: '1', amount: 5 },
        ],
      }),
      /twice/,
    ],
    ['test', order({ test: 'yes' }), /true or false/],
  ])('says of %s what to write: %#', (at, text, words) => {
    const outcome = read(text);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'unreadable_order', at } });
    expect(outcome.ok ? '' : outcome.error.detail).toMatch(words);
  });

  it('says the path as the sender wrote it, inside the event', () => {
    expect(read(sample('rate-missing.json'))).toMatchObject({
      ok: false,
      error: { at: 'data.lines.0.rate', detail: expect.stringContaining('data.lines.0.rate: write') },
    });
  });

  it('that only says its id is no order', () => {
    expect(read(sample('thin.json'))).toMatchObject({ ok: false, error: { code: 'not_an_order' } });
  });
});
