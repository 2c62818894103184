// What a simulated FastFaktura account holds: clients that are archived and never deleted, invoices that are made as drafts
// and never changed, what was sent, and what happened to each invoice.
import { z } from 'zod';
import type { Switches } from './fastfaktura-options.ts';
import { type Line, type Totals, totalsOf } from './fastfaktura-totals.ts';
import { BusinessFields, ClientFields, type InvoiceInput, Refusal, read, type SendInput } from './fastfaktura-wire.ts';

export type ClientRecord = z.infer<typeof ClientFields> & { id: string; archived_at: string | null };

export type InvoiceStatus = 'draft' | 'sent' | 'opened' | 'paid' | 'overdue' | 'cancelled';
export type EventRecord = { type: 'reminded' | InvoiceStatus; channel: string | null; created_at: string };
export type InvoiceRecord = Totals & {
  id: string;
  number: string;
  client_id: string;
  currency: string;
  status: InvoiceStatus;
  due_date: string | null;
  public_url: string;
  notes: string | null;
  lines: Line[];
  events: EventRecord[];
};

/** `to` is null where the merchant gets a link and nobody a message. */
export type SentRecord = {
  invoice_id: string;
  channel: string;
  to: string | null;
  reminder: boolean;
  simulated: boolean;
};

export class FastFakturaBooks {
  business: z.infer<typeof BusinessFields> = { name: 'Atelier Test' };
  readonly clients: ClientRecord[] = [];
  readonly invoices: InvoiceRecord[] = [];
  readonly sent: SentRecord[] = [];
  url = '';
  readonly #now: () => Date;
  readonly #switches: Switches;
  readonly #sandbox: boolean;
  #lastId = 0;
  #lastNumber = 0;

  constructor(now: () => Date, switches: Switches, sandbox: boolean) {
    this.#now = now;
    this.#switches = switches;
    this.#sandbox = sandbox;
  }

  updateBusiness(given: unknown): object {
    this.business = read(BusinessFields, { ...this.business, ...read(z.looseObject({}), given) });
    return this.business;
  }

  client(id: string): ClientRecord {
    return known(this.clients, id);
  }

  invoice(id: string): InvoiceRecord {
    return known(this.invoices, id);
  }

  createClient(given: unknown): ClientRecord {
    const client = { ...read(ClientFields, given), id: this.#nextId(), archived_at: null };
    this.clients.push(client);
    return client;
  }

  updateClient(id: string, given: unknown): ClientRecord {
    return this.replaceClient(id, { ...this.client(id), ...read(z.looseObject({}), given) });
  }

  /** What is not given is empty afterwards. */
  replaceClient(id: string, given: unknown): ClientRecord {
    return Object.assign(this.client(id), read(ClientFields, given));
  }

  /** All that deleting does. Archiving again changes nothing. */
  archiveClient(id: string): ClientRecord {
    const client = this.client(id);
    client.archived_at ??= this.#now().toISOString();
    return client;
  }

  /** A draft, with the totals that the server computes. */
  createInvoice(input: InvoiceInput): InvoiceRecord {
    const client = this.clients.find(({ id }) => id === input.client_id);
    const usable = client !== undefined && (client.archived_at === null || this.#switches.archivedClient === 'taken');
    if (!usable) throw new Refusal('unknown_client', 'client_id', 'does not exist');
    const below = input.lines.findIndex(({ quantity, unit_price_cents }) => quantity.lt(0) || unit_price_cents < 0n);
    if (below !== -1 && !this.#switches.negativeLines) throw new Refusal('invalid', `lines.${below}`, 'is below zero');
    const totals = totalsOf(input.lines, this.#switches);
    if (totals.total_cents < 0n) throw new Refusal('invalid', 'lines', 'the total is below zero');
    const id = this.#nextId();
    const invoice: InvoiceRecord = {
      ...input,
      ...totals,
      id,
      number: this.#switches.numberedAt === 'creation' ? this.#nextNumber() : '',
      status: 'draft',
      public_url: `${this.url}/i/${id}`,
      events: [],
    };
    this.#tell(invoice, 'draft', null);
    this.invoices.push(invoice);
    return invoice;
  }

  /** Sends through every channel, and once more when asked again: only what a draft becomes is new to it. */
  send(id: string, { channels, reminder }: SendInput): InvoiceRecord {
    const invoice = this.invoice(id);
    if (invoice.status === 'cancelled') throw new Refusal('invalid', 'status', 'the invoice is cancelled');
    if (invoice.status === 'draft' && reminder) throw new Refusal('invalid', 'reminder', 'the invoice was never sent');
    const { linkChannel, linkFinalises } = this.#switches;
    const messages = channels.map((channel) => ({ channel, to: this.#addressee(channel, invoice) }));
    for (const { channel, to } of messages) {
      this.sent.push({ invoice_id: id, channel, to, reminder, simulated: this.#sandbox });
      this.#tell(invoice, reminder ? 'reminded' : 'sent', channel);
    }
    const finalises = linkFinalises || channels.some((channel) => channel !== linkChannel);
    if (invoice.status === 'draft' && finalises) {
      invoice.status = 'sent';
      if (invoice.number === '') invoice.number = this.#nextNumber();
    }
    return invoice;
  }

  /** What no call can do: the buyer opens or pays, the day passes, the merchant cancels. */
  become(id: string, status: InvoiceStatus): void {
    const invoice = this.invoice(id);
    invoice.status = status;
    this.#tell(invoice, status, null);
  }

  #addressee(channel: string, invoice: InvoiceRecord): string | null {
    if (channel === this.#switches.linkChannel) return null;
    if (channel !== 'email' && channel !== 'sms')
      throw new Refusal('invalid', 'channels', `${channel} is not a channel`);
    const client = this.client(invoice.client_id);
    const to = channel === 'email' ? client.email : client.phone;
    if (to === null) throw new Refusal('invalid', 'channels', `the client has nothing to be reached by ${channel}`);
    return to;
  }

  #tell(invoice: InvoiceRecord, type: EventRecord['type'], channel: string | null): void {
    invoice.events.push({ type, channel, created_at: this.#now().toISOString() });
  }

  #nextId(): string {
    this.#lastId += 1;
    return `00000000-0000-4000-8000-${String(this.#lastId).padStart(12, '0')}`;
  }

  #nextNumber(): string {
    this.#lastNumber += 1;
    return `${this.#now().getUTCFullYear()}-${String(this.#lastNumber).padStart(4, '0')}`;
  }
}

function known<T extends { id: string }>(records: readonly T[], id: string): T {
  const record = records.find((one) => one.id === id);
  if (record === undefined) throw new Refusal('not_found', 'id', 'Introuvable');
  return record;
}
