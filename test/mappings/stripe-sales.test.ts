// Sales of Stripe's own: what the bridge makes of a Checkout Session, a Payment Link or a bare PaymentIntent.
import { describe, expect, it } from 'vitest';
import type { StripeReading } from '../../mappings/to-facts/stripe-reading.ts';
import { sum } from '../../src/domain/money.ts';
import { factsOf, isFetched, isIgnored, orderOf, sampleText, understand, type Wire } from './stripe-samples.ts';

type Sale = { payment_intent: Wire; checkouts: { session: Wire; line_items: Wire[] }[]; invoice_payments: Wire[] };

/** A sample sale, changed. */
function told(name: string, change: (sale: Sale) => void = () => {}, reading: Partial<StripeReading> = {}) {
  const sale: Sale = JSON.parse(sampleText(name));
  change(sale);
  return understand('fetched.sale', JSON.stringify(sale), reading);
}

const session = (sale: Sale): Wire => sale.checkouts[0]?.session ?? {};
const details = (sale: Sale): Wire => session(sale).customer_details as Wire;

/** A sale of lines without any tax, for as much as they cost. */
function untaxed(...totals: number[]): (sale: Sale) => void {
  return (sale) => {
    const [checkout] = sale.checkouts;
    if (checkout === undefined) throw new Error('no session');
    const whole = totals.reduce((all, one) => all + one, 0);
    Object.assign(checkout.session, { amount_total: whole, shipping_cost: null });
    Object.assign(sale.payment_intent, { amount_received: whole });
    checkout.line_items = totals.map((total, index) => ({
      id: `li_${index}`,
      description: `Article ${index + 1}`,
      quantity: 1,
      amount_total: total,
      taxes: [],
    }));
  };
}

describe('a sale of a Checkout Session', () => {
  it('is an order under its PaymentIntent’s id, with everything that was bought', () => {
    const order = orderOf(told('fetched-sale'));
    expect(order).toMatchObject({
      id: 'pi_3Sim00000008',
      number: '00000008',
      transactions: ['pi_3Sim00000008', 'ch_3Sim00000010'],
      placedAt: '2026-11-21T10:00:00.000Z',
      currency: 'EUR',
      total: 5818n,
      language: 'fr',
      paid: null,
      test: false,
      state: 'open',
      invoicedElsewhere: null,
      doubt: null,
    });
    expect(order.lines).toEqual([
      {
        id: 'li_3Sim00000002',
        kind: 'item',
        name: 'Carnet ligné',
        sku: '',
        quantity: '2',
        gross: 3240n,
        tax: 540n,
        rate: '20',
        discount: 360n,
      },
      {
        id: 'li_3Sim00000004',
        kind: 'item',
        name: 'Guide de Lyon',
        sku: '',
        quantity: '1',
        gross: 1990n,
        tax: 104n,
        rate: '5.5',
        discount: 0n,
      },
      {
        id: 'shipping',
        kind: 'shipping',
        name: 'Colissimo',
        sku: '',
        quantity: '1',
        gross: 588n,
        tax: 98n,
        rate: '20',
        discount: 0n,
      },
    ]);
  });

  it('comes with its payment, which says that it was paid', () => {
    const [payment] = factsOf(told('fetched-sale'));
    expect(payment).toMatchObject({
      kind: 'payment',
      payment: { id: 'pi_3Sim00000008', amount: 5818n, method: 'card', mode: 'card' },
    });
  });

  it('is to a company with its VAT number where Checkout asked for one', () => {
    expect(orderOf(told('fetched-sale')).buyer).toEqual({
      customerId: null,
      kind: 'company',
      name: 'Atelier Fontaine SARL',
      company: 'Atelier Fontaine SARL',
      firstName: '',
      lastName: '',
      email: 'ines@atelier.example',
      phone: '+33400000000',
      taxNumber: 'FR40303265045',
      address: {
        name: 'Atelier Fontaine SARL',
        line1: '3 quai des Arts',
        line2: '',
        postCode: '69002',
        city: 'Lyon',
        region: '',
        country: 'FR',
      },
      delivery: null,
    });
  });

  it('takes the name for the business’s where only a tax number tells that it is one', () => {
    const older = told('fetched-sale', (sale) => {
      Object.assign(details(sale), { business_name: null, individual_name: null });
    });
    expect(orderOf(older).buyer).toMatchObject({
      kind: 'company',
      name: 'Atelier Fontaine',
      company: 'Atelier Fontaine',
    });
  });

  it('takes a VAT number before any other, and none whose value Stripe does not show', () => {
    const numbered = (tax_ids: Wire[]) =>
      orderOf(told('fetched-sale', (sale) => Object.assign(details(sale), { tax_ids }))).buyer.taxNumber;
    const siren = { type: 'fr_siren', value: '303265045' };
    expect(numbered([siren, { type: 'ch_vat', value: 'CHE-123.456.788 MWST' }])).toBe('CHE-123.456.788 MWST');
    expect(numbered([{ type: 'eu_vat', value: null }, siren])).toBe('303265045');
    expect(numbered([])).toBeNull();
  });

  it('is to a person by the one name that Stripe has, delivered where it is told to', () => {
    const private_ = told('fetched-sale', (sale) => {
      Object.assign(details(sale), { business_name: null, individual_name: null, name: 'Inès Fontaine', tax_ids: [] });
      const address = { line1: '9 rue Neuve', postal_code: '1000', city: 'Bruxelles', country: 'be' };
      Object.assign(session(sale), { collected_information: { shipping_details: { name: 'Jo Peeters', address } } });
    });
    expect(orderOf(private_).buyer).toMatchObject({
      kind: 'person',
      name: 'Inès Fontaine',
      company: '',
      delivery: { name: 'Jo Peeters', city: 'Bruxelles', country: 'BE' },
    });
  });

  it('has no language where the browser’s own was taken', () => {
    const auto = told('fetched-sale', (sale) => Object.assign(session(sale), { locale: 'auto' }));
    expect(orderOf(auto).language).toBeNull();
  });

  it('without a price for shipping has no line for it', () => {
    const free = told('fetched-sale', (sale) => {
      Object.assign(session(sale), { amount_total: 5230, shipping_cost: { amount_total: 0, amount_tax: 0 } });
    });
    expect(orderOf(free).lines).toHaveLength(2);
    expect(orderOf(free).doubt).toBeNull();
  });

  it('has every line of a long list, and leaves out what was optional and not taken', () => {
    const long = told('fetched-sale', untaxed(...Array.from({ length: 250 }, () => 7)), { taxRate: 'none' });
    expect(orderOf(long).lines).toHaveLength(250);
    const optional = told('fetched-sale', (sale) => {
      untaxed(500, 0)(sale);
      Object.assign(sale.checkouts[0]?.line_items[1] ?? {}, { quantity: 0 });
    });
    expect(orderOf(optional).lines).toHaveLength(1);
  });

  it('of which the parts do not make the total is looked at, with both figures', () => {
    const odd = orderOf(told('fetched-sale', (sale) => Object.assign(session(sale), { amount_total: 5817 })));
    expect(odd.doubt).toMatchObject({ code: 'totals_disagree' });
    expect(odd.doubt?.detail).toMatch(/5818.*5817/);
  });

  it('in dinar has thousandths, and in krona whole krona', () => {
    const inCurrency = (currency: string) =>
      orderOf(
        told(
          'fetched-sale',
          (sale) => {
            untaxed(12_000, 3000)(sale);
            Object.assign(session(sale), { currency });
            Object.assign(sale.payment_intent, { currency });
          },
          { taxRate: '20' },
        ),
      );
    expect(inCurrency('kwd')).toMatchObject({ total: 15_000n, lines: [{ gross: 12_000n, tax: 2000n }, { tax: 500n }] });
    expect(inCurrency('isk')).toMatchObject({ total: 150n, lines: [{ gross: 120n, tax: 20n }, { tax: 5n }] });
    expect(inCurrency('jpy')).toMatchObject({ total: 15_000n });
  });
});

describe('the tax of a sale at Stripe', () => {
  const withTaxes = (taxes: Wire[], amountTax: number) => (sale: Sale) => {
    untaxed(12_000)(sale);
    Object.assign(sale.checkouts[0]?.line_items[0] ?? {}, { taxes, amount_tax: amountTax });
  };
  const tax = (amount: number, rate: Wire): Wire => ({
    amount,
    rate: { id: `txr_${amount}`, inclusive: true, ...rate },
  });

  it('is at the rate that Stripe Tax used, where the place’s usual one is another', () => {
    const reduced = told('fetched-sale', (sale) => {
      withTaxes([tax(626, { percentage: 20, effective_percentage: 5.5 })], 626)(sale);
      Object.assign(session(sale), { automatic_tax: { enabled: true, status: 'complete' } });
    });
    expect(orderOf(reduced)).toMatchObject({ lines: [{ rate: '5.5', tax: 626n }], doubt: null });
  });

  it('is none where Stripe Tax says so, whatever the setting', () => {
    const reverse = told(
      'fetched-sale',
      (sale) => {
        withTaxes([tax(0, { percentage: 0 })], 0)(sale);
        Object.assign(session(sale), { automatic_tax: { enabled: true, status: 'complete' } });
        Object.assign(details(sale), { tax_exempt: 'reverse' });
      },
      { taxRate: '20' },
    );
    expect(orderOf(reverse)).toMatchObject({ lines: [{ rate: null, tax: 0n }], doubt: null });
  });

  it('of two kinds on one line is looked at', () => {
    const both = told('fetched-sale', withTaxes([tax(1000, { percentage: 9 }), tax(500, { percentage: 5 })], 1500));
    expect(orderOf(both).doubt).toMatchObject({ code: 'taxed_twice' });
  });

  it('beside one of nothing is one tax', () => {
    const zero = told('fetched-sale', withTaxes([tax(0, { percentage: 0 }), tax(2000, { percentage: 20 })], 2000));
    expect(orderOf(zero)).toMatchObject({ lines: [{ rate: '20', tax: 2000n }], doubt: null });
  });

  it('of a fixed amount, or without its rate, is looked at', () => {
    for (const taxes of [[tax(28, { percentage: null })], []]) {
      expect(orderOf(told('fetched-sale', withTaxes(taxes, 28))).doubt).toMatchObject({ code: 'rate_unknown' });
    }
  });

  it('on a part of a line is looked at: no rate makes it of the whole', () => {
    const partly = told('fetched-sale', withTaxes([tax(1000, { percentage: 20 })], 1000));
    expect(orderOf(partly).doubt).toMatchObject({ code: 'totals_disagree' });
  });

  it('that Stripe does not tell is the user’s percentage inside the price, or none', () => {
    const at = (taxRate: StripeReading['taxRate']) => orderOf(told('fetched-sale', untaxed(1200, 990), { taxRate }));
    expect(at('20')).toMatchObject({ lines: [{ rate: '20', tax: 200n }, { tax: 165n }], doubt: null });
    expect(at('none')).toMatchObject({ lines: [{ rate: null, tax: 0n }, { rate: null }], doubt: null });
  });

  it('that nobody tells is not guessed: the reason names the setting', () => {
    const { doubt, lines, total } = orderOf(told('fetched-sale', untaxed(1200)));
    expect(doubt).toMatchObject({ code: 'rate_unknown', detail: expect.stringContaining('tax_rate') });
    expect(sum(lines.map(({ gross }) => gross))).toBe(total);
  });

  it('that Stripe Tax could not reckon is not taken for none', () => {
    const failed = (status: string, taxRate: StripeReading['taxRate']) =>
      orderOf(
        told(
          'fetched-sale',
          (sale) => {
            untaxed(1200)(sale);
            Object.assign(session(sale), { automatic_tax: { enabled: true, status } });
          },
          { taxRate },
        ),
      );
    expect(failed('failed', null).doubt).toMatchObject({
      code: 'rate_unknown',
      detail: expect.stringContaining('failed'),
    });
    expect(failed('requires_location_inputs', '20')).toMatchObject({ lines: [{ rate: '20' }], doubt: null });
  });

  it('of a customer who is exempt is looked at where Stripe reckons none: the price may bear it or not', () => {
    const exempt = (taxRate: StripeReading['taxRate']) =>
      orderOf(
        told(
          'fetched-sale',
          (sale) => {
            untaxed(1200)(sale);
            Object.assign(details(sale), { tax_exempt: 'reverse' });
          },
          { taxRate },
        ),
      );
    expect(exempt('20').doubt).toMatchObject({ code: 'rate_unknown' });
    expect(exempt('none').doubt).toBeNull();
  });

  it('is read from the text of its percentage', () => {
    expect(sampleText('fetched-sale')).toContain('"percentage":20.0');
    expect(orderOf(told('fetched-sale')).lines[0]?.rate).toBe('20');
  });

  it('of a price with fractions of a cent stands on one line for all of them', () => {
    const metered = told('fetched-sale', (sale) => {
      untaxed(9184)(sale);
      Object.assign(sale.checkouts[0]?.line_items[0] ?? {}, {
        quantity: 24_104_515,
        description: 'Requête',
        price: { unit_amount_decimal: '0.000381' },
      });
    });
    expect(orderOf(metered).lines).toMatchObject([{ name: '24104515 × Requête', quantity: '1', gross: 9184n }]);
  });
});

describe('a PaymentIntent without a session', () => {
  const bare = (taxRate: StripeReading['taxRate'] = '20') =>
    orderOf(told('fetched-sale-without-session', () => {}, { taxRate }));

  it('is one line in the words that it was described with, at the user’s rate', () => {
    expect(bare()).toMatchObject({
      total: 4200n,
      lines: [{ kind: 'item', name: 'Stage de reliure', quantity: '1', gross: 4200n, tax: 700n, rate: '20' }],
      buyer: { kind: 'person', name: 'Hugo Petit', email: 'hugo@client.example' },
      doubt: null,
    });
  });

  it('is looked at where the user has said no rate', () => {
    expect(bare(null).doubt).toMatchObject({ code: 'rate_unknown' });
  });

  it('is of the money that came in', () => {
    const partly = told(
      'fetched-sale-without-session',
      ({ payment_intent }) => Object.assign(payment_intent, { amount: 9000, description: null }),
      { taxRate: 'none' },
    );
    expect(orderOf(partly)).toMatchObject({ total: 4200n, lines: [{ name: orderOf(partly).number }] });
  });

  it('is no sale while it has not succeeded', () => {
    const processing = told('fetched-sale-without-session', ({ payment_intent }) =>
      Object.assign(payment_intent, { status: 'processing', amount_received: 0 }),
    );
    expect(processing).toEqual(isIgnored('payment_not_received'));
  });
});

describe('a payment that is no sale of its own', () => {
  it('names an order in its session: it is only the payment, with that name', () => {
    const facts = factsOf(told('fetched-sale-naming-order'));
    expect(facts).toMatchObject([{ kind: 'payment', payment: { links: expect.any(Array) } }]);
    expect(facts[0]?.kind === 'payment' && facts[0].payment.links).toContainEqual({
      by: 'client_reference_id',
      value: '1001',
    });
  });

  it('becomes one where the user does not look for orders in that place', () => {
    const facts = factsOf(told('fetched-sale-naming-order', () => {}, { linkBy: ['transaction'], taxRate: '20' }));
    expect(facts.map(({ kind }) => kind)).toEqual(['payment', 'order']);
  });

  it.each<[string, (sale: Sale) => void]>([
    ['an invoice payment', (sale) => sale.invoice_payments.push({ invoice: 'in_1', status: 'paid' })],
    ['an invoice made after the payment', (sale) => Object.assign(session(sale), { invoice: 'in_1' })],
    [
      'the PaymentIntent, in an old version',
      ({ payment_intent }) => Object.assign(payment_intent, { invoice: 'in_1' }),
    ],
    [
      'its order reference',
      ({ payment_intent: intent }) => Object.assign(intent, { payment_details: { order_reference: 'in_1' } }),
    ],
    ['a subscription', (sale) => Object.assign(session(sale), { mode: 'subscription' })],
  ])('has an invoice of Stripe’s own, told by %s', (_by, change) => {
    expect(told('fetched-sale', change)).toEqual(isIgnored('invoiced_by_stripe'));
  });

  it('has an invoice that becomes the order, where the user wants that', () => {
    const asked = told('fetched-sale', (sale) => sale.invoice_payments.push({ invoice: 'in_1', status: 'paid' }), {
      invoices: 'invoice',
    });
    expect(asked).toEqual(isFetched('invoice:in_1'));
  });

  it('is of the other mode', () => {
    expect(told('fetched-sale', () => {}, { mode: 'test' })).toEqual(isIgnored('live_mode'));
  });
});
