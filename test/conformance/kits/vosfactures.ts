// VosFactures for the provider suite: a simulated account, read from its own books.
import { vosfactures } from '../../../connectors/vosfactures/index.ts';
import { parseMinor } from '../../../src/domain/money.ts';
import { PaymentModeSchema } from '../../../src/domain/order.ts';
import type { Exchange } from '../../simulators/http-simulator.ts';
import { startVosFactures } from '../../simulators/vosfactures.ts';
import { connectOverHttp, type HttpKit, NOW } from '../provider-kit.ts';

const REQUESTS: Record<'invoice' | 'client' | 'payment' | 'search', (exchange: Exchange) => boolean> = {
  invoice: ({ method, path }) => method === 'POST' && path === '/invoices.json',
  client: ({ method, path }) => method === 'POST' && path === '/clients.json',
  payment: ({ method, path }) => method === 'POST' && path === '/banking/payments.json',
  search: ({ method }) => method === 'GET',
};

const refusal = (status: number, message: unknown) => ({ status, body: JSON.stringify({ code: 'error', message }) });

export const vosfacturesKit: HttpKit = {
  type: vosfactures.type,
  reached: 'http',
  provenByStatus: { 401: 'account', 403: 'account', 404: 'refused', 429: 'throttled' },
  refusals: [
    { name: '422 that names a field', answer: refusal(422, { tax_no: ['est invalide'] }), rejection: 'refused' },
    { name: '422 with one text', answer: refusal(422, '- le nom est vide'), rejection: 'refused' },
    { name: '200 with an error inside', answer: refusal(200, { base: ['refusé'] }), rejection: 'refused' },
    {
      name: '200 with an error under `status`',
      answer: { status: 200, body: '{"status":"error","message":"refusé"}' },
      rejection: 'refused',
    },
    { name: '422 for a plan without the API', answer: refusal(422, 'account_not_pro'), rejection: 'account' },
    { name: '200 for a plan without the API', answer: refusal(200, 'account_not_pro'), rejection: 'account' },
    { name: '422 that names oid', answer: refusal(422, { oid: ['est déjà utilisé'] }), rejection: 'exists' },
    { name: '422 that names client_id', answer: refusal(422, { client_id: ['absent'] }), rejection: 'stale_client' },
  ],
  open: async () => {
    const simulator = await startVosFactures({ now: () => NOW });
    const settings = { base_url: simulator.url, api_token: simulator.token };
    const { account, io, hurried } = connectOverHttp(vosfactures, settings);
    const amount = (text: string, currency: string): bigint => {
      const minor = parseMinor(text, currency);
      if (minor === null) throw new Error(`the simulator holds an impossible amount: ${text} ${currency}`);
      return minor;
    };
    return {
      account,
      io,
      hurried,
      stranger: connectOverHttp(vosfactures, { ...settings, api_token: 'another-token' }),
      secret: simulator.token,
      addClient: ({ name, email, taxNumber, externalId }) => {
        const client = { name, email, tax_no: taxNumber, external_id: externalId, last_name: name, company: false };
        return String(simulator.books.createClient(client).id);
      },
      clients: () =>
        simulator.clients().map((client) => ({
          id: String(client.id),
          name: client.name,
          kind: client.company ? 'company' : 'person',
          email: client.email,
          taxNumber: client.tax_no,
          externalId: client.external_id,
        })),
      documents: () =>
        simulator.documents().map((invoice) => ({
          id: String(invoice.id),
          number: invoice.number,
          currency: invoice.currency,
          total: amount(invoice.price_gross, invoice.currency),
          paid: amount(invoice.paid, invoice.currency),
          clientId: String(invoice.client_id),
          buyerName: invoice.buyer_name,
          texts: [invoice.title, invoice.internal_note, invoice.oid].join('\n'),
        })),
      payments: () =>
        simulator.payments().map((payment) => ({
          invoiceId: String(payment.invoice_id),
          amount: amount(payment.price, payment.currency ?? ''),
          date: payment.paid_date,
          mode: PaymentModeSchema.parse(payment.provider),
        })),
      requests: simulator.requests,
      faults: {
        fail: (request, fault) => simulator.failNext(fault, REQUESTS[request]),
        release: simulator.release,
        refuse: simulator.refuse,
        accept: simulator.accept,
        ignoreFilters: simulator.ignoreFilters,
        lag: simulator.lag,
      },
      close: simulator.close,
    };
  },
};
