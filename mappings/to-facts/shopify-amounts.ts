// The money of a Shopify order. Shopify tells most amounts twice, in the shop's currency and in the one that the buyer
// saw and paid; an invoice is made in the latter.
import Big from 'big.js';
import { toMinorUnits } from '../../src/domain/money.ts';
import type { WireMoneySet, WireOrder, WireTransaction } from './shopify-wire.ts';

/** Reads an order's amounts, as exact minor units of the currency that the buyer paid in. */
export type Amounts = {
  currency: string;
  /** The amount of a set, else of the flat field beside it; an absent one is nothing. */
  read(set: WireMoneySet, flat: string | null | undefined): Big;
  /** Money that moved, in the currency that the transaction names. */
  moved(transaction: WireTransaction): Big;
  /** False once an amount was read that the shop tells in another currency only. */
  complete(): boolean;
};

/** The reader of one order's amounts. */
export function amountsOf(order: WireOrder): Amounts {
  const currency = order.presentment_currency === '' ? order.currency : order.presentment_currency;
  let complete = true;
  const inCurrency = (amount: string, told: string): Big => {
    const exact = toMinorUnits(new Big(amount), currency);
    if (told !== currency && !exact.eq(0)) complete = false;
    return exact;
  };
  const ofSet = ({ presentment_money: { amount, currency_code } }: NonNullable<WireMoneySet>): Big =>
    inCurrency(amount, currency_code);
  return {
    currency,
    read: (set, flat) => (set ? ofSet(set) : inCurrency(flat ?? '0', order.currency)),
    moved: (one) =>
      one.amount_set ? ofSet(one.amount_set) : inCurrency(one.amount ?? '0', one.currency || order.currency),
    complete: () => complete,
  };
}

export const sumOf = (amounts: readonly Big[]): Big =>
  amounts.reduce((total, amount) => total.plus(amount), new Big(0));
