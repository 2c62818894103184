// The comparison itself: what is a difference, with which figures, and what is none.
import { describe, expect, test } from 'vitest';
import type { Dispute, MoneyBack } from '../../src/domain/facts.ts';
import type { Compared, Difference } from '../../src/operations/difference.ts';
import { differencesOf, withoutOrder } from '../../src/operations/differences.ts';
import { asked, doneAsPlanned, gone, withJob, withoutDocument, withRow } from '../support/compared.ts';
import { paidOrder, payment, unpaidOrder } from '../support/orders.ts';
import { NOW, refundOf } from '../support/sales.ts';

const found = (one: Compared): Difference[] => differencesOf(one, NOW);
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const skipped = {
  status: 'skipped',
  decision: JSON.stringify({ answer: { skip: 'no' }, at: NOW.toISOString() }),
} as const;
const byHand = JSON.stringify({ answer: { done_by_hand: { note: 'there' } }, at: NOW.toISOString() });

const refunded = (amount = 2_000n) => paidOrder({ refunds: [refundOf('r1', amount, { lines: [] })] });
const moneyBack = (change: Partial<MoneyBack> = {}): MoneyBack & { heardAt: string } => ({
  id: 're_1',
  paymentId: 'pi_501',
  chargeId: null,
  amount: 2_000n,
  currency: 'EUR',
  at: '2026-11-12T10:00:00.000Z',
  status: 'succeeded',
  runningTotal: false,
  reason: '',
  test: false,
  heardAt: '2026-11-12T10:00:00.000Z',
  ...change,
});
const dispute: Dispute = {
  id: 'dp_1',
  paymentId: 'pi_501',
  chargeId: null,
  amount: 12_000n,
  currency: 'EUR',
  at: '2026-11-12T10:00:00.000Z',
  status: 'lost',
  reason: 'fraudulent',
  test: false,
};

test('what was done as planned has no difference, whether the provider is asked or not', () => {
  for (const sale of [
    {},
    { payments: [payment()] },
    { order: refunded() },
    { order: refunded(12_000n) },
    { order: paidOrder({ paid: null }), claim: null, payments: [payment()], refunds: [moneyBack()] },
  ]) {
    const one = doneAsPlanned(sale);
    expect(one.documents.length).toBeGreaterThan(0);
    expect(found(one)).toEqual([]);
    expect(found(asked(one))).toEqual([]);
  }
});

describe('a paid order without an invoice', () => {
  test('is told with its job’s standing, the reason and what to do about that', () => {
    const one = withoutDocument(doneAsPlanned(), '/invoice/1', { status: 'held', reason: 'no_exact_form' });
    expect(found(one)).toEqual([
      {
        kind: 'order_without_invoice',
        source: 'shop',
        order_id: '501',
        order_number: 'WEB-501',
        payment_id: null,
        provider: null,
        document: null,
        expected: eur('120.00'),
        found: null,
        detail: '120.00 EUR is paid and there is no invoice: job 1 is held (no_exact_form)',
        help: expect.stringContaining('No document at the provider would come to the order’s total'),
      },
    ]);
  });

  test('whose invoice is on its way is told as that', () => {
    const one = withoutDocument(doneAsPlanned(), '/invoice/1', { status: 'pending' });
    expect(found(one)).toMatchObject([{ help: 'It is on its way: look again later.' }]);
  });

  test('is none of ours while it waits or once it is ignored', () => {
    const waiting = doneAsPlanned({ order: unpaidOrder() });
    expect([waiting.state, found(waiting)]).toEqual(['waits', []]);
    const left = withoutDocument(doneAsPlanned(), '/invoice/1', skipped);
    expect(found({ ...left, state: 'ignored' })).toEqual([]);
  });
});

describe('a document', () => {
  test('that is not at its provider any more is told, and nothing else of it', () => {
    expect(found(gone(doneAsPlanned(), '/invoice/1'))).toMatchObject([
      { kind: 'document_gone', provider: 'books', document: 'N-1', expected: eur('120.00'), found: null },
    ]);
  });

  test('that is still a draft is told, whether the provider says so or our own record', () => {
    const draft = { kind: 'draft_left', document: 'N-1', found: eur('120.00') };
    expect(found(asked(doneAsPlanned(), '/invoice/1', { state: 'draft' }))).toMatchObject([draft]);
    expect(found(withRow(doneAsPlanned(), '/invoice/1', { state: 'draft' }))).toMatchObject([draft]);
  });

  test('that a person finalised since is a draft no longer', () => {
    const one = withRow(doneAsPlanned(), '/invoice/1', { state: 'draft' });
    expect(found(asked(one, '/invoice/1', { state: 'final' }))).toEqual([]);
  });

  test('whose total or currency was changed there is told with both figures', () => {
    expect(found(asked(doneAsPlanned(), '/invoice/1', { total: 11_000n }))).toMatchObject([
      { kind: 'amount_differs', expected: eur('120.00'), found: eur('110.00'), document: 'N-1' },
    ]);
    expect(found(asked(doneAsPlanned(), '/invoice/1', { currency: 'USD' }))).toMatchObject([
      { kind: 'amount_differs', expected: eur('120.00'), found: { amount: '120.00', currency: 'USD' } },
    ]);
    expect(found(asked(doneAsPlanned({ order: refunded() }), '/credit_note/r1', { total: 1_500n }))).toMatchObject([
      { kind: 'amount_differs', expected: eur('20.00'), found: eur('15.00') },
    ]);
  });

  test('that was made by hand cannot be looked at and is believed', () => {
    const one = withRow(doneAsPlanned(), '/invoice/1', { provider_id: 'by-hand:1', paid: 0n, total: 11_000n });
    expect(found(asked(one))).toEqual([]);
  });
});

describe('an order that was edited after its invoice', () => {
  const edited = (one: Compared): Compared => ({
    ...one,
    sale: { ...one.sale, order: { ...one.sale.order, total: 13_000n } },
  });

  test('differs from it, with both figures', () => {
    expect(found(edited(doneAsPlanned()))).toMatchObject([
      {
        kind: 'amount_differs',
        expected: eur('130.00'),
        found: eur('120.00'),
        detail: expect.stringContaining('no job was planned for it'),
      },
    ]);
  });

  test('is told with its correction, and no longer once a person leaves it as it is', () => {
    const one = edited(doneAsPlanned());
    const [invoice] = one.jobs;
    if (invoice?.draft.kind !== 'invoice') throw new Error('the first job is the invoice');
    const key = 'shop/501/credit_note/edited-2';
    const { lines, ...refs } = { ...invoice.draft, lines: [] };
    const draft = {
      ...refs,
      lines,
      kind: 'credit_note' as const,
      key,
      amount: 12_000n,
      whole: true,
      reason: '',
      invoice: invoice.key,
    };
    const held = {
      ...invoice,
      id: 9,
      key,
      kind: 'credit_note' as const,
      draft,
      status: 'held' as const,
      reason: 'edited_after_invoice',
    };
    expect(found({ ...one, jobs: [...one.jobs, held] })).toMatchObject([
      { kind: 'amount_differs', detail: expect.stringContaining('job 9 is held (edited_after_invoice)') },
    ]);
    expect(found({ ...one, jobs: [...one.jobs, { ...held, ...skipped }] })).toEqual([]);
  });
});

describe('the payment service’s money', () => {
  test('that is more than the order, or less while the shop counts all of it, differs', () => {
    expect(found(doneAsPlanned({ payments: [payment({ amount: 12_500n })] }))).toMatchObject([
      {
        kind: 'amount_differs',
        expected: eur('120.00'),
        found: eur('125.00'),
        help: expect.stringContaining('give the rest back'),
      },
    ]);
    expect(found(doneAsPlanned({ payments: [payment({ amount: 8_000n })] }))).toMatchObject([
      {
        kind: 'amount_differs',
        expected: eur('120.00'),
        found: eur('80.00'),
        help: expect.stringContaining('gift card'),
      },
    ]);
  });
});

describe('an invoice that was paid', () => {
  test('and is open at the provider is told with the payment’s standing', () => {
    const one = withJob(doneAsPlanned(), '/payment/claim', { status: 'held', reason: 'payment_refused' });
    expect(found(asked(one, '/invoice/1', { paid: 0n }))).toMatchObject([
      {
        kind: 'paid_but_open',
        document: 'N-1',
        expected: eur('120.00'),
        found: eur('0.00'),
        detail: expect.stringContaining('held (payment_refused)'),
      },
    ]);
  });

  test('and whose payment somebody deleted there is told as that', () => {
    expect(found(asked(doneAsPlanned(), '/invoice/1', { paid: 0n }))).toMatchObject([
      { kind: 'paid_but_open', help: expect.stringContaining('a payment was deleted there') },
    ]);
  });

  test('counts as paid by what a person says to have recorded, until the provider is asked', () => {
    const done = withJob(doneAsPlanned(), '/payment/claim', { decision: byHand });
    const one = withRow(done, '/invoice/1', { paid: 0n });
    expect(found(one)).toEqual([]);
    expect(found(asked(one))).toMatchObject([{ kind: 'paid_but_open' }]);
  });

  test('and that a person left open is no difference', () => {
    const one = withJob(doneAsPlanned(), '/payment/claim', skipped);
    expect(found(asked(one, '/invoice/1', { paid: 0n }))).toEqual([]);
  });

  test('and whose money the bank took back is rightly open', () => {
    const one = withJob(doneAsPlanned({ disputes: [dispute] }), '/payment/dp_1', { status: 'done' });
    expect(found(asked(one, '/invoice/1', { paid: 0n }))).toEqual([]);
  });

  test('needs no more money than its credit notes leave', () => {
    const one = doneAsPlanned({ order: refunded() });
    expect(found(asked(one, '/invoice/1', { paid: 10_000n }))).toEqual([]);
    expect(found(asked(one, '/invoice/1', { paid: 9_999n }))).toMatchObject([{ kind: 'paid_but_open' }]);
  });
});

describe('a refund without a credit note', () => {
  test('is told with its amount and the job’s standing', () => {
    const one = withoutDocument(doneAsPlanned({ order: refunded() }), '/credit_note/r1', {
      status: 'held',
      reason: 'not_supported_by_provider',
    });
    expect(found(one)).toMatchObject([
      {
        kind: 'refund_without_credit_note',
        expected: eur('20.00'),
        found: null,
        detail: expect.stringContaining('held (not_supported_by_provider)'),
      },
    ]);
  });

  test('is none while the money has not reached the buyer, and none that a person left', () => {
    const order = refunded();
    const pending = doneAsPlanned({ order, payments: [payment()], refunds: [moneyBack({ status: 'pending' })] });
    expect(found(withoutDocument(pending, '/credit_note/r1', { status: 'held' }))).toEqual([]);
    expect(found(withoutDocument(doneAsPlanned({ order }), '/credit_note/r1', skipped))).toEqual([]);
  });

  test('that only the payment service tells of is told too', () => {
    const one = doneAsPlanned({ payments: [payment()], refunds: [moneyBack()] });
    expect(found(withoutDocument(one, '/credit_note/re_1', { status: 'dead' }))).toMatchObject([
      {
        kind: 'refund_without_credit_note',
        expected: eur('20.00'),
        help: expect.stringContaining('try the job again'),
      },
    ]);
  });
});

test.each([
  ['unlinked', 'no order is known that it could be for: names no order'],
  ['ambiguous', 'it may be for several orders: names no order'],
] as const)('a payment that is %s is told with what it came to', (status, detail) => {
  const row = {
    source: 'bank',
    id: 'pi_9',
    payment: payment({ id: 'pi_9' }),
    status,
    reason: 'names no order',
    sale_source: null,
    sale_order_id: null,
    linked_by: null,
    event_id: 1,
    first_seen_at: 0,
    asked_at: null,
  };
  expect(withoutOrder(row, 'stripe')).toMatchObject({
    kind: 'payment_without_order',
    source: 'stripe',
    payment_id: 'pi_9',
    order_id: null,
    found: eur('120.00'),
    detail,
  });
});
