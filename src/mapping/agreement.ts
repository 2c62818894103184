// Whether an order agrees with itself: its lines with its total, the tax of each with its rate.
import { formatMinor, type Minor, sum, taxInside } from '../domain/money.ts';
import type { Order, OrderLine } from '../domain/order.ts';
import { problem } from '../domain/problem.ts';

/**
 * The order whose lines make its total. Senders round each line, each tax or only the sum: up to one minor unit for each
 * priced line is moved, the largest lines first. More is the doubt `totals_disagree`. An order that is in doubt already
 * stays as it is told.
 */
export function settled(order: Order): Order {
  if (order.doubt !== null) return order;
  const told = sum(order.lines.map(({ gross }) => gross));
  const missing = order.total - told;
  const largestFirst = order.lines
    .filter(({ gross }) => gross !== 0n)
    .sort((a, b) => (size(a.gross) > size(b.gross) ? -1 : size(a.gross) < size(b.gross) ? 1 : 0));
  if (size(missing) > BigInt(largestFirst.length)) {
    const { currency } = order;
    const detail =
      `the lines add up to ${formatMinor(told, currency)} ${currency} and the order’s total is ` +
      `${formatMinor(order.total, currency)} ${currency}; correct the order where it comes from, or invoice it by hand`;
    return { ...order, doubt: problem('totals_disagree', detail) };
  }
  const moving = new Set(largestFirst.slice(0, Number(size(missing))));
  const step = missing < 0n ? -1n : 1n;
  return { ...order, lines: order.lines.map((line) => (moving.has(line) ? moved(line, step) : line)) };
}

/** One minor unit more or less, its tax still a part of it. */
function moved(line: OrderLine, step: bigint): OrderLine {
  const gross = line.gross + step;
  return { ...line, gross, tax: size(line.tax) > size(gross) ? gross : line.tax };
}

/**
 * The order, in doubt as `rate_unknown` where the tax of a line is not what its rate makes, by more than a minor unit for
 * each piece: rates are often sent as 0.2 where 20 is meant.
 */
export function vetted(order: Order): Order {
  const stray = order.lines.find(
    ({ gross, tax, rate, quantity }) =>
      rate !== null && size(tax - taxInside(gross, rate)) > BigInt(quantity.replace(/\..*/, '')) + 1n,
  );
  if (stray === undefined || order.doubt !== null) return order;
  const { name, gross, tax, rate } = stray;
  const detail =
    `the line “${name}” has a tax of ${formatMinor(tax, order.currency)} in ${formatMinor(gross, order.currency)}, ` +
    `which is not ${rate} %; rates are in percent: correct the one or the other where the order comes from`;
  return { ...order, doubt: problem('rate_unknown', detail) };
}

const size = (amount: Minor): Minor => (amount < 0n ? -amount : amount);
