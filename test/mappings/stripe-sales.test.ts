// Sales of Stripe's own: what the bridge makes of a Checkout Session, a Payment Link or a bare PaymentIntent.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StripeReading } from '../../mappings/to-facts/stripe-reading.ts';
import { expectSoundFacts } from '../conformance/source-suite.ts';
import { replaceOneValue, strangeValue } from '../support/strange-json.ts';
import {
  customerOf,
  factsOf,
  isFetched,
  isIgnored,
  orderOf,
  type Sale,
  sampleText,
  sessionOf,
  toldSale,
  understand,
  untaxed,
  type Wire,
} from './stripe-samples.ts';

describe('a sale of a Checkout Session', () => {
  it('is an order under its PaymentIntent’s id, with everything that was bought', () => {
    const order = orderOf(toldSale('fetched-sale'));
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
    const [payment] = factsOf(toldSale('fetched-sale'));
    expect(payment).toMatchObject({
      kind: 'payment',
      payment: { id: 'pi_3Sim00000008', amount: 5818n, method: 'card', mode: 'card' },
    });
  });

  it('is to a company with its VAT number where Checkout asked for one', () => {
    expect(orderOf(toldSale('fetched-sale')).buyer).toEqual({
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
    const older = toldSale('fetched-sale', (sale) => {
      Object.assign(customerOf(sale), { business_name: null, individual_name: null });
    });
    expect(orderOf(older).buyer).toMatchObject({
      kind: 'company',
      name: 'Atelier Fontaine',
      company: 'Atelier Fontaine',
    });
  });

  it('takes a VAT number before any other, and none whose value Stripe does not show', () => {
    const numbered = (tax_ids: Wire[]) =>
      orderOf(toldSale('fetched-sale', (sale) => Object.assign(customerOf(sale), { tax_ids }))).buyer.taxNumber;
    const siren = { type: 'fr_siren', value: '303265045' };
    expect(numbered([siren, { type: 'ch_vat', value: 'CHE-123.456.788 MWST' }])).toBe('CHE-123.456.788 MWST');
    expect(numbered([{ type: 'eu_vat', value: null }, siren])).toBe('303265045');
    expect(numbered([])).toBeNull();
  });

  it('is to a person by the one name that Stripe has, delivered where it is told to', () => {
    const private_ = toldSale('fetched-sale', (sale) => {
      Object.assign(customerOf(sale), {
        business_name: null,
        individual_name: null,
        name: 'Inès Fontaine',
        tax_ids: [],
      });
      const address = { line1: '9 rue Neuve', postal_code: '1000', city: 'Bruxelles', country: 'be' };
      Object.assign(sessionOf(sale), { collected_information: { shipping_details: { name: 'Jo Peeters', address } } });
    });
    expect(orderOf(private_).buyer).toMatchObject({
      kind: 'person',
      name: 'Inès Fontaine',
      company: '',
      delivery: { name: 'Jo Peeters', city: 'Bruxelles', country: 'BE' },
    });
  });

  it('has no language where the browser’s own was taken', () => {
    const auto = toldSale('fetched-sale', (sale) => Object.assign(sessionOf(sale), { locale: 'auto' }));
    expect(orderOf(auto).language).toBeNull();
  });

  it('without a price for shipping has no line for it', () => {
    const free = toldSale('fetched-sale', (sale) => {
      Object.assign(sessionOf(sale), { amount_total: 5230, shipping_cost: { amount_total: 0, amount_tax: 0 } });
    });
    expect(orderOf(free).lines).toHaveLength(2);
    expect(orderOf(free).doubt).toBeNull();
  });

  it('has every line of a long list, and leaves out what was optional and not taken', () => {
    const long = toldSale('fetched-sale', untaxed(...Array.from({ length: 250 }, () => 7)), { taxRate: 'none' });
    expect(orderOf(long).lines).toHaveLength(250);
    const optional = toldSale('fetched-sale', (sale) => {
      untaxed(500, 0)(sale);
      Object.assign(sale.checkouts[0]?.line_items[1] ?? {}, { quantity: 0 });
    });
    expect(orderOf(optional).lines).toHaveLength(1);
  });

  it('of which the parts do not make the total is looked at, with both figures', () => {
    const odd = orderOf(toldSale('fetched-sale', (sale) => Object.assign(sessionOf(sale), { amount_total: 5817 })));
    expect(odd.doubt).toMatchObject({ code: 'totals_disagree' });
    expect(odd.doubt?.detail).toMatch(/5818.*5817/);
  });

  it('in dinar has thousandths, and in krona whole krona', () => {
    const inCurrency = (currency: string) =>
      orderOf(
        toldSale(
          'fetched-sale',
          (sale) => {
            untaxed(12_000, 3000)(sale);
            Object.assign(sessionOf(sale), { currency });
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

describe('a sale at Stripe in a strange form', () => {
  it('is never more than sound facts, whichever value is replaced', () => {
    const names = ['fetched-sale', 'fetched-sale-without-session', 'fetched-sale-naming-order'];
    const rates = fc.constantFrom<StripeReading['taxRate']>(null, 'none', '20');
    fc.assert(
      fc.property(fc.constantFrom(...names), rates, fc.nat(), strangeValue, (name, taxRate, at, value) => {
        const strange: unknown = JSON.parse(sampleText(name));
        replaceOneValue(strange, at, value);
        expectSoundFacts(understand('fetched.sale', JSON.stringify(strange), { taxRate, linkBy: [] }));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a PaymentIntent without a session', () => {
  const bare = (taxRate: StripeReading['taxRate'] = '20') =>
    orderOf(toldSale('fetched-sale-without-session', () => {}, { taxRate }));

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
    const partly = toldSale(
      'fetched-sale-without-session',
      ({ payment_intent }) => Object.assign(payment_intent, { amount: 9000, description: null }),
      { taxRate: 'none' },
    );
    expect(orderOf(partly)).toMatchObject({ total: 4200n, lines: [{ name: orderOf(partly).number }] });
  });

  it('is no sale while it has not succeeded', () => {
    const processing = toldSale('fetched-sale-without-session', ({ payment_intent }) =>
      Object.assign(payment_intent, { status: 'processing', amount_received: 0 }),
    );
    expect(processing).toEqual(isIgnored('payment_not_received'));
  });
});

describe('a payment that is no sale of its own', () => {
  it('names an order in its session: it is only the payment, with that name', () => {
    const facts = factsOf(toldSale('fetched-sale-naming-order'));
    expect(facts).toMatchObject([{ kind: 'payment', payment: { links: expect.any(Array) } }]);
    expect(facts[0]?.kind === 'payment' && facts[0].payment.links).toContainEqual({
      by: 'client_reference_id',
      value: '1001',
    });
  });

  it('becomes one where the user does not look for orders in that place', () => {
    const facts = factsOf(toldSale('fetched-sale-naming-order', () => {}, { linkBy: ['transaction'], taxRate: '20' }));
    expect(facts.map(({ kind }) => kind)).toEqual(['payment', 'order']);
  });

  it.each<[string, (sale: Sale) => void]>([
    ['an invoice payment', (sale) => sale.invoice_payments.push({ invoice: 'in_1', status: 'paid' })],
    ['an invoice made after the payment', (sale) => Object.assign(sessionOf(sale), { invoice: 'in_1' })],
    [
      'the PaymentIntent, in an old version',
      ({ payment_intent }) => Object.assign(payment_intent, { invoice: 'in_1' }),
    ],
    [
      'its order reference',
      ({ payment_intent: intent }) => Object.assign(intent, { payment_details: { order_reference: 'in_1' } }),
    ],
    ['a subscription', (sale) => Object.assign(sessionOf(sale), { mode: 'subscription' })],
  ])('has an invoice of Stripe’s own, told by %s', (_by, change) => {
    expect(toldSale('fetched-sale', change)).toEqual(isIgnored('invoiced_by_stripe'));
  });

  it('has an invoice that becomes the order, where the user wants that', () => {
    const asked = toldSale('fetched-sale', (sale) => sale.invoice_payments.push({ invoice: 'in_1', status: 'paid' }), {
      invoices: 'invoice',
    });
    expect(asked).toEqual(isFetched('invoice:in_1'));
  });

  it('is of the other mode', () => {
    expect(toldSale('fetched-sale', () => {}, { mode: 'test' })).toEqual(isIgnored('live_mode'));
  });
});
