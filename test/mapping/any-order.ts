// Any canonical order that a source can tell, for properties.
import fc from 'fast-check';
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import { taxInside } from '../../src/domain/money.ts';
import { type Order, type OrderLine, PaymentModeSchema, type RefundClaim } from '../../src/domain/order.ts';

const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength: Math.floor(maxLength / 8) });
const said = (maxLength: number) => text(maxLength).filter((value) => /\S/.test(value));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const minor = fc.bigInt({ min: 0n, max: 10n ** 12n });
const decimal = fc.constantFrom('1', '2', '3.5', '10', '0.125', '2.50');
const rate = fc.constantFrom(null, '0', '2.1', '5.5', '10', '20', '20.0', '8.875');
const instant = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Amounts whose tax is a part of the gross and near what the rate makes. */
const amounts = fc
  .record({ size: minor, rate, sign: fc.constantFrom(1n, -1n), off: fc.constantFrom(0n, 1n) })
  .map(({ size, rate: percent, sign, off }) => {
    const inside = percent === null ? 0n : taxInside(size, percent);
    return { gross: sign * size, tax: sign * (inside > off ? inside - off : inside), rate: percent };
  });

const kind = fc.constantFrom('item' as const, 'shipping' as const, 'fee' as const, 'tip' as const);

const line: fc.Arbitrary<OrderLine> = fc
  .record({ id: said(100), kind, name: said(1000), sku: text(200), quantity: decimal, discount: minor, amounts })
  .map(({ amounts: told, ...rest }) => ({ ...rest, ...told }));

const refund: fc.Arbitrary<RefundClaim> = fc.record({
  id: said(100),
  amount: minor,
  at: maybe(instant),
  reason: text(1000),
  lines: maybe(
    fc.array(
      fc
        .record({ lineId: maybe(said(100)), kind, name: text(1000), quantity: decimal, amounts })
        .map(({ amounts: told, ...rest }) => ({ ...rest, ...told })),
      { maxLength: 3 },
    ),
  ),
  transactionId: maybe(said(200)),
});

const address: fc.Arbitrary<Address> = fc.record({
  name: text(500),
  line1: text(500),
  line2: text(500),
  postCode: text(500),
  city: text(500),
  region: text(500),
  country: fc.constantFrom('', 'FR', 'DE', 'US'),
});

const buyer: fc.Arbitrary<Buyer> = fc.record({
  customerId: maybe(said(100)),
  kind: fc.constantFrom('person' as const, 'company' as const),
  name: said(500),
  company: text(500),
  firstName: text(500),
  lastName: text(500),
  email: maybe(said(320)),
  phone: text(500),
  taxNumber: maybe(said(64)),
  address,
  delivery: maybe(address),
});

const byId = { selector: ({ id }: { id: string }) => id, maxLength: 5 };

/** Its lines make its total, unless it is in doubt. */
export const anyOrder: fc.Arbitrary<Order> = fc
  .record({
    id: said(100),
    number: said(100),
    aliases: fc.array(text(100), { maxLength: 3 }),
    orderKey: maybe(said(100)),
    cartId: maybe(said(100)),
    transactions: fc.array(said(100), { maxLength: 3 }),
    placedAt: instant,
    updatedAt: instant,
    rank: fc.constantFrom(10, 20, 30, 40, 50),
    status: text(100),
    state: fc.constantFrom(
      'draft' as const,
      'open' as const,
      'cancelled' as const,
      'failed' as const,
      'deleted' as const,
    ),
    currency: fc.constantFrom('EUR', 'JPY', 'KWD', 'USD'),
    lines: fc.uniqueArray(line, byId),
    paid: maybe(
      fc.record({
        amount: minor,
        at: instant,
        method: text(200),
        title: text(200),
        mode: fc.constantFrom(...PaymentModeSchema.options),
        transactionId: maybe(said(200)),
      }),
    ),
    refunds: fc.uniqueArray(refund, byId),
    listsAllRefunds: fc.boolean(),
    buyer,
    language: maybe(fc.constantFrom('fr', 'pt-BR')),
    paymentMethod: text(200),
    tags: fc.array(text(100), { maxLength: 3 }),
    test: fc.boolean(),
    invoicedElsewhere: maybe(said(100)),
    doubt: maybe(fc.constant({ code: 'totals_disagree', detail: 'both figures' })),
    off: minor,
  })
  .map(({ off, ...order }) => {
    const total = order.lines.reduce((whole, { gross }) => whole + gross, 0n);
    return { ...order, total: order.doubt === null ? total : total + off };
  });
