// What Facturation.pro's documents leave open, and what differs from account to account. Each switch names the readings that
// a connector must survive; the defaults are the likelier ones.
import type { Limit } from './arrivals.ts';

export type Switches = {
  /** VAT is rounded to cents on each line, or once for each rate on the sum of its lines. */
  rounding: 'line' | 'rate';
  /** Totals before tax keep the three decimals that their type has, or are rounded to cents. */
  netTotals: 'thousandths' | 'cents';
  /** A line with a negative price, such as a discount, is taken as long as the total is not negative, or refused. */
  negativeLines: 'take' | 'refuse';
  /** A settlement beyond the balance is refused, or taken and leaves a negative balance. */
  overpayment: 'refuse' | 'take';
  /** What is deleted is gone at once, or stays in every list with `soft_deleted` until its `hard_delete_on`. */
  deleted: 'gone' | 'marked';
  /** Requests that do not say whom to contact are refused, as the documents threaten, or taken. */
  userAgent: 'required' | 'optional';
  /** A PATCH is answered with the record, as since 2026, or with a status alone, as the documents show. */
  patched: 'record' | 'nothing';
  /** A creation is answered with every field of the table of fields, or with those of the sample: no total with tax. */
  created: 'whole' | 'sample';
  /** Lists show drafts among the other invoices, or only under `bill_type=draft`. */
  drafts: 'listed' | 'apart';
  /** The firm has set up an SMTP server of its own: e-mails go out through no other. */
  smtp: boolean;
  /** Stands before the number in `full_invoice_ref`, not in `invoice_ref`. */
  prefix: string;
  /** Rows of a page; 50 as documented, and no request can change it. */
  perPage: number;
};

export const LIKELIER: Switches = {
  rounding: 'rate',
  netTotals: 'thousandths',
  negativeLines: 'take',
  overpayment: 'refuse',
  deleted: 'gone',
  userAgent: 'required',
  patched: 'record',
  created: 'whole',
  drafts: 'listed',
  smtp: false,
  prefix: '',
  perPage: 50,
};

export type FacturationProOptions = Partial<Switches> & {
  now: () => Date;
  /** As documented when left out: 600 requests in 5 minutes, 10 000 in a day. */
  limit?: Limit;
};
