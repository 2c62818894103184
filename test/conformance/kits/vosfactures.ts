// VosFactures for the provider suite: a simulated account, read from its own books.
import { z } from 'zod';
import { vosfactures } from '../../../connectors/vosfactures/index.ts';
import { oidOf } from '../../../mappings/from-document/vosfactures-document.ts';
import { parseMinor } from '../../../src/domain/money.ts';
import { PaymentModeSchema } from '../../../src/domain/order.ts';
import type { Exchange } from '../../simulators/http-simulator.ts';
import { startVosFactures, type VosFacturesOptions } from '../../simulators/vosfactures.ts';
import { connectOverHttp, type FaultyRequest, faultDesk, type HttpKit, NOW } from '../provider-kit.ts';

const CreationSchema = z.object({ invoice: z.object({ kind: z.string() }) });

const creates =
  (kind: (kind: string) => boolean) =>
  ({ method, path, body }: Exchange): boolean =>
    method === 'POST' &&
    path === '/invoices.json' &&
    kind(CreationSchema.parse(JSON.parse(body.toString())).invoice.kind);

const REQUESTS: Readonly<Record<FaultyRequest, (exchange: Exchange) => boolean>> = {
  invoice: creates((kind) => kind !== 'correction'),
  finish: () => false,
  client: ({ method, path }) => method === 'POST' && path === '/clients.json',
  payment: ({ method, path }) => method === 'POST' && path === '/banking/payments.json',
  credit_note: creates((kind) => kind === 'correction'),
  email: ({ method, path }) => method === 'POST' && path.endsWith('/send_by_email.json'),
  search: ({ method }) => method === 'GET',
};

const refusal = (status: number, message: unknown) => ({ status, body: JSON.stringify({ code: 'error', message }) });

const kitOf = (variant: string | null, switches: Partial<VosFacturesOptions>): HttpKit => ({
  type: vosfactures.type,
  variant,
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
    const simulator = await startVosFactures({ now: () => NOW, ...switches });
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
      addClient: ({ name, email, taxNumber, externalId, kind }) => {
        const client = {
          name,
          email,
          tax_no: taxNumber,
          external_id: externalId,
          last_name: name,
          company: kind === 'company',
        };
        return String(simulator.books.createClient(client).id);
      },
      changeClient: (id, change) => {
        const { name, email, taxNumber, externalId } = change;
        simulator.books.updateClient(Number(id), {
          ...(name === undefined ? {} : { name, last_name: name }),
          ...(email === undefined ? {} : { email }),
          ...(taxNumber === undefined ? {} : { tax_no: taxNumber }),
          ...(externalId === undefined ? {} : { external_id: externalId }),
        });
      },
      archiveClient: () => undefined,
      deleteClient: (id) => {
        simulator.books.deleteClient(Number(id));
      },
      clients: () =>
        simulator
          .clients()
          .filter(({ deleted }) => !deleted)
          .map((client) => ({
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
          kind: invoice.kind === 'correction' ? 'credit_note' : 'invoice',
          state: 'final',
          credits: invoice.invoice_id === null ? null : String(invoice.invoice_id),
          clientId: String(invoice.client_id),
          buyerName: invoice.buyer_name,
          texts: [invoice.title, invoice.description, invoice.internal_note].join('\n'),
        })),
      payments: () =>
        simulator.payments().map((payment) => ({
          invoiceId: String(payment.invoice_id),
          amount: amount(payment.price, payment.currency ?? ''),
          date: payment.paid_date,
          mode: PaymentModeSchema.parse(payment.provider),
        })),
      sendings: () =>
        simulator
          .sent()
          .flatMap(({ invoice_id, to }) => to.map((one) => ({ documentId: String(invoice_id), to: one }))),
      addStray: (like) => {
        simulator.books.createInvoice({
          oid: `${oidOf(like.draft.key)}1`,
          client_id: like.client.id,
          buyer_last_name: like.draft.buyer.name,
          positions: [{ name: 'Une autre', quantity: '1', tax: '20', total_price_gross: '12.00' }],
        });
      },
      requests: simulator.requests,
      faults: faultDesk(simulator, REQUESTS),
      close: simulator.close,
    };
  },
});

export const vosfacturesKits: readonly HttpKit[] = [
  kitOf(null, {}),
  kitOf('whole values searched, oid unique for each kind, any address sent to', {
    partialSearch: false,
    oidScope: 'kind',
    otherAddress: 'used',
    copyTakes: 'documented_fields',
    taxNumberKinds: [],
  }),
];
