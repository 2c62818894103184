// The forms in which one tax-inclusive line can be told in net prices: which quantity at which price, the best first.
import Big from 'big.js';
import { type Minor, minorDigits } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import {
  type Arithmetic,
  divideRounded,
  EXACT_DIGITS,
  type Exact,
  endTotal,
  FINE_DIGITS,
  type Fine,
  MINOR_UNIT,
  type NetLine,
  scaled,
  type Tally,
  tallyOf,
} from './net-arithmetic.ts';

/** What a provider's fields hold, and how its arithmetic may go. A form must come out under every reading given. */
export type NetFields = {
  currency: string;
  /** Decimals of a unit price, in major units, six at most: 3 for "8.325"; 2 where prices are whole cents. */
  unitDecimals: number;
  quantityDecimals: number;
  /** One at least. */
  arithmetics: readonly Arithmetic[];
};

/**
 * One way to tell a line: `unit` is a price as an integer of the field's smallest step. `tallies` is what the line adds
 * under each reading; `whole` is false where a fraction of a minor unit waits to be rounded with others. A lower cost is a
 * better form.
 */
export type Form = { line: OrderLine; quantity: Fine; unit: bigint; tallies: Tally[]; whole: boolean; cost: number };

/** Costs, far enough apart that a hundred of one never outweigh one of the next. */
const NEAREST_PRICE = 1;
const NUDGED_PRICE = 2;
const QUANTITY_ONE = 1_000;
const OTHER_GROSS = 1_000_000;

const ONE: Fine = 10n ** BigInt(FINE_DIGITS);
const HUNDRED_PERCENT = 100n * ONE;

/**
 * The forms of a line, the cheapest first, in this order of preference: the true quantity with a price that makes its net
 * a whole number of minor units; with the nearest price; with one a step away; quantity 1 with the line's net. Last, the
 * same where they move the line's own gross, by one minor unit at most. A line keeps its sign, and a line without price
 * stays without. None for a negative rate, and where a price cannot hold a minor unit.
 */
export function formsOf(line: OrderLine, fields: NetFields): Form[] {
  const rate = scaled(line.rate ?? '0', FINE_DIGITS);
  if (rate < 0n || stepDigits(fields) < 0) return [];
  const forms = candidatesOf(line, rate, fields).flatMap(({ quantity, unit, cost }): Form[] => {
    if (signOf(unit) !== signOf(line.gross)) return [];
    const net = quantity * unit * priceScale(fields);
    const readings = fields.arithmetics.map((arithmetic) => {
      const tally = tallyOf(net, rate, arithmetic);
      return { tally, off: endTotal(tally, arithmetic) - line.gross };
    });
    if (readings.some(({ off }) => off < -1n || off > 1n)) return [];
    const tallies = readings.map(({ tally }) => tally);
    const whole = tallies.every((tally) => tally.net % MINOR_UNIT === 0n);
    const moves = readings.some(({ off }) => off !== 0n);
    return [{ line, quantity, unit, tallies, whole, cost: moves ? cost + OTHER_GROSS : cost }];
  });
  return distinct(forms.sort((a, b) => a.cost - b.cost));
}

/** The form in the provider's words. */
export const toldAs = ({ line, quantity, unit }: Form, { unitDecimals }: NetFields): NetLine => ({
  line,
  quantity: textOf(quantity, FINE_DIGITS),
  unitNet: textOf(unit, unitDecimals),
  rate: line.rate,
});

type Candidate = Pick<Form, 'quantity' | 'unit' | 'cost'>;

function candidatesOf(line: OrderLine, rate: Fine, fields: NetFields): Candidate[] {
  const net = divideRounded(line.gross * HUNDRED_PERCENT * MINOR_UNIT, HUNDRED_PERCENT + rate);
  const quantity = quantityIn(line, fields);
  const kept = quantity === null ? [] : pricesAt(quantity, net, fields);
  if (quantity === ONE) return kept;
  const single = pricesAt(ONE, net, fields).map((form) => ({ ...form, cost: QUANTITY_ONE + form.cost }));
  return [...kept, ...single];
}

/** Prices of so many that come to the net amount, or near it. */
function pricesAt(quantity: Fine, net: Exact, fields: NetFields): Candidate[] {
  const scale = quantity * priceScale(fields);
  const wholeNet = (amount: Minor, cost: number): Candidate[] => {
    const exact = amount * MINOR_UNIT;
    return exact % scale === 0n ? [{ quantity, unit: exact / scale, cost }] : [];
  };
  const whole = divideRounded(net, MINOR_UNIT);
  const unit = divideRounded(net, scale);
  return [
    ...wholeNet(whole, 0),
    { quantity, unit, cost: NEAREST_PRICE },
    { quantity, unit: unit - 1n, cost: NUDGED_PRICE },
    { quantity, unit: unit + 1n, cost: NUDGED_PRICE },
    ...wholeNet(whole - 1n, NUDGED_PRICE),
    ...wholeNet(whole + 1n, NUDGED_PRICE),
  ];
}

/** The true quantity, where the provider's field can hold it and a price can be taken from it. */
function quantityIn(line: OrderLine, fields: NetFields): Fine | null {
  const quantity = new Big(line.quantity);
  const held = quantity.gt(0) && quantity.round(fields.quantityDecimals).eq(quantity);
  return held ? scaled(line.quantity, FINE_DIGITS) : null;
}

/** Decimals of a price in minor units: 1 for 3 decimals of a euro. */
const stepDigits = ({ unitDecimals, currency }: NetFields): number => unitDecimals - minorDigits(currency);

/** What quantity × price, both as integers, is multiplied by to be an exact amount. */
const priceScale = (fields: NetFields): bigint => 10n ** BigInt(EXACT_DIGITS - FINE_DIGITS - stepDigits(fields));

/** Forms that no reading can tell apart are one: the cheapest stands for them. */
function distinct(forms: readonly Form[]): Form[] {
  const key = ({ tallies }: Form): string => tallies.map(({ sum, net, tax }) => `${sum}/${net}/${tax}`).join();
  return [...Map.groupBy(forms, key).values()].flatMap((same) => same.slice(0, 1));
}

const signOf = (amount: bigint): -1 | 0 | 1 => (amount === 0n ? 0 : amount < 0n ? -1 : 1);

const textOf = (value: bigint, digits: number): string =>
  new Big(value.toString()).times(new Big(10).pow(-digits)).toFixed();
