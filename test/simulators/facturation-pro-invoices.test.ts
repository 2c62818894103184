// The simulated Facturation.pro keeps what its documentation promises: invoices, from the draft to the credit note.
import { afterEach, expect, test } from 'vitest';
import { call, ids, invoice, invoiceId, line, open, simulator } from './facturation-pro-caller.ts';

afterEach(() => simulator.close());

const totals = async (items: object[], change: object = {}) => {
  const { json } = await call('POST', '/invoices.json', invoice({ items, ...change }));
  return { total: json.total, total_with_vat: json.total_with_vat };
};

test('an invoice is created with totals worked out by the server and decimals as text', async () => {
  await open();
  const items = [line, { ...line, title: 'Pose', unit_price: '200' }];
  const { status, json } = await call('POST', '/invoices.json', invoice({ items, pay_before: '60fm', total: '1' }));
  expect(status).toBe(201);
  expect(json).toMatchObject({
    currency: 'EUR',
    draft: false,
    invoice_ref: '202611-1',
    invoiced_on: '2026-11-21',
    language: 'fr',
    paid_on: null,
    payment_mode: 0,
    penalty: '0.0',
    term_on: '2027-01-31',
    total: '700.0',
    total_with_vat: '840.0',
    balance: '840.0',
  });
  expect(json.items).toMatchObject([
    { nature: 9, optional: false, position: 1, quantity: '1.0', total: '500.0', unit_price: '500.0', vat: '0.200' },
    { position: 2, title: 'Pose', total: '200.0' },
  ]);
});

test.each([
  ['no line', { items: [] }, 'items'],
  ['a rate in percent', { items: [{ ...line, vat: '20' }] }, 'items.0.vat'],
  ['a price that is no number', { items: [{ ...line, unit_price: '5 €' }] }, 'items.0.unit_price'],
  ['a date in French', { invoiced_on: '21/11/2026' }, 'invoiced_on'],
  ['a day that does not exist', { invoiced_on: '2026-02-30' }, 'invoiced_on'],
  ['a customer that does not exist', { customer_id: 1 }, 'customer_id'],
  ['a mode of payment that does not exist', { payment_mode: 7, paid_on: '2026-11-21' }, 'payment_mode'],
  ['a total below zero', { items: [{ ...line, unit_price: '-1' }] }, 'total'],
])('an invoice with %s is refused', async (_what, change, field) => {
  await open();
  const { status, json } = await call('POST', '/invoices.json', invoice(change));
  expect([status, Object.keys(json.errors)]).toEqual([422, [field]]);
});

test('unit prices keep three decimals and quantities four; a comma is taken for the point', async () => {
  await open();
  const { json } = await call(
    'POST',
    '/invoices.json',
    invoice({ items: [{ ...line, quantity: '2,00005', unit_price: '8.3254' }] }),
  );
  expect(json.items).toMatchObject([{ quantity: '2.0001', unit_price: '8.325', total: '16.651' }]);
});

test('VAT is rounded on each line or once for each rate, by the switch', async () => {
  const items = [1, 2, 3].map((n) => ({ ...line, title: `Carte ${n}`, unit_price: '0.42' }));
  await open({ rounding: 'rate' });
  expect(await totals(items)).toEqual({ total: '1.26', total_with_vat: '1.51' });
  expect(await totals(items, { rebate_percentage: '50' })).toEqual({ total: '0.63', total_with_vat: '0.76' });
  await simulator.close();
  await open({ rounding: 'line' });
  expect(await totals(items)).toEqual({ total: '1.26', total_with_vat: '1.5' });
});

test('totals before tax keep thousandths or are rounded to cents, by the switch', async () => {
  const items = [{ ...line, unit_price: '8.325' }];
  await open();
  expect(await totals(items)).toEqual({ total: '8.325', total_with_vat: '9.99' });
  await simulator.close();
  await open({ netTotals: 'cents' });
  expect(await totals(items)).toEqual({ total: '8.33', total_with_vat: '10.0' });
});

test('a draft is made by the URL alone, can change and be deleted once; final cannot be taken back', async () => {
  await open();
  expect((await call('POST', '/invoices.json', invoice({ draft: true, type_doc: 'draft' }))).json.draft).toBe(false);
  const deleted = await invoiceId({}, '?type_doc=draft');
  expect(await call('DELETE', `/invoices/${deleted}.json`)).toMatchObject({ status: 200 });
  expect(await call('DELETE', `/invoices/${deleted}.json`)).toMatchObject({ status: 404 });
  const id = await invoiceId({}, '?type_doc=draft');
  const path = `/invoices/${id}.json`;
  expect((await call('GET', path)).json).toMatchObject({ draft: true, invoice_ref: null, public_download_url: null });
  const items = [{ ...line, unit_price: '100' }];
  expect((await call('PATCH', path, { items })).json).toMatchObject({ draft: true, total: '100.0' });
  const final = { status: 200, json: { draft: false, invoice_ref: '202611-2' } };
  expect(await call('PATCH', `${path}?type_doc=final`)).toMatchObject(final);
  expect(await call('PATCH', `${path}?type_doc=final`)).toMatchObject(final);
  expect(await call('PATCH', `${path}?type_doc=draft`)).toMatchObject({ status: 422 });
  expect(await call('PATCH', path, { items })).toMatchObject({
    status: 422,
    json: { errors: { items: expect.anything() } },
  });
  expect(await call('PATCH', path, { information: 'Merci', pay_before: '30' })).toMatchObject({
    json: { total: '100.0' },
  });
  expect(await call('DELETE', path)).toMatchObject({ status: 422 });
});

test('a PATCH is answered with the record or with nothing, a creation whole or as its sample, by the switches', async () => {
  await open({ patched: 'nothing', created: 'sample' });
  const { json } = await call('POST', '/invoices.json', invoice());
  expect(json).toMatchObject({ total: '500.0', items: [{ total: '500.0' }] });
  expect(json).not.toHaveProperty('total_with_vat');
  expect(await call('PATCH', `/invoices/${json.id}.json`, { information: 'Merci' })).toMatchObject({
    status: 200,
    text: '',
  });
  expect((await call('GET', `/invoices/${json.id}.json`)).json).toMatchObject({
    total_with_vat: '600.0',
    information: 'Merci',
  });
});

test('lists hold lines and settlements back unless they are asked for', async () => {
  await open();
  await invoiceId();
  const [bare] = (await call('GET', '/invoices.json')).json;
  expect(bare).toMatchObject({ customer_name: 'Atelier Brun', customer_identity: 'Atelier Brun' });
  expect(bare).not.toHaveProperty('items');
  expect(bare).not.toHaveProperty('settlements');
  const [full] = (await call('GET', '/invoices.json?with_details=1&with_settlements=1')).json;
  expect(full).toMatchObject({ items: [{ title: 'Affiche' }], files: [], settlements: [] });
});

test('api_id is a number, exact up to 2^53, and of api_custom any part is found', async () => {
  await open();
  const exact = await invoiceId({ api_id: '4503599627370495', api_custom: 'shop:17' });
  const stray = simulator.books.addStray({ api_custom: 'shop:171' }, { draft: true }).id;
  const rounded = await invoiceId({ api_id: '9007199254740993' });
  expect((await call('GET', '/invoices.json?api_id=4503599627370495')).json).toMatchObject([
    { id: exact, api_id: 4_503_599_627_370_495 },
  ]);
  expect(await ids('/invoices.json?api_id=9007199254740993')).toEqual([]);
  expect(await ids('/invoices.json?api_id=9007199254740992')).toEqual([rounded]);
  expect(await ids('/invoices.json?api_custom=shop:17')).toEqual([exact, stray]);
  expect(await call('POST', '/invoices.json', invoice({ api_id: '9223372036854775808' }))).toMatchObject({
    status: 422,
  });
});

test('a period is one of payment unless it is asked for as billed', async () => {
  await open();
  const unpaid = await invoiceId({ invoiced_on: '2026-10-05' });
  const paid = await invoiceId({ invoiced_on: '2026-09-05', paid_on: '2026-10-20', payment_mode: 2 });
  expect(await ids('/invoices.json?period_start=2026-10&period_end=2026-10')).toEqual([paid]);
  expect(await ids('/invoices.json?period_start=2026-10-05&period_type=billed')).toEqual([unpaid]);
});

test('bill_type tells drafts, paid, unpaid and refunded apart; drafts stand in the whole list or apart', async () => {
  await open();
  const draft = await invoiceId({}, '?type_doc=draft');
  const unpaid = await invoiceId();
  const paid = await invoiceId({ paid_on: '2026-11-21', payment_mode: 2 });
  expect(await ids('/invoices.json')).toEqual([paid, unpaid, draft]);
  expect(await ids('/invoices.json?bill_type=draft')).toEqual([draft]);
  expect(await ids('/invoices.json?bill_type=unpaid')).toEqual([unpaid]);
  expect(await ids('/invoices.json?bill_type=paid')).toEqual([paid]);
  expect(await ids('/invoices.json?bill_type=refund')).toEqual([]);
  await simulator.close();
  await open({ drafts: 'apart' });
  const apart = await invoiceId({}, '?type_doc=draft');
  expect(await ids('/invoices.json')).toEqual([]);
  expect(await ids('/invoices.json?bill_type=draft')).toEqual([apart]);
});

test('paid_on and payment_mode mark an invoice as paid, and neither stands without the other', async () => {
  await open();
  const path = `/invoices/${await invoiceId()}.json`;
  expect(await call('PATCH', path, { paid_on: '2026-11-20' })).toMatchObject({ status: 422 });
  expect(await call('PATCH', path, { payment_mode: 2 })).toMatchObject({ status: 422 });
  expect(
    (await call('PATCH', path, { paid_on: '2026-11-20', payment_mode: 1, payment_ref: 'XYZ' })).json,
  ).toMatchObject({
    paid_on: '2026-11-20',
    payment_mode: 1,
    balance: '0.0',
    paid_in_main_currency: '600.0',
  });
  expect(simulator.payments()).toMatchObject([{ total: '600.0', payment_mode: 1, paid_on: '2026-11-20' }]);
});

test('the settlement that makes up the balance pays the invoice on its date and in its mode', async () => {
  await open();
  const id = await invoiceId();
  const path = `/invoices/${id}/settlements.json`;
  const settlement = { invoice_id: id, total: '100.0', payment_mode: 1, paid_on: '2026-11-15', payment_ref: 'XYZ' };
  const first = await call('POST', path, settlement);
  expect(first).toMatchObject({ status: 201, json: { ...settlement, id: expect.any(Number) } });
  expect((await call('GET', `/invoices/${id}.json`)).json).toMatchObject({ paid_on: null, balance: '500.0' });
  const last = { ...settlement, total: '500', payment_mode: 3, paid_on: '2026-11-18' };
  expect(await call('POST', path, { ...last, total: '500.01' })).toMatchObject({ status: 422 });
  expect(await call('POST', path, last)).toMatchObject({ status: 201 });
  expect((await call('GET', `/invoices/${id}.json`)).json).toMatchObject({
    paid_on: '2026-11-18',
    payment_mode: 3,
    balance: '0.0',
    settlements: [{ total: '100.0' }, { total: '500.0' }],
  });
  expect(await call('DELETE', `/invoices/${id}/settlements/${first.json.id}.json`)).toMatchObject({ status: 200 });
  expect((await call('GET', `/invoices/${id}.json`)).json).toMatchObject({
    paid_on: null,
    payment_mode: 0,
    balance: '100.0',
  });
});

test('a credit note takes the whole invoice back, is paid at once, and is made once', async () => {
  await open();
  const id = await invoiceId({ title: 'Facturation mensuelle', invoiced_on: '2026-10-01' });
  const refund = await call('POST', `/invoices/${id}/refund.json?api_id=32&api_custom=suite+plainte`);
  expect(refund).toMatchObject({
    status: 201,
    json: {
      api_custom: 'suite plainte',
      api_id: 32,
      draft: false,
      invoice_ref: '202611-1',
      invoiced_on: '2026-11-21',
      paid_on: '2026-11-21',
      payment_mode: 99,
      title: 'Facturation mensuelle',
      total: '-500.0',
      paid_in_main_currency: '-600.0',
    },
  });
  expect(refund.json).not.toHaveProperty('items');
  expect((await call('GET', `/invoices/${refund.json.id}.json`)).json).toMatchObject({
    refund_id: id,
    total_with_vat: '-600.0',
  });
  expect(await ids('/invoices.json?bill_type=refund')).toEqual([refund.json.id]);
  expect(await call('POST', `/invoices/${id}/refund.json`)).toMatchObject({ status: 422 });
  expect(await call('POST', `/invoices/${refund.json.id}/refund.json`)).toMatchObject({ status: 422 });
  expect(simulator.payments()).toEqual([]);
});

test("an e-mail goes out through the firm's own SMTP server alone, and only for a final invoice", async () => {
  await open({ smtp: true });
  const { id } = simulator.books.customers.create({ last_name: 'Morel', email: 'ada@morel.example' });
  const final = await invoiceId({ customer_id: id });
  const draft = await invoiceId({ customer_id: id }, '?type_doc=draft');
  expect(await call('POST', `/emails.json?bill_id=${final}`, { subject: 'Votre facture' })).toMatchObject({
    status: 201,
  });
  expect(simulator.sent()).toMatchObject([{ bill_id: final, to: 'ada@morel.example', subject: 'Votre facture' }]);
  expect(await call('POST', `/emails.json?bill_id=${draft}`, {})).toMatchObject({ status: 422 });
  await simulator.close();
  await open();
  const { id: unsent } = simulator.books.addStray({});
  expect(await call('POST', `/emails.json?bill_id=${unsent}`, { to: 'a@b.example' })).toMatchObject({ status: 422 });
});

test('the PDF of a paid invoice is receipted unless the original is asked for, and has a public link', async () => {
  await open({ prefix: 'F' });
  const id = await invoiceId({ paid_on: '2026-11-21', payment_mode: 2 });
  expect((await call('GET', `/invoices/${id}.pdf`)).text).toMatch(/^%PDF-1\.4\n% F202611-1 acquittee/);
  expect((await call('GET', `/invoices/${id}.pdf?original=1`)).text).toMatch(/^%PDF-1\.4\n% F202611-1 originale/);
  const link = await fetch((await call('GET', `/invoices/${id}.json`)).json.public_download_url);
  expect(link.headers.get('content-type')).toBe('application/pdf');
});

test('an invoice can be paid after its customer was archived, and beyond its balance if the switch says so', async () => {
  await open({ overpayment: 'take' });
  const { id, customer_id } = simulator.books.addStray({});
  simulator.books.customers.archive(customer_id);
  const settlement = { total: '15', payment_mode: 2, paid_on: '2026-11-21' };
  expect(await call('POST', `/invoices/${id}/settlements.json`, settlement)).toMatchObject({ status: 201 });
  const paid = { paid_on: '2026-11-21', balance: '-3.0', information: 'Merci' };
  expect((await call('PATCH', `/invoices/${id}.json`, { information: 'Merci' })).json).toMatchObject(paid);
});

test('a line below zero is taken as a discount, or refused, by the switch', async () => {
  const items = [line, { ...line, title: 'Remise', unit_price: '-50' }];
  await open();
  expect(await totals(items)).toEqual({ total: '450.0', total_with_vat: '540.0' });
  await simulator.close();
  await open({ negativeLines: 'refuse' });
  expect(await call('POST', '/invoices.json', invoice({ items }))).toMatchObject({ status: 422 });
});
