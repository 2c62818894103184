// Abby for the provider suite: a simulated account, read from its own books.
import { abby } from '../../../connectors/abby/index.ts';
import { clientIdOf, clientRef } from '../../../mappings/from-document/abby-buyer.ts';
import { METHOD_OF_MODE } from '../../../mappings/tables/abby-codes.ts';
import { type PaymentMode, PaymentModeSchema } from '../../../src/domain/order.ts';
import { startAbby } from '../../simulators/abby.ts';
import { type ClientRecord, nameOf } from '../../simulators/abby-clients.ts';
import type { AbbySwitches } from '../../simulators/abby-switches.ts';
import type { Exchange, Fault } from '../../simulators/http-simulator.ts';
import { type ClientSeed, connectOverHttp, type FaultyRequest, faultDesk, type HttpKit, NOW } from '../provider-kit.ts';

const REQUESTS: Readonly<Record<FaultyRequest, (exchange: Exchange) => boolean>> = {
  invoice: ({ method, path }) => method === 'POST' && /^\/v2\/billing\/invoice\/[^/]+$/.test(path),
  finish: ({ method, path }) => (method === 'PATCH' || method === 'PUT') && path.startsWith('/v2/billing/'),
  client: ({ method, path }) => method === 'POST' && (path === '/contact' || path === '/organization'),
  payment: ({ method, path }) => method === 'POST' && path.endsWith('/reconciliate'),
  credit_note: ({ method, path }) => method === 'POST' && path.endsWith('/asset'),
  email: ({ method, path }) => method === 'POST' && path.endsWith('/send-by-email'),
  search: ({ method }) => method === 'GET',
};

/** A refusal as public clients met it. */
const met = (status: number, message: unknown, rest: object = {}) => ({
  status,
  body: JSON.stringify({ statusCode: status, message, ...rest }),
});

/** A refusal as Abby's page on errors writes it. */
const documented = (status: number, type: string, code: string, message: string) => ({
  status,
  body: JSON.stringify({ type, code, message }),
});

const validation = { errors: [{ property: 'client', constraints: { isString: 'client must be a string' } }] };

const kitOf = (variant: string | null, switches: Partial<AbbySwitches>, settings: object = {}): HttpKit => ({
  type: abby.type,
  variant,
  reached: 'http',
  provenByStatus: { 401: 'account', 403: 'account', 404: 'stale_client', 429: 'throttled' },
  refusals: [
    { name: '400 that names a property', answer: met(400, 'Validation failed', validation), rejection: 'refused' },
    { name: '400 with a list', answer: met(400, ['client must be a string']), rejection: 'refused' },
    { name: '400 with a code', answer: met(400, 'billing.invoice.not_editable'), rejection: 'refused' },
    {
      name: '400 as documented',
      answer: documented(400, 'rsc_error', 'validation_error', 'refusé'),
      rejection: 'refused',
    },
    { name: '400 for an unknown customer', answer: met(400, 'Customer not found'), rejection: 'stale_client' },
    { name: '404 for an unknown customer', answer: met(404, 'Customer not found'), rejection: 'stale_client' },
    { name: '403 for a plan without the API', answer: met(403, 'Plan feature not available'), rejection: 'account' },
  ],
  open: async () => {
    // The suite's companies have a VAT number and no SIRET.
    const simulator = await startAbby({ now: () => NOW, siret: 'optional', ...switches });
    const { clients } = simulator.books;
    const given = { base_url: simulator.url, api_key: simulator.apiKey, mark_paid: true, ...settings };
    const { account, io, hurried } = connectOverHttp(abby, given);
    const recordOf = (clientId: string): ClientRecord => {
      const record = clients.find(clientRef(clientId)?.id ?? '');
      if (record === undefined) throw new Error(`the account has no client ${clientId}`);
      return record;
    };
    return {
      account,
      io,
      hurried,
      stranger: connectOverHttp(abby, { ...given, api_key: 'suk_another-key' }),
      secret: simulator.apiKey,
      addClient: (seed) =>
        clientIdOf(isPerson(seed) ? clients.createContact(bodyOf(seed)) : clients.createOrganization(bodyOf(seed))),
      changeClient: (id, change) => {
        const { kind, id: own, details } = recordOf(id);
        const body = { ...details, ...bodyOf(change) };
        if (kind === 'contact') clients.updateContact(own, body);
        else clients.updateOrganization(own, body);
      },
      archiveClient: (id) => clients.archive(recordOf(id).id),
      deleteClient: (id) => {
        const { kind, id: own } = recordOf(id);
        if (kind === 'contact') clients.deleteContact(own);
        else clients.deleteOrganization(own);
      },
      clients: () =>
        simulator
          .clients()
          .filter(({ archivedAt }) => archivedAt === null)
          .map((client) => ({
            id: clientIdOf(client),
            name: nameOf(client),
            kind: client.kind === 'contact' ? 'person' : 'company',
            email: client.details.emails?.join(', ') || null,
            taxNumber: client.kind === 'contact' ? null : (client.details.vatNumber ?? client.details.siret ?? null),
            externalId: null,
          })),
      documents: () =>
        simulator.documents().map((document) => ({
          id: document.id,
          number: document.number ?? '',
          currency: document.currency,
          total: document.totals.gross,
          paid: simulator
            .payments()
            .filter(({ invoiceId }) => invoiceId === document.id)
            .reduce((paid, { amount }) => paid + amount, 0n),
          kind: document.type === 'invoice' ? 'invoice' : 'credit_note',
          state: document.state === 'draft' ? 'draft' : 'final',
          credits: document.invoiceId,
          clientId: clientIdOf(document.customer.client),
          buyerName: document.customer.name,
          texts: [
            document.title,
            document.mentions.headerNote,
            document.mentions.footerNote,
            ...document.lines.map(({ designation }) => designation),
          ].join('\n'),
        })),
      payments: () =>
        simulator.payments().map(({ invoiceId, amount, receivedAt, method }) => ({
          invoiceId,
          amount,
          date: receivedAt,
          mode: MODES.get(method) ?? 'other',
        })),
      sendings: () => simulator.sent().flatMap(({ documentId, emails }) => emails.map((to) => ({ documentId, to }))),
      addStray: ({ draft, client }, state) => {
        const { id } = recordOf(client.id);
        const seed = { title: `Commande ${draft.orderNumber}`, cents: 1200 };
        if (state === 'draft') simulator.books.addDraft(id, seed);
        else simulator.books.addInvoice(id, seed);
      },
      requests: simulator.requests,
      faults: {
        ...faultDesk(simulator, REQUESTS),
        fail: (request, fault) =>
          simulator.failNext(request === 'email' ? withoutBody(fault) : fault, REQUESTS[request]),
      },
      close: simulator.close,
    };
  },
});

/** A sending is answered 204: no body that could break off or come slowly, so the connection breaks before it. */
const withoutBody = (fault: Fault): Fault =>
  fault.sees === 'half' || fault.sees === 'drip' ? { ...fault, sees: 'reset' } : fault;

/** A contact bears no tax number: who has one is an organisation, unless the seed says otherwise. */
const isPerson = ({ kind, taxNumber }: ClientSeed): boolean =>
  (kind ?? (taxNumber === null ? 'person' : 'company')) === 'person';

function bodyOf({ name, email, taxNumber }: Partial<ClientSeed>): object {
  const [firstname, ...others] = name?.split(' ') ?? [];
  return {
    ...(name === undefined ? {} : { name, firstname, lastname: others.join(' ') || firstname }),
    ...(email === undefined ? {} : { emails: email === null ? [] : [email] }),
    ...(taxNumber === undefined ? {} : { vatNumber: taxNumber ?? '' }),
  };
}

const MODES = new Map<string, PaymentMode>(
  Object.entries(METHOD_OF_MODE).map(([mode, method]) => [method, PaymentModeSchema.parse(mode)]),
);

export const abbyKits: readonly HttpKit[] = [
  kitOf(null, {}),
  kitOf('as its page on errors and its captured answers show it', {
    errors: 'documented',
    totals: 'sample',
    contactRows: 'sample',
    createdStatus: 200,
    put: 'merges',
    unknownCustomer: 404,
    finalizeTwice: 'same',
    rounding: 'total',
  }),
  kitOf(
    'with credit notes below zero, addresses required, payments off',
    { errors: 'nest_list', assetTotals: 'negative', finalizeNeeds: ['timeline', 'address'], largePages: 'capped' },
    { mark_paid: false },
  ),
  kitOf('rounding once in total, and lenient', {
    rounding: 'total',
    finalizeTwice: 'same',
    flags: 'number',
    emptyBody: 'taken',
    lineKeys: 'optional',
    billings: 'absent',
    testMode: true,
  }),
  kitOf('rounding the price of one', { rounding: 'net_price' }),
  kitOf('rounding every line without tax, and the tax of each rate', { rounding: 'net_rate' }),
  kitOf('rounding every line without tax, and the tax of each line', { rounding: 'net_line', totals: 'sample' }),
];
