import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abby } from '../../connectors/abby/index.ts';
import {
  creditNoteRequest,
  type DocumentSettings,
  invoiceRequest,
  noonIn,
  readCreditNoteRequest,
  readInvoiceRequest,
} from '../../mappings/from-document/abby.ts';
import { clientIdOf, clientRef, deliveryAddressOf, newClientFields } from '../../mappings/from-document/abby-buyer.ts';
import {
  emailRequest,
  paymentRequest,
  readEmailRequest,
  readPaymentRequest,
} from '../../mappings/from-document/abby-follow.ts';
import type { DocumentStyle } from '../../src/connector.ts';
import type { Buyer } from '../../src/domain/buyer.ts';
import type { Client } from '../../src/domain/client.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { InvoiceDraft, Issued } from '../../src/domain/document.ts';
import { CONTEXT } from '../conformance/provider-kit.ts';
import {
  amountOnly,
  anyOrder,
  company,
  creditNoteDraft,
  invoiceDraft,
  line,
  paymentDraft,
  person,
  received,
  sendDraft,
} from '../conformance/provider-samples.ts';
import { totalsOf } from '../simulators/abby-amounts.ts';
import { LinesInput } from '../simulators/abby-schemas.ts';

const settings: DocumentSettings = { lang: 'fr', paymentModes: new Map([['stripe', 'stripe']]) };
const client: Client = {
  id: 'contact:5a-17',
  name: 'Ada Morel',
  kind: 'person',
  email: null,
  taxNumber: null,
  externalId: null,
  empty: [],
};
const invoice: Issued = {
  providerId: '68e7-1',
  number: 'INV-2026-001',
  total: 1200n,
  currency: 'EUR',
  paid: 0n,
  clientId: client.id,
  marker: '68e7-1',
  kind: 'invoice',
  state: 'final',
  publicUrl: null,
};

function requestOf(draft: InvoiceDraft, style: Partial<DocumentStyle> = {}) {
  const context = { ...CONTEXT, style: { ...CONTEXT.style, ...style } };
  const composed = invoiceRequest({ draft, client }, context, settings);
  const request = composed.ok ? readInvoiceRequest(composed.value) : null;
  if (request === null) throw new Error('an invoice request was expected');
  return request;
}

const linesOf = (draft: InvoiceDraft, style: Partial<DocumentStyle> = {}) =>
  JSON.parse(requestOf(draft, style).lines ?? '').lines;

/** Each way to write the lines, the likeliest first. */
function waysOf(draft: InvoiceDraft): ToldLine[][] {
  const { lines, otherwise } = requestOf(draft);
  return [lines ?? '', ...otherwise].map((body) => JSON.parse(body).lines);
}

type ToldLine = { designation: string; quantity: number; unitPrice: number; isTaxIncluded: boolean; vatCode: string };
const told = ({ designation, quantity, unitPrice, isTaxIncluded }: ToldLine): string =>
  `${quantity} × ${unitPrice} ${isTaxIncluded ? 'with' : 'without'} tax of ${designation}`;

const ROUNDINGS = ['line', 'total', 'net_rate', 'net_line', 'net_price'] as const;
const { capabilities } = abby.connect(abby.settings.parse({ api_key: 'suk_1' }));

describe('a line at Abby', () => {
  it('keeps its quantity where the price comes to its gross exactly, down to a tenth of a cent', () => {
    const lines = [line({ gross: 3600n, quantity: '3' }), line({ gross: 143n, quantity: '10' })];
    expect(linesOf(invoiceDraft('1', lines))).toMatchObject([
      { quantity: 3, unitPrice: 1200, designation: 'Tasse émaillée', isTaxIncluded: true, vatCode: 'FR_2000' },
      { quantity: 10, unitPrice: 14.3, designation: 'Tasse émaillée' },
    ]);
  });

  it('is one of the whole, its quantity told in words, where no such price exists', () => {
    const lines = [line({ gross: 1000n, quantity: '3' }), line({ gross: 1237n, quantity: '0.375' })];
    expect(linesOf(invoiceDraft('1', lines))).toMatchObject([
      { quantity: 1, unitPrice: 1000, designation: '3 × Tasse émaillée' },
      { quantity: 1, unitPrice: 1237, designation: '0.375 × Tasse émaillée' },
    ]);
  });

  it('writes large amounts digit by digit', () => {
    const { lines } = requestOf(invoiceDraft('1', [line({ gross: 9_007_199_254_740_993n })]));
    expect(lines).toContain('"unitPrice":9007199254740993,');
  });

  it('says goods or services as the seller does, and nothing for a seller of both', () => {
    const draft = invoiceDraft('1', [line()]);
    expect(linesOf(draft)).toMatchObject([{ type: 'sale_of_goods', isDeliveryOfGoods: true }]);
    expect(linesOf(draft, { sells: 'services' })).toMatchObject([{ type: 'service_delivery' }]);
    expect(linesOf(draft, { sells: 'mixed' })).toMatchObject([{ type: null }]);
    expect(linesOf(draft, { sells: 'services' })[0]).not.toHaveProperty('isDeliveryOfGoods');
  });

  it.each([
    ['20', 'FR_2000'],
    ['10.0', 'FR_1000'],
    ['8.5', 'FR_850'],
    ['5.50', 'FR_550'],
    ['2.1', 'FR_210'],
    ['0', 'FR_00HT'],
    [null, 'FR_00HT'],
  ])('at the rate %s bears the code %s', (rate, vatCode) => {
    expect(linesOf(invoiceDraft('1', [line({ rate })]))).toMatchObject([{ vatCode }]);
  });

  const abroad = (country: string, change: Partial<Buyer> = {}): Buyer => ({
    ...person,
    address: { ...person.address, country },
    delivery: null,
    ...change,
  });
  const german = { kind: 'company', taxNumber: 'DE136695976' } as const;
  it.each([
    ['to a business of the EU with its VAT number', abroad('DE', german), 'FR_00UE'],
    ['to a business of the EU without one', abroad('DE', { kind: 'company', taxNumber: null }), 'FR_00HT'],
    ['to a person in the EU', abroad('DE'), 'FR_00HT'],
    ['to anybody outside the EU', abroad('CH'), 'FR_0HUE'],
    ['to Monaco', abroad('MC'), 'FR_00HT'],
    ['to nobody knows where', abroad(''), 'FR_00HT'],
    [
      'that a German business has delivered in France',
      abroad('DE', { ...german, delivery: person.address }),
      'FR_00HT',
    ],
  ])('without tax %s bears the code of that', (_to, buyer, vatCode) => {
    expect(linesOf(invoiceDraft('1', [line({ rate: null })], { buyer }))).toMatchObject([{ vatCode }]);
  });

  it('is written in other ways besides: as one of the whole, then without tax, for accounts that round otherwise', () => {
    const ways = waysOf(invoiceDraft('1', [line({ gross: 1998n, quantity: '2' })]));
    expect(ways.map((lines) => lines.map(told))).toEqual([
      ['2 × 999 with tax of Tasse émaillée'],
      ['1 × 1998 with tax of 2 × Tasse émaillée'],
      ['2 × 832.5 without tax of Tasse émaillée'],
    ]);
  });

  it('without tax may need a line that shows the rounding, untaxed, where it is allowed and only there', () => {
    const draft = invoiceDraft('1', [line({ gross: 999n })]);
    const ways = waysOf(draft);
    expect(ways.map((lines) => lines.map(told))).toEqual([
      ['1 × 999 with tax of Tasse émaillée'],
      ['1 × 833 without tax of Tasse émaillée', '1 × -1 without tax of Arrondi'],
      ['1 × 832.5 without tax of Tasse émaillée'],
    ]);
    expect(ways[1]?.[1]).toMatchObject({ vatCode: 'FR_00HT', type: 'sale_of_goods' });
    expect(waysOf({ ...draft, rounding: 'hold' }).map((lines) => lines.map(told))).toEqual([
      ['1 × 999 with tax of Tasse émaillée'],
      ['1 × 832.5 without tax of Tasse émaillée'],
    ]);
  });

  it('comes to the order’s total in one of its ways, whichever way Abby rounds', () => {
    fc.assert(
      fc.property(anyOrder(capabilities), ({ lines, currency }) => {
        const { lines: first, otherwise, total } = requestOf(invoiceDraft('1', lines, { currency }));
        expect(otherwise.length).toBeLessThanOrEqual(4);
        const ways = [first ?? '', ...otherwise].map((body) => LinesInput.parse(JSON.parse(body)).lines);
        for (const rounding of ROUNDINGS) {
          expect(ways.map((way) => totalsOf(way, undefined, rounding).gross)).toContain(total);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('with a rate of another country is refused by name', () => {
    const draft = invoiceDraft('1', [line(), line({ rate: '19', name: 'Livre' })]);
    const composed = invoiceRequest({ draft, client }, CONTEXT, settings);
    expect(composed).toMatchObject({ ok: false, error: { code: 'not_supported_by_provider', at: 'lines' } });
    expect(composed.ok ? '' : composed.error.detail).toContain('"Livre" bears 19 %');
  });
});

describe('an invoice for Abby', () => {
  it('is dated at noon of the seller’s day, due on reception or on a day of its own', () => {
    const draft = invoiceDraft('1', [line()]);
    const noon = Date.parse('2026-11-21T11:00:00Z') / 1000;
    expect(JSON.parse(requestOf(draft).timeline ?? '')).toEqual({
      emittedAt: noon,
      deliveryDate: noon,
      paymentDelay: 'at_reception',
    });
    expect(JSON.parse(requestOf(draft, { dueDate: '2026-12-21' }).timeline ?? '')).toMatchObject({
      paymentDelay: 'other',
      customDueDate: Date.parse('2026-12-21T11:00:00Z') / 1000,
    });
  });

  it.each(['Europe/Paris', 'UTC', 'Pacific/Auckland', 'America/Los_Angeles', 'Asia/Kolkata'])(
    'keeps its day at noon in %s, across clock changes too',
    (zone) => {
      for (const date of ['2026-01-01', '2026-03-29', '2026-06-30', '2026-10-25', '2026-12-31']) {
        const noon = new Date(noonIn(zone, date) * 1000);
        expect(dateIn(zone, noon)).toBe(date);
        expect(new Intl.DateTimeFormat('en', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' }).format(noon)).toBe(
          '12',
        );
      }
    },
  );

  it('has the order’s number in its title, whatever the user’s own title says', () => {
    const draft = invoiceDraft('77', [line()]);
    const titleOf = (title: string | null) => JSON.parse(requestOf(draft, { title }).title).title;
    expect(titleOf(null)).toBe('Commande #77');
    expect(titleOf('Votre achat')).toBe('Votre achat – Commande #77');
    expect(titleOf('Achat #77')).toBe('Achat #77');
  });

  it('speaks the chosen language, else the order’s, else the account’s', () => {
    const localeOf = (language: string | null, style: string | null) =>
      requestOf(invoiceDraft('1', [line()], { language }), { language: style }).locale;
    expect(localeOf('de-DE', 'nl')).toBe('nl');
    expect(localeOf('de-DE', null)).toBe('de');
    expect(localeOf('pl-PL', null)).toBe('fr');
  });

  it('has notes and a delivery address only where there is something to say, the address only as a whole', () => {
    const draft = invoiceDraft('1', [line()]);
    expect(JSON.parse(requestOf(draft, { notes: 'Merci' }).notes ?? '')).toEqual({ footerNote: 'Merci' });
    expect(requestOf(draft).notes).toBeNull();
    expect(JSON.parse(requestOf(draft).deliveryAddress ?? '')).toEqual({
      deliveryAddress: {
        line1: 'Atelier Morel',
        line2: '8 quai du Port',
        city: 'Lyon',
        zipCode: '69003',
        country: 'FR',
      },
      displayDeliveryAddress: true,
    });
    for (const missing of ['line1', 'city', 'postCode', 'country']) {
      expect(deliveryAddressOf({ ...person, delivery: { ...person.address, [missing]: '' } })).toBeNull();
    }
  });

  it.each(['77', 'contact:', 'contact:../me', 'invoice:77', ''])('is not composed for the client %o', (id) => {
    const intent = { draft: invoiceDraft('1', [line()]), client: { ...client, id } };
    expect(invoiceRequest(intent, CONTEXT, settings)).toMatchObject({
      ok: false,
      error: { code: 'client_id_unusable' },
    });
  });

  it('names a client by its list and its id, both ways', () => {
    for (const kind of ['contact', 'organization'] as const) {
      expect(clientRef(clientIdOf({ kind, id: '5a-17' }))).toEqual({ kind, id: '5a-17' });
    }
  });
});

describe('a credit note for Abby', () => {
  const original = invoiceDraft('1', [line()]);
  const composed = (draft: ReturnType<typeof creditNoteDraft>) =>
    creditNoteRequest({ draft, invoice, original }, CONTEXT, settings);

  it('gives its lines the sign of the invoice’s, and a name to an amount without one', () => {
    const result = composed(creditNoteDraft('1', 'r1', [amountOnly(500n, '20')]));
    const request = result.ok ? readCreditNoteRequest(result.value) : null;
    expect(request).toMatchObject({ invoiceId: invoice.providerId, timeline: null, deliveryAddress: null });
    expect(request).toMatchObject({ total: 500n, otherwise: expect.arrayContaining([expect.any(String)]) });
    expect(JSON.parse(request?.lines ?? '').lines).toMatchObject([
      { designation: 'Remboursement', quantity: 1, unitPrice: 500, vatCode: 'FR_2000' },
    ]);
  });

  it('leaves Abby’s copy of the lines where it takes back all and names none, and is refused where it takes back a part', () => {
    const whole = composed(creditNoteDraft('1', 'r1', [], { whole: true }));
    expect(whole.ok ? readCreditNoteRequest(whole.value) : null).toMatchObject({ lines: null, otherwise: [] });
    expect(composed(creditNoteDraft('1', 'r1', []))).toMatchObject({ ok: false, error: { code: 'no_lines' } });
  });
});

describe('a new client at Abby', () => {
  const made = (buyer: Buyer) => newClientFields({ buyer, externalId: 'shop-17', marker: 'mark 17' });

  it('has both names of a person: given, split, or one word for both', () => {
    const named = (change: Partial<Buyer>) => made({ ...person, ...change });
    expect(named({})).toMatchObject({ firstname: 'Ada', lastname: 'Morel' });
    expect(named({ firstName: '', lastName: '', name: 'Ada de la Tour' })).toMatchObject({
      firstname: 'Ada',
      lastname: 'de la Tour',
    });
    expect(named({ firstName: '', lastName: 'Ada', name: 'Ada' })).toMatchObject({ firstname: 'Ada', lastname: 'Ada' });
  });

  it.each([
    ['FR 40 303 265 045', 'FR', { vatNumber: 'FR40303265045' }],
    ['40303265045', 'FR', { vatNumber: 'FR40303265045' }],
    ['303 265 045 00014', 'FR', { siret: '30326504500014' }],
    ['303 265 045', 'FR', {}],
    ['136695976', 'DE', { vatNumber: 'DE136695976' }],
    ['CHE-123.456.788', 'CH', { vatNumber: 'CHE123456788' }],
  ])('bears %s of a company in %s as what it is', (taxNumber, country, expected) => {
    const fields = made({ ...company, taxNumber, address: { ...company.address, country } });
    const { siret, vatNumber } = fields as { siret?: string; vatNumber?: string };
    expect({ ...(siret === undefined ? {} : { siret }), ...(vatNumber === undefined ? {} : { vatNumber }) }).toEqual(
      expected,
    );
  });

  it('has an address only as a whole', () => {
    expect(made(person)).toMatchObject({
      billingAddress: {
        address: '3 rue des Tilleuls',
        complement: 'Bâtiment B',
        city: 'Lyon',
        zipCode: '69003',
        country: 'FR',
      },
    });
    expect(made({ ...person, address: { ...person.address, postCode: '' } })).not.toHaveProperty('billingAddress');
  });

  it('carries our marker in its notes only where no key would find it again', () => {
    expect(made(person)).not.toHaveProperty('notes');
    expect(made({ ...person, email: null })).toHaveProperty('notes', 'mark 17');
    expect(made({ ...company, email: null })).not.toHaveProperty('notes');
  });
});

describe('what follows an invoice at Abby', () => {
  it('a payment has its day in the seller’s zone and the method of its gateway, else of its mode', () => {
    const bodyOf = (money: ReturnType<typeof received>) => {
      const composed = paymentRequest({ draft: paymentDraft('1', money), invoice, paidBefore: 0n }, CONTEXT, settings);
      return JSON.parse((composed.ok ? readPaymentRequest(composed.value)?.body : undefined) ?? '');
    };
    expect(bodyOf(received(1200n, { method: 'Stripe' }))).toEqual({
      payments: [{ amount: 1200, receivedAt: '2026-11-21', method: 'stripe' }],
    });
    expect(bodyOf(received(1200n, { method: 'payplug' }))).toMatchObject({ payments: [{ method: 'credit_card' }] });
  });

  it('an e-mail escapes what stands in it, and has a subject that Abby takes', () => {
    const draft = { ...sendDraft('1'), orderNumber: `<b>${'7'.repeat(300)}` };
    const composed = emailRequest({ draft, document: invoice }, CONTEXT, settings);
    const body = JSON.parse((composed.ok ? readEmailRequest(composed.value)?.body : undefined) ?? '');
    expect(body.content).toContain('&lt;b&gt;');
    expect(body.content).not.toContain('<b>');
    expect(body.subject).toHaveLength(255);
    expect(body).toMatchObject({ emails: ['ada@buyer.example'], inCopy: false });
  });

  it('an e-mail to no address is not composed', () => {
    const intent = { draft: { ...sendDraft('1'), to: 'nobody' }, document: invoice };
    expect(emailRequest(intent, CONTEXT, settings)).toMatchObject({ ok: false, error: { code: 'no_email' } });
  });
});
