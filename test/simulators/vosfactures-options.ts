// How a simulated VosFactures account is set up, and what its documentation leaves open: each switch names both readings,
// the defaults are the likelier ones.
import type { Limit } from './arrivals.ts';

export type Switches = {
  /** Searches match parts of values, or whole ones. */
  partialSearch: boolean;
  /** What a request may add to `copy_invoice_from`: any field, or only what the documentation shows beside it. */
  copyTakes: 'any_field' | 'documented_fields';
  /** `oid_unique` looks at every document of the account, or at those of the same kind. */
  oidScope: 'account' | 'kind';
  /** `email_to` without `update_buyer_email`, where the buyer has another address: it gives way to that one, or it counts. */
  otherAddress: 'ignored' | 'used';
  /** The kinds of tax number that the account's settings list, besides the VAT number that needs no kind. */
  taxNumberKinds: readonly string[];
};

export const LIKELIER: Switches = {
  partialSearch: true,
  copyTakes: 'any_field',
  oidScope: 'account',
  otherAddress: 'ignored',
  taxNumberKinds: ['SIREN', 'SIRET', 'CIF'],
};

export type VosFacturesOptions = Partial<Switches> & {
  now: () => Date;
  /** A token of a read-only role: everything that should be made is answered 200 and is not. */
  readOnly?: boolean;
  /** Rows of a page at most, whatever is asked for; 100 as documented. */
  largestPage?: number;
  /** None is documented. Past it: 429 with `Retry-After`. */
  limit?: Limit;
};
