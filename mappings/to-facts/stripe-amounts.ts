// Stripe's amounts: whole numbers of a smallest unit that is mostly, and not always, the minor unit of ISO 4217.
import Big from 'big.js';
import { isCurrency, type Minor, minorDigits } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

// https://docs.stripe.com/currencies: what Stripe counts as having no decimals, and three. It counts ISK and UGX in
// hundredths though they have none, and MGA in whole ariary though ISO 4217 gives it two. HUF and TWD have no decimals in
// payouts alone, which nothing here reads.
const ZERO_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD JOD KWD OMR TND'.split(' '));

/** Reads amounts of one currency. */
export type StripeMoney = {
  currency: string;
  /** Stripe's units as minor units of ISO 4217, possibly fractional: ("50001", ISK) is 500.01. */
  exact(units: string): Big;
  /** The same where it can be paid: null where it leaves a fraction. */
  whole(units: string): Minor | null;
};

/** How amounts of this currency are read. Fails with `unknown_currency`. */
export function stripeMoney(code: string): Result<StripeMoney> {
  const currency = code.toUpperCase();
  if (!isCurrency(currency)) {
    return err(problem('unknown_currency', `“${currency.slice(0, 20)}” is no ISO 4217 currency`, 'currency'));
  }
  const decimals = ZERO_DECIMALS.has(currency) ? 0 : THREE_DECIMALS.has(currency) ? 3 : 2;
  const factor = new Big(10).pow(minorDigits(currency) - decimals);
  const exact = (units: string): Big => new Big(units).times(factor);
  return ok({
    currency,
    exact,
    whole: (units) => {
      const minor = exact(units);
      return minor.eq(minor.round(0, Big.roundDown)) ? BigInt(minor.toFixed(0)) : null;
    },
  });
}

/** An amount that was paid or returned. Fails with `unknown_currency` and `unreadable_amount`. */
export function readPaid(units: string, code: string): Result<{ amount: Minor; currency: string }> {
  const money = stripeMoney(code);
  if (!money.ok) return money;
  const { currency, whole } = money.value;
  const amount = whole(units);
  return amount === null
    ? err(problem('unreadable_amount', `${units} is no payable amount of ${currency}`))
    : ok({ amount, currency });
}
