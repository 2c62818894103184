// An invoice in the words of Facturation.pro: net prices, fractions for rates, marks, and what people read.
import { describe, expect, it } from 'vitest';
import { type DocumentSettings, invoiceRequest } from '../../mappings/from-document/facturation-pro.ts';
import { customerFields } from '../../mappings/from-document/facturation-pro-client.ts';
import {
  creditNoteRequest,
  emailRequest,
  paymentRequest,
} from '../../mappings/from-document/facturation-pro-follow.ts';
import { marksOf } from '../../mappings/from-document/facturation-pro-marker.ts';
import type { Issued } from '../../src/domain/document.ts';
import { CONTEXT } from '../conformance/provider-kit.ts';
import {
  company,
  creditNoteDraft,
  invoiceDraft,
  line,
  paymentDraft,
  person,
  received,
  sendDraft,
} from '../conformance/provider-samples.ts';

const SETTINGS: DocumentSettings = {
  language: 'fr',
  paymentModes: {},
  categoryId: null,
  vatExemption: null,
  payBefore: null,
  nature: null,
};

const client = { id: '17', name: 'Ada Morel', kind: null, email: null, taxNumber: null, externalId: null, empty: [] };

const invoice: Issued = {
  providerId: '9',
  number: '202611-1',
  total: 5000n,
  currency: 'EUR',
  paid: 0n,
  clientId: '17',
  marker: 'shop/1/invoice/1',
  kind: 'invoice',
  state: 'final',
  publicUrl: null,
};

const requestOf = (
  draft = invoiceDraft('1', [line()]),
  settings: Partial<DocumentSettings> = {},
  style: Partial<typeof CONTEXT.style> = {},
) => {
  const context = { ...CONTEXT, style: { ...CONTEXT.style, ...style } };
  const composed = invoiceRequest({ draft, client }, context, { ...SETTINGS, ...settings });
  return composed.ok ? JSON.parse(composed.value) : composed.error;
};
const bodyOf = (...given: Parameters<typeof requestOf>) => requestOf(...given).body;

describe('the marks of a document', () => {
  it('are its key, and a number of at most 52 bits that is its own', () => {
    const { api_custom, api_id } = marksOf('shop/10021/invoice/1');
    expect(api_custom).toBe('shop/10021/invoice/1');
    expect(BigInt(api_id)).toBeLessThan(2n ** 52n);
    expect(marksOf('shop/10022/invoice/1').api_id).not.toBe(api_id);
  });

  it('fit their field for a key of any length, and stay different', () => {
    const [a, b] = ['a', 'b'].map((end) => marksOf(`${'x'.repeat(300)}${end}`).api_custom);
    expect(a).toHaveLength(255);
    expect(b).toHaveLength(255);
    expect(a).not.toBe(b);
  });
});

describe('the lines of an invoice', () => {
  it('have net prices of three decimals and rates as fractions', () => {
    const draft = invoiceDraft('1', [line({ gross: 999n }), line({ gross: 1055n, rate: '5.5', name: 'Miel' })]);
    expect(bodyOf(draft).items).toEqual([
      { position: '1', title: 'Tasse émaillée', quantity: '1', unit_price: '8.325', vat: '0.200' },
      { position: '2', title: 'Miel', quantity: '1', unit_price: '10', vat: '0.055' },
    ]);
  });

  it('are written in other ways besides, for an account that rounds net amounts to cents', () => {
    const { otherwise, total } = requestOf(invoiceDraft('1', [line({ gross: 999n })]));
    expect(total).toBe('999');
    expect(otherwise).not.toHaveLength(0);
    expect(otherwise[0].map(({ title, unit_price }: Record<string, string>) => [title, unit_price])).toEqual([
      ['Tasse émaillée', '8.33'],
      ['Arrondi', '-0.01'],
    ]);
  });

  it('have no rounding line in any way where it is not allowed', () => {
    const { otherwise } = requestOf(invoiceDraft('1', [line({ gross: 999n })], { rounding: 'hold' }));
    expect(JSON.stringify(otherwise)).not.toContain('Arrondi');
  });

  it('tell the true quantity in words where no price goes with it', () => {
    const [item] = bodyOf(invoiceDraft('1', [line({ gross: 1000n, quantity: '0.00001' })])).items;
    expect(item).toMatchObject({ quantity: '1', title: '0.00001 × Tasse émaillée' });
  });

  it('tell a discount that is already taken off', () => {
    const [item] = bodyOf(invoiceDraft('1', [line({ discount: 500n })])).items;
    expect(item.title).toBe('Tasse émaillée\nRemise déduite : 5.00 EUR');
  });

  it('keep what looks like a tag from being one', () => {
    const [item] = bodyOf(invoiceDraft('1', [line({ name: 'T-shirt <b>rouge</b>, taille <40' })])).items;
    expect(item.title).toBe('T-shirt < b>rouge< /b>, taille <40');
  });

  it('bear their nature where the account is a micro-entrepreneur’s', () => {
    expect(bodyOf(undefined, { nature: '1' }).items).toMatchObject([{ nature: '1' }]);
  });

  it('of a rate that three decimals of a fraction cannot hold are refused', () => {
    expect(requestOf(invoiceDraft('1', [line({ rate: '19.25' })]))).toMatchObject({ code: 'rate_not_supported' });
  });
});

describe('the head of an invoice', () => {
  it('bears both marks, the client, the dates and the order’s number', () => {
    expect(bodyOf(undefined, {}, { dueDate: '2026-12-21' })).toMatchObject({
      ...marksOf('shop/1/invoice/1'),
      customer_id: '17',
      invoiced_on: '2026-11-21',
      delivery_on: '2026-11-21',
      term_on: '2026-12-21',
      title: 'Commande #1',
      purchase_number: null,
      internal_note: 'Commande #1 (shop/1)',
    });
  });

  it('keeps the order’s number as the purchase order under a title of the user’s own', () => {
    expect(bodyOf(undefined, {}, { title: 'Votre achat', notes: 'Merci' })).toMatchObject({
      title: 'Votre achat',
      purchase_number: '#1',
      information: expect.stringContaining('Merci'),
    });
  });

  it('tells a delivery address in words, and is empty without one', () => {
    expect(bodyOf().information).toBe('Adresse de livraison : Atelier Morel, 8 quai du Port, 69003 Lyon, FR');
    expect(bodyOf(invoiceDraft('1', [line()], { buyer: company })).information).toBeNull();
  });

  it('names a term in place of a due date where one is set', () => {
    const body = bodyOf(undefined, { payBefore: '30fm' });
    expect(body.pay_before).toBe('30fm');
    expect(body).not.toHaveProperty('term_on');
  });

  it('gives the reason for no VAT only where there is none', () => {
    const settings = { vatExemption: 'TVA non applicable, art. 293 B du CGI' };
    expect(bodyOf(invoiceDraft('1', [line({ rate: null })]), settings).vat_exemption).toBe(settings.vatExemption);
    expect(bodyOf(invoiceDraft('1', [line(), line({ rate: null })]), settings).vat_exemption).toBeNull();
  });

  it('is in the user’s language, else the order’s, else the account’s, as far as it is printed', () => {
    const german = invoiceDraft('1', [line()], { language: 'de' });
    expect(bodyOf(german, {}, { language: 'nl-BE' })).toMatchObject({ language: 'nl', title: 'Bestelling #1' });
    expect(bodyOf(invoiceDraft('1', [line()], { language: 'en-GB' }))).toMatchObject({ language: 'en' });
    expect(bodyOf(german, { language: 'es' })).toMatchObject({ language: 'es' });
  });

  it('of a currency that is not listed is refused', () => {
    const draft = invoiceDraft('1', [line()], { currency: 'MRU' });
    expect(requestOf(draft)).toMatchObject({ code: 'not_supported_by_provider' });
  });
});

describe('a customer', () => {
  const fieldsOf = (buyer = company, electronic = false, externalId: string | null = 'shop-18') =>
    customerFields({ buyer, externalId, marker: 'mark' }, electronic);

  it.each([
    { taxNumber: 'FR 40 303 265 045', told: { vat_number: 'FR40303265045' } },
    { taxNumber: '40303265045', told: { vat_number: 'FR40303265045' } },
    { taxNumber: '303 265 045', told: { siret: '303265045' } },
    { taxNumber: '303 265 045 00019', told: { siret: '30326504500019' } },
    { taxNumber: 'DE136695976', told: { vat_number: 'DE136695976' } },
  ])('with the tax number $taxNumber has it in the field of its form', ({ taxNumber, told }) => {
    const { siret, vat_number } = fieldsOf({ ...company, taxNumber });
    expect({ siret, vat_number }).toEqual({ siret: undefined, vat_number: undefined, ...told });
  });

  it('has an electronic address only where that is wanted and a SIREN can be told', () => {
    expect(fieldsOf()).not.toHaveProperty('electronic_address');
    expect(fieldsOf(company, true)).toMatchObject({ electronic_address: '0225:303265045' });
    expect(fieldsOf({ ...company, taxNumber: 'DE136695976' }, true)).not.toHaveProperty('electronic_address');
  });

  it('is a person or a professional in so many words, under the buyer’s own name', () => {
    expect(fieldsOf(person)).toMatchObject({ individual: true, first_name: 'Ada', last_name: 'Morel' });
    expect(fieldsOf({ ...person, name: 'Atelier Ada' })).toMatchObject({ last_name: 'Atelier Ada' });
    expect(fieldsOf()).toMatchObject({ individual: false, company_name: 'Fonderie Lacaze SARL' });
  });

  it('bears our marker only where no searched key would find it', () => {
    expect(fieldsOf()).not.toHaveProperty('api_id');
    expect(fieldsOf({ ...company, email: null }, false, null).api_id).toMatch(/^\d{1,16}$/);
  });
});

describe('what follows an invoice', () => {
  const paying = (amount: bigint, paidBefore = 0n, change = {}, paymentModes = {}) =>
    JSON.parse(
      paymentRequest({ draft: paymentDraft('1', received(amount, change)), invoice, paidBefore }, CONTEXT, {
        ...SETTINGS,
        paymentModes,
      }),
    );

  it('paid at once is noted on the invoice, in parts it is settled', () => {
    expect(paying(5000n)).toEqual({
      how: 'whole',
      invoice_id: '9',
      body: { paid_on: '2026-11-21', payment_mode: '2', payment_ref: 'pi_3Qabc' },
    });
    expect(paying(2000n)).toMatchObject({ how: 'part', body: { total: '20.00', invoice_id: '9' }, paid_after: '2000' });
    expect(paying(3000n, 2000n)).toMatchObject({ how: 'part', paid_after: '5000' });
  });

  it('is paid in the mode that the user chose for the gateway, whatever its case, else in the gateway’s own', () => {
    expect(paying(5000n, 0n, { method: 'Alma' }, { alma: '99' }).body.payment_mode).toBe('99');
    expect(paying(5000n, 0n, { method: 'constructor', mode: 'cheque' }).body.payment_mode).toBe('4');
  });

  it('is known by the payment’s id, or by the job’s key where the shop only claims it', () => {
    expect(paying(5000n, 0n, { id: 'claim' }).body.payment_ref).toBe('shop/1/payment/claim');
  });

  it('is credited as a whole only', () => {
    const original = invoiceDraft('1', [line({ gross: 5000n })]);
    const credit = (draft: ReturnType<typeof creditNoteDraft>) => creditNoteRequest({ draft, invoice, original });
    expect(credit(creditNoteDraft('1', 'r1', original.lines, { whole: true }))).toMatchObject({ ok: true });
    const refused = { ok: false, error: { code: 'not_supported_by_provider' } };
    expect(credit(creditNoteDraft('1', 'r1', [line()]))).toMatchObject(refused);
    expect(credit(creditNoteDraft('1', 'r1', [line()], { whole: true }))).toMatchObject(refused);
  });

  it('is sent to the order’s address, or to the customer’s where the order has none', () => {
    const to = (address: string) => emailRequest({ draft: { ...sendDraft('1'), to: address }, document: invoice });
    expect(to(' Ada@Buyer.example ')).toMatchObject({ value: '{"bill_id":"9","body":{"to":"ada@buyer.example"}}' });
    expect(to('')).toMatchObject({ value: '{"bill_id":"9","body":{}}' });
    expect(to('nobody')).toMatchObject({ ok: false });
  });
});
