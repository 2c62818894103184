// The tax of a sale of Stripe's own: what Stripe tells is taken, what it does not tell is the user's word, and what nobody tells
// is not guessed.
import { describe, expect, it } from 'vitest';
import type { StripeReading } from '../../mappings/to-facts/stripe-reading.ts';
import { sum } from '../../src/domain/money.ts';
import {
  customerOf,
  orderOf,
  type Sale,
  sampleText,
  sessionOf,
  toldSale,
  untaxed,
  type Wire,
} from './stripe-samples.ts';

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
    const reduced = toldSale('fetched-sale', (sale) => {
      withTaxes([tax(626, { percentage: 20, effective_percentage: 5.5 })], 626)(sale);
      Object.assign(sessionOf(sale), { automatic_tax: { enabled: true, status: 'complete' } });
    });
    expect(orderOf(reduced)).toMatchObject({ lines: [{ rate: '5.5', tax: 626n }], doubt: null });
  });

  it('is none where Stripe Tax says so, whatever the setting', () => {
    const reverse = toldSale(
      'fetched-sale',
      (sale) => {
        withTaxes([tax(0, { percentage: 0 })], 0)(sale);
        Object.assign(sessionOf(sale), { automatic_tax: { enabled: true, status: 'complete' } });
        Object.assign(customerOf(sale), { tax_exempt: 'reverse' });
      },
      { taxRate: '20' },
    );
    expect(orderOf(reverse)).toMatchObject({ lines: [{ rate: null, tax: 0n }], doubt: null });
  });

  it('of two kinds on one line is looked at', () => {
    const both = toldSale('fetched-sale', withTaxes([tax(1000, { percentage: 9 }), tax(500, { percentage: 5 })], 1500));
    expect(orderOf(both).doubt).toMatchObject({ code: 'taxed_twice' });
  });

  it('beside one of nothing is one tax', () => {
    const zero = toldSale('fetched-sale', withTaxes([tax(0, { percentage: 0 }), tax(2000, { percentage: 20 })], 2000));
    expect(orderOf(zero)).toMatchObject({ lines: [{ rate: '20', tax: 2000n }], doubt: null });
  });

  it('of a fixed amount, or without its rate, is looked at', () => {
    for (const taxes of [[tax(28, { percentage: null })], []]) {
      expect(orderOf(toldSale('fetched-sale', withTaxes(taxes, 28))).doubt).toMatchObject({ code: 'rate_unknown' });
    }
  });

  it('on a part of a line is looked at: no rate makes it of the whole', () => {
    const partly = toldSale('fetched-sale', withTaxes([tax(1000, { percentage: 20 })], 1000));
    expect(orderOf(partly).doubt).toMatchObject({ code: 'totals_disagree' });
  });

  it('that Stripe does not tell is the user’s percentage inside the price, or none', () => {
    const at = (taxRate: StripeReading['taxRate']) =>
      orderOf(toldSale('fetched-sale', untaxed(1200, 990), { taxRate }));
    expect(at('20')).toMatchObject({ lines: [{ rate: '20', tax: 200n }, { tax: 165n }], doubt: null });
    expect(at('none')).toMatchObject({ lines: [{ rate: null, tax: 0n }, { rate: null }], doubt: null });
  });

  it('that nobody tells is not guessed: the reason names the setting', () => {
    const { doubt, lines, total } = orderOf(toldSale('fetched-sale', untaxed(1200)));
    expect(doubt).toMatchObject({ code: 'rate_unknown', detail: expect.stringContaining('tax_rate') });
    expect(sum(lines.map(({ gross }) => gross))).toBe(total);
  });

  it('that Stripe Tax could not reckon is not taken for none', () => {
    const failed = (status: string, taxRate: StripeReading['taxRate']) =>
      orderOf(
        toldSale(
          'fetched-sale',
          (sale) => {
            untaxed(1200)(sale);
            Object.assign(sessionOf(sale), { automatic_tax: { enabled: true, status } });
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
        toldSale(
          'fetched-sale',
          (sale) => {
            untaxed(1200)(sale);
            Object.assign(customerOf(sale), { tax_exempt: 'reverse' });
          },
          { taxRate },
        ),
      );
    expect(exempt('20').doubt).toMatchObject({ code: 'rate_unknown' });
    expect(exempt('none').doubt).toBeNull();
  });

  it('is read from the text of its percentage', () => {
    expect(sampleText('fetched-sale')).toContain('"percentage":20.0');
    expect(orderOf(toldSale('fetched-sale')).lines[0]?.rate).toBe('20');
  });

  it('of a price with fractions of a cent stands on one line for all of them', () => {
    const metered = toldSale('fetched-sale', (sale) => {
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
