// Chooses one form for each line of an invoice so that the total comes out under several readings of a provider's
// arithmetic at once. A beam search: bounded, without chance, and wide enough that what it misses is rare.
import type { Minor } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import {
  type Arithmetic,
  byRate,
  divideRounded,
  EMPTY,
  endRate,
  endTotal,
  MINOR_UNIT,
  plus,
  type Tally,
} from './net-arithmetic.ts';
import type { Form } from './net-forms.ts';

/** A line, its place on the invoice and the forms that it may take. */
export type Entry = Pick<OrderLine, 'gross' | 'rate'> & { place: number; forms: readonly Form[] };

/** A form for each entry, in the order of their places. Every reading misses the entries' gross by `rounding`. */
export type Choice = { forms: Form[]; rounding: Minor };

type Ending = Choice & { cost: number };

/** Half-chosen invoices that are pursued at a time. */
const BREADTH = 48;

/** Sums that differ by less than 2^102 parts, a twentieth of a minor unit, count as one. */
const GRAIN_BITS = 102n;
const GRAINS_IN_UNIT = MINOR_UNIT >> GRAIN_BITS;

/**
 * Choices for which all readings give the same total, the one that misses the entries' gross by least first, then the
 * cheapest. Net amounts with a fraction of a minor unit are many and crowd out the whole ones, about which all readings
 * agree: so the whole ones are searched by themselves, too.
 */
export function choicesOf(entries: readonly Entry[], arithmetics: readonly Arithmetic[]): Choice[] {
  const whole = entries.map((entry) => ({ ...entry, forms: entry.forms.filter((form) => form.whole) }));
  const fractions = entries.some(({ forms }) => forms.some((form) => !form.whole));
  return [...(fractions ? endingsOf(entries, arithmetics) : []), ...endingsOf(whole, arithmetics)].sort(
    (a, b) => compare(size(a.rounding), size(b.rounding)) || a.cost - b.cost,
  );
}

/** Forms for the entries so far, the latest first; `tallies` is the sum so far under each reading. */
type Path = { tallies: Tally[]; cost: number; latest: Step | null };
type Step = { before: Path; place: number; form: Form };

/** Goes rate by rate, and from the smallest line to the largest, which settles what the others left. */
function endingsOf(entries: readonly Entry[], arithmetics: readonly Arithmetic[]): Ending[] {
  let paths: Path[] = [{ tallies: arithmetics.map(() => EMPTY), cost: 0, latest: null }];
  let gross = 0n;
  for (const group of byRate(entries)) {
    for (const entry of group.toSorted((a, b) => compare(size(a.gross), size(b.gross)))) {
      gross += entry.gross;
      paths = extended(paths, entry, gross);
    }
    paths = paths.map((path) => ({ ...path, tallies: zip(path.tallies, arithmetics, endRate) }));
  }
  return paths.flatMap((path) => {
    const [rounding, ...others] = zip(path.tallies, arithmetics, endTotal).map((total) => gross - total);
    if (rounding === undefined || others.some((other) => other !== rounding)) return [];
    return [{ forms: formsOn(path), rounding, cost: path.cost }];
  });
}

/**
 * The paths with each form of the entry: those whose sums are nearest to the gross so far, then the cheapest. Of those
 * with the same sums only the cheapest goes on.
 */
function extended(paths: readonly Path[], { place, forms }: Entry, gross: Minor): Path[] {
  const target = gross * MINOR_UNIT;
  const cheapest = new Map<string, Step & { off: bigint; cost: number }>();
  for (const before of paths) {
    for (const form of forms) {
      const cost = before.cost + form.cost;
      const offs = zip(before.tallies, form.tallies, (a, b) => (a.sum + b.sum - target) >> GRAIN_BITS);
      const key = offs.join();
      if (cost >= (cheapest.get(key)?.cost ?? Infinity)) continue;
      const farthest = offs.map(size).reduce((a, b) => (a > b ? a : b), 0n);
      cheapest.set(key, { before, place, form, cost, off: divideRounded(farthest, GRAINS_IN_UNIT) });
    }
  }
  return [...cheapest.values()]
    .sort((a, b) => compare(a.off, b.off) || a.cost - b.cost)
    .slice(0, BREADTH)
    .map((step) => ({
      tallies: zip(step.before.tallies, step.form.tallies, plus),
      cost: step.cost,
      latest: step,
    }));
}

function formsOn(path: Path): Form[] {
  const steps: Step[] = [];
  for (let { latest } = path; latest !== null; latest = latest.before.latest) steps.push(latest);
  return steps.sort((a, b) => a.place - b.place).map(({ form }) => form);
}

/** Joins what stands at the same place of two lists. */
function zip<A, B, C>(as: readonly A[], bs: readonly B[], join: (a: A, b: B) => C): C[] {
  const joined: C[] = [];
  for (let index = 0; index < as.length; index++) {
    const a = as[index];
    const b = bs[index];
    if (a !== undefined && b !== undefined) joined.push(join(a, b));
  }
  return joined;
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const size = (value: bigint): bigint => (value < 0n ? -value : value);
