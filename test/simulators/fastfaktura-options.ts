// What FastFaktura's two pages of documentation leave open. Each switch names the readings that a connector must survive;
// the defaults are the likelier ones.
import type { Limit } from './arrivals.ts';

export type Switches = {
  /** A list is a bare array, or `{"data": […]}`, or `{"clients": […]}`, the last two with words about the page. */
  list: 'array' | 'data' | 'named';
  /** One object is bare, or `{"data": {…}}`, or `{"client": {…}}`. */
  single: 'bare' | 'data' | 'named';
  /** `{"error": {"code", "message"}}`, `{"error": "text"}`, `{"message", "errors": {field: […]}}`, or no body at all. */
  errors: 'object' | 'text' | 'fields' | 'empty';
  /** The status of a body that cannot be taken. */
  invalid: 400 | 422;
  /** An invoice for a client that does not exist: the client is not found, or the body is wrong. */
  unknownClient: 404 | 422;
  /** An invoice for an archived client is refused as if there were none, or taken. */
  archivedClient: 'refused' | 'taken';
  pageSize: number;
  order: 'newest_first' | 'oldest_first';
  /** The schema of an invoice has no `notes`: rows carry them all the same, or not. */
  notesInList: boolean;
  /** The detail is promised "with lines and events" and says nothing of `notes`. */
  notesInDetail: boolean;
  archivedInList: boolean;
  /** `q` matches parts of values, or whole ones. */
  partialSearch: boolean;
  /** A PUT changes what it names, or empties everything that it does not name. */
  put: 'merge' | 'replace';
  /** Tax is rounded for each line, for the lines of each rate together, or once for the invoice. */
  rounding: 'line' | 'rate' | 'total';
  /** `unit_price_cents` is before tax, or with it. */
  prices: 'net' | 'gross';
  /** Lines below zero are taken (an integer is an integer), or refused. */
  negativeLines: boolean;
  /** A draft has its number already, or an empty one until it is sent. */
  numberedAt: 'creation' | 'sending';
  /** The channel that e-mails nobody: the page is in French and says "lien", which may be its own translation. */
  linkChannel: 'link' | 'lien';
  /** Sending by link alone makes a draft final, or leaves it a draft. */
  linkFinalises: boolean;
  /** A sending is answered with the invoice, or with `{"ok": true}`. */
  sendAnswer: 'invoice' | 'ok';
};

export const LIKELIER: Switches = {
  list: 'data',
  single: 'bare',
  errors: 'object',
  invalid: 422,
  unknownClient: 404,
  archivedClient: 'refused',
  pageSize: 25,
  order: 'newest_first',
  notesInList: false,
  notesInDetail: true,
  archivedInList: false,
  partialSearch: true,
  put: 'merge',
  rounding: 'line',
  prices: 'net',
  negativeLines: true,
  numberedAt: 'creation',
  linkChannel: 'link',
  linkFinalises: true,
  sendAnswer: 'invoice',
};

export type FastFakturaOptions = Partial<Switches> & {
  now: () => Date;
  /** A sandbox account simulates its sending: nobody gets anything. */
  sandbox?: boolean;
  /** None is documented. Past it: 429 with `Retry-After`. */
  limit?: Limit;
};
