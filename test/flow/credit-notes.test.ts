// What follows an invoice when money goes back, and the way of the invoice to its buyer.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { CreditLine, InvoiceDraft } from '../../src/domain/document.ts';
import { sum } from '../../src/domain/money.ts';
import type { OrderLine, RefundClaim, RefundLine } from '../../src/domain/order.ts';
import { plan } from '../../src/flow/4-plan.ts';
import { creditNotes as creditNotesOn, type PlannedCreditNote } from '../../src/flow/4-refunds.ts';
import { type Abilities, type DraftingBooks, draftingBooks } from '../support/drafting-books.ts';
import { DEFAULT_INVOICING, paidOrder } from '../support/orders.ts';
import { NOW, refundOf, returnOf, saleOf } from '../support/sales.ts';
import { openWorld, type World, type WorldOptions } from '../support/world.ts';

let world: World;
let books: DraftingBooks;
let close = async (): Promise<void> => undefined;
afterEach(() => close());

async function open(abilities: Abilities = {}, options: Omit<WorldOptions, 'account'> = {}): Promise<void> {
  books = draftingBooks(abilities);
  world = await openWorld({ ...options, account: books.account });
  close = async () => {
    close = async () => undefined;
    await world.close();
  };
}

const refund = (id: string, amount: bigint): RefundClaim => refundOf(id, amount);
const creditNotes = (invoice: InvoiceDraft, refunds: readonly RefundClaim[]): PlannedCreditNote[] =>
  creditNotesOn([invoice], [], refunds.map(returnOf), invoice);
let second = 10;
const order = async (refunds: RefundClaim[] = [], change = {}): Promise<void> => {
  second += 1;
  const updatedAt = `2026-11-10T10:10:${second}.000Z`;
  await world.deliver('shop', { order: paidOrder({ updatedAt, rank: 50, refunds, ...change }) });
  await world.settle();
};
const retry = async (key: string): Promise<void> => {
  expect((await world.call('POST', `/jobs/${(await world.job(key)).id}/retry`)).status).toBe(200);
  await world.settle();
};
const notes = () => books.documents.filter(({ kind }) => kind === 'credit_note');

describe('the credit notes of an invoice', () => {
  const line = fc.record({
    gross: fc.bigInt({ min: -2_000n, max: 20_000n }),
    rate: fc.constantFrom('20', '10', '5.5', null),
  });
  const invoices = fc
    .array(line, { minLength: 1, maxLength: 6 })
    .map((lines) => invoiceOf(lines))
    .filter(({ total }) => total > 0n);
  const refunds = fc
    .array(fc.bigInt({ min: 1n, max: 15_000n }), { maxLength: 6 })
    .map((amounts) => amounts.map((amount, n) => refund(`r${n}`, amount)));
  it('never take back more than was invoiced, of no rate and in all, and each comes to what was returned', () => {
    fc.assert(
      fc.property(invoices, refunds, (invoice, returned) => {
        const planned = creditNotes(invoice, returned);
        expect(planned.map(({ draft }) => draft.amount)).toEqual(returned.map(({ amount }) => amount));
        const made = planned.filter(({ hold }) => hold === null).map(({ draft }) => draft);
        for (const { amount, lines } of made) expect(sum(lines.map(({ gross }) => gross))).toBe(amount);
        expect(sum(made.map(({ amount }) => amount))).toBeLessThanOrEqual(invoice.total);
        for (const rate of new Set(invoice.lines.map((one) => one.rate))) {
          const invoiced = sum(invoice.lines.filter((one) => one.rate === rate).map(({ gross }) => gross));
          const credited = grossAt(
            rate,
            made.flatMap(({ lines }) => lines),
          );
          expect(credited <= (invoiced > 0n ? invoiced : 0n) || made.some(({ whole }) => whole)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
  it('are the same for the same refunds, and those of before stay when another comes', () => {
    fc.assert(
      fc.property(invoices, refunds, (invoice, returned) => {
        const all = creditNotes(invoice, returned);
        expect(creditNotes(invoice, returned)).toEqual(all);
        expect(creditNotes(invoice, returned.slice(0, -1))).toEqual(
          all.slice(0, returned.length - (returned.length > 0 ? 1 : 0)),
        );
      }),
    );
  });
  it('give back the whole invoice line by line, and a part of it over its rates', () => {
    const invoice = invoiceOf([
      { gross: 9_000n, rate: '20' },
      { gross: 3_000n, rate: '5.5' },
    ]);
    const [whole] = creditNotes(invoice, [refund('r1', 12_000n)]);
    expect(whole?.draft).toMatchObject({ whole: true, lines: invoice.lines });
    const [part] = creditNotes(invoice, [refund('r1', 4_000n)]);
    expect(part?.draft).toMatchObject({
      whole: false,
      lines: [
        { rate: '20', gross: 3_000n, tax: 500n, name: '' },
        { rate: '5.5', gross: 1_000n, tax: 52n, name: '' },
      ],
    });
  });
});

describe('what the shop tells of a refund by lines', () => {
  const invoice = () =>
    invoiceOf([
      { gross: 9_000n, rate: '20' },
      { gross: 3_000n, rate: '5.5' },
    ]);
  const given = (lineId: string | null, gross: bigint, change: Partial<RefundLine> = {}): RefundLine => ({
    lineId,
    kind: 'item',
    name: 'as refunded',
    quantity: '1',
    gross,
    tax: 0n,
    rate: '10',
    ...change,
  });
  const credited = (amount: bigint, lines: RefundLine[] | null) =>
    creditNotes(invoice(), [refundOf('r1', amount, { lines })])[0]?.draft.lines.map(
      ({ name, rate, gross }) => `${name} ${gross} at ${rate}`,
    );

  it('is credited line by line, under the names and at the rates of the invoice', () => {
    expect(credited(4_000n, [given('0', 3_000n), given('1', 1_000n)])).toEqual([
      'Desk lamp 3000 at 20',
      'Desk lamp 1000 at 5.5',
    ]);
  });
  it('and comes to less than was returned is completed by an amount over the rates', () => {
    expect(credited(4_000n, [given('0', 3_000n)])).toEqual(['Desk lamp 3000 at 20', ' 750 at 20', ' 250 at 5.5']);
  });
  it('and comes to more than was returned is reduced to the money, at the rates of its lines', () => {
    expect(credited(2_000n, [given('1', 3_000n)])).toEqual([' 2000 at 5.5']);
  });
  it('and would take back more of a rate than was invoiced at it is split over what is open', () => {
    expect(credited(4_000n, [given('1', 4_000n)])).toEqual([' 3000 at 20', ' 1000 at 5.5']);
  });
  it('is an amount where it says nothing of worth', () => {
    for (const lines of [null, [], [given('0', 0n)]]) {
      expect(credited(4_000n, lines)).toEqual([' 3000 at 20', ' 1000 at 5.5']);
    }
  });
  it('may name what the invoice does not have, at a rate of its own', () => {
    const [note] = creditNotes(invoice(), [refundOf('r1', 500n, { lines: [given(null, 500n, { rate: '20' })] })]);
    expect(note?.draft.lines).toMatchObject([{ name: 'as refunded', rate: '20', gross: 500n }]);
  });
  it('never takes back more than was invoiced, whatever it says, and always what was returned', () => {
    const line = fc.record({ lineId: fc.constantFrom('0', '1', null), gross: fc.bigInt({ min: 1n, max: 9_000n }) });
    const refund = fc.record({
      amount: fc.bigInt({ min: 1n, max: 6_000n }),
      lines: fc.array(line, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(refund, { maxLength: 4 }), (refunds) => {
        const told = refunds.map(({ amount, lines }, n) =>
          refundOf(`r${n}`, amount, { lines: lines.map(({ lineId, gross }) => given(lineId, gross, { rate: '20' })) }),
        );
        const made = creditNotes(invoice(), told).filter(({ hold }) => hold === null);
        for (const { draft } of made) expect(sum(draft.lines.map(({ gross }) => gross))).toBe(draft.amount);
        const at = (rate: string) =>
          grossAt(
            rate,
            made.flatMap(({ draft }) => draft.lines),
          );
        expect(at('20') <= 9_000n && at('5.5') <= 3_000n).toBe(true);
      }),
    );
  });
});

const grossAt = (rate: string | null, lines: readonly CreditLine[]): bigint =>
  sum(lines.filter((one) => one.rate === rate).map(({ gross }) => gross));

function invoiceOf(lines: Pick<OrderLine, 'gross' | 'rate'>[]): InvoiceDraft {
  const plain = paidOrder();
  const [first] = plain.lines;
  if (first === undefined) throw new Error('the plain order has lines');
  const all = lines.map((one, n): OrderLine => ({ ...first, id: String(n), quantity: '1', tax: 0n, ...one }));
  const total = sum(all.map(({ gross }) => gross));
  const order = { ...plain, lines: all, total };
  const planned = plan(
    saleOf({ order, claim: null }),
    { ...DEFAULT_INVOICING, when: 'placed', zeroTotal: 'invoice' },
    null,
    NOW,
  );
  const draft = planned.kind === 'documents' ? planned.required[0]?.draft : undefined;
  if (draft?.kind === 'invoice') return draft;
  // An order without a positive total is filtered out by the caller.
  return { ...invoiceOf([{ gross: 1n, rate: null }]), total, lines: all };
}

describe('a refund', () => {
  it('becomes one final credit note on its invoice, however often it is told', async () => {
    await open();
    await order();
    await order([refund('r1', 4_000n)]);
    await order([refund('r1', 4_000n)]);
    expect(notes()).toMatchObject([{ state: 'final', total: 4_000n, marker: 'oldshop/501/credit_note/r1' }]);
  });
  it('known together with the order waits for the invoice', async () => {
    await open();
    await order([refund('r1', 4_000n), refund('r2', 8_000n)]);
    expect(books.documents.map(({ kind, total, number }) => [kind, total, number])).toEqual([
      ['invoice', 12_000n, 'F-1'],
      ['credit_note', 4_000n, 'F-2'],
      ['credit_note', 8_000n, 'F-3'],
    ]);
  });
  it('of a part is held where the provider credits whole invoices alone, and a whole one is made', async () => {
    await open({ capabilities: { creditNotes: 'whole' } });
    await order([refund('r1', 4_000n)]);
    expect(await world.job('credit_note/r1')).toMatchObject({ status: 'held', reason: 'not_supported_by_provider' });
    await close();
    await open({ capabilities: { creditNotes: 'whole' } });
    await order([refund('r1', 12_000n)]);
    expect(notes()).toMatchObject([{ state: 'final', total: 12_000n }]);
  });
  it('is held where the provider makes no credit notes', async () => {
    await open({ capabilities: { creditNotes: 'none' } });
    await order([refund('r1', 4_000n)]);
    expect(await world.job('credit_note/r1')).toMatchObject({ status: 'held', reason: 'not_supported_by_provider' });
  });
  it('of more than was invoiced is held and takes nothing back', async () => {
    await open();
    await order([refund('r1', 8_000n), refund('r2', 4_001n)]);
    expect(notes()).toMatchObject([{ total: 8_000n }]);
    expect(await world.job('credit_note/r2')).toMatchObject({ status: 'held', reason: 'refund_exceeds_invoice' });
  });
  it('of an invoice that was made by hand is to be made by hand as well', async () => {
    await open();
    books.failNext('fill', 'refused');
    await order();
    await world.call('POST', `/jobs/${(await world.job('invoice/1')).id}/resolve`, {
      done_by_hand: { number: 'H-1', note: 'made there' },
    });
    await order([refund('r1', 4_000n)]);
    expect(await world.job('credit_note/r1')).toMatchObject({ status: 'held', reason: 'invoice_by_hand' });
    expect(notes()).toEqual([]);
  });
  it('of an invoice that is still a draft waits until it is final', async () => {
    await open({}, { invoicing: { finalize: false } });
    await order([refund('r1', 4_000n)]);
    expect(await world.job('credit_note/r1')).toMatchObject({ status: 'held', reason: 'invoice_is_draft' });
    Object.assign(books.documents[0] ?? {}, { state: 'final', number: 'F-1' });
    await retry('credit_note/r1');
    expect(notes()).toMatchObject([{ state: 'draft', total: 4_000n }]);
    expect((await world.job('credit_note/r1')).status).toBe('done');
  });
  it('whose credit note would come to another amount is held before it is final', async () => {
    await open();
    await order();
    books.off = 1n;
    await order([refund('r1', 4_000n)]);
    expect(await world.job('credit_note/r1')).toMatchObject({ status: 'held', reason: 'draft_total_differs' });
    books.off = 0n;
    await retry('credit_note/r1');
    expect(notes()).toMatchObject([{ state: 'final', total: 4_000n }]);
  });
});

describe('an invoice that is to be sent', () => {
  const sending = { invoicing: { send: ['email' as const] } };
  it('goes to its buyer once, after its payment was recorded', async () => {
    await open({}, sending);
    const paidWhenSent: bigint[] = [];
    books.instant = () => {
      if (books.calls.at(-1) === 'email' && paidWhenSent.length === 0)
        paidWhenSent.push(books.documents[0]?.paid ?? 0n);
    };
    await order();
    await order();
    expect(books.sent).toEqual(['ada@buyer.example']);
    expect(paidWhenSent).toEqual([12_000n]);
  });
  it('waits for a payment that is still being recorded', async () => {
    await open({}, sending);
    const { payment } = books.account;
    if (payment === null) throw new Error('these books record payments');
    const { send } = payment;
    payment.send = async () => {
      payment.send = send;
      return { kind: 'not_sent', problem: { code: 'unreachable', detail: 'no connection' } };
    };
    await world.deliver('shop', { order: paidOrder() });
    await world.drain();
    expect([books.documents.length, books.sent]).toEqual([1, []]);
    await world.settle();
    expect(books.sent).toHaveLength(1);
  });
  it('is held where the order names no address, and goes once it does', async () => {
    await open({}, sending);
    const { buyer } = paidOrder();
    await order([], { buyer: { ...buyer, email: null } });
    expect(await world.job('send/email')).toMatchObject({ status: 'held', reason: 'no_email' });
    await order();
    expect(books.sent).toEqual(['ada@buyer.example']);
  });
  it('is held where the provider cannot send', async () => {
    await open({ capabilities: { email: false } }, sending);
    await order();
    expect(await world.job('send/email')).toMatchObject({ status: 'held', reason: 'not_supported_by_provider' });
  });
  it('stays where it is when it is left as a draft', async () => {
    await open({}, { invoicing: { send: ['email'], finalize: false } });
    await order();
    expect((await world.jobs()).map(({ kind }) => kind)).toEqual(['invoice', 'payment']);
  });
});

describe('the jobs of one sale', () => {
  it('are taken one after the other', async () => {
    await open({}, { invoicing: { send: ['email'] } });
    books.failNext('finalize', 'unsent');
    await world.deliver('shop', { order: paidOrder({ refunds: [refund('r1', 4_000n)] }) });
    await world.drain();
    // The invoice is made by hand of a person who is faster.
    Object.assign(books.documents[0] ?? {}, { state: 'final', number: 'F-1' });
    await world.store.write(async (tx) => {
      await tx.updateTable('job').set({ status: 'done' }).where('kind', '=', 'invoice').execute();
    });
    expect((await world.claim()).map(({ kind }) => kind)).toEqual(['payment']);
  });
});
