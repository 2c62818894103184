// A simulated Abby account: its clients, its documents, and what its owner does in the application behind our back.
import { AbbyBilling } from './abby-billing.ts';
import { AbbyClients } from './abby-clients.ts';
import type { DocumentRecord } from './abby-records.ts';
import type { AbbySwitches } from './abby-switches.ts';

export class AbbyBooks {
  readonly clients: AbbyClients;
  readonly billing: AbbyBilling;
  readonly #seconds: () => number;

  constructor(now: () => Date, switches: AbbySwitches) {
    this.#seconds = () => Math.floor(now().getTime() / 1000);
    this.clients = new AbbyClients(this.#seconds, switches);
    this.billing = new AbbyBilling(this.clients, this.#seconds, switches);
  }

  /** A draft of the owner's own, empty unless `cents` (with tax) are given; `title` may look like one of ours. */
  addDraft(clientId: string, { title = null, cents }: { title?: string | null; cents?: number } = {}): DocumentRecord {
    const draft = this.billing.createInvoice(clientId);
    this.billing.setTitle(draft, { title });
    this.billing.setTimeline(draft, { emittedAt: this.#seconds(), paymentDelay: 'at_reception' });
    const line = { designation: 'Vente au comptoir', quantity: 1, quantityUnit: 'unit', type: 'sale_of_goods' };
    const priced = cents === undefined ? [] : [{ ...line, unitPrice: cents, vatCode: 'FR_2000', isTaxIncluded: true }];
    return this.billing.setLines(draft, { lines: priced });
  }

  /** A final invoice of the owner's own. */
  addInvoice(clientId: string, seed: { title?: string | null; cents: number }): DocumentRecord {
    return this.billing.finalize(this.addDraft(clientId, seed));
  }
}
