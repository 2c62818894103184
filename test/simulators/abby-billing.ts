// The invoices and credit notes ("assets") of a simulated Abby account: drafts that are filled bit by bit, and final ones
// that nothing changes any more.
import { NOTHING, totalsOf } from './abby-amounts.ts';
import { type AbbyClients, type ClientRecord, nameOf } from './abby-clients.ts';
import type { CustomerRecord, DocumentRecord, PaymentRecord, Requirement, SentRecord } from './abby-records.ts';
import {
  CurrencyInput,
  DeliveryAddressInput,
  EmailInput,
  LenientLinesInput,
  LinesInput,
  LocaleInput,
  MentionsInput,
  PaymentsInput,
  TimelineInput,
  TitleInput,
} from './abby-schemas.ts';
import type { AbbySwitches } from './abby-switches.ts';
import { Refusal, read } from './abby-wire.ts';

export class AbbyBilling {
  readonly documents: DocumentRecord[] = [];
  readonly payments: PaymentRecord[] = [];
  readonly sent: SentRecord[] = [];
  readonly #clients: AbbyClients;
  readonly #seconds: () => number;
  readonly #switches: AbbySwitches;
  #made = 0;

  constructor(clients: AbbyClients, seconds: () => number, switches: AbbySwitches) {
    this.#clients = clients;
    this.#seconds = seconds;
    this.#switches = switches;
  }

  get(id: string): DocumentRecord {
    return this.#one(id, () => true, 'Billing not found');
  }

  invoice(id: string): DocumentRecord {
    return this.#one(id, ({ type }) => type === 'invoice', 'Invoice not found');
  }

  asset(id: string): DocumentRecord {
    return this.#one(id, ({ type }) => type === 'asset', 'Asset not found');
  }

  /** An empty draft. Whether an archived client may have one is not told: it may. */
  createInvoice(clientId: string): DocumentRecord {
    const client = this.#clients.find(clientId);
    if (client === undefined) throw new Refusal(this.#switches.unknownCustomer, 'Customer not found');
    return this.#draft('invoice', this.#customerOf(client));
  }

  /** A draft that holds the invoice's lines. That the invoice must be final is told by the help pages, not by the API. */
  createAsset(invoiceId: string): DocumentRecord {
    const invoice = this.invoice(invoiceId);
    if (invoice.state === 'draft') throw new Refusal(400, 'billing.invoice.not_finalized');
    const asset = this.#draft('asset', structuredClone(invoice.customer));
    const { currency, currencyRate, locale, mentions, lines, discount, totals } = invoice;
    return Object.assign(asset, { invoiceId, currency, currencyRate, locale, mentions, lines, discount, totals });
  }

  /** Replaces all lines. */
  setLines(document: DocumentRecord, body: unknown): DocumentRecord {
    const { lines, discount } = read(this.#switches.lineKeys === 'required' ? LinesInput : LenientLinesInput, body);
    return this.#change(document, { lines, discount, totals: totalsOf(lines, discount, this.#switches.rounding) });
  }

  setTimeline(invoice: DocumentRecord, body: unknown): DocumentRecord {
    return this.#change(invoice, { timeline: read(TimelineInput, body) });
  }

  /** What the body leaves out stays. */
  setMentions(document: DocumentRecord, body: unknown): DocumentRecord {
    return this.#change(document, { mentions: { ...document.mentions, ...read(MentionsInput, body) } });
  }

  setTitle(document: DocumentRecord, body: unknown): DocumentRecord {
    return this.#change(document, read(TitleInput, body));
  }

  setLocale(document: DocumentRecord, body: unknown): DocumentRecord {
    return this.#change(document, read(LocaleInput, body));
  }

  setCurrency(document: DocumentRecord, body: unknown): DocumentRecord {
    const { currency, currencyRate = 1 } = read(CurrencyInput, body);
    return this.#change(document, { currency, currencyRate });
  }

  setDeliveryAddress(document: DocumentRecord, body: unknown): DocumentRecord {
    if (document.type === 'asset') throw new Refusal(400, 'asset.cannot_update_delivery_address');
    const { deliveryAddress, displayDeliveryAddress } = read(DeliveryAddressInput, body);
    return this.#change(document, { customer: { ...document.customer, deliveryAddress }, displayDeliveryAddress });
  }

  /** What a draft still lacks; empty for one that can be finalised. */
  requirements(document: DocumentRecord): Requirement[] {
    if (document.state !== 'draft') return [];
    const { finalizeNeeds } = this.#switches;
    const address = document.customer.client.details.billingAddress;
    const creditable = document.invoiceId === null ? null : this.remaining(this.invoice(document.invoiceId)).gross;
    const checks: [met: boolean, name: string, message: string][] = [
      [document.lines.length > 0, 'hasLines', 'Le document doit avoir au moins une ligne.'],
      [document.totals.gross >= 0n, 'hasValidAmount', 'Le montant total du document ne peut pas être négatif.'],
      [
        creditable === null || document.totals.gross <= creditable,
        'hasValidAmount',
        'La somme des avoirs dépasse le montant total de la facture.',
      ],
      [
        document.type === 'asset' || document.timeline !== null || !finalizeNeeds.includes('timeline'),
        'hasTimeline',
        "La date d'émission et le délai de paiement sont à indiquer.",
      ],
      [
        !finalizeNeeds.includes('address') || Boolean(address?.address && address.city && address.zipCode),
        'hasValidAddress',
        "L'adresse de facturation du client est incomplète.",
      ],
    ];
    return checks.flatMap(([met, name, message]) => (met ? [] : [{ name, message }]));
  }

  /** Irreversible, and gives the number. */
  finalize(document: DocumentRecord): DocumentRecord {
    if (document.state !== 'draft' && this.#switches.finalizeTwice === 'same') return document;
    if (document.state !== 'draft' || this.requirements(document).length > 0) {
      throw new Refusal(400, `billing.${document.type}.not_finalizable`);
    }
    const finalizedAt = this.#seconds();
    return Object.assign(document, {
      state: 'finalized',
      number: this.#number(document.type, finalizedAt),
      finalizedAt,
      updatedAt: finalizedAt,
    });
  }

  delete(document: DocumentRecord): void {
    this.#requireDraft(document, 'not_deletable');
    this.documents.splice(this.documents.indexOf(document), 1);
  }

  archive(document: DocumentRecord, archived: boolean): DocumentRecord {
    return Object.assign(document, { archivedAt: archived ? this.#seconds() : null });
  }

  /** All that remains due, at once: the path takes no part of it. */
  reconciliate(invoice: DocumentRecord, body: unknown): DocumentRecord {
    const { payments } = read(PaymentsInput, body);
    if (invoice.state !== 'finalized') throw new Refusal(400, 'billing.invoice.not_reconciliable');
    if (payments.reduce((sum, { amount }) => sum + amount, 0n) !== this.remaining(invoice).unpaid) {
      throw new Refusal(400, 'billing.invoice.invalid_payments_amount');
    }
    for (const { transactionId = null, ...payment } of payments) {
      this.payments.push({ ...payment, transactionId, invoiceId: invoice.id });
    }
    return Object.assign(invoice, { state: 'paid', paidAt: this.#seconds(), updatedAt: this.#seconds() });
  }

  /** That a draft is not sent is the application's manner; the document is silent. */
  send(document: DocumentRecord, body: unknown): void {
    const input = read(EmailInput, body);
    if (this.#switches.plan === 'without_email') throw new Refusal(403, 'Plan feature not available');
    if (document.state === 'draft') throw new Refusal(400, `billing.${document.type}.not_finalized`);
    const earlier = this.sent.filter(({ documentId }) => documentId === document.id).length;
    if (earlier >= this.#switches.emailsPerDocument) throw new Refusal(400, 'Too many emails sent for this billing');
    this.sent.push({ documentId: document.id, ...input });
    document.sentAt = this.#seconds();
  }

  /** Cents that no final credit note takes back, and what of them (`unpaid`, with tax) no payment has settled. */
  remaining(invoice: DocumentRecord): { net: bigint; gross: bigint; unpaid: bigint } {
    const credited = this.documents.filter(({ invoiceId, state }) => invoiceId === invoice.id && state !== 'draft');
    const paid = this.payments.filter(({ invoiceId }) => invoiceId === invoice.id);
    const net = credited.reduce((left, { totals }) => left - totals.net, invoice.totals.net);
    const gross = credited.reduce((left, { totals }) => left - totals.gross, invoice.totals.gross);
    return { net, gross, unpaid: paid.reduce((left, { amount }) => left - amount, gross) };
  }

  #one(id: string, fits: (document: DocumentRecord) => boolean, message: string): DocumentRecord {
    const found = this.documents.find((document) => document.id === id && fits(document));
    if (found === undefined) throw new Refusal(404, message);
    return found;
  }

  /** A contact of an organisation is billed in the organisation's name, at its address. */
  #customerOf(client: ClientRecord): CustomerRecord {
    const contact = client.kind === 'contact' ? client : null;
    const organizationId = contact === null ? client.id : contact.organizationId;
    const organization = organizationId === null ? null : this.#clients.organization(organizationId);
    return {
      id: client.customerId,
      contactId: contact?.id ?? null,
      organizationId,
      name: nameOf(organization ?? client),
      client: structuredClone(organization ?? client),
      deliveryAddress: null,
    };
  }

  #draft(type: DocumentRecord['type'], customer: CustomerRecord): DocumentRecord {
    this.#made += 1;
    const document: DocumentRecord = {
      id: `68e7${String(this.#made).padStart(20, '0')}`,
      type,
      state: 'draft',
      number: null,
      title: null,
      customer,
      invoiceId: null,
      currency: customer.client.details.preferences?.currency ?? 'EUR',
      currencyRate: 1,
      locale: customer.client.details.preferences?.language ?? 'fr',
      timeline: null,
      mentions: {},
      displayDeliveryAddress: false,
      lines: [],
      discount: undefined,
      totals: NOTHING,
      createdAt: this.#seconds(),
      updatedAt: this.#seconds(),
      finalizedAt: null,
      paidAt: null,
      archivedAt: null,
      sentAt: null,
      test: this.#switches.testMode,
    };
    this.documents.push(document);
    return document;
  }

  #change(document: DocumentRecord, fields: Partial<DocumentRecord>): DocumentRecord {
    this.#requireDraft(document, 'not_editable');
    return Object.assign(document, fields, { updatedAt: this.#seconds() });
  }

  #requireDraft(document: DocumentRecord, why: string): void {
    if (document.state !== 'draft') throw new Refusal(400, `billing.${document.type}.${why}`);
  }

  #number(type: DocumentRecord['type'], at: number): string {
    const year = new Date(at * 1000).getUTCFullYear();
    const earlier = this.documents.filter((document) => document.type === type && document.number !== null).length;
    return `${type === 'invoice' ? 'INV' : 'AV'}-${year}-${String(earlier + 1).padStart(3, '0')}`;
  }
}
