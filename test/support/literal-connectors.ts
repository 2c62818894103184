// The smallest connectors there can be: a source whose bodies are our own facts, and a provider that keeps books in memory.
import { z } from 'zod';
import type {
  DocumentEffect,
  DocumentStyle,
  Effect,
  InvoiceIntent,
  PaymentIntent,
  PaymentRecorded,
  ProviderAccount,
} from '../../src/connector.ts';
import { type Client, type ClientDraft, normalEmail } from '../../src/domain/client.ts';
import type { Issued } from '../../src/domain/document.ts';
import { DisputeSchema, MoneyBackSchema, PaymentSchema } from '../../src/domain/facts.ts';
import { toJson } from '../../src/domain/json.ts';
import { sum } from '../../src/domain/money.ts';
import { OrderSchema } from '../../src/domain/order.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok } from '../../src/domain/result.ts';
import { digestMatches, hmacSha256 } from '../../src/domain/signature.ts';
import type { InvoicingPolicy, Source } from '../../src/registry.ts';

export const SECRET = 'secret-of-the-literal-source';

/** Headers of a delivery that the literal source signs. */
export const literalHeaders = (body: string, topic = 'order.updated'): Record<string, string> => ({
  'content-type': 'application/json',
  'x-literal-topic': topic,
  'x-literal-signature': hmacSha256(SECRET, body).toString('hex'),
});

/** A source whose bodies are `{"order": …}`, `{"payment": …}`, `{"refund": …}` or `{"dispute": …}` in our own words. A form without signature is its ping. */
export const literalSource = (
  source: Pick<Source, 'name' | 'tells'> &
    Partial<Pick<Source, 'identity' | 'routes' | 'linking' | 'api' | 'writeBack'>> & { invoicing: InvoicingPolicy },
): Source => ({
  identity: source.name,
  type: 'literal',
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  shop: null,
  startAt: null,
  paused: false,
  provider: 'books',
  routes: [],
  linking: source.tells === 'payments' ? { ordersFrom: null, by: ['metadata.order_id'], unlinked: null } : null,
  revision: 1,
  refundGrace: 3_600_000,
  api: null,
  writeBack: false,
  ...source,
  verify({ headers, repeated, body }) {
    if (headers['content-type'] === 'application/x-www-form-urlencoded') return { kind: 'ping' };
    const given = headers['x-literal-signature'];
    if (given === undefined || repeated.has('x-literal-signature')) return { kind: 'refused', reason: 'no_signature' };
    if (!digestMatches(hmacSha256(SECRET, body), given, 'hex')) return { kind: 'refused', reason: 'bad_signature' };
    const key = hmacSha256('key', body).toString('hex');
    return { kind: 'accepted', topic: headers['x-literal-topic'] ?? '', key, deliveryId: null, shop: null };
  },
  isMapped: false,
  mappingEffect: async () => null,
  async understand({ body }) {
    const told = BodySchema.safeParse(jsonIn(body)).data;
    if (told === undefined) return err(problem('not_an_order', 'the body is neither an order nor a payment'));
    if (told.payment !== undefined) {
      return ok({ kind: 'facts', facts: [{ kind: 'payment', payment: told.payment }] });
    }
    if (told.refund !== undefined) return ok({ kind: 'facts', facts: [{ kind: 'refund', refund: told.refund }] });
    if (told.dispute !== undefined) return ok({ kind: 'facts', facts: [{ kind: 'dispute', dispute: told.dispute }] });
    if (told.fetch !== undefined) {
      return ok({ kind: 'fetch', fetch: told.fetch, ...(told.otherwise && { otherwise: told.otherwise }) });
    }
    const order = OrderSchema.safeParse(told.order);
    return order.success
      ? ok({ kind: 'facts', facts: [{ kind: 'order', order: order.data }], ...(told.ask && { fetch: told.ask }) })
      : err(problem('not_an_order', 'the order cannot be read', 'order'));
  },
});

const BodySchema = z.object({
  order: z.unknown().optional(),
  payment: PaymentSchema.optional(),
  refund: MoneyBackSchema.optional(),
  dispute: DisputeSchema.optional(),
  fetch: z.array(z.string()).optional(),
  otherwise: z.string().optional(),
  ask: z.array(z.string()).optional(),
});

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

/** The books of the provider in memory, and what its next request to make an invoice comes to. */
export type Books = {
  account: ProviderAccount;
  clients: Client[];
  documents: Issued[];
  /** How each document was to look, in the order of `documents`. */
  styles: DocumentStyle[];
  /** Requests to make an invoice that arrived. */
  sends: number;
  /** `lost`: unknown, nothing was made. `late`: unknown, but made. `refused`: proved. */
  next: 'lost' | 'late' | 'refused' | null;
};

/** What the literal request has as text, and what an issued document does not show. */
type Composed = { total: string; paid: string; style: DocumentStyle };

/** Books of their own; those of one name are one account. */
export function literalBooks(name = 'books'): Books {
  const done = <T>(value: T): Outcome<T> => ({ kind: 'done', value });
  const unknown = { kind: 'unknown', problem: problem('no_answer', 'the answer was lost') } as const;

  const client: Effect<ClientDraft, Client> = {
    secondIsHarmless: false,
    compose: (draft) => ok(toJson(draft.buyer)),
    find: async () => ({ kind: 'found', items: [] }),
    async send(request) {
      const buyer = OrderSchema.shape.buyer.parse(JSON.parse(request));
      const made: Client = {
        id: `c${books.clients.length + 1}`,
        name: buyer.name,
        kind: buyer.kind,
        email: buyer.email,
        taxNumber: buyer.taxNumber,
        externalId: null,
        empty: [],
      };
      books.clients.push(made);
      return done(made);
    },
  };
  const invoice: DocumentEffect<InvoiceIntent> = {
    secondIsHarmless: false,
    drafting: null,
    compose: ({ draft, client: { id } }, { style }) =>
      ok(
        toJson({
          providerId: '',
          number: '',
          total: draft.total,
          currency: draft.currency,
          paid: sum(draft.received.map(({ amount }) => amount)),
          clientId: id,
          marker: draft.key,
          kind: 'invoice',
          state: 'final',
          publicUrl: null,
          style,
        }),
      ),
    find: async ({ draft }) => ({ kind: 'found', items: books.documents.filter(({ marker }) => marker === draft.key) }),
    async send(request) {
      books.sends += 1;
      const fate = books.next;
      books.next = null;
      if (fate === 'lost') return unknown;
      if (fate === 'refused') {
        return { kind: 'rejected', rejection: { kind: 'refused' }, problem: problem('refused', 'the books say no') };
      }
      const { total, paid, style, ...rest } = JSON.parse(request) as Issued & Composed;
      const n = books.documents.length + 1;
      const made: Issued = {
        ...rest,
        total: BigInt(total),
        paid: BigInt(paid),
        providerId: String(n),
        number: `INV-${n}`,
      };
      books.documents.push(made);
      books.styles.push(style);
      return fate === 'late' ? unknown : done(made);
    },
  };
  const payment: Effect<PaymentIntent, PaymentRecorded> = {
    secondIsHarmless: false,
    compose: ({ draft, invoice: { providerId } }) => ok(toJson({ providerId, amount: draft.received.amount })),
    find: async () => ({ kind: 'found', items: [] }),
    async send(request) {
      const { providerId, amount } = JSON.parse(request) as { providerId: string; amount: string };
      const document = books.documents.find((one) => one.providerId === providerId);
      if (document === undefined) return unknown;
      document.paid += BigInt(amount);
      return done({ providerId: null, paid: document.paid });
    },
  };
  const books: Books = {
    clients: [],
    documents: [],
    styles: [],
    sends: 0,
    next: null,
    account: {
      accountId: `literal:${name}`,
      capabilities: {
        keys: ['email'],
        searches: ['email'],
        drafts: false,
        paidAtCreation: true,
        payments: 'parts',
        creditNotes: 'none',
        email: false,
        publicLink: false,
        currencies: null,
        taxRates: null,
      },
      exampleClientId: '1',
      pace: null,
      check: async () => done({ name: 'Books', can: [], cannot: [], limits: [], warnings: [] }),
      findClients: async ({ value }) => ({
        kind: 'found',
        items: books.clients.filter(({ email }) => normalEmail(email) === value),
      }),
      client,
      updateClient: async (known) => done(known),
      invoice,
      predictTotal: () => null,
      payment,
      creditNote: null,
      email: null,
      directory: null,
      read: async (id) => ({ kind: 'found', items: books.documents.filter(({ providerId }) => providerId === id) }),
      pdf: async (id) => ok(new TextEncoder().encode(`%PDF-1.7 document ${id}`)),
    },
  };
  return books;
}
