// The arithmetic of a VosFactures document, and the way its engine writes numbers.
import Big from 'big.js';
import { minorDigits } from '../../src/domain/money.ts';

export type Strategy = {
  position: 'default' | 'keep_gross';
  sum: 'sum' | 'keep_gross' | 'keep_net';
  invoice_form_price_kind: 'net' | 'gross';
};

type Priced = { quantity: Big; tax: string; total_price_gross: Big };

/**
 * `keep_gross` keeps the gross total of every line; otherwise it is computed again from a unit net price that was rounded,
 * which is where cents go astray.
 */
export function totalsOf(
  positions: readonly Priced[],
  strategy: Strategy,
  currency: string,
): { price_net: Big; price_tax: Big; price_gross: Big } {
  const digits = Math.min(minorDigits(currency), 2);
  const round = (amount: Big): Big => amount.round(digits, Big.roundHalfUp);
  const lines = positions.map(({ quantity, tax, total_price_gross }) => {
    const factor = new Big(/^\d/.test(tax) ? tax.replace(',', '.') : 0).div(100).plus(1);
    const gross = (): Big => {
      if (strategy.position === 'keep_gross') return round(total_price_gross);
      if (quantity.eq(0)) return new Big(0);
      return round(round(total_price_gross.div(factor).div(quantity)).times(quantity).times(factor));
    };
    return { gross: gross(), net: round(gross().div(factor)) };
  });
  const price_gross = sum(lines.map((line) => line.gross));
  const price_net = sum(lines.map((line) => line.net));
  return { price_net, price_tax: price_gross.minus(price_net), price_gross };
}

/** What is paid counts against the amount of the document, whichever its sign. */
export const paidStatus = (paid: Big, gross: Big): 'paid' | 'partial' =>
  paid.abs().gte(gross.abs()) ? 'paid' : 'partial';

/** As the engine writes numbers: "39.98", "100.0". */
export function asText(value: Big): string {
  const plain = value.toFixed();
  return plain.includes('.') ? plain : `${plain}.0`;
}

const sum = (amounts: readonly Big[]): Big => amounts.reduce((total, amount) => total.plus(amount), new Big(0));
