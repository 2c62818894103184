// What an order's JSON says was sold and given back, in minor units.
import { type Minor, minorDigits, parseMinor, taxInside } from '../domain/money.ts';
import type { OrderLine, RefundClaim, RefundLine } from '../domain/order.ts';
import { UNTAXED } from './standard-fields.ts';
import type { StandardLine, StandardRefund } from './standard-order.ts';

/** Notes that something is wrong at a path; the value that is returned in its place is never used. */
export type Report = (path: string, write: string) => void;
type Amounts = Pick<OrderLine, 'gross' | 'tax' | 'rate'>;
type WireAmounts = { [Key in 'gross' | 'net' | 'tax' | 'rate']?: string | null | undefined };

/** A line of the order, its amounts in minor units. */
export function readLine(wire: StandardLine, path: string, currency: string, report: Report): OrderLine {
  const amounts = readAmounts(wire, path, currency, report);
  if (/^[0.]+$/.test(wire.quantity) && amounts.gross !== 0n) {
    report(`${path}.quantity`, 'a line that costs something has at least one piece: write how many');
  }
  return {
    id: wire.id,
    kind: wire.kind ?? 'item',
    name: wire.name,
    sku: wire.sku ?? '',
    quantity: wire.quantity,
    ...amounts,
    discount: wire.discount ? minor(wire.discount, `${path}.discount`, currency, report) : 0n,
  };
}

/** What a line comes to, from gross and rate (and tax), or from net, tax and rate. */
function readAmounts(wire: WireAmounts, path: string, currency: string, report: Report): Amounts {
  const rate = wire.rate === UNTAXED ? null : (wire.rate ?? null);
  const read = (key: 'gross' | 'net' | 'tax'): Minor | null => {
    const written = wire[key];
    return written ? minor(written, `${path}.${key}`, currency, report) : null;
  };
  const [told, net, tax] = [read('gross'), read('net'), read('tax')];
  if (told === null && net === null) report(`${path}.gross`, 'write gross, tax included, or net and tax');
  if (told === null && net !== null && tax === null && rate !== null) report(`${path}.tax`, 'write the tax beside net');
  const gross = told ?? (net ?? 0n) + (tax ?? 0n);
  if (told !== null && net !== null && net + (tax ?? told - net) !== told) {
    report(`${path}.net`, 'gross is not net and tax: write gross and tax alone, or net and tax');
  }
  if (rate === null && tax !== null && tax !== 0n) report(`${path}.rate`, 'write at which rate this tax was charged');
  if (rate !== null && tax === null && /^0\.0*[1-9]/.test(rate)) {
    report(`${path}.rate`, `${rate} is read as ${rate} %: write 20 for 20 %, or say the tax as well`);
  }
  const inside = tax ?? (rate === null ? 0n : taxInside(gross, rate));
  if (gross < 0n ? inside < gross || inside > 0n : inside < 0n || inside > gross) {
    report(`${path}.tax`, 'the tax is not a part of gross: write both with the same sign');
  }
  return { gross, tax: inside, rate };
}

/** A refund; what its lines leave out is as the order line that they name. */
export function readRefund(
  wire: StandardRefund,
  path: string,
  currency: string,
  sold: readonly OrderLine[],
  report: Report,
): RefundClaim {
  const amount = minor(wire.amount, `${path}.amount`, currency, report);
  if (amount < 0n) report(`${path}.amount`, 'write what was returned as a positive amount');
  const readPart = (part: NonNullable<StandardRefund['lines']>[number], index: number): RefundLine => {
    const at = `${path}.lines.${index}`;
    const line = sold.find(({ id }) => id === part.line_id);
    const rate = part.rate ?? (line === undefined ? undefined : (line.rate ?? UNTAXED));
    if (rate === undefined) report(`${at}.rate`, 'write the rate, or the line_id of a line of the order');
    return {
      lineId: part.line_id ?? null,
      kind: part.kind ?? line?.kind ?? 'item',
      name: part.name ?? line?.name ?? '',
      quantity: part.quantity,
      ...readAmounts({ ...part, rate }, at, currency, report),
    };
  };
  return {
    id: wire.id,
    amount,
    at: wire.at ?? null,
    reason: wire.reason ?? '',
    lines: wire.lines?.map(readPart) ?? null,
    transactionId: wire.transaction_id || null,
  };
}

/** Far beyond any sale, and sums of it can still be kept. */
const LARGEST = 10n ** 16n;

/** A whole number of minor units: nothing is rounded here, because nobody could tell which way. */
export function minor(written: string, path: string, currency: string, report: Report): Minor {
  const amount = parseMinor(written, currency);
  if (amount === null) {
    const decimals = minorDigits(currency);
    report(path, `${written} is no whole amount of ${currency}: round it to ${decimals} decimals`);
  } else if (amount > LARGEST || amount < -LARGEST) report(path, `${written} is too large for an amount of money`);
  return amount ?? 0n;
}
