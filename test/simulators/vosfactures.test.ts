// The simulated VosFactures keeps what the documentation promises, and what its public clients have met.
import { afterEach, expect, test } from 'vitest';
import { startVosFactures, type VosFacturesOptions, type VosFacturesSimulator } from './vosfactures.ts';

let simulator: VosFacturesSimulator;
let clock = new Date('2026-11-21T10:00:00.000Z');

afterEach(() => simulator.close());

async function open(options: Partial<VosFacturesOptions> = {}): Promise<void> {
  clock = new Date('2026-11-21T10:00:00.000Z');
  simulator = await startVosFactures({ now: () => clock, ...options });
}

async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${simulator.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${simulator.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : null };
}

const KEEP_GROSS = { position: 'keep_gross', sum: 'keep_gross', invoice_form_price_kind: 'gross' };
const mug = { name: 'Tasse', quantity: 2, tax: 20, total_price_gross: '20,00' };
const issue = (change: object = {}) =>
  call('POST', '/invoices.json', {
    invoice: { buyer_name: 'Atelier Morel', calculating_strategy: KEEP_GROSS, positions: [mug], ...change },
  });
const issued = async (change: object = {}): Promise<number> => (await issue(change)).json.id;
const advanceDays = (days: number): void => {
  clock = new Date(clock.getTime() + days * 86_400_000);
};

const oneMugBack = {
  name: 'Tasse',
  quantity: -1,
  tax: 20,
  total_price_gross: '-10.00',
  kind: 'correction',
  correction_before_attributes: {
    name: 'Tasse',
    quantity: 2,
    tax: 20,
    total_price_gross: '20',
    kind: 'correction_before',
  },
  correction_after_attributes: {
    name: 'Tasse',
    quantity: 1,
    tax: 20,
    total_price_gross: '10',
    kind: 'correction_after',
  },
};

test('numbers come back as text, and neither a creation nor a list shows positions', async () => {
  await open();
  const created = await issue();
  expect(created).toMatchObject({
    status: 201,
    json: { price_net: '16.67', price_tax: '3.33', price_gross: '20.0', paid: '0.0', status: 'issued', kind: 'vat' },
  });
  const list = (query: string) => call('GET', `/invoices.json${query}`).then(({ json }) => json);
  expect([created.json, ...(await list(''))].filter((row) => 'positions' in row)).toEqual([]);
  const shown = { positions: [{ quantity: '2.0', tax: '20', total_price_gross: '20.0' }] };
  expect(await list('?include_positions=true')).toMatchObject([shown]);
  expect((await call('GET', `/invoices/${created.json.id}.json`)).json).toMatchObject(shown);
});

test.each([
  ['1', { price_gross: '-20.0', price_net: '-16.67' }, { quantity: '-2.0', total_price_gross: '-20.0' }],
  ['0', { price_gross: '0.0', price_net: '0.0' }, { quantity: '0.0', total_price_gross: '0.0' }],
])(
  'a copy of kind correction with total_correction "%s" takes back all or nothing',
  async (total_correction, totals, line) => {
    await open();
    const invoice = await issued({ oid: 'shop-17', issue_date: '2026-11-02' });
    const answer = await issue({
      copy_invoice_from: invoice,
      kind: 'correction',
      total_correction,
      correction_reason: 'commande annulée',
      positions: undefined,
    });
    expect(answer).toMatchObject({
      status: 201,
      // Everything is copied, the date and the order number too.
      json: {
        ...totals,
        kind: 'correction',
        number: 'FA2026-11-1',
        invoice_id: invoice,
        oid: 'shop-17',
        issue_date: '2026-11-02',
      },
    });
    const { positions } = (await call('GET', `/invoices/${answer.json.id}.json`)).json;
    expect(positions).toMatchObject([
      { ...line, kind: 'correction', correction_before_attributes: { quantity: '2.0', total_price_gross: '20.0' } },
    ]);
  },
);

test.each([
  ['any_field', 'shop-17-credit-1'],
  ['documented_fields', 'shop-17'],
] as const)('where a copy takes %s, its oid is %s', async (copyTakes, oid) => {
  await open({ copyTakes });
  const copy_invoice_from = await issued({ oid: 'shop-17' });
  const answer = await issue({
    copy_invoice_from,
    kind: 'correction',
    total_correction: '1',
    oid: 'shop-17-credit-1',
    positions: undefined,
  });
  expect(answer.json).toMatchObject({ oid, kind: 'correction' });
});

test('a partial credit note is the difference between before and after, and linked by invoice_id', async () => {
  await open();
  const invoice = await issued({ oid: 'shop-17' });
  const correction = {
    kind: 'correction',
    invoice_id: invoice,
    from_invoice_id: invoice,
    oid: 'shop-17-credit-1',
    oid_unique: 'yes',
  };
  const answer = await issue({ ...correction, positions: [oneMugBack] });
  expect(answer.json).toMatchObject({ price_gross: '-10.0', invoice_id: invoice, from_invoice_id: invoice });
  for (const filter of ['invoice_id', 'from_invoice_id']) {
    expect((await call('GET', `/invoices.json?${filter}=${invoice}`)).json).toMatchObject([{ id: answer.json.id }]);
  }
  expect((await call('GET', '/invoices.json?kind=correction')).json).toHaveLength(1);
  expect(await issue({ ...correction, positions: [oneMugBack] })).toMatchObject({
    status: 422,
    json: { message: { oid: [expect.any(String)] } },
  });
});

test.each([
  ['without what was before', { correction_before_attributes: undefined }, 'correction'],
  ['that is not the difference', { total_price_gross: '-9.00' }, 'correction'],
  ['on an invoice', {}, 'vat'],
])('a position of kind correction %s is refused', async (_name, change, kind) => {
  await open();
  expect(await issue({ kind, positions: [{ ...oneMugBack, ...change }] })).toMatchObject({ status: 422 });
  expect(simulator.documents()).toEqual([]);
});

test('the contents before and after a correction are shown to who asks for them', async () => {
  await open();
  const id = await issued({ kind: 'correction', corrected_content_before: 'Nantes', corrected_content_after: 'Brest' });
  const both = 'additional_fields[invoice]=corrected_content_before,corrected_content_after';
  expect((await call('GET', `/invoices/${id}.json?${both}`)).json).toMatchObject({ corrected_content_after: 'Brest' });
  expect((await call('GET', `/invoices/${id}.json`)).text).not.toContain('corrected_content');
});

test('"the system does not allow the repeated sending of a document within 3 days, unless force" is told with 200', async () => {
  await open();
  const id = await issued({ buyer_email: 'ada@buyer.example' });
  const send = (query = '') =>
    call('POST', `/invoices/${id}/send_by_email.json${query}`).then(({ status, json }) => [status, json.status]);
  expect([await send(), await send(), await send('?force=true')]).toEqual([
    [200, 'ok'],
    [200, 'error'],
    [200, 'ok'],
  ]);
  advanceDays(3);
  expect(await send('?email_pdf=true&email_cc=compta@buyer.example')).toEqual([200, 'ok']);
  expect(simulator.sent().at(-1)).toMatchObject({ to: ['ada@buyer.example'], cc: ['compta@buyer.example'], pdf: true });
  expect(simulator.documents()).toMatchObject([
    { status: 'sent', email_status: 'sent', sent_time: clock.toISOString() },
  ]);
});

test.each([
  ['has none', null, '', 'error', []],
  [
    'has none but the request',
    null,
    '?email_to=a@buyer.example,b@buyer.example',
    'ok',
    ['a@buyer.example', 'b@buyer.example'],
  ],
  ['has another', 'ada@buyer.example', '?email_to=b@buyer.example', 'ok', ['ada@buyer.example']],
  [
    'is given another',
    'ada@buyer.example',
    '?email_to=b@buyer.example&update_buyer_email=yes',
    'ok',
    ['b@buyer.example'],
  ],
  ['is given six', null, `?email_to=${'a@buyer.example,'.repeat(6)}`, 'error', []],
])('a buyer who %s is written to accordingly', async (_name, buyer_email, query, status, to) => {
  await open();
  const id = await issued({ buyer_email });
  const answer = await call('POST', `/invoices/${id}/send_by_email.json${query}`);
  expect(answer).toMatchObject({ status: 200, json: { status, message: expect.any(String) } });
  expect(simulator.sent().flatMap((mail) => mail.to)).toEqual(to);
});

test.each([
  [{ payment_to_kind: 30 }, '2026-12-02'],
  [{ payment_to_kind: 'other_date', payment_to: '2026-12-24' }, '2026-12-24'],
  [{ payment_to: '2026-12-24' }, '2026-12-24'],
  [{ payment_to_kind: 'off', payment_to: '2026-12-24' }, null],
  [{}, '2026-11-07'],
])('a document with the term %o is due on %s', async (term, payment_to) => {
  await open();
  expect((await issue({ ...term, issue_date: '2026-11-02' })).json).toMatchObject({ payment_to });
});

test('a category is taken for an id, then for a name, then made', async () => {
  await open();
  const category = async (category_id: string) => (await issue({ category_id })).json.category_id;
  const made = await category('Boutique');
  expect([await category('Boutique'), await category(String(made))]).toEqual([made, made]);
  expect((await call('GET', '/categories.json')).json).toEqual([{ id: made, name: 'Boutique' }]);
});

test('a title counts only among the additional fields', async () => {
  await open();
  const titles = [await issue({ title: 'Commande 17' }), await issue({ additional_fields: { title: 'Commande 17' } })];
  expect(titles.map(({ json }) => json.title)).toEqual([null, 'Commande 17']);
});

test('a kind of tax number has to be listed in the settings', async () => {
  await open();
  const client = (tax_no_kind: string) =>
    call('POST', '/clients.json', { client: { name: 'Atelier Morel', tax_no: '403265045', tax_no_kind } });
  expect([await client('SIREN'), await client('Steuernummer')]).toMatchObject([{ status: 201 }, { status: 422 }]);
  expect(await issue({ buyer_tax_no_kind: 'Steuernummer' })).toMatchObject({ status: 422 });
});

test.each([
  [true, 2],
  [false, 1],
])('with partial searches being %s, an oid is found %i times', async (partialSearch, times) => {
  await open({ partialSearch });
  await issued({ oid: 'shop-17' });
  await issued({ oid: 'shop-170' });
  expect((await call('GET', '/invoices.json?oid=shop-17')).json).toHaveLength(times);
});

test('the same oid may stand on another kind of document, where uniqueness is by kind', async () => {
  await open({ oidScope: 'kind' });
  const unique = { oid: 'shop-17', oid_unique: 'yes' };
  const statuses = [await issue(unique), await issue({ ...unique, kind: 'proforma' }), await issue(unique)];
  expect(statuses.map(({ status }) => status)).toEqual([201, 201, 422]);
});

test('the account, its departments and a client are shown by their own calls, never the token', async () => {
  await open();
  const { id } = simulator.books.createClient({ name: 'Atelier Morel' });
  const answers = await Promise.all([
    call('GET', '/account.json'),
    call('GET', '/departments.json'),
    call('GET', '/departments/2.json'),
    call('GET', `/clients/${id}.json`),
    call('GET', '/clients/9.json'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404]);
  expect(answers[2]?.json).toMatchObject({ name: 'Atelier Test Export', main: false });
  expect(answers.map(({ text }) => text).join()).not.toContain(simulator.token);
});

test('the link for the buyer needs no credential but the document’s own token', async () => {
  await open();
  const { token } = (await issue()).json;
  const nobody = { authorization: '' };
  expect((await call('GET', `/invoice/${token}.pdf`, undefined, nobody)).text).toMatch(/^%PDF-/);
  expect(await call('GET', `/invoice/${token}`, undefined, nobody)).toMatchObject({ status: 200 });
  expect(await call('GET', '/invoice/unknown', undefined, nobody)).toMatchObject({ status: 404 });
});

test('past a limit requests are turned away until the window has slid on', async () => {
  await open({ limit: { requests: 2, perMs: 60_000, perDay: 3 } });
  const ask = () =>
    call('GET', '/departments.json').then(({ status, headers }) => [status, headers.get('retry-after')]);
  expect([await ask(), await ask(), await ask()]).toEqual([
    [200, null],
    [200, null],
    [429, '60'],
  ]);
  clock = new Date(clock.getTime() + 60_000);
  expect([await ask(), await ask()]).toEqual([
    [200, null],
    [429, String(24 * 3600 - 60)],
  ]);
  expect(simulator.throttled()).toBe(2);
});
