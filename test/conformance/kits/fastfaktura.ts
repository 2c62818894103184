// FastFaktura for the provider suite: a simulated account under every reading of what its page leaves open, read from its
// own books.
import { fastfaktura } from '../../../connectors/fastfaktura/index.ts';
import { tokenOf } from '../../../mappings/from-document/fastfaktura-marker.ts';
import { type FastFakturaSimulator, startFastFaktura } from '../../simulators/fastfaktura.ts';
import { LIKELIER, type Switches } from '../../simulators/fastfaktura-options.ts';
import { InvoiceFields, parseBody, read } from '../../simulators/fastfaktura-wire.ts';
import type { Exchange } from '../../simulators/http-simulator.ts';
import { connectOverHttp, type FaultyRequest, faultDesk, type HttpKit, NOW } from '../provider-kit.ts';

const isPost =
  (pattern: RegExp, channel: RegExp | null = null) =>
  (exchange: Exchange) =>
    exchange.method === 'POST' && pattern.test(exchange.path) && (channel?.test(exchange.body.toString()) ?? true);

const REQUESTS: Readonly<Record<FaultyRequest, (exchange: Exchange) => boolean>> = {
  invoice: isPost(/\/invoices$/),
  finish: isPost(/\/send$/, /"(link|lien)"/),
  client: isPost(/\/clients$/),
  payment: () => false,
  credit_note: () => false,
  email: isPost(/\/send$/, /"email"/),
  search: ({ method }) => method === 'GET',
};

const refusal = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) });

/** The rule for tax is set as it is: while nobody knows it, some orders have no form that is right under every rule. */
const kitOf = (variant: string | null, switches: Partial<Switches>): HttpKit => ({
  type: fastfaktura.type,
  variant,
  reached: 'http',
  provenByStatus: { 401: 'account', 403: 'account', 404: 'refused', 429: 'throttled' },
  refusals: [
    {
      name: '422 with a code and a message',
      answer: refusal(422, { error: { code: 'invalid', message: 'lines: missing' } }),
      rejection: 'refused',
    },
    { name: '400 with one text', answer: refusal(400, { error: 'currency: unknown' }), rejection: 'refused' },
    {
      name: '422 with messages by field',
      answer: refusal(422, { message: 'invalid', errors: { due_date: ['is no date'] } }),
      rejection: 'refused',
    },
    {
      name: '422 that names client_id',
      answer: refusal(422, { errors: { client_id: ['is archived'] } }),
      rejection: 'stale_client',
    },
    {
      name: '404 that names the client',
      answer: refusal(404, { error: 'Client introuvable' }),
      rejection: 'stale_client',
    },
    { name: '404 that names nothing', answer: refusal(404, { error: 'Introuvable' }), rejection: 'refused' },
    {
      name: '403 that speaks of the plan',
      answer: refusal(403, { error: 'your plan has no API' }),
      rejection: 'account',
    },
  ],
  open: async () => {
    const simulator = await startFastFaktura({ now: () => NOW, ...switches });
    const { books } = simulator;
    const account = {
      base_url: simulator.baseUrl,
      api_key: simulator.apiKey,
      tax_rounding: switches.rounding ?? LIKELIER.rounding,
    };
    const connected = connectOverHttp(fastfaktura, account);
    return {
      ...connected,
      stranger: connectOverHttp(fastfaktura, { ...account, api_key: 'another-key' }),
      secret: simulator.apiKey,
      addClient: ({ name, email, externalId }) => books.createClient({ name, email, external_id: externalId }).id,
      changeClient: (id, { name, email, externalId }) => {
        books.updateClient(id, {
          ...(name === undefined ? {} : { name }),
          ...(email === undefined ? {} : { email }),
          ...(externalId === undefined ? {} : { external_id: externalId }),
        });
      },
      archiveClient: (id) => {
        books.archiveClient(id);
      },
      // Deleting is archiving here.
      deleteClient: (id) => {
        books.archiveClient(id);
      },
      clients: () => seenClients(simulator),
      documents: () =>
        simulator.documents().map((invoice) => ({
          id: invoice.id,
          number: invoice.number,
          currency: invoice.currency,
          total: invoice.total_cents,
          paid: invoice.status === 'paid' ? invoice.total_cents : 0n,
          kind: 'invoice',
          state: invoice.status === 'draft' ? 'draft' : 'final',
          credits: null,
          clientId: invoice.client_id,
          buyerName: books.client(invoice.client_id).name,
          texts: [invoice.notes, ...invoice.lines.map(({ description }) => description)].join('\n'),
        })),
      payments: () => [],
      sendings: () =>
        simulator
          .sent()
          .flatMap(({ invoice_id, channel, to }) =>
            channel === 'email' ? [{ documentId: invoice_id, to: to ?? '' }] : [],
          ),
      addStray: ({ draft, client }, state) => {
        const stray = {
          client_id: client.id,
          currency: draft.currency,
          notes: `Commande ${draft.orderNumber} · ${tokenOf(draft.key)}1`,
          lines: [{ description: 'Une autre', quantity: 1, unit_price_cents: 1000, tax_rate: 20 }],
        };
        const { id } = books.createInvoice(read(InvoiceFields, parseBody(Buffer.from(JSON.stringify(stray)))));
        if (state === 'final') books.become(id, 'sent');
      },
      requests: simulator.requests,
      faults: faultDesk(simulator, REQUESTS),
      close: simulator.close,
    };
  },
});

/** FastFaktura does not keep what kind of buyer a client is: a name that ends in a form of company counts as one here. */
const seenClients = (simulator: FastFakturaSimulator) =>
  simulator
    .clients()
    .filter(({ archived_at }) => archived_at === null)
    .map(({ id, name, email, external_id }) => ({
      id,
      name,
      kind: name.endsWith(' SARL') ? ('company' as const) : ('person' as const),
      email,
      taxNumber: null,
      externalId: external_id,
    }));

export const fastfakturaKits: readonly HttpKit[] = [
  kitOf(null, {}),
  kitOf('bare lists, objects under data', { list: 'array', single: 'data' }),
  kitOf('lists and objects by name, refusals as text with 400', {
    list: 'named',
    single: 'named',
    errors: 'text',
    invalid: 400,
  }),
  kitOf('refusals by field, an unknown client as 422', { errors: 'fields', unknownClient: 422 }),
  kitOf('refusals without a body', { errors: 'empty' }),
  kitOf('long lists, oldest first, with notes and archived clients', {
    order: 'oldest_first',
    pageSize: 100,
    notesInList: true,
    archivedInList: true,
    archivedClient: 'taken',
  }),
  kitOf('search of whole values, PUT replaces', { partialSearch: false, put: 'replace' }),
  kitOf('tax rounded by rate', { rounding: 'rate' }),
  kitOf('tax rounded once', { rounding: 'total' }),
  kitOf('numbers given when it is sent, which is answered ok', { numberedAt: 'sending', sendAnswer: 'ok' }),
  kitOf('the link channel called lien', { linkChannel: 'lien' }),
];
