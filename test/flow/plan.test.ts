import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InvoiceDraft, Received } from '../../src/domain/document.ts';
import { sum } from '../../src/domain/money.ts';
import { paymentDraft } from '../../src/flow/4-payments.ts';
import { plan as planAt } from '../../src/flow/4-plan.ts';
import type { Plan, Sale } from '../../src/flow/4-sale.ts';
import type { InvoicingPolicy } from '../../src/registry.ts';
import { DEFAULT_INVOICING, paidOrder, payment, unpaidOrder } from '../support/orders.ts';
import { NOW, refundOf, saleOf as sale } from '../support/sales.ts';

const plan = (one: Sale, policy: InvoicingPolicy, startAt: Date | null): Plan => planAt(one, policy, startAt, NOW);

/** Payments on the sale's first invoice that have a job. */
const onFirst = (received: readonly Received[]) =>
  received.map((one) => paymentDraft({ source: 'shop', order: paidOrder() }, one, 'shop/501/invoice/1', '1'));

/** The invoice of this order, as it was asked for when it was planned first. */
function invoiceOf(order = paidOrder()): InvoiceDraft {
  const first = plan(sale({ order }), DEFAULT_INVOICING, null);
  const draft = first.kind === 'documents' ? first.required[0]?.draft : undefined;
  if (draft?.kind !== 'invoice') throw new Error('no invoice is planned for this order');
  return draft;
}

const keys = (planned: Plan): string[] =>
  planned.kind === 'documents'
    ? planned.required.map(({ draft }) => draft.key)
    : [`${planned.kind}: ${planned.reason}`];

const planned = (change: Partial<Sale> = {}, policy = DEFAULT_INVOICING, startAt: Date | null = null): string[] =>
  keys(plan(sale(change), policy, startAt));

describe('when an invoice is due', () => {
  it('follows the shop’s word that the order is paid in full', () => {
    expect(planned()).toEqual(['shop/501/invoice/1', 'shop/501/payment/claim']);
  });
  it('follows linked payments that cover the total', () => {
    expect(planned({ order: unpaidOrder(), payments: [payment()] })).toEqual([
      'shop/501/invoice/1',
      'shop/501/payment/pi_501',
    ]);
  });
  it('waits while nothing or only a part is paid, and says so', () => {
    expect(planned({ order: unpaidOrder() })).toEqual(['waits: unpaid']);
    expect(planned({ order: unpaidOrder(), payments: [payment({ amount: 5_000n })] })).toEqual(['waits: part_paid']);
  });
  it('waits for an order that is a draft, cancelled or failed and not paid', () => {
    expect(planned({ order: unpaidOrder({ state: 'draft', status: 'checkout-draft' }) })).toEqual(['waits: draft']);
    expect(planned({ order: unpaidOrder({ state: 'cancelled' }) })).toEqual(['waits: cancelled']);
    expect(planned({ order: unpaidOrder({ state: 'failed' }) })).toEqual(['waits: failed']);
  });
  it('is not undone by a cancellation that left the money', () => {
    expect(planned({ order: paidOrder({ state: 'cancelled', rank: 40 }) })[0]).toBe('shop/501/invoice/1');
  });
  it('comes with the order under when: placed, and not for one cancelled before', () => {
    const placed = { ...DEFAULT_INVOICING, when: 'placed' as const };
    expect(planned({ order: unpaidOrder() }, placed)).toEqual(['shop/501/invoice/1']);
    expect(planned({ order: unpaidOrder({ state: 'cancelled' }) }, placed)).toEqual(['waits: cancelled']);
  });
  it('is held as an approval, or as the doubt that the order carries', () => {
    const asked = plan(sale(), { ...DEFAULT_INVOICING, approve: true }, null);
    expect(asked).toMatchObject({ required: [{ hold: { reason: 'approval' } }, { hold: null }] });
    const doubtful = plan(
      sale({ order: paidOrder({ doubt: { code: 'taxed_twice', detail: 'two taxes' } }) }),
      DEFAULT_INVOICING,
      null,
    );
    expect(doubtful).toMatchObject({ required: [{ hold: { reason: 'taxed_twice' } }, { hold: null }] });
  });
});

describe('what is not ours to invoice', () => {
  it('ends with the reason', () => {
    const skip = { statuses: ['Processing'], paymentMethods: [], tags: [], emails: [] };
    expect(planned({ order: paidOrder({ test: true }) })).toEqual(['ignored: test_order']);
    expect(planned({ order: paidOrder({ invoicedElsewhere: 'F-12' }) })).toEqual(['ignored: invoiced_elsewhere']);
    expect(planned({ order: paidOrder({ total: 0n }) })).toEqual(['ignored: zero_total']);
    expect(planned({}, DEFAULT_INVOICING, new Date('2026-11-10T10:00:00.001Z'))).toEqual(['ignored: before_start']);
    expect(planned({}, { ...DEFAULT_INVOICING, skip })).toEqual(['ignored: skipped_by_rule']);
  });
  it.each([
    ['paymentMethods', 'STRIPE'],
    ['tags', 'wholesale'],
    ['emails', '@buyer.example'],
    ['emails', 'Ada@Buyer.example'],
  ])('is skipped by a rule on %s: %s', (list, value) => {
    const skip = { ...DEFAULT_INVOICING.skip, [list]: [value] };
    expect(planned({ order: paidOrder({ tags: ['Wholesale'] }) }, { ...DEFAULT_INVOICING, skip })).toEqual([
      'ignored: skipped_by_rule',
    ]);
  });
  it('an order placed exactly at the start line is ours', () => {
    expect(planned({}, DEFAULT_INVOICING, new Date('2026-11-10T10:00:00.000Z'))).toHaveLength(2);
  });
  it('a rule that comes later leaves an invoice that has begun alone', () => {
    expect(planned({ order: paidOrder({ test: true }), made: [{ draft: invoiceOf(), dropped: false }] })[0]).toBe(
      'shop/501/invoice/1',
    );
  });
});

describe('payments', () => {
  it('the shop’s claim and Stripe’s payment are the same money, recorded once', () => {
    const both = plan(sale({ payments: [payment()] }), DEFAULT_INVOICING, null);
    expect(keys(both)).toEqual(['shop/501/invoice/1', 'shop/501/payment/pi_501']);
  });
  it('a payment that arrives after the shop’s claim was recorded adds nothing', () => {
    const recorded: Received[] = [
      { id: 'claim', amount: 12_000n, at: '2026-11-10T10:04:00.000Z', mode: 'card', method: 'stripe', label: 'Card' },
    ];
    expect(
      planned({ payments: [payment()], recorded: onFirst(recorded), made: [{ draft: invoiceOf(), dropped: false }] }),
    ).toEqual(['shop/501/invoice/1']);
  });
  it('more money than the order costs is held with both figures', () => {
    const over = plan(
      sale({ order: unpaidOrder(), payments: [payment({ amount: 12_001n })] }),
      DEFAULT_INVOICING,
      null,
    );
    expect(over).toMatchObject({
      required: [
        { hold: null },
        { hold: { reason: 'amount_differs', detail: '120.01 EUR was paid for an order of 120.00' } },
      ],
    });
  });
  it('what is recorded never exceeds the total and never misses what was paid, whatever came first', () => {
    const amounts = fc.array(fc.bigInt(1n, 12_000n), { maxLength: 5 });
    fc.assert(
      fc.property(amounts, fc.boolean(), fc.array(fc.nat(4)), (parts, claimed, earlier) => {
        const order = claimed ? paidOrder() : unpaidOrder();
        const payments = parts.map((amount, index) => payment({ id: `pi_${index}`, amount }));
        if (sum(parts) > order.total) return;
        const recorded = [...new Set(earlier)].flatMap((index): Received[] => {
          const one = payments[index];
          return one === undefined
            ? []
            : [{ id: one.id, amount: one.amount, at: one.paidAt, mode: 'card', method: 'card', label: '' }];
        });
        const result = plan(
          sale({ order, payments, recorded: onFirst(recorded), made: [{ draft: invoiceOf(), dropped: false }] }),
          DEFAULT_INVOICING,
          null,
        );
        const added =
          result.kind === 'documents'
            ? result.required.flatMap(({ draft }) => (draft.kind === 'payment' ? [draft.received.amount] : []))
            : [];
        const total = sum([...recorded.map(({ amount }) => amount), ...added]);
        expect(total).toBe(claimed ? order.total : sum(parts));
      }),
    );
  });
});

describe('refunds', () => {
  it('each makes one credit note of its own; what exceeds the invoice is held', () => {
    const refunds = [refundOf('r1', 10_000n), refundOf('r2', 2_001n)];
    const result = plan(sale({ order: paidOrder({ refunds }) }), DEFAULT_INVOICING, null);
    expect(result).toMatchObject({
      required: [
        {},
        {},
        { draft: { key: 'shop/501/credit_note/r1' }, hold: null },
        { hold: { reason: 'refund_exceeds_invoice' } },
      ],
    });
  });
});

describe('planning again', () => {
  it('asks for the same documents under the same keys', () => {
    expect(planned({ payments: [payment()] })).toEqual(planned({ payments: [payment()] }));
  });
});
