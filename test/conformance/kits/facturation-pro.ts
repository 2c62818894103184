// Facturation.pro for the provider suite: a simulated firm, read from its own books.
import { facturationPro } from '../../../connectors/facturation-pro/index.ts';
import { marksOf } from '../../../mappings/from-document/facturation-pro-marker.ts';
import { PAYMENT_CODE } from '../../../mappings/tables/facturation-pro.ts';
import { parseMinor } from '../../../src/domain/money.ts';
import { PaymentModeSchema } from '../../../src/domain/order.ts';
import { startFacturationPro } from '../../simulators/facturation-pro.ts';
import type { Switches } from '../../simulators/facturation-pro-options.ts';
import type { CustomerRecord } from '../../simulators/facturation-pro-records.ts';
import type { Exchange } from '../../simulators/http-simulator.ts';
import { type ClientSeed, connectOverHttp, type FaultyRequest, faultDesk, type HttpKit, NOW } from '../provider-kit.ts';

const DOCUMENT = /\/invoices\/\d+\.json$/;

const REQUESTS: Readonly<Record<FaultyRequest, (exchange: Exchange) => boolean>> = {
  invoice: ({ method, path }) => method === 'POST' && path.endsWith('/invoices.json'),
  finish: ({ method, path }) => (method === 'PATCH' || method === 'DELETE') && DOCUMENT.test(path),
  client: ({ method, path }) => method === 'POST' && path.endsWith('/customers.json'),
  payment: ({ method, path }) =>
    (method === 'POST' && path.endsWith('/settlements.json')) || (method === 'PATCH' && DOCUMENT.test(path)),
  credit_note: ({ method, path }) => method === 'POST' && path.endsWith('/refund.json'),
  email: ({ method, path }) => method === 'POST' && path.endsWith('/emails.json'),
  search: ({ method }) => method === 'GET',
};

const refusal = (status: number, errors: unknown) => ({ status, body: JSON.stringify({ errors }) });

/** More than the suite asks for in a run, so that it never waits for the limit. */
const NO_LIMIT = { requests: 1_000_000, perMs: 300_000 };

const MODES = new Map(
  Object.entries(PAYMENT_CODE).map(([mode, code]) => [Number(code), PaymentModeSchema.parse(mode)]),
);

const kitOf = (variant: string | null, switches: Partial<Switches>): HttpKit => ({
  type: facturationPro.type,
  variant,
  reached: 'http',
  provenByStatus: { 401: 'account', 403: 'account', 404: 'stale_client', 429: 'throttled' },
  refusals: [
    { name: '422 that names a field', answer: refusal(422, { title: ['est trop long'] }), rejection: 'refused' },
    { name: '422 with one text', answer: refusal(422, 'refusé'), rejection: 'refused' },
    { name: '400 with a list', answer: refusal(400, ['JSON invalide']), rejection: 'refused' },
    {
      name: '422 that names the customer',
      answer: refusal(422, { base: ['refusé'], customer_id: ['est archivé'] }),
      rejection: 'stale_client',
    },
    {
      name: '403 that speaks of the subscription',
      answer: refusal(403, { base: ['abonnement requis'] }),
      rejection: 'account',
    },
  ],
  open: async () => {
    const simulator = await startFacturationPro({ now: () => NOW, smtp: true, limit: NO_LIMIT, ...switches });
    const { customers, invoices } = simulator.books;
    const settings = {
      base_url: simulator.url,
      firm_id: simulator.firmId,
      api_id: simulator.apiId,
      api_key: simulator.apiKey,
      user_agent: 'Suite (suite@atelier.example)',
    };
    const { account, io, hurried } = connectOverHttp(facturationPro, settings);
    return {
      account,
      io,
      hurried,
      stranger: connectOverHttp(facturationPro, { ...settings, api_key: 'another-key' }),
      secret: simulator.apiKey,
      addClient: (seed) => String(customers.create(customerOf({ kind: 'person', ...seed })).id),
      changeClient: (id, change) => {
        const { individual } = customers.all.find((one) => String(one.id) === id) ?? { individual: true };
        customers.update(Number(id), customerOf({ kind: individual ? 'person' : 'company', ...change }));
      },
      archiveClient: (id) => customers.archive(Number(id)),
      deleteClient: (id) => simulator.books.deleteCustomer(Number(id)),
      clients: () =>
        simulator
          .clients()
          .filter(({ archived, soft_deleted }) => !archived && !soft_deleted)
          .map((customer) => ({
            id: String(customer.id),
            name: nameOf(customer),
            kind: customer.individual ? 'person' : 'company',
            email: customer.email,
            taxNumber: customer.vat_number ?? customer.siret,
            externalId: customer.api_custom,
          })),
      documents: () =>
        simulator
          .documents()
          .filter(({ soft_deleted }) => !soft_deleted)
          .map((invoice) => {
            const { currency } = invoice;
            const total = amount(invoice.total_with_vat, currency);
            return {
              id: String(invoice.id),
              number: invoice.full_invoice_ref ?? '',
              currency,
              total,
              paid: total - amount(invoice.balance, currency),
              kind: invoice.refund_id === null ? 'invoice' : 'credit_note',
              state: invoice.draft ? 'draft' : 'final',
              credits: invoice.refund_id === null ? null : String(invoice.refund_id),
              clientId: String(invoice.customer_id),
              buyerName: invoice.customer_identity,
              texts: [
                invoice.title,
                invoice.information,
                invoice.purchase_number,
                invoice.internal_note,
                ...invoice.items.map(({ title }) => title),
              ].join('\n'),
            };
          }),
      payments: () =>
        simulator.payments().map(({ invoice_id, total, paid_on, payment_mode }) => ({
          invoiceId: String(invoice_id),
          amount: amount(total, 'EUR'),
          date: paid_on,
          mode: MODES.get(payment_mode) ?? 'other',
        })),
      sendings: () => simulator.sent().map(({ bill_id, to }) => ({ documentId: String(bill_id), to })),
      addStray: ({ draft, client }, state) => {
        const { api_id, api_custom } = marksOf(draft.key);
        invoices.create(
          {
            customer_id: client.id,
            api_id,
            api_custom: `${api_custom}1`,
            title: `Commande ${draft.orderNumber}`,
            items: [{ title: 'Une autre', quantity: '1', unit_price: '10', vat: '0.2' }],
          },
          { draft: state === 'draft' },
        );
      },
      requests: simulator.requests,
      faults: faultDesk(simulator, REQUESTS),
      close: simulator.close,
    };
  },
});

/** Only what the seed names. A person's whole name stands in the last name. */
const customerOf = ({ name, kind, email, taxNumber, externalId }: Partial<ClientSeed>) => ({
  individual: kind === 'person',
  ...(name === undefined ? {} : kind === 'person' ? { first_name: '', last_name: name } : { company_name: name }),
  ...(email === undefined ? {} : { email }),
  ...(taxNumber === undefined ? {} : { vat_number: taxNumber }),
  ...(externalId === undefined ? {} : { api_custom: externalId }),
});

const nameOf = ({ company_name, first_name, last_name }: CustomerRecord): string =>
  company_name || [first_name, last_name].filter(Boolean).join(' ');

function amount(text: string, currency: string): bigint {
  const minor = parseMinor(text, currency);
  if (minor === null) throw new Error(`the simulator holds an impossible amount: ${text} ${currency}`);
  return minor;
}

export const facturationProKits: readonly HttpKit[] = [
  kitOf(null, {}),
  kitOf('VAT rounded on each line', { rounding: 'line' }),
  kitOf('net totals in cents', { netTotals: 'cents' }),
  kitOf('net totals in cents, VAT rounded on each line', { netTotals: 'cents', rounding: 'line' }),
  kitOf('changes answered without a record', { patched: 'nothing' }),
  kitOf('creations answered as the samples show', { created: 'sample' }),
  kitOf('drafts listed apart', { drafts: 'apart' }),
  kitOf('deleted records still shown', { deleted: 'marked' }),
  kitOf('numbers with a prefix, lenient', { prefix: 'ATL-', overpayment: 'take', userAgent: 'optional' }),
];
