// Where a FastFaktura account rounds. Nothing is documented about it, but every invoice that is there tells something.
import { type Decimal, formatMinor, type Minor } from '../../src/domain/money.ts';
import { type Arithmetic, type NetRounding, type TaxRounding, totalOf } from './net-arithmetic.ts';

export const TAX_ROUNDINGS: readonly TaxRounding[] = ['line', 'rate', 'total'];
const NET_ROUNDINGS: readonly NetRounding[] = ['line', 'sum', 'never'];

/**
 * Until the account's rule for tax is known, every rule must come to the order's total; a net amount that is no whole number
 * of cents may be rounded anywhere.
 */
export const arithmetics = (known: TaxRounding | null): readonly Arithmetic[] =>
  (known === null ? TAX_ROUNDINGS : [known]).flatMap((tax) => NET_ROUNDINGS.map((net) => ({ net, tax })));

/** An invoice as FastFaktura shows it: prices are net, in cents. */
export type Reckoned = {
  currency: string;
  total: Minor;
  lines: readonly { quantity: Decimal; unitPrice: Minor; rate: Decimal }[];
};

/** The rules for tax that explain the totals of all these invoices: one, where they suffice to tell; none, where no net prices do. */
export const rulesOf = (invoices: readonly Reckoned[]): TaxRounding[] =>
  TAX_ROUNDINGS.filter((tax) => invoices.every((invoice) => arithmetics(tax).some((one) => explains(one, invoice))));

const explains = (arithmetic: Arithmetic, { currency, total, lines }: Reckoned): boolean => {
  const told = lines.map(({ quantity, unitPrice, rate }) => ({
    ...{ line: null, quantity, rate },
    unitNet: formatMinor(unitPrice, currency),
  }));
  return totalOf(told, arithmetic, currency) === total;
};
