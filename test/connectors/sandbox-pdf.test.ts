// What the sandbox prints: the words and figures of the page, and a PDF that holds them whatever an order is called.
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDate, formatMoney, printable } from '../../connectors/sandbox/format.ts';
import { creditNotePage, invoicePage } from '../../connectors/sandbox/page.ts';
import { documentPdf } from '../../connectors/sandbox/pdf.ts';
import {
  CreditNoteRequestSchema,
  creditNoteRequest,
  InvoiceRequestSchema,
  invoiceRequest,
  type PaymentEntry,
  readRequest,
  type Seller,
} from '../../mappings/from-document/sandbox.ts';
import type { CreditNoteDraft, InvoiceDraft, Issued } from '../../src/domain/document.ts';
import { CONTEXT } from '../conformance/provider-kit.ts';
import { amountOnly, company, creditNoteDraft, invoiceDraft, line, received } from '../conformance/provider-samples.ts';

const SELLER: Seller = { name: 'Maison Lumière', address: ['4 quai de la Fosse', '44000 Nantes'], vatNumber: null };
const CLIENT = { id: '1', name: '', kind: null, email: null, taxNumber: null, externalId: null, empty: [] };
const NBSP = '\u00a0';

/** The page of an invoice as it stands after these payments; without any, after those of its creation. */
function pageOf(draft: InvoiceDraft, payments?: PaymentEntry[], seller = SELLER, style = CONTEXT.style) {
  const composed = invoiceRequest({ draft, client: CLIENT }, { ...CONTEXT, style }, seller);
  const request = composed.ok ? readRequest(InvoiceRequestSchema, composed.value) : null;
  if (request === null) throw new Error('the draft makes no invoice');
  return invoicePage({ number: 'SB-2026-0007', request, payments: payments ?? request.payments });
}

/** The page of a credit note on the invoice SB-2026-0007 of these two rates. */
function creditNotePageOf(draft: CreditNoteDraft) {
  const invoice: Issued = {
    ...{ providerId: '7', number: 'SB-2026-0007', total: 32_380n, currency: 'EUR', paid: 0n, clientId: '1' },
    ...{ marker: null, kind: 'invoice', state: 'final', publicUrl: null },
  };
  const composed = creditNoteRequest({ draft, invoice, original: twoRates() }, CONTEXT, SELLER);
  const request = composed.ok ? readRequest(CreditNoteRequestSchema, composed.value) : null;
  if (request === null) throw new Error('the draft makes no credit note');
  return creditNotePage({ number: 'SBA-2026-0001', request });
}

const lamp = line({ name: 'Lampe', sku: 'LMP-2', quantity: '2', gross: 23_700n, discount: 1500n });
const notebook = line({ name: 'Carnet', quantity: '3', gross: 2990n, rate: '5.50' });
const shipping = line({ kind: 'shipping', name: 'Livraison', gross: 690n, rate: '20.0' });
const giftCard = line({ name: 'Carte cadeau', gross: 5000n, rate: null });
const twoRates = (change: Partial<InvoiceDraft> = {}) =>
  invoiceDraft('1042', [lamp, notebook, shipping, giftCard], { buyer: company, ...change });

describe('an invoice page', () => {
  it('shows each line with the price of one before its discount, and the discount beneath', () => {
    const columns = pageOf(twoRates()).rows.map(({ detail, ...row }) => [...Object.values(row), detail]);
    expect(columns).toEqual([
      ['Lampe', '2', `126,00${NBSP}€`, `20${NBSP}%`, `237,00${NBSP}€`, `Réf. LMP-2  ·  Remise : -15,00${NBSP}€`],
      ['Carnet', '3', `9,9667${NBSP}€`, `5,5${NBSP}%`, `29,90${NBSP}€`, ''],
      ['Livraison', '1', `6,90${NBSP}€`, `20${NBSP}%`, `6,90${NBSP}€`, ''],
      ['Carte cadeau', '1', `50,00${NBSP}€`, '–', `50,00${NBSP}€`, ''],
    ]);
  });

  it('adds up net, tax and gross for each rate, the highest first and untaxed lines last', () => {
    const { rates, total, notes } = pageOf(twoRates({ language: 'en' }));
    expect(rates).toEqual([
      { rate: '20%', net: '€203.25', vat: '€40.65', gross: '€243.90' },
      { rate: '5.5%', net: '€28.34', vat: '€1.56', gross: '€29.90' },
      { rate: '–', net: '€50.00', vat: '€0.00', gross: '€50.00' },
    ]);
    expect(total).toEqual({ label: 'Total incl. VAT', value: '€323.80' });
    expect(notes).toEqual(['No VAT was charged on lines without a rate.']);
  });

  it('has no note on untaxed lines where every line has a rate', () => {
    expect(pageOf(invoiceDraft('1', [line({ rate: '0' })])).notes).toEqual([]);
  });

  it('names the buyer with address and VAT number, and where the goods went if that is elsewhere', () => {
    expect(pageOf(twoRates()).parties).toEqual([
      {
        heading: 'Facturé à',
        name: 'Fonderie Lacaze SARL',
        lines: ['3 rue des Tilleuls', '69003 Lyon', 'France', 'N° TVA : FR 40 303 265 045'],
      },
    ]);
    const [, delivery] = pageOf(invoiceDraft('1', [line()])).parties;
    expect(delivery).toMatchObject({ heading: 'Livré à', name: 'Atelier Morel' });
  });

  it('dates the sale by the seller’s clock', () => {
    expect(pageOf(twoRates()).facts.map(({ value }) => value)).toEqual([
      '21 novembre 2026',
      '21 novembre 2026',
      '21 novembre 2026',
      '#1042',
    ]);
  });

  it('tells what was received and how, and what is still due', () => {
    const money = [received(30_000n), received(1000n, { id: 'b', mode: 'transfer', label: '' })];
    const { payments, balance, stamp } = pageOf(twoRates({ received: money, language: 'en' }));
    expect(payments).toEqual([
      { label: 'Received on 21 November 2026', detail: 'Card (Stripe)', value: '€300.00' },
      { label: 'Received on 21 November 2026', detail: 'Bank transfer', value: '€10.00' },
    ]);
    expect(balance).toEqual({ label: 'Balance due', value: '€13.80' });
    expect(stamp).toBeNull();
  });

  it('is stamped as paid once nothing is due, and calls too much by its name', () => {
    expect(pageOf(twoRates({ received: [received(32_380n)] }))).toMatchObject({
      stamp: 'Payée',
      balance: { label: 'Reste à payer', value: `0,00${NBSP}€` },
    });
    expect(pageOf(twoRates({ received: [received(32_381n)] })).balance).toEqual({
      label: 'Trop-perçu',
      value: `0,01${NBSP}€`,
    });
  });

  it.each([
    [null, 'Facture'],
    ['fr', 'Facture'],
    ['fr_FR', 'Facture'],
    ['FR-be', 'Facture'],
    ['en-GB', 'Invoice'],
    ['de', 'Invoice'],
    ['fra', 'Invoice'],
    ['frr', 'Invoice'],
  ])('for an order in %s is titled %s', (language, title) => {
    expect(pageOf(twoRates({ language })).title).toBe(title);
  });

  it('shows no price of one for a quantity of zero', () => {
    expect(pageOf(invoiceDraft('1', [line({ quantity: '0', gross: 0n })])).rows[0]?.unitPrice).toBe('');
  });
});

describe('a page in the user’s own words', () => {
  const style = { ...CONTEXT.style, title: 'Votre achat', notes: 'Merci !\n\nÀ bientôt', dueDate: '2026-12-21' };

  it('has the title, each line of the notes and the due date', () => {
    const page = pageOf(invoiceDraft('1042', [notebook]), undefined, SELLER, style);
    expect(page).toMatchObject({ title: 'Facture', subject: 'Votre achat', notes: ['Merci !', 'À bientôt'] });
    expect(page.facts.map(({ label, value }) => `${label} ${value}`)).toContain('Échéance 21 décembre 2026');
    expect(page.facts.map(({ value }) => value)).toContain('#1042');
  });

  it('is in the language that the user chose, whatever the order’s is', () => {
    const english = pageOf(invoiceDraft('1', [notebook]), undefined, SELLER, { ...style, language: 'en' });
    expect(english.title).toBe('Invoice');
  });
});

describe('a credit note page', () => {
  it('is an “Avoir” that names its invoice and why, and asks for nothing', () => {
    const page = creditNotePageOf(creditNoteDraft('1042', 'r1', [lamp, notebook]));
    expect(page).toMatchObject({ title: 'Avoir', number: 'SBA-2026-0001', balance: null, stamp: null, payments: [] });
    expect(page.facts.map(({ label, value }) => `${label} ${value}`)).toEqual([
      'Date d’émission 21 novembre 2026',
      'Date de vente 21 novembre 2026',
      'Sur facture SB-2026-0007',
      'Commande #1042',
    ]);
    expect(page.total).toEqual({ label: 'Total de l’avoir', value: `266,90${NBSP}€` });
    expect(page.notes).toEqual(['Motif : Article endommagé']);
  });

  it('calls an amount without a name a refund, at its rate', () => {
    const page = creditNotePageOf(creditNoteDraft('1042', 'r1', [amountOnly(791n, '20'), amountOnly(209n, '5.5')]));
    expect(page.rows.map(({ description, rate, total }) => [description, rate, total])).toEqual([
      ['Remboursement', `20${NBSP}%`, `7,91${NBSP}€`],
      ['Remboursement', `5,5${NBSP}%`, `2,09${NBSP}€`],
    ]);
  });

  it('can be printed', async () => {
    const page = creditNotePageOf(creditNoteDraft('1042', 'r1', [lamp]));
    const text = textOf(await documentPdf(page));
    for (const shown of ['Avoir', 'SBA-2026-0001', 'SB-2026-0007', page.total.value]) expect(text).toContain(shown);
  });
});

describe('figures', () => {
  it.each([
    [123_456n, 'EUR', `1${NBSP}234,56${NBSP}€`, '€1,234.56'],
    [-5n, 'EUR', `-0,05${NBSP}€`, '-€0.05'],
    [1_234_567n, 'JPY', `1${NBSP}234${NBSP}567${NBSP}¥`, '¥1,234,567'],
    [1_234_567n, 'KWD', `1${NBSP}234,567${NBSP}KWD`, `KWD${NBSP}1,234.567`],
    [999_999_999_999_999_999n, 'USD', `9 999 999 999 999 999,99 $`.replaceAll(' ', NBSP), '$9,999,999,999,999,999.99'],
  ] as const)('%d minor units of %s are %s in French and %s in English', (amount, currency, french, english) => {
    expect(formatMoney(amount, currency, 'fr')).toBe(french);
    expect(formatMoney(amount, currency, 'en')).toBe(english);
  });

  it('dates are written out', () => {
    expect([formatDate('2026-08-01', 'fr'), formatDate('2026-12-31', 'en')]).toEqual([
      '1 août 2026',
      '31 December 2026',
    ]);
  });
});

describe('printable text', () => {
  it.each([
    ['Œuvre d’été à 5 €', 'Œuvre d’été à 5 €'],
    ['Łódź, Győr, Đà Nẵng, İstanbul', 'Lódz, Gyor, Dà Nang, Istanbul'],
    ['e\u0301te\u0301', 'été'],
    ['ｆｕｌｌ ﬁn', 'full fin'],
    ['山田 Ω 👩‍🚀', '?? ? ??'],
    ['a\nb\tc\u0000d\u200be', 'a b c de'],
    ['\ud800', '?'],
  ])('"%s" is printed as "%s"', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

describe('an invoice PDF', () => {
  it('holds the number, the buyer and every figure of the page', async () => {
    const page = pageOf(twoRates({ received: [received(30_000n)] }));
    const text = textOf(await documentPdf(page));
    for (const shown of [
      ...[page.title, page.number, page.total.value, page.balance?.value ?? '', page.footer, page.stamp ?? ''],
      ...page.parties.flatMap(({ name, lines }) => [name, ...lines]),
      ...page.rows.flatMap((row) => Object.values(row)),
      ...page.rates.flatMap((rate) => Object.values(rate)),
      ...page.payments.flatMap((payment) => Object.values(payment)),
    ]) {
      expect(text).toContain(shown);
    }
  });

  it('is byte for byte the same for the same invoice', async () => {
    const [first, second] = [await documentPdf(pageOf(twoRates())), await documentPdf(pageOf(twoRates()))];
    expect(Buffer.from(first).subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.compare(first, second)).toBe(0);
    expect(Buffer.from(first).toString('latin1')).toContain('(D:20261121000000Z)');
  });

  it.each([
    [1, 1],
    [25, 1],
    [60, 2],
  ])('of %d lines has %d pages', async (count, pages) => {
    const lines = Array.from({ length: count }, (_, index) => line({ name: `Article ${index}` }));
    expect(pagesOf(await documentPdf(pageOf(invoiceDraft('1', lines, { buyer: company }))))).toBe(pages);
  });

  it('lists more payments than a page holds on further pages, each of them', async () => {
    const money = Array.from({ length: 80 }, (_, index) => received(1n, { id: `p${index}`, label: `Part ${index}` }));
    const pdf = await documentPdf(pageOf(twoRates({ received: money })));
    expect(pagesOf(pdf)).toBe(4);
    for (const { label } of money) expect(textOf(pdf)).toContain(`(${label})`);
  });

  it('can be made of any text, however long and in any script', async () => {
    const anyText = (maxLength: number) => fc.string({ unit: 'binary', minLength: 1, maxLength, size: 'max' });
    await fc.assert(
      fc.asyncProperty(anyText(1000), anyText(500), anyText(100), async (name, person, orderNumber) => {
        const address = { ...company.address, name: person, line1: person, line2: person, city: person };
        const buyer = { ...company, name: person, taxNumber: orderNumber.slice(0, 64), address, delivery: address };
        const lines = [line({ name, sku: orderNumber, quantity: '0.000000000001', gross: 10n ** 17n })];
        const seller = { name: person, address: [person], vatNumber: null };
        const pdf = await documentPdf(pageOf(invoiceDraft('1', lines, { buyer, orderNumber }), [], seller));
        expect(Buffer.from(pdf.subarray(-6)).toString()).toBe('%%EOF\n');
      }),
      { numRuns: 40 },
    );
  });
});

const pagesOf = (pdf: Uint8Array): number =>
  Buffer.from(pdf)
    .toString('latin1')
    .match(/\/Type \/Page\n/g)?.length ?? 0;

/** The text of a PDF that uses standard fonts: its content streams show hexadecimal Windows-1252. */
function textOf(pdf: Uint8Array): string {
  const file = Buffer.from(pdf).toString('latin1');
  const streams = [...file.matchAll(/\/FlateDecode\n>>\nstream\n(.*?)\nendstream/gs)].map(([, data = '']) =>
    inflateSync(Buffer.from(data, 'latin1')).toString('latin1'),
  );
  const shown = streams.flatMap((stream) => [...stream.matchAll(/\[(.*)\] TJ/g)].map(([, parts = '']) => parts));
  const bytes = shown.map((parts) => Buffer.from(parts.replace(/<([0-9a-f]*)>|[^<>]+/g, '$1'), 'hex'));
  return bytes.map((line) => new TextDecoder('windows-1252').decode(line)).join('\n');
}
