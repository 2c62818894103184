// The simulated FastFaktura keeps what the documentation promises, in whichever way it leaves a thing open.
import { afterEach, expect, test } from 'vitest';
import { type FastFakturaOptions, type FastFakturaSimulator, startFastFaktura } from './fastfaktura.ts';

let simulator: FastFakturaSimulator;
let clock = new Date('2026-11-21T10:00:00.000Z');

afterEach(() => simulator.close());

async function open(options: Partial<FastFakturaOptions> = {}): Promise<void> {
  clock = new Date('2026-11-21T10:00:00.000Z');
  simulator = await startFastFaktura({ now: () => clock, ...options });
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${simulator.baseUrl}${path}`, {
    method,
    headers: { 'x-api-key': simulator.apiKey, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') && text !== '';
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : null };
}

const consulting = { description: 'Conseil', quantity: 1, unit_price_cents: 50_000, tax_rate: 20 };
const addClient = (given: object = {}): string => simulator.books.createClient({ name: 'Ada Morel', ...given }).id;
const invoice = (change: object = {}): object => ({
  client_id: addClient(),
  currency: 'EUR',
  lines: [consulting],
  ...change,
});
const invoiceId = async (change: object = {}): Promise<string> =>
  (await call('POST', '/invoices', invoice(change))).json.id;

test('"either in the X-Api-Key header or as a Bearer token": any other key is refused', async () => {
  await open();
  const bearer = (key: string) => ({ 'x-api-key': '', authorization: `Bearer ${key}` });
  expect(await call('GET', '/clients')).toMatchObject({ status: 200 });
  expect(await call('GET', '/clients', undefined, bearer(simulator.apiKey))).toMatchObject({ status: 200 });
  expect(await call('GET', '/clients', undefined, bearer('ffk_other'))).toMatchObject({ status: 401 });
  expect(await call('GET', '/clients', undefined, { 'x-api-key': 'ffk_other' })).toMatchObject({ status: 401 });
});

test('an invoice has the fields of its table, its totals in whole cents, and is a draft', async () => {
  await open();
  const created = await call('POST', '/invoices', invoice({ due_date: '2026-12-05', notes: 'Commande 17' }));
  expect(created.status).toBe(201);
  expect(created.json).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    number: '2026-0001',
    client_id: simulator.clients()[0]?.id,
    currency: 'EUR',
    subtotal_cents: 50_000,
    tax_cents: 10_000,
    total_cents: 60_000,
    status: 'draft',
    due_date: '2026-12-05',
    public_url: expect.stringContaining(simulator.url),
  });
});

test.each([
  ['cents with a decimal', { lines: [{ ...consulting, unit_price_cents: 499.5 }] }],
  ['cents as text', { lines: [{ ...consulting, unit_price_cents: '50000' }] }],
  ['a rate as text', { lines: [{ ...consulting, tax_rate: '20' }] }],
  ['a quantity as text', { lines: [{ ...consulting, quantity: '1' }] }],
  ['a line without a description', { lines: [{ ...consulting, description: undefined }] }],
  ['no line', { lines: [] }],
  ['a currency that is not listed', { currency: 'CHF' }],
  ['a currency in small letters', { currency: 'eur' }],
  ['a due date in another form', { due_date: '05/12/2026' }],
  ['no client', { client_id: undefined }],
  ['a total below zero', { lines: [{ ...consulting, quantity: -1 }] }],
])('an invoice with %s is refused and not made', async (_name, change) => {
  await open();
  expect(await call('POST', '/invoices', invoice(change))).toMatchObject({ status: 422 });
  expect(simulator.documents()).toEqual([]);
});

test('cents that are written 50000.0 are no integer', async () => {
  await open();
  const body = JSON.stringify(invoice()).replace('50000', '50000.0');
  expect(await call('POST', '/invoices', body)).toMatchObject({ status: 422 });
});

test.each([
  ['net', 'line', 28, 168],
  ['net', 'rate', 26, 166],
  ['net', 'total', 27, 167],
  ['gross', 'line', 24, 140],
  ['gross', 'rate', 22, 140],
  ['gross', 'total', 23, 140],
] as const)(
  'tax on %s prices that is rounded by %s comes to %i cents',
  async (prices, rounding, tax_cents, total_cents) => {
    await open({ prices, rounding });
    const line = (unit_price_cents: number, tax_rate: number) => ({ ...consulting, unit_price_cents, tax_rate });
    const lines = [line(33, 20), line(33, 20), line(33, 20), line(33, 20), line(4, 10), line(4, 5)];
    const created = await call('POST', '/invoices', invoice({ lines }));
    expect(created.json).toMatchObject({ tax_cents, total_cents, subtotal_cents: total_cents - tax_cents });
  },
);

test('the detail has lines and events; a list has neither', async () => {
  await open();
  const id = await invoiceId({ notes: 'Commande 17' });
  const { json } = await call('GET', `/invoices/${id}`);
  expect(json).toMatchObject({ id, lines: [consulting], events: [{ type: 'draft' }], notes: 'Commande 17' });
  const list = await call('GET', '/invoices');
  expect(list.json.data).toEqual([expect.not.objectContaining({ lines: expect.anything() })]);
  expect(list.json.data).toEqual([expect.not.objectContaining({ notes: expect.anything() })]);
});

test.each([
  [{ list: 'array' }, [{ status: 'draft' }]],
  [{ list: 'data' }, { data: [{ status: 'draft' }], page: 1, total: 1 }],
  [{ list: 'named' }, { invoices: [{ status: 'draft' }], page: 1, total: 1 }],
  [{ list: 'array', notesInList: true }, [{ notes: 'Commande 17' }]],
] as const)('a list comes as %o says', async (options, shown) => {
  await open(options);
  await invoiceId({ notes: 'Commande 17' });
  expect((await call('GET', '/invoices')).json).toMatchObject(shown);
});

test.each([
  ['newest_first', [5, 4], [3, 2], [1]],
  ['oldest_first', [1, 2], [3, 4], [5]],
] as const)('`page` walks over all rows, %s', async (order, ...pages) => {
  await open({ order, pageSize: 2, list: 'array' });
  for (let n = 1; n <= 5; n++) addClient({ external_id: String(n) });
  const page = async (n: number) =>
    (await call('GET', `/clients?page=${n}`)).json.map((row: { external_id: string }) => Number(row.external_id));
  expect([await page(1), await page(2), await page(3), await page(4)]).toEqual([...pages, []]);
});

test('`q` looks in name, e-mail and phone, not in the external id', async () => {
  await open({ list: 'array' });
  addClient({ name: 'Ada Morel', email: 'ada@buyer.example', phone: '+33612345678', external_id: 'shop-17' });
  const found = async (q: string) => (await call('GET', `/clients?q=${encodeURIComponent(q)}`)).json.length;
  expect([await found('morel'), await found('ADA@'), await found('+336'), await found('shop-17')]).toEqual([
    1, 1, 1, 0,
  ]);
  simulator.ignoreFilters(true);
  expect(await found('shop-17')).toBe(1);
});

test('deleting a client archives it: out of the list, still there by its id, unusable for an invoice', async () => {
  await open();
  const id = addClient({ address: '1 rue du Port, 44000 Nantes', external_id: 'shop-17' });
  const archived = { id, archived_at: '2026-11-21T10:00:00.000Z', external_id: 'shop-17' };
  expect(await call('DELETE', `/clients/${id}`)).toMatchObject({ status: 200, json: archived });
  expect((await call('GET', '/clients')).json.data).toEqual([]);
  expect((await call('GET', `/clients/${id}`)).json).toMatchObject(archived);
  expect(await call('POST', '/invoices', invoice({ client_id: id }))).toMatchObject({ status: 404 });
});

test('an invoice for a client that is not there may be told as a wrong body, an archived one be taken', async () => {
  await open({ unknownClient: 422, archivedClient: 'taken' });
  const nobody = invoice({ client_id: '00000000-0000-4000-8000-999999999999' });
  expect(await call('POST', '/invoices', nobody)).toMatchObject({ status: 422 });
  const { id } = simulator.books.archiveClient(addClient());
  expect(await call('POST', '/invoices', invoice({ client_id: id }))).toMatchObject({ status: 201 });
});

test.each([
  ['an address in parts', { address: { city: 'Nantes' } }],
  ['a phone that is not E.164', { phone: '06 12 34 56 78' }],
  ['a locale that is not listed', { locale: 'de' }],
  ['no name', { name: undefined }],
])('a client with %s is refused', async (_name, change) => {
  await open();
  expect(await call('POST', '/clients', { name: 'Ada Morel', ...change })).toMatchObject({ status: 422 });
});

test.each([
  ['merge', 'ada@buyer.example'],
  ['replace', null],
] as const)('a PUT that does not name the e-mail leaves it as %s says', async (put, email) => {
  await open({ put });
  const id = addClient({ email: 'ada@buyer.example' });
  const answer = await call('PUT', `/clients/${id}`, { name: 'Ada Lenoir' });
  expect(answer).toMatchObject({ status: 200, json: { name: 'Ada Lenoir', email } });
});

test.each(['link', 'lien'] as const)(
  'sending by %s makes a draft final, reaches nobody and may be repeated',
  async (linkChannel) => {
    await open({ linkChannel, numberedAt: 'sending' });
    const id = await invoiceId();
    const other = linkChannel === 'link' ? 'lien' : 'link';
    expect(await call('POST', `/invoices/${id}/send`, { channels: [other] })).toMatchObject({ status: 422 });
    expect(simulator.documents()).toMatchObject([{ status: 'draft', number: '' }]);
    for (const status of ['sent', 'sent']) {
      const answer = await call('POST', `/invoices/${id}/send`, { channels: [linkChannel] });
      expect(answer).toMatchObject({ status: 200, json: { status, number: '2026-0001' } });
    }
    expect(simulator.sent()).toMatchObject([
      { channel: linkChannel, to: null },
      { channel: linkChannel, to: null },
    ]);
    const events = await call('GET', `/invoices/${id}/events`);
    expect(events.json.data).toMatchObject([{ type: 'draft' }, { type: 'sent' }, { type: 'sent' }]);
  },
);

test('where a link is no sending, only a message makes a draft final', async () => {
  await open({ linkFinalises: false, sendAnswer: 'ok' });
  const id = await invoiceId({ client_id: addClient({ phone: '+33612345678' }) });
  expect(await call('POST', `/invoices/${id}/send`, { channels: ['link'] })).toMatchObject({ json: { ok: true } });
  expect(simulator.documents()).toMatchObject([{ status: 'draft' }]);
  await call('POST', `/invoices/${id}/send`, { channels: ['link', 'sms'] });
  expect(simulator.documents()).toMatchObject([{ status: 'sent' }]);
});

test('"sandbox accounts simulate real sending", and a client without an address cannot be reached', async () => {
  await open();
  const id = await invoiceId({ client_id: addClient({ email: 'ada@buyer.example' }) });
  const send = (channels: string[]) => call('POST', `/invoices/${id}/send`, { channels });
  expect(await send(['email', 'sms'])).toMatchObject({ status: 422 });
  expect(simulator.sent()).toEqual([]);
  expect(await send(['email'])).toMatchObject({ status: 200 });
  expect(simulator.sent()).toMatchObject([{ channel: 'email', to: 'ada@buyer.example', simulated: true }]);
});

test('no call changes, deletes, pays or credits an invoice', async () => {
  await open();
  const id = await invoiceId();
  const answers = await Promise.all([
    call('PUT', `/invoices/${id}`, { notes: 'x' }),
    call('DELETE', `/invoices/${id}`),
    call('POST', `/invoices/${id}/payments`, { amount_cents: 1 }),
    call('POST', `/invoices/${id}/credit-notes`, {}),
    call('GET', '/payments'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  expect(simulator.documents()).toMatchObject([{ id, status: 'draft', notes: null }]);
});

test('the PDF of an invoice is one, and an unknown invoice has none', async () => {
  await open();
  const id = await invoiceId();
  expect((await call('GET', `/invoices/${id}/pdf`)).text).toMatch(/^%PDF-/);
  expect(await call('GET', '/invoices/00000000-0000-4000-8000-999999999999/pdf')).toMatchObject({ status: 404 });
});

test.each([
  ['object', { error: { code: 'not_found', message: 'id: Introuvable' } }],
  ['text', { error: 'id: Introuvable' }],
  ['fields', { message: 'id: Introuvable', errors: { id: ['Introuvable'] } }],
  ['empty', null],
] as const)('an error may have the form "%s"', async (errors, json) => {
  await open({ errors });
  expect(await call('GET', '/clients/nobody')).toMatchObject({ status: 404, json });
});

test('what is made while the lists lag is in none of them', async () => {
  await open({ list: 'array' });
  await invoiceId();
  simulator.lag(true);
  const id = await invoiceId();
  expect((await call('GET', '/invoices')).json).toHaveLength(1);
  expect(await call('GET', `/invoices/${id}`)).toMatchObject({ status: 200 });
  simulator.lag(false);
  expect((await call('GET', '/invoices')).json).toHaveLength(2);
});

test('past a limit requests are turned away until the window has slid on', async () => {
  await open({ limit: { requests: 2, perMs: 60_000 } });
  const statuses = [await call('GET', '/clients'), await call('GET', '/clients')].map(({ status }) => status);
  clock = new Date(clock.getTime() + 15_000);
  const refused = await call('GET', '/clients');
  expect([...statuses, refused.status, refused.headers.get('retry-after')]).toEqual([200, 200, 429, '45']);
  clock = new Date(clock.getTime() + 45_000);
  expect(await call('GET', '/clients')).toMatchObject({ status: 200 });
  expect(simulator.throttled()).toBe(1);
});
