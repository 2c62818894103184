// Invoices of Stripe Billing as orders, where the user lets another system issue them: in the shape of before 2025-03-31 and
// in the one since.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StripeReading } from '../../mappings/to-facts/stripe-reading.ts';
import { expectSoundFacts } from '../conformance/source-suite.ts';
import { replaceOneValue, strangeValue } from '../support/strange-json.ts';
import { isFetched, isIgnored, orderOf, understand, type Wire } from './stripe-samples.ts';

const INVOICED: Partial<StripeReading> = { invoices: 'invoice' };

const rate = (percentage: number, inclusive: boolean): Wire => ({ id: `txr_${percentage}`, percentage, inclusive });

/** A line of an old version: 1 at `amount`, with its tax. */
const oldLine = (changes: Wire = {}): Wire => ({
  id: 'il_1',
  amount: 2000,
  description: '1 × Abonnement (at €20.00 / month)',
  quantity: 1,
  discount_amounts: [],
  tax_amounts: [{ amount: 400, inclusive: false, tax_rate: 'txr_20' }],
  tax_rates: [rate(20, false)],
  ...changes,
});
const newLine = ({ tax = 400, behavior = 'exclusive', ...changes }: Wire = {}): Wire => ({
  id: 'il_1',
  amount: 2000,
  description: '1 × Abonnement (at €20.00 / month)',
  quantity: 1,
  discount_amounts: [],
  taxes: [{ amount: tax, tax_behavior: behavior, tax_rate_details: { tax_rate: 'txr_20' }, type: 'tax_rate_details' }],
  ...changes,
});

const invoice = (lines: Wire[], changes: Wire = {}): Wire => ({
  id: 'in_3Sub',
  object: 'invoice',
  number: 'A1B2-0007',
  status: 'paid',
  livemode: true,
  created: 1795255000,
  currency: 'eur',
  total: 2400,
  amount_paid: 2400,
  starting_balance: 0,
  ending_balance: 0,
  status_transitions: { paid_at: 1795255200 },
  customer: 'cus_7',
  customer_name: 'Hugo Petit',
  customer_email: 'hugo@client.example',
  customer_address: { line1: '4 place du Pont', postal_code: '13001', city: 'Marseille', country: 'FR' },
  lines: { data: lines, has_more: false },
  payment_intent: 'pi_3Sub',
  charge: 'ch_3Sub',
  ...changes,
});

function paid(object: Wire, reading = INVOICED) {
  const event = { id: 'evt_1', type: 'invoice.paid', created: 1795255201, livemode: true, data: { object } };
  return understand('invoice.paid', JSON.stringify(event), reading);
}
/** As it is fetched: with all lines, and the tax rates that they name. */
const fetched = (lines: Wire[], changes: Wire = {}, rates: Wire[] = [rate(20, false)], reading = INVOICED) => {
  const whole = invoice(lines, { payment_intent: undefined, charge: undefined, payments: PAYMENTS, ...changes });
  return understand('fetched.invoice', JSON.stringify({ invoice: whole, lines, tax_rates: rates }), reading);
};
const PAYMENTS = { data: [{ status: 'paid', payment: { type: 'payment_intent', payment_intent: 'pi_3Sub' } }] };

describe('an invoice that Stripe was paid for', () => {
  it('is ignored unless the user wants it invoiced here as well: Stripe has issued a document in law', () => {
    expect(paid(invoice([oldLine()]), {})).toEqual(isIgnored('invoiced_by_stripe'));
    expect(fetched([newLine()], {}, [], {})).toEqual(isIgnored('invoiced_by_stripe'));
  });

  it('is an order of its own, paid by what paid it', () => {
    expect(orderOf(paid(invoice([oldLine()])))).toMatchObject({
      id: 'in_3Sub',
      number: 'A1B2-0007',
      transactions: ['pi_3Sub', 'ch_3Sub'],
      currency: 'EUR',
      total: 2400n,
      lines: [{ name: '1 × Abonnement (at €20.00 / month)', gross: 2400n, tax: 400n, rate: '20', quantity: '1' }],
      paid: { amount: 2400n, at: '2026-11-21T10:00:00.000Z', transactionId: 'pi_3Sub' },
      buyer: { customerId: 'cus_7', kind: 'person', name: 'Hugo Petit', address: { city: 'Marseille' } },
      doubt: null,
    });
  });

  it('comes to the same order in both shapes, by a webhook and by the API', () => {
    const byWebhook = orderOf(paid(invoice([oldLine()])));
    const byApi = orderOf(fetched([newLine()]));
    expect({ ...byApi, transactions: byWebhook.transactions }).toEqual(byWebhook);
  });

  it('is asked for where its event lacks lines, the percentage of a tax, or who paid', () => {
    const asked = isFetched('invoice:in_3Sub');
    expect(paid(invoice([newLine()]))).toEqual(asked);
    expect(paid(invoice([oldLine()], { lines: { data: [oldLine()], has_more: true } }))).toEqual(asked);
    expect(paid(invoice([oldLine()], { payment_intent: null, charge: null }))).toEqual(asked);
    const listed = { invoice: invoice([newLine()]), lines: null, tax_rates: [] };
    expect(understand('fetched.invoice', JSON.stringify(listed), INVOICED)).toEqual(asked);
  });

  it('has its discounts taken off and inclusive tax inside', () => {
    const lines = [
      newLine({ id: 'il_1', discount_amounts: [{ amount: 500 }], tax: 300 }),
      newLine({ id: 'il_2', amount: 1200, tax: 200, behavior: 'inclusive', quantity: 2 }),
    ];
    expect(orderOf(fetched(lines, { total: 3000, amount_paid: 3000 }))).toMatchObject({
      lines: [
        { gross: 1800n, tax: 300n, discount: 500n },
        { gross: 1200n, tax: 200n, quantity: '2' },
      ],
      doubt: null,
    });
  });

  it('has prorations below zero', () => {
    const back = newLine({ id: 'il_2', amount: -500, tax: -100, description: 'Unused time on Abonnement' });
    expect(orderOf(fetched([newLine(), back], { total: 1800, amount_paid: 1800 }))).toMatchObject({
      total: 1800n,
      lines: [{ gross: 2400n }, { gross: -600n, tax: -100n }],
      doubt: null,
    });
  });

  it('at prices with fractions of a cent has one line for all of them', () => {
    const metered = newLine({
      amount: 9184,
      tax: 0,
      quantity: 24_104_515,
      description: '24104515 × Requête (at €0.00000381 / month)',
      pricing: { unit_amount_decimal: '0.000381' },
    });
    const order = orderOf(fetched([metered], { total: 9184, amount_paid: 9184 }));
    expect(order.lines).toMatchObject([{ quantity: '1', gross: 9184n, rate: null }]);
    expect(order.doubt).toBeNull();
  });

  it('that credit paid in part or in whole is paid all the same', () => {
    const partly = { starting_balance: -1000, amount_paid: 1400 };
    expect(orderOf(fetched([newLine()], partly)).paid?.amount).toBe(2400n);
    const wholly = { starting_balance: -9000, ending_balance: -6600, amount_paid: 0, payments: { data: [] } };
    expect(orderOf(fetched([newLine()], wholly))).toMatchObject({ transactions: [], paid: { amount: 2400n } });
  });

  it('of nothing is an order of nothing', () => {
    const free = oldLine({ amount: 0, tax_amounts: [], description: '1 × Free tier (at €0.00 / month)' });
    const order = orderOf(paid(invoice([free], { total: 0, amount_paid: 0, payment_intent: null, charge: null })));
    expect(order).toMatchObject({ total: 0n, paid: { amount: 0n } });
  });

  it('that only credits the customer is no sale', () => {
    expect(fetched([newLine({ amount: -2000, tax: -400 })], { total: -2400, amount_paid: 0 })).toEqual(
      isIgnored('nothing_paid'),
    );
  });

  it('of which the lines do not make the total is looked at, as is one that says no tax', () => {
    expect(orderOf(fetched([newLine()], { total: 2300 })).doubt).toMatchObject({ code: 'totals_disagree' });
    const silent = newLine({ taxes: [] });
    expect(orderOf(fetched([silent], { total: 2000, amount_paid: 2000 })).doubt).toMatchObject({
      code: 'rate_unknown',
    });
    const known = fetched([silent], { total: 2000, amount_paid: 2000 }, [], { ...INVOICED, taxRate: '20' });
    expect(orderOf(known)).toMatchObject({ lines: [{ tax: 333n, rate: '20' }], doubt: null });
  });

  it('with any value replaced by another is never more than sound facts', () => {
    const lines = [newLine({ discount_amounts: [{ amount: 500 }], tax: 300 }), newLine({ id: 'il_2' })];
    const bodies = [
      () => ({ invoice: invoice(lines, { payments: PAYMENTS }), lines, tax_rates: [rate(20, false)] }),
      () => ({ invoice: invoice([oldLine()]), lines: null, tax_rates: [] }),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(), strangeValue, (body, at, value) => {
        const strange: unknown = JSON.parse(JSON.stringify(body()));
        replaceOneValue(strange, at, value);
        expectSoundFacts(understand('fetched.invoice', JSON.stringify(strange), { ...INVOICED, taxRate: '20' }));
      }),
      { numRuns: 1000 },
    );
  });

  it('is told once: neither its PaymentIntent nor another event of it is a sale', () => {
    const intent = {
      id: 'pi_3Sub',
      object: 'payment_intent',
      status: 'succeeded',
      amount_received: 2400,
      currency: 'eur',
    };
    const event = {
      id: 'evt_2',
      created: 1795255201,
      livemode: true,
      data: { object: { ...intent, invoice: 'in_3Sub' } },
    };
    const told = (type: string) => understand(type, JSON.stringify({ ...event, type }), INVOICED);
    expect(told('payment_intent.succeeded')).toEqual(isIgnored('told_by_invoice'));
    expect(told('invoice.payment_succeeded')).toEqual(isIgnored('told_when_invoice_paid'));
    expect(told('invoice.payment_failed')).toEqual(isIgnored('told_when_invoice_paid'));
  });
});
