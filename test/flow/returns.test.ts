// Money that went back, whoever tells of it: the shop's refunds, Stripe's, and both of the same.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dispute, MoneyBack } from '../../src/domain/facts.ts';
import type { RefundClaim } from '../../src/domain/order.ts';
import { type DraftingBooks, draftingBooks } from '../support/drafting-books.ts';
import { paidOrder, payment } from '../support/orders.ts';
import { refundOf } from '../support/sales.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let books: DraftingBooks;
afterEach(() => world.close());

async function open(): Promise<void> {
  books = draftingBooks();
  world = await openWorld({ account: books.account });
}

let second = 10;
const told = (refunds: RefundClaim[] = [], change = {}) => {
  second += 1;
  const updatedAt = `2026-11-10T10:${10 + Math.floor(second / 60)}:${String(second % 60).padStart(2, '0')}.000Z`;
  return { order: paidOrder({ updatedAt, transactions: ['pi_501'], refunds, ...change }) };
};
const moved = (id: string, amount: bigint, change: Partial<MoneyBack> = {}) => ({
  refund: {
    id,
    paymentId: 'pi_501',
    chargeId: 'ch_501',
    amount,
    currency: 'EUR',
    at: '2026-11-12T10:00:00.000Z',
    status: 'succeeded',
    runningTotal: false,
    reason: '',
    test: false,
    ...change,
  } satisfies MoneyBack,
});
const dispute = (status: Dispute['status']) => ({
  dispute: {
    id: 'dp_1',
    paymentId: 'pi_501',
    chargeId: null,
    amount: 12_000n,
    currency: 'EUR',
    at: '2026-11-12T10:00:00.000Z',
    status,
    reason: 'fraudulent',
    test: false,
  } satisfies Dispute,
});
const keys = async (): Promise<string[]> =>
  (await world.jobs()).map(({ key, status, reason }) => `${key.replace('oldshop/501/', '')} ${reason ?? status}`);
const totals = () => books.documents.map(({ kind, total }) => (kind === 'invoice' ? total : -total));

describe('a refund that both the shop and Stripe tell of', () => {
  it('is one credit note, whichever comes first', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', moved('re_1', 4_000n));
    await world.deliver('shop', told([refundOf('r1', 4_000n)]));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -4_000n]);
    await world.close();
    await open();
    await world.deliver('shop', told([refundOf('r1', 4_000n)]));
    await world.settle(24);
    await world.deliver('bank', moved('re_1', 4_000n));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -4_000n]);
  });
  it('is found by the id that the shop keeps, and not by an amount alone', async () => {
    await open();
    await world.deliver('shop', told([refundOf('r1', 4_000n, { transactionId: 're_2' })]));
    await world.deliver('bank', moved('re_1', 4_000n));
    await world.deliver('bank', moved('re_2', 4_000n));
    await world.settle(24);
    expect(await keys()).toContain('credit_note/re_1 done');
    expect(totals()).toEqual([12_000n, -4_000n, -4_000n]);
  });
  it('waits while the money is still on its way', async () => {
    await open();
    await world.deliver('bank', moved('re_1', 4_000n, { status: 'pending' }));
    await world.deliver('shop', told([refundOf('r1', 4_000n)]));
    await world.settle(24);
    expect(await keys()).toContain('credit_note/r1 refund_pending');
    await world.deliver('bank', moved('re_1', 4_000n));
    await world.settle();
    expect(totals()).toEqual([12_000n, -4_000n]);
  });
});

describe('a refund that only Stripe tells of', () => {
  it('waits for the shop’s word, and then is credited as an amount', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', moved('re_1', 4_000n));
    await world.settle(0.9);
    expect(totals()).toEqual([12_000n]);
    await world.settle(1);
    expect(totals()).toEqual([12_000n, -4_000n]);
    expect(await keys()).toContain('credit_note/re_1 done');
  });
  it('is seen at its order all the while', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', moved('re_1', 4_000n));
    await world.drain();
    expect((await world.call('GET', '/orders/shop/501')).body).toMatchObject({
      refunds: [],
      movements: [{ kind: 'refund', id: 're_1', amount: '40.00', status: 'succeeded', told_by: 'bank' }],
      timeline: expect.arrayContaining([
        expect.objectContaining({ detail: 'refund re_1 of 40.00 EUR told by bank: succeeded' }),
      ]),
    });
  });
  it('is adopted by a claim that comes late', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', moved('re_1', 4_000n));
    await world.settle(2);
    await world.deliver('shop', told([refundOf('r1', 4_000n)]));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -4_000n]);
  });
  it('is found by the payment that the shop holds, though no event told of that payment', async () => {
    await open();
    await world.deliver('bank', moved('re_1', 12_000n, { chargeId: null }));
    await world.deliver('shop', told());
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -12_000n]);
  });
  it('of a payment that is linked later counts from then on', async () => {
    await open();
    await world.deliver('bank', moved('re_1', 4_000n));
    await world.deliver('bank', { payment: payment({ links: [{ by: 'metadata.order_id', value: 'WEB-501' }] }) });
    await world.deliver('shop', told([], { transactions: [] }));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -4_000n]);
  });
  it('does not count while it is pending or when it failed', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', moved('re_1', 4_000n, { status: 'pending' }));
    await world.deliver('bank', moved('re_2', 5_000n, { status: 'failed' }));
    await world.settle(24);
    expect(totals()).toEqual([12_000n]);
  });
  it('told as running totals of the charge is as many credit notes as there were refunds', async () => {
    await open();
    await world.deliver('shop', told());
    const total = { runningTotal: true } as const;
    await world.deliver('bank', moved('ch_501@5000', 5_000n, total));
    await world.deliver('bank', moved('ch_501@2000', 2_000n, total));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -2_000n, -3_000n]);
    await world.deliver('bank', moved('re_1', 2_000n));
    await world.deliver('bank', moved('re_2', 3_000n));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -2_000n, -3_000n]);
  });
  it('told as running totals never comes to more than the last of them, however late the earlier ones are', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', moved('ch_501@5000', 5_000n, { runningTotal: true }));
    await world.settle(24);
    await world.deliver('bank', moved('ch_501@2000', 2_000n, { runningTotal: true }));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -5_000n]);
  });
});

describe('one refund of the shop that the payment service carried out in several', () => {
  it('is one credit note, whoever tells first', async () => {
    await open();
    await world.deliver('shop', told([refundOf('r1', 3_000n)]));
    await world.deliver('bank', moved('re_1', 2_220n));
    await world.deliver('bank', moved('re_2', 780n));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -3_000n]);
  });
  it('stays as it was credited part by part before the shop told of it', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', moved('re_1', 2_220n));
    await world.deliver('bank', moved('re_2', 780n));
    await world.settle(24);
    await world.deliver('shop', told([refundOf('r1', 3_000n)]));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -2_220n, -780n]);
  });
  it('or several of the shop carried out in one, are paired too', async () => {
    await open();
    await world.deliver('shop', told([refundOf('r1', 1_000n), refundOf('r2', 500n)]));
    await world.deliver('bank', moved('re_1', 1_500n));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -1_000n, -500n]);
  });
  it('is held where the amounts do not come together', async () => {
    await open();
    await world.deliver('shop', told([refundOf('r1', 3_000n)]));
    await world.deliver('bank', moved('re_1', 2_900n));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -3_000n]);
    expect(await keys()).toContain('credit_note/re_1 refund_unclear');
  });
});

describe('money that came on top of the total', () => {
  const double = (id: string, at: string) => ({
    payment: payment({ id, paidAt: at, links: [{ by: 'metadata.order_id', value: 'WEB-501' }] }),
  });
  it('is held, and going back credits nothing', async () => {
    await open();
    await world.deliver('shop', told([], { transactions: [] }));
    await world.deliver('bank', double('pi_501', '2026-11-10T10:04:00.000Z'));
    await world.deliver('bank', double('pi_502', '2026-11-10T10:05:00.000Z'));
    await world.settle();
    expect(await keys()).toContain('payment/pi_502 amount_differs');
    await world.deliver('bank', moved('re_2', 12_000n, { paymentId: 'pi_502', chargeId: null }));
    await world.settle(24);
    expect(totals()).toEqual([12_000n]);
    expect(await keys()).toContain('payment/pi_502 due_no_more');
  });
});

describe('a refund that failed', () => {
  it('after it was credited is billed again, by an invoice that follows the credit note', async () => {
    await open();
    await world.deliver('shop', told([refundOf('r1', 4_000n)]));
    await world.settle(24);
    await world.deliver('bank', moved('re_1', 4_000n, { status: 'failed' }));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -4_000n, 4_000n]);
    expect(await keys()).toEqual([
      'invoice/1 done',
      'payment/claim done',
      'credit_note/r1 done',
      'invoice/2 done',
      'payment/r1~2 done',
    ]);
    await world.deliver('bank', moved('re_1', 4_000n, { status: 'failed' }));
    await world.deliver('shop', told([refundOf('r1', 4_000n)]));
    await world.settle(24);
    expect(totals()).toHaveLength(3);
  });
  it('before it was credited makes nothing', async () => {
    await open();
    await world.deliver('bank', moved('re_1', 4_000n, { status: 'failed' }));
    await world.deliver('shop', told([refundOf('r1', 4_000n)]));
    await world.settle(24);
    expect(totals()).toEqual([12_000n]);
  });
  it('and is paid out once more afterwards is credited on what was billed again', async () => {
    await open();
    await world.deliver('shop', told([refundOf('r1', 12_000n)]));
    await world.settle(24);
    await world.deliver('bank', moved('re_1', 12_000n, { status: 'failed' }));
    await world.settle(24);
    await world.deliver('bank', moved('re_2', 12_000n, { at: '2026-11-13T10:00:00.000Z' }));
    await world.settle(24);
    expect(totals()).toEqual([12_000n, -12_000n, 12_000n, -12_000n]);
  });
});

describe('a refund that the shop took back', () => {
  const all = { listsAllRefunds: true };
  it('after it was credited is billed again', async () => {
    await open();
    await world.deliver('shop', told([refundOf('r1', 4_000n)], all));
    await world.settle();
    await world.deliver('shop', told([], all));
    await world.settle();
    expect(totals()).toEqual([12_000n, -4_000n, 4_000n]);
  });
  it('is not taken for one because of an older state of the order, or of one of the same second', async () => {
    await open();
    const older = told([], all);
    const newer = told([refundOf('r1', 4_000n)], all);
    await world.deliver('shop', newer);
    await world.deliver('shop', older);
    await world.deliver('shop', { order: { ...newer.order, refunds: [], status: 'the same second' } });
    await world.settle();
    expect(totals()).toEqual([12_000n, -4_000n]);
  });
});

describe('a refund that the shop deleted without dating the order anew', () => {
  const all = { listsAllRefunds: true };
  it('has been taken back when that is heard long after', async () => {
    await open();
    const listed = told([refundOf('r1', 4_000n)], all);
    await world.deliver('shop', listed);
    await world.settle();
    await world.runtime.advance(61_000);
    await world.deliver('shop', { order: { ...listed.order, refunds: [] } });
    await world.settle();
    expect(totals()).toEqual([12_000n, -4_000n, 4_000n]);
  });
});

describe('a dispute', () => {
  it('that was lost reopens the payment in the hands of a person, and credits nothing', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', dispute('open'));
    await world.settle();
    expect(await keys()).toEqual(['invoice/1 done', 'payment/claim done']);
    await world.deliver('bank', dispute('lost'));
    await world.settle();
    expect(await keys()).toContain('payment/dp_1 dispute_lost');
    expect(totals()).toEqual([12_000n]);
    expect(await world.job('payment/dp_1')).toMatchObject({ detail: expect.stringContaining('120.00 EUR') });
  });
  it('that is won after all needs nobody any more', async () => {
    await open();
    await world.deliver('shop', told());
    await world.deliver('bank', dispute('lost'));
    await world.settle();
    await world.deliver('bank', dispute('won'));
    await world.deliver('bank', dispute('lost'));
    await world.settle();
    expect(await keys()).toContain('payment/dp_1 due_no_more');
  });
});

describe('refunds told in any order', () => {
  const story = (n: number) => {
    const id = String(9000 + n);
    const names = { id, number: `WEB-${id}`, transactions: [`pi_${id}`] };
    const ofPayment = { paymentId: `pi_${id}`, chargeId: `ch_${id}` };
    return [
      told([], names),
      told([refundOf('r1', 3_000n)], names),
      told([refundOf('r1', 3_000n), refundOf('r2', 2_000n)], names),
      moved(`re_1_${id}`, 3_000n, ofPayment),
      moved(`re_2_${id}`, 2_000n, ofPayment),
      moved(`re_3_${id}`, 1_000n, { ...ofPayment, status: 'pending' }),
      moved(`re_3_${id}`, 1_000n, ofPayment),
    ];
  };
  it('end in the same credit notes, however they are permuted, repeated and interleaved with work', async () => {
    await open();
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 });
    const again = fc.array(fc.nat(6), { maxLength: 4 });
    const pauses = fc.array(fc.boolean(), { minLength: 11, maxLength: 11 });
    let n = 0;
    await fc.assert(
      fc.asyncProperty(orders, again, pauses, async (sequence, repeats, works) => {
        const deliveries = story(n++);
        const before = books.documents.length;
        for (const [step, index] of [...sequence, ...repeats].entries()) {
          const one = deliveries[index] ?? told();
          await world.deliver('refund' in one ? 'bank' : 'shop', one);
          if (works[step]) await world.drain();
        }
        await world.settle(24);
        expect(totals().slice(before).map(String).toSorted()).toEqual(['-1000', '-2000', '-3000', '12000']);
      }),
      { numRuns: 40 },
    );
  });
});
