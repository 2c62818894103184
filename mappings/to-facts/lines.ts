// From a shop's exact figures to lines in whole minor units. Shops round a line, a tax or only the sum; the buyer was
// charged the sum, so the sum rules and the lines follow it.
import Big from 'big.js';
import { apportion, type Minor, max, min, roundMinor } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';

/** An order line whose amounts are exact: minor units, possibly fractional. */
export type ExactLine = Omit<OrderLine, 'gross' | 'tax' | 'discount'> & { gross: Big; tax: Big; discount: Big };

/** Lines that make the total, or a doubt. */
export type Settled = { lines: OrderLine[]; doubt: Problem | null };

/**
 * Rounds the lines so that their gross adds up to the charged `total` (minor units). Normally each line moves by less
 * than one minor unit, by largest remainder; where the shop's parts were rounded before and miss the total, lines move
 * one unit further, the largest first. A line without price never moves.
 *
 * A tax that its rate does not make is the doubt `rate_unknown`.
 *
 * Where the lines miss the total by more than one minor unit per priced line, nothing is settled: each line is rounded by
 * itself and the doubt `totals_disagree` has both figures, so that a person looks before anything is invoiced.
 */
export function settleLines(lines: readonly ExactLine[], total: Minor): Settled {
  const parts = lines.map((line) => line.gross);
  const exact = parts.reduce((whole, part) => whole.plus(part), new Big(0));
  const priced = parts.filter((part) => !part.eq(0)).length;
  if (exact.minus(total).abs().gt(priced)) {
    const detail =
      `the lines add up to ${exact.toFixed()} minor units and the order’s total is ${total}; ` +
      'correct the order in the shop, or invoice it by hand';
    const alone = lines.map((line) => withGross(line, roundMinor(line.gross)));
    return { lines: alone, doubt: problem('totals_disagree', detail) };
  }
  const grosses = apportion(parts, total) ?? moveLargest(parts, total);
  return { lines: lines.map((line, index) => withGross(line, grosses[index] ?? 0n)), doubt: taxDoubt(lines) };
}

/** Shops round the tax of a piece, of a line or of a discount: so many minor units may a line be off, and one more for each piece. */
const TAX_SLACK = 2;

/**
 * A tax that its rate does not make: an invoice shows the rate, and the tax that follows from it, so one of the two would be
 * false. Null where every line's tax is its rate's.
 */
function taxDoubt(lines: readonly ExactLine[]): Problem | null {
  const odd = lines.find(({ gross, tax, rate, quantity }) => {
    if (rate === null) return false;
    const ofRate = gross.times(rate).div(new Big(rate).plus(100));
    return ofRate.minus(tax).abs().gt(new Big(quantity).abs().plus(TAX_SLACK));
  });
  if (odd === undefined) return null;
  const { name, tax, rate, gross } = odd;
  const detail = `“${name}” bears a tax of ${tax.toFixed(0)} minor units in ${gross.toFixed(0)}, which is not ${rate} % of it; mend the tax in the shop, or invoice it by hand`;
  return problem('rate_unknown', detail);
}

/**
 * Meets a target that rounding alone cannot: every part is rounded towards it, then the largest parts move one unit
 * further. The caller has checked that one unit per priced part is enough.
 */
function moveLargest(parts: readonly Big[], target: Minor): Minor[] {
  const below = parts.reduce((whole, part) => whole.plus(part), new Big(0)).gt(target);
  const step = below ? -1n : 1n;
  const moved = parts.map((part) => roundTowards(part, step));
  const largestFirst = parts
    .map((part, index) => ({ index, size: part.abs() }))
    .filter(({ size }) => size.gt(0))
    .sort((a, b) => b.size.cmp(a.size) || a.index - b.index);
  let missing = (target - moved.reduce((whole, part) => whole + part, 0n)) * step;
  for (const { index } of largestFirst) {
    if (missing <= 0n) break;
    moved[index] = (moved[index] ?? 0n) + step;
    missing -= 1n;
  }
  return moved;
}

/** The next whole number downwards (step -1) or upwards (step 1); a whole number stays. */
function roundTowards(value: Big, step: bigint): Minor {
  const away = value.gt(0) === step > 0n;
  return BigInt(value.round(0, away ? Big.roundUp : Big.roundDown).toFixed(0));
}

/** The line at its final gross. Its tax is rounded and stays inside that gross, and is nothing where no rate is known. */
function withGross(line: ExactLine, gross: Minor): OrderLine {
  const tax = line.rate === null ? 0n : roundMinor(line.tax);
  const inside = gross < 0n ? max(gross, min(tax, 0n)) : min(gross, max(tax, 0n));
  return { ...line, gross, tax: inside, discount: roundMinor(line.discount) };
}
