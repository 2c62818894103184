// What Abby's documents leave open or contradict. Each switch names its readings; the first one is the more likely.

export type AbbySwitches = {
  /**
   * `nest`: `{statusCode, message, errors?}` as public clients met it. `nest_list`: the same framework's other habit, the
   * messages as a list. `documented`: `{type, code, message, param}` as the page on errors tells.
   */
  errors: 'nest' | 'nest_list' | 'documented';
  /** What the account has paid for: the API is part of the larger plans, and so is sending by e-mail. */
  plan: 'full' | 'without_email' | 'without_api';
  testMode: boolean;
  /** `isInTestMode` is a boolean in the OpenAPI and was seen as the number 1. */
  flags: 'boolean' | 'number';
  /** A POST that says it is JSON and has no body: refused by a 400, as one author met it, or taken, as another did. */
  emptyBody: 'refused' | 'taken';
  /** Status of a new draft: 201 is documented, 200 was seen. */
  createdStatus: 201 | 200;
  /** The rows of `GET /contacts`: as the OpenAPI types them, or as thin as a captured answer (no dates, no next page). */
  contactRows: 'openapi' | 'sample';
  /** A page of more than 100 rows: refused, or cut down to 100. */
  largePages: 'refused' | 'capped';
  /** `siret` of a French organisation: "required" by its description, optional by the schema. */
  siret: 'required' | 'optional';
  /** What a PUT does to the fields that it leaves out: empties them, or keeps them. */
  put: 'replaces' | 'merges';
  /** Drafting for an id that is nobody's: 400 is the only refusal documented there; 404 is what every other path answers. */
  unknownCustomer: 400 | 404;
  /** `quantityUnit` and `type` of a line: required by the OpenAPI, left out by a client that works. */
  lineKeys: 'required' | 'optional';
  /**
   * `line`: cents are rounded on each line, with tax where its price is. `total`: once for each VAT code over exact lines.
   * `net_rate`: without tax on each line even where its price is with tax, the tax then once for each VAT code. `net_line`:
   * the same with the tax of each line. `net_price`: the price of one without tax to a tenth of a cent, then as `total`.
   */
  rounding: 'line' | 'total' | 'net_rate' | 'net_line' | 'net_price';
  /** Names of the totals: as in the OpenAPI (`amountWithTaxAfterDiscount`), or as captured (`amountWithTax`). */
  totals: 'openapi' | 'sample';
  /** Totals of a credit note: the invoice's signs, or negative. No document shows one. */
  assetTotals: 'positive' | 'negative';
  /** What a draft must have beyond lines and a valid amount; the names of the requirements are not public. */
  finalizeNeeds: readonly ('timeline' | 'address')[];
  /** Finalising what is final: no document tells. Refused, or answered with the document as it is. */
  finalizeTwice: 'refused' | 'same';
  /** Reading a document by its id: in the OpenAPI; one author found no such path. */
  readById: 'offered' | 'absent';
  /** `GET /v2/billings` is in no document, though several public clients use it. */
  billings: 'offered' | 'absent';
  /** `customerId` of that list: the contact's or organisation's id, or the `customer.id` that documents carry. */
  customerFilter: 'client' | 'customer';
  /** Whether that list knows `search` (parts of titles): told of another interface to Abby, never shown for this one. */
  titleSearch: 'ignored' | 'offered';
  /** The private path that reconciles payments may go at any time. */
  reconciliate: 'offered' | 'absent';
  /** "Too many emails sent for this billing" comes after so many; the number is not public. */
  emailsPerDocument: number;
};

export const LIKELY: AbbySwitches = {
  errors: 'nest',
  plan: 'full',
  testMode: false,
  flags: 'boolean',
  emptyBody: 'refused',
  createdStatus: 201,
  contactRows: 'openapi',
  largePages: 'refused',
  siret: 'required',
  put: 'replaces',
  unknownCustomer: 400,
  lineKeys: 'required',
  rounding: 'line',
  totals: 'openapi',
  assetTotals: 'positive',
  finalizeNeeds: ['timeline'],
  finalizeTwice: 'refused',
  readById: 'offered',
  billings: 'offered',
  customerFilter: 'client',
  titleSearch: 'ignored',
  reconciliate: 'offered',
  emailsPerDocument: 20,
};
