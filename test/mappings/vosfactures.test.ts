import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invoiceRequest, readInvoiceRequest } from '../../mappings/from-document/vosfactures.ts';
import { clientFields } from '../../mappings/from-document/vosfactures-buyer.ts';
import { type DocumentSettings, oidOf } from '../../mappings/from-document/vosfactures-document.ts';
import { paymentRequest, readPaymentRequest } from '../../mappings/from-document/vosfactures-payment.ts';
import type { Buyer } from '../../src/domain/buyer.ts';
import type { Client } from '../../src/domain/client.ts';
import { documentKey, type InvoiceDraft, type Issued } from '../../src/domain/document.ts';
import { CONTEXT } from '../conformance/provider-kit.ts';
import {
  company,
  invoiceDraft,
  line,
  paymentDraft,
  person,
  received,
  shapes,
  unknownGuest,
} from '../conformance/provider-samples.ts';

const settings: DocumentSettings = {
  kind: 'vat',
  departmentId: null,
  categoryId: null,
  lang: 'fr',
  paymentModes: new Map(),
};
const client: Client = {
  id: '77',
  name: 'Ada Morel',
  kind: 'person',
  email: null,
  taxNumber: null,
  externalId: null,
  empty: [],
};

function bodyOf(draft: InvoiceDraft, change: Partial<DocumentSettings> = {}) {
  const composed = invoiceRequest({ draft, client }, CONTEXT, { ...settings, ...change });
  if (!composed.ok) throw new Error(composed.error.detail);
  return JSON.parse(composed.value).invoice;
}

describe('the oid of a document', () => {
  it('is readable where the key allows it', () => {
    expect(oidOf('shop/10021/invoice/1')).toBe('shop-10021-invoice-1');
    expect(oidOf('my-shop/5678901234567/invoice/2')).toBe('my-shop-5678901234567-invoice-2');
  });

  it('begins with the source where it is hashed', () => {
    expect(oidOf('shop/XKBKNABJK/invoice/1')).toMatch(/^shop-xkbknabjk?-[0-9a-f]{24,}$/);
  });

  it('is under 40 characters of [a-z0-9-], and unchanged by case folding and trimming', () => {
    fc.assert(
      fc.property(fc.oneof(anyKey, fc.constantFrom(...lookalikes)), (key) => {
        const oid = oidOf(key);
        expect(oid).toMatch(/^[a-z0-9-]{1,39}$/);
        expect(oid.trim().toLowerCase()).toBe(oid);
      }),
    );
  });

  it('is another one for another key', () => {
    const keys = new Set([...fc.sample(anyKey, { numRuns: 100_000, seed: 20_261_121 }), ...lookalikes]);
    expect(new Set([...keys].map(oidOf)).size).toBe(keys.size);
  });
});

/** Parts that collide when they are joined, folded, cut or trimmed carelessly. */
const part = fc.oneof(
  fc.constantFrom('shop', 'Shop', 'shop-1', '1', '01', 'a', 'a-b', 'b', 'invoice', '', ' ', 'é', '%2F', '_', '-'),
  fc.nat().map(String),
  fc.stringMatching(/^[a-z0-9-]{1,40}$/),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const anyKey = fc
  .tuple(part, part, fc.constantFrom('invoice' as const, 'credit_note' as const, 'payment' as const), part)
  .map((parts) => documentKey(...parts));
const lookalikes = [
  ...['a-b/c/invoice/1', 'a/b-c/invoice/1', 'a/b/c-invoice/1', 'a/b/c/invoice-1', 'A/b/c/1', 'a/b/c/1', 'a/b/c/1 '],
  ...[`${'x'.repeat(50)}/1/invoice/1`, `${'x'.repeat(50)}/2/invoice/1`, 'shop/1/invoice/1', 'shop/1/credit_note/1'],
];

describe('an invoice for VosFactures', () => {
  it('says everything that the order says, in VosFactures’ words', () => {
    const draft = invoiceDraft(
      '1001',
      [
        line({ name: 'Tasse', sku: 'T-1', quantity: '2', gross: 3998n, discount: 250n }),
        line({ kind: 'shipping', name: 'Livraison', gross: 490n, rate: '5.50' }),
      ],
      { received: [received(4488n)] },
    );
    expect(bodyOf(draft, { departmentId: '2' })).toEqual({
      kind: 'vat',
      oid: 'shop-1001-invoice-1',
      oid_unique: 'yes',
      client_id: '77',
      department_id: '2',
      lang: 'fr',
      currency: 'EUR',
      issue_date: '2026-11-21',
      sell_date: '2026-11-21',
      payment_to_kind: 'other_date',
      payment_to: '2026-11-21',
      transaction_type: 'goods',
      status: 'paid',
      paid: '44.88',
      paid_date: '2026-11-21',
      payment_type: 'card',
      buyer_name: 'Ada Morel',
      buyer_company: false,
      buyer_first_name: 'Ada',
      buyer_last_name: 'Morel',
      buyer_email: 'ada@buyer.example',
      buyer_phone: '+33 4 00 00 00 00',
      buyer_street: '3 rue des Tilleuls, Bâtiment B',
      buyer_post_code: '69003',
      buyer_city: 'Lyon',
      buyer_country: 'FR',
      use_delivery_address: true,
      delivery_address: 'Atelier Morel\n8 quai du Port\n69003 Lyon\nFR',
      buyer_override: true,
      calculating_strategy: { position: 'keep_gross', sum: 'keep_gross', invoice_form_price_kind: 'gross' },
      positions: [
        {
          name: 'Tasse',
          quantity: '2',
          tax: '20',
          total_price_gross: '39.98',
          code: 'T-1',
          description: 'Remise déduite : 2.50 EUR',
        },
        { name: 'Livraison', quantity: '1', tax: '5.5', total_price_gross: '4.90', service: true },
      ],
      additional_fields: { title: 'Commande #1001' },
      internal_note: 'Commande #1001 (shop/1001)\nPaiement pi_3Qabc : 44.88 EUR, 2026-11-20T23:45:00.000Z',
    });
  });

  it('never names a seller, which would make a department', () => {
    for (const { draft } of shapes) {
      expect(Object.keys(bodyOf(draft)).filter((field) => field.startsWith('seller'))).toEqual([]);
    }
  });

  it('switches tax off where no line is taxed, and writes 0 for an untaxed line among taxed ones', () => {
    const taxes = (lines: Parameters<typeof invoiceDraft>[1]) =>
      bodyOf(invoiceDraft('1', lines)).positions.map((position: { tax: string }) => position.tax);
    expect(taxes([line({ rate: null }), line({ rate: null })])).toEqual(['disabled', 'disabled']);
    expect(taxes([line({ rate: '20' }), line({ rate: null })])).toEqual(['20', '0']);
    expect(taxes([line({ rate: '0' })])).toEqual(['0']);
  });

  it('says nothing of money where none was received', () => {
    const body = bodyOf(invoiceDraft('1', [line()]));
    for (const field of ['status', 'paid', 'paid_date', 'payment_type']) expect(body).not.toHaveProperty(field);
  });

  it('is paid only when the total is covered, by the latest date and the largest sum’s mode', () => {
    const parts = [
      received(700n, { mode: 'transfer', at: '2026-11-18T10:00:00.000Z' }),
      received(500n, { id: 'card', mode: 'voucher', at: '2026-11-19T10:00:00.000Z' }),
    ];
    const draft = (money: typeof parts) => invoiceDraft('1', [line({ gross: 1200n })], { received: money });
    expect(bodyOf(draft(parts))).toMatchObject({
      status: 'paid',
      paid: '12.00',
      paid_date: '2026-11-19',
      payment_type: 'transfer',
    });
    expect(bodyOf(draft(parts.slice(1)))).toMatchObject({
      status: 'partial',
      paid: '5.00',
      payment_type: 'Bon d’achat',
    });
  });

  it('never counts more as paid than it asks for', () => {
    const body = bodyOf(invoiceDraft('1', [line({ gross: 1200n })], { received: [received(1300n)] }));
    expect(body).toMatchObject({ status: 'paid', paid: '12.00' });
  });

  it.each([
    ['fr-FR', 'fr'],
    ['de_AT', 'de'],
    ['cs', 'cz'],
    ['zh-Hans', 'cn'],
    ['ja', 'fr'],
    [null, 'fr'],
  ])('for a buyer who reads %s is in %s', (language, lang) => {
    expect(bodyOf(invoiceDraft('1', [line()], { language }))).toMatchObject({ lang });
  });

  it.each([
    [{ language: 'de-DE' }, 'de'],
    [{ language: 'ja' }, 'fr'],
  ])('is in the language that the user chose where VosFactures prints it: %o', (change, lang) => {
    const context = { ...CONTEXT, style: { ...CONTEXT.style, ...change } };
    const composed = invoiceRequest({ draft: invoiceDraft('1', [line()]), client }, context, settings);
    expect(composed.ok && JSON.parse(composed.value).invoice).toMatchObject({ lang });
  });

  it.each([
    [{ title: 'Votre achat', notes: 'Merci' }, 'Votre achat', 'Merci\nCommande #77'],
    [{ title: 'Achat #77', notes: 'Merci' }, 'Achat #77', 'Merci'],
    [{ title: null, notes: null }, 'Commande #77', undefined],
    [{ title: 'Votre achat', notes: 'Réf. #77' }, 'Votre achat', 'Réf. #77'],
  ])('names its order whatever the user’s texts say: %o', (change, title, description) => {
    const context = { ...CONTEXT, style: { ...CONTEXT.style, ...change } };
    const composed = invoiceRequest({ draft: invoiceDraft('77', [line()]), client }, context, settings);
    const invoice = composed.ok && JSON.parse(composed.value).invoice;
    expect([invoice.additional_fields.title, invoice.description]).toEqual([title, description]);
  });

  it.each([
    ['goods', 'goods'],
    ['services', 'services'],
    ['mixed', 'goods_and_services'],
  ] as const)('of a seller of %s says so', (sells, expected) => {
    const context = { ...CONTEXT, style: { ...CONTEXT.style, sells } };
    const composed = invoiceRequest({ draft: invoiceDraft('1', [line()]), client }, context, settings);
    expect(composed.ok && JSON.parse(composed.value).invoice.transaction_type).toBe(expected);
  });

  it('is of the account’s own kind and category, with its own modes of payment', () => {
    const draft = invoiceDraft('1', [line()], { received: [received(1200n, { method: 'ALMA', mode: 'other' })] });
    const own = { kind: 'invoice_other', categoryId: '9', paymentModes: new Map([['alma', 'Alma 3x']]) } as const;
    expect(bodyOf(draft, own)).toMatchObject({ kind: 'invoice_other', category_id: '9', payment_type: 'Alma 3x' });
  });

  it('leaves out what the order does not tell, so that nothing is emptied at the client', () => {
    const buyer = { ...unknownGuest, phone: ' ', address: { ...person.address, line1: '', line2: '' } };
    const body = bodyOf(invoiceDraft('1', [line()], { buyer }));
    for (const field of ['buyer_email', 'buyer_phone', 'buyer_street', 'buyer_tax_no', 'delivery_address']) {
      expect(body).not.toHaveProperty(field);
    }
    expect(body).toMatchObject({ buyer_last_name: 'Passante Sans Adresse' });
  });

  it('is refused for a client id that would make or choose another client', () => {
    for (const id of ['-1', '0', '', 'x', '1 2']) {
      const composed = invoiceRequest(
        { draft: invoiceDraft('1', [line()]), client: { ...client, id } },
        CONTEXT,
        settings,
      );
      expect(composed).toMatchObject({ ok: false, error: { code: 'client_id_unusable' } });
    }
  });

  it('is refused in a currency of three decimals', () => {
    const composed = invoiceRequest(
      { draft: invoiceDraft('1', [line()], { currency: 'KWD' }), client },
      CONTEXT,
      settings,
    );
    expect(composed).toMatchObject({ ok: false, error: { code: 'not_supported_by_provider', at: 'currency' } });
  });

  it('has its marker and total read back from the frozen text, and from no other text', () => {
    const composed = invoiceRequest({ draft: invoiceDraft('1', [line({ gross: 1234n })]), client }, CONTEXT, settings);
    expect(composed.ok && readInvoiceRequest(composed.value)).toEqual({ oid: 'shop-1-invoice-1', total: 1234n });
    for (const text of ['', '{}', 'null', '{"invoice":{"oid":"a","currency":"EUR","positions":[{}]}}']) {
      expect(readInvoiceRequest(text)).toBeNull();
    }
  });
});

describe('a client for VosFactures', () => {
  it('bears the address for e-invoices of a French company only where it is asked for', () => {
    const peppolOf = (buyer: Buyer, asked: boolean) =>
      clientFields({ buyer, externalId: null, marker: '' }, asked).peppol_id;
    expect(peppolOf(company, true)).toBe('0225:303265045');
    expect([peppolOf(company, false), peppolOf(person, true)]).toEqual([undefined, undefined]);
    expect(peppolOf({ ...company, taxNumber: 'DE136695976' }, true)).toBeUndefined();
  });

  it('says whether it is a company, with the tax number in its bare form', () => {
    expect(clientFields({ buyer: company, externalId: 'shop-18', marker: 'mark' }, false)).toMatchObject({
      name: 'Fonderie Lacaze SARL',
      company: true,
      tax_no: 'FR40303265045',
      external_id: 'shop-18',
      kind: 'buyer',
    });
    expect(clientFields({ buyer: person, externalId: null, marker: 'mark' }, false)).toMatchObject({
      company: false,
      last_name: 'Morel',
    });
  });

  it.each([
    ['303265045', 'SIREN'],
    ['303 265 045 00012', 'SIRET'],
    ['FR40303265045', ''],
    ['40303265045', ''],
    ['123456789', ''],
  ])('with the number %s is told its sort: "%s"', (taxNumber, tax_no_kind) => {
    const buyer = { ...company, taxNumber };
    expect(clientFields({ buyer, externalId: null, marker: '' }, false)).toMatchObject({ tax_no_kind });
  });

  it('bears the marker only when nothing else makes it findable', () => {
    const markOf = (buyer: typeof person, externalId: string | null) =>
      clientFields({ buyer, externalId, marker: 'mark' }, false).note;
    expect(markOf(unknownGuest, null)).toBe('mark');
    expect(markOf(unknownGuest, 'shop-1')).toBeUndefined();
    expect(markOf(person, null)).toBeUndefined();
    expect(markOf({ ...unknownGuest, taxNumber: 'FR40303265045' }, null)).toBeUndefined();
  });
});

describe('a payment for VosFactures', () => {
  const invoice: Issued = {
    providerId: '501',
    number: 'F2026-11-1',
    total: 12_000n,
    currency: 'EUR',
    paid: 4000n,
    clientId: '77',
    marker: 'shop-1-invoice-1',
    kind: 'invoice',
    state: 'final',
    publicUrl: null,
  };

  it('names its invoice, amount, day and mode, and keeps the balance that follows', () => {
    const intent = { draft: paymentDraft('1', received(8000n)), invoice, paidBefore: 4000n };
    const request = paymentRequest(intent, CONTEXT, settings);
    expect(JSON.parse(request)).toEqual({
      body: {
        banking_payment: {
          name: 'Paiement pi_3Qabc – Commande #1',
          price: '80.00',
          currency: 'EUR',
          invoice_id: '501',
          paid: true,
          paid_date: '2026-11-21',
          provider: 'card',
          description: 'Stripe',
          oid: oidOf('shop/1/payment/pi_3Qabc'),
          kind: 'api',
        },
      },
      paid_after: '12000',
    });
    expect(readPaymentRequest(request)).toMatchObject({ paid_after: 12_000n });
    expect(readPaymentRequest('{}')).toBeNull();
  });
});
