import { describe, expect, it } from 'vitest';
import { type DocumentSettings, invoiceRequest, readInvoiceRequest } from '../../mappings/from-document/fastfaktura.ts';
import { addressLines, clientFields, e164 } from '../../mappings/from-document/fastfaktura-client.ts';
import { clientTag, markerLine, tokenIn, tokenOf } from '../../mappings/from-document/fastfaktura-marker.ts';
import { arithmetics, type Reckoned, rulesOf } from '../../mappings/from-document/fastfaktura-rounding.ts';
import { totalOf } from '../../mappings/from-document/net-arithmetic.ts';
import { localeOf, spokenIn } from '../../mappings/tables/fastfaktura.ts';
import type { DocumentStyle } from '../../src/connector.ts';
import type { Address, Buyer } from '../../src/domain/buyer.ts';
import type { Client } from '../../src/domain/client.ts';
import type { InvoiceDraft } from '../../src/domain/document.ts';
import { parseJson } from '../../src/domain/json.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { CONTEXT } from '../conformance/provider-kit.ts';
import { company, invoiceDraft, line, person, received, unknownGuest } from '../conformance/provider-samples.ts';

const settings: DocumentSettings = { taxRounding: 'line', language: 'fr' };
const client: Client = {
  id: '1f0c4a9e-0000-4000-8000-000000000001',
  name: 'Ada Morel',
  kind: null,
  email: null,
  taxNumber: null,
  externalId: null,
  empty: [],
};

const compose = (draft: InvoiceDraft, change: Partial<DocumentSettings> = {}, style: Partial<DocumentStyle> = {}) =>
  invoiceRequest({ draft, client }, { ...CONTEXT, style: { ...CONTEXT.style, ...style } }, { ...settings, ...change });

function textOf(...given: Parameters<typeof compose>): string {
  const composed = compose(...given);
  if (!composed.ok) throw new Error(composed.error.detail);
  return composed.value;
}

type Body = {
  notes: string;
  lines: { description: string; quantity: string; unit_price_cents: string; tax_rate: string }[];
};

/** The body with its numbers as they are written. */
function bodyOf(...given: Parameters<typeof compose>): Body {
  const json = parseJson(Buffer.from(textOf(...given)));
  if (!json.ok) throw new Error(json.error.detail);
  return json.value as Body;
}

const notesOf = (...given: Parameters<typeof compose>): string[] => bodyOf(...given).notes.split('\n');

describe('the token of a document', () => {
  it('is 16 digits of the key’s hash, different for different keys', () => {
    expect(tokenOf('shop/1001/invoice/1')).toMatch(/^[0-9a-f]{16}$/);
    expect(tokenOf('shop/1001/invoice/1')).not.toBe(tokenOf('shop/1001/invoice/2'));
  });

  it('ends the last line of the notes, after the order’s number', () => {
    const draft = invoiceDraft('1001', [line()]);
    expect(notesOf(draft, {}, { notes: 'Merci' }).at(-1)).toBe(`Commande #1001 · ${tokenOf(draft.key)}`);
  });

  it.each([
    ['alone', (token: string) => token],
    ['below other texts', (token: string) => `Merci\nCommande #1 · ${token}`],
    ['above a text that a person has added', (token: string) => `Order #1 · ${token}\nPaid in cash`],
    ['with a character that was lost', (token: string) => `Order #1 ? ${token} \r\n`],
  ])('is read %s', (_name, notes) => {
    expect(tokenIn(notes(tokenOf('k')))).toBe(tokenOf('k'));
  });

  it.each([
    ['no notes', null],
    ['a longer word', `Order #1 · ${tokenOf('k')}1`],
    ['a word that only ends so', `Order #1 · x${tokenOf('k')}`],
    ['the middle of a line', `Order · ${tokenOf('k')} · #1`],
  ])('is not read from %s', (_name, notes) => {
    expect(tokenIn(notes)).toBeNull();
  });

  it('is the marker’s own, whatever a buyer wrote above it', () => {
    const notes = `Delivery: ${tokenOf('other')}\n${markerLine({ order: 'Order' }, `#${tokenOf('third')}`, 'k')}`;
    expect(tokenIn(notes)).toBe(tokenOf('k'));
  });
});

describe('the request for an invoice', () => {
  it('names client, currency and due date, and writes net prices in whole cents', () => {
    const text = textOf(invoiceDraft('1', [line({ gross: 2400n, quantity: '2' })]), {}, { dueDate: '2026-12-21' });
    expect(JSON.parse(text)).toMatchObject({ client_id: client.id, currency: 'EUR', due_date: '2026-12-21' });
    expect(text).toContain('"quantity":2,"unit_price_cents":1000,"tax_rate":20');
  });

  it('writes numbers in the digits of their decimals, whatever a float could hold', () => {
    const long = line({ gross: 120_000_000n, quantity: '123456789012.123456789012', rate: '8.50' });
    const [{ tax_rate, unit_price_cents } = { tax_rate: '', unit_price_cents: '' }] = bodyOf(
      invoiceDraft('1', [long]),
    ).lines;
    expect([tax_rate, unit_price_cents]).toEqual(['8.5', '110599078']);
    const [half] = bodyOf(invoiceDraft('1', [line({ gross: 1200n, quantity: '0.50' })])).lines;
    expect(half).toMatchObject({ quantity: '0.5', unit_price_cents: '2000' });
  });

  it('tells the true quantity in words where no price makes it come out', () => {
    const draft = invoiceDraft('1', [line({ gross: 4000n, quantity: '2', name: 'Vis' })], { rounding: 'hold' });
    const [told] = bodyOf(draft).lines;
    expect(told).toMatchObject({ description: '2 × Vis', quantity: '1', unit_price_cents: '3333' });
  });

  it('tells a discount in words, because it is taken off already', () => {
    const [told] = bodyOf(invoiceDraft('1', [line({ discount: 500n })])).lines;
    expect(told?.description).toBe('Tasse émaillée\nRemise déduite : 5.00 EUR');
  });

  it('writes an untaxed line at 0, and one that shows the rounding where no price makes the total', () => {
    const [untaxed] = bodyOf(invoiceDraft('1', [line({ gross: 999n, rate: null })])).lines;
    expect(untaxed).toMatchObject({ unit_price_cents: '999', tax_rate: '0' });
    const { lines } = bodyOf(invoiceDraft('1', [line({ gross: 999n })]));
    expect(lines[1]).toMatchObject({ description: 'Arrondi', quantity: '1', tax_rate: '0' });
  });

  it('is read back as the client, currency and marker that an answer must repeat', () => {
    const draft = invoiceDraft('1', [line()]);
    const expected = { clientId: client.id, currency: 'EUR', marker: tokenOf(draft.key) };
    expect(readInvoiceRequest(textOf(draft))).toEqual(expected);
    for (const text of ['', 'null', '{}', '{"client_id":"x","currency":"EUR","notes":"mine"}']) {
      expect(readInvoiceRequest(text)).toBeNull();
    }
  });

  it.each(['CHF', 'JPY', 'KWD'])('is refused in %s, which FastFaktura has not', (currency) => {
    const composed = compose(invoiceDraft('1', [line()], { currency }));
    expect(composed).toMatchObject({ ok: false, error: { code: 'not_supported_by_provider', at: 'currency' } });
  });

  it('is refused for a client whose id FastFaktura cannot have given', () => {
    const stranger = { ...client, id: '17' };
    const composed = invoiceRequest({ draft: invoiceDraft('1', [line()]), client: stranger }, CONTEXT, settings);
    expect(composed).toMatchObject({ ok: false, error: { code: 'client_id_unusable' } });
  });
});

describe('where the account rounds tax', () => {
  /** Comes to 29.85 by line, and has no form that does under every rule. */
  const mixed: OrderLine[] = [line({ gross: 2345n }), line({ gross: 490n }), line({ gross: 150n, rate: '10' })];

  const totals = (given: OrderLine[], taxRounding: DocumentSettings['taxRounding']): Set<bigint> => {
    const { lines } = bodyOf(invoiceDraft('1', given), { taxRounding });
    const told = lines.map(({ quantity, unit_price_cents, tax_rate }) => ({
      line: null,
      quantity,
      unitNet: `${unit_price_cents.padStart(3, '0').slice(0, -2)}.${unit_price_cents.padStart(3, '0').slice(-2)}`,
      rate: tax_rate,
    }));
    return new Set(arithmetics(taxRounding).map((arithmetic) => totalOf(told, arithmetic, 'EUR')));
  };

  it('is not known at first: what is sent comes to the total under every rule', () => {
    for (const gross of [999n, 1200n, 2599n, 4999n]) {
      const lines = [line({ gross }), line({ gross: 490n })];
      expect(totals(lines, null)).toEqual(new Set([gross + 490n]));
    }
  });

  it('must be told for an order that has no such form, and the problem says so', () => {
    const composed = compose(invoiceDraft('1', mixed), { taxRounding: null });
    expect(composed).toMatchObject({ ok: false, error: { code: 'no_exact_form' } });
    expect(composed.ok ? '' : composed.error.detail).toContain('tax_rounding');
  });

  it.each(['line', 'rate', 'total'] as const)('by %s makes the same order come out', (taxRounding) => {
    expect(totals(mixed, taxRounding)).toEqual(new Set([2985n]));
  });
});

describe('the invoices of an account', () => {
  const lines = (rate: string, unitPrice: bigint) =>
    Array.from({ length: 3 }, () => ({ quantity: '1', unitPrice, rate }));
  /** Three lines of 0.01 at 20 % and three of 0.02 at 10 %: every rule comes to another total. */
  const telling = (total: bigint): Reckoned => ({
    currency: 'EUR',
    total,
    lines: [...lines('20', 1n), ...lines('10', 2n)],
  });

  it.each([
    [9n, ['line']],
    [10n, ['total']],
    [11n, ['rate']],
    [12n, []],
  ])('tell where it rounds tax: by a total of %s cents, %o', (total, rules) => {
    expect(rulesOf([telling(total)])).toEqual(rules);
  });

  it('tell nothing where every rule comes to the same', () => {
    const plain: Reckoned = { currency: 'EUR', total: 1200n, lines: [{ quantity: '2', unitPrice: 500n, rate: '20' }] };
    expect(rulesOf([plain])).toEqual(['line', 'rate', 'total']);
    expect(rulesOf([])).toEqual(['line', 'rate', 'total']);
    expect(rulesOf([plain, telling(11n)])).toEqual(['rate']);
  });
});

describe('the notes of an invoice', () => {
  it('begin with the user’s own texts, then tell what FastFaktura has no field for', () => {
    const draft = invoiceDraft('1', [line()], { received: [received(1200n)] });
    expect(notesOf(draft, {}, { title: 'Votre achat', notes: 'Merci de votre visite' })).toEqual([
      'Votre achat',
      'Merci de votre visite',
      'Adresse de livraison : Atelier Morel, 8 quai du Port, 69003 Lyon, FR',
      'Payé le 2026-11-21 : 12.00 EUR (Stripe, pi_3Qabc)',
      `Commande #1 · ${tokenOf(draft.key)}`,
    ]);
  });

  it('name no transaction where the shop only claims the payment', () => {
    const draft = invoiceDraft('1', [line()], { received: [received(1200n, { id: 'claim', label: 'Virement' })] });
    expect(notesOf(draft)).toContain('Payé le 2026-11-21 : 12.00 EUR (Virement)');
  });

  it.each([
    ['a VAT number with its SIREN', 'FR 40 303 265 045', ['N° de TVA du client : FR40303265045', 'SIREN : 303265045']],
    ['a SIREN with its VAT number', '303 265 045', ['N° de TVA du client : FR40303265045', 'SIREN : 303265045']],
    ['another country’s VAT number', 'DE136695976', ['N° de TVA du client : DE136695976']],
    ['a number that cannot be checked', 'ab-12', ['N° d’identification du client : AB12']],
  ])('tell %s of a company', (_name, taxNumber, expected) => {
    const draft = invoiceDraft('1', [line()], { buyer: { ...company, taxNumber } });
    expect(notesOf(draft).slice(0, -1)).toEqual(expected);
  });

  it.each([
    ['the style’s language first', { language: 'sv' }, { language: 'fr-FR' }, 'Order #1 ·'],
    ['then the order’s', {}, { language: 'nn-NO' }, 'Ordre #1 ·'],
    ['then the country’s', {}, { language: 'de' }, 'Commande #1 ·'],
  ])('are written in %s', (_name, style, change, expected) => {
    const draft = invoiceDraft('1', [line()], change);
    expect(notesOf(draft, { language: 'en' }, style).at(-1)).toContain(expected);
  });

  it('are written in the setting’s language where nothing else tells one that is printed', () => {
    const abroad = { ...person, address: { ...person.address, country: 'DE' } };
    const draft = invoiceDraft('1', [line()], { language: null, buyer: abroad });
    expect(notesOf(draft, { language: 'nb' }).at(-1)).toContain('Ordre #1 ·');
  });
});

describe('a client', () => {
  const fieldsOf = (buyer: Buyer, externalId: string | null = null) =>
    clientFields({ buyer, externalId, marker: 'mark 1' }, 'en');

  it('has its address as one text and its phone in E.164', () => {
    expect(fieldsOf(person, 'shop-17')).toEqual({
      name: 'Ada Morel',
      email: 'ada@buyer.example',
      phone: '+33400000000',
      address: '3 rue des Tilleuls\nBâtiment B\n69003 Lyon',
      country: 'FR',
      locale: 'fr',
      external_id: 'shop-17',
    });
  });

  it('is tagged with the marker only where neither key would find it again', () => {
    expect(fieldsOf(unknownGuest).tags).toEqual([clientTag('mark 1')]);
    for (const fields of [fieldsOf(person), fieldsOf(unknownGuest, 'shop-17')])
      expect(fields).not.toHaveProperty('tags');
  });

  it.each([
    ['+33 4 00 00 00 00', '+33400000000'],
    ['+44 (0)20-7946.0000', '+442079460000'],
    ['06 12 34 56 78', null],
    ['0033612345678', null],
    ['+33 4 00 poste 12', null],
    ['', null],
  ])('with the phone “%s” has %s', (phone, expected) => {
    expect(e164(phone)).toBe(expected);
  });

  const address: Address = {
    name: '',
    line1: '1 High St',
    line2: '',
    postCode: 'PC1',
    city: 'Town',
    region: '',
    country: '',
  };
  it.each([
    ['FR', '', ['1 High St', 'PC1 Town']],
    ['IT', 'MI', ['1 High St', 'PC1 Town', 'MI']],
    ['GB', '', ['1 High St', 'Town', 'PC1']],
    ['US', 'TX', ['1 High St', 'Town, TX PC1']],
    ['CA', '', ['1 High St', 'Town, PC1']],
  ])('in %s has an address as it is written there', (country, region, expected) => {
    expect(addressLines({ ...address, country, region })).toEqual(expected);
  });

  it('is spoken to in the language of its country where that is printed', () => {
    expect(['FR', 'NO', 'SE', 'GB', 'BE', 'DE', ''].map(spokenIn)).toEqual(['fr', 'nb', 'sv', 'en', null, null, null]);
    expect(['no', 'nn-NO', 'SV_se', 'de', null].map(localeOf)).toEqual(['nb', 'nb', 'sv', null, null]);
  });
});
