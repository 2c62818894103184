// The simulated Facturation.pro keeps what its documentation promises: access, customers, lists.
import { afterEach, expect, test } from 'vitest';
import { addCustomer, basic, call, ids, invoiceId, line, open, pass, simulator } from './facturation-pro-caller.ts';

afterEach(() => simulator.close());

test('the account names its firms to a key that it knows, and denies access to any other', async () => {
  await open();
  expect(await call('GET', '/account.json')).toMatchObject({
    status: 200,
    json: { id: 17, email: 'gerance@atelier.example', firms: [{ id: simulator.firmId, name: 'Atelier Test' }] },
  });
  const denied = { status: 401, text: 'HTTP Basic: Access denied.\n' };
  expect(await call('GET', '/account.json', undefined, basic('4711:other'))).toMatchObject(denied);
  expect(await call('GET', '/account.json', undefined, { authorization: '' })).toMatchObject(denied);
});

test('a request says whom to contact, in User-Agent or X-User-Agent, unless the switch is off', async () => {
  await open();
  const nameless = { 'user-agent': 'curl/8.0' };
  expect(await call('GET', '/customers.json', undefined, nameless)).toMatchObject({ status: 403 });
  const told = { ...nameless, 'x-user-agent': 'Essai (https://atelier.example/contact)' };
  expect(await call('GET', '/customers.json', undefined, told)).toMatchObject({ status: 200 });
  await simulator.close();
  await open({ userAgent: 'optional' });
  expect(await call('GET', '/customers.json', undefined, nameless)).toMatchObject({ status: 200 });
});

test('a write without application/json is answered 501, a path without .json or of another firm 404', async () => {
  await open();
  expect(await call('POST', '/customers.json', {}, { 'content-type': 'text/plain' })).toMatchObject({ status: 501 });
  expect(
    await call('POST', `/customers/${addCustomer()}/archive.json`, undefined, { 'content-type': '' }),
  ).toMatchObject({ status: 200 });
  const missing = { status: 404, json: { errors: { base: ['The record could not be found'] } } };
  expect(await call('GET', '/customers')).toMatchObject(missing);
  expect(await call('GET', '/customers/1.json')).toMatchObject(missing);
  expect(await call('GET', '/../1/customers.json')).toMatchObject(missing);
});

test('a customer is a professional unless it says individual, and is answered as the sample shows it', async () => {
  await open();
  const created = await call('POST', '/customers.json', { company_name: 'A small company' });
  expect(created).toMatchObject({
    status: 201,
    json: {
      account_code: '411ASMALLCO',
      individual: false,
      short_name: 'A small company',
      currency: 'EUR',
      api_id: null,
    },
  });
  expect(created.headers.get('location')).toBe(`/firms/${simulator.firmId}/customers/${created.json.id}.json`);
  const person = { first_name: 'Ada', last_name: 'Morel' };
  expect((await call('POST', '/customers.json', person)).json.company_name).toBe('Ada Morel');
  expect((await call('POST', '/customers.json', { ...person, individual: true })).json.company_name).toBeNull();
  expect(await call('POST', '/customers.json', { individual: true })).toMatchObject({
    status: 422,
    json: { errors: { last_name: ['doit être rempli'] } },
  });
});

test('customers are found by the exact api_id and by any part of api_custom, company, last_name and email', async () => {
  await open();
  const exact = addCustomer({ api_id: '12', api_custom: 'client-1', email: 'ada@morel.example' });
  const longer = addCustomer({ api_id: '123', api_custom: 'CLIENT-12', email: 'fada@morel.example' });
  const both = [exact, longer];
  expect(await ids('/customers.json?api_id=12')).toEqual([exact]);
  expect(await ids('/customers.json?api_custom=client-1')).toEqual(both);
  expect(await ids('/customers.json?email=ADA@morel.example')).toEqual(both);
  expect(await ids('/customers.json?company=brun&vat_number=FR1')).toEqual(both);
  expect(await ids('/customers.json?last_name=morel')).toEqual([]);
});

test('only active customers are listed unless `mode` asks for more, and an archived one is not invoiced', async () => {
  await open();
  const archived = addCustomer({ company_name: 'Archives' });
  const person = addCustomer({ company_name: 'Morel', individual: true });
  const company = addCustomer({ company_name: 'Zinc' });
  simulator.books.customers.archive(archived);
  expect(await ids('/customers.json')).toEqual([person, company]);
  expect(await ids('/customers.json?mode=all')).toEqual([archived, person, company]);
  expect(await ids('/customers.json?mode=archived')).toEqual([archived]);
  expect(await ids('/customers.json?mode=individual')).toEqual([person]);
  expect(await ids('/customers.json?mode=company')).toEqual([company]);
  const refused = { status: 422, json: { errors: { customer_id: ['est archivé'] } } };
  expect(await call('POST', '/invoices.json', { customer_id: archived, items: [line] })).toMatchObject(refused);
  expect(await call('POST', `/customers/${archived}/unarchive.json`)).toMatchObject({ status: 200 });
  expect(await call('POST', '/invoices.json', { customer_id: archived, items: [line] })).toMatchObject({ status: 201 });
});

test('a customer is deleted only if it was never invoiced, and is gone or stays marked', async () => {
  await open({ deleted: 'marked' });
  const invoiced = simulator.books.addStray({ title: 'Comptoir' }).customer_id;
  expect(await call('DELETE', `/customers/${invoiced}.json`)).toMatchObject({ status: 422 });
  const marked = addCustomer();
  expect(await call('DELETE', `/customers/${marked}.json`)).toMatchObject({ status: 200 });
  expect(await call('DELETE', `/customers/${marked}.json`)).toMatchObject({ status: 404 });
  expect(await call('GET', `/customers/${marked}.json`)).toMatchObject({ json: { soft_deleted: true } });
  await simulator.close();
  await open();
  const gone = addCustomer();
  await call('DELETE', `/customers/${gone}.json`);
  expect(await ids('/customers.json?mode=all')).toEqual([]);
});

test('lists come in pages of 50 and X-Pagination tells of all of them', async () => {
  await open();
  for (let n = 1; n <= 51; n++) addCustomer({ company_name: `Client ${n}` });
  const second = await call('GET', '/customers.json?page=2&per_page=100');
  expect(second.json).toMatchObject([{ company_name: 'Client 51' }]);
  expect(JSON.parse(second.headers.get('x-pagination') ?? '')).toEqual({
    current_page: 2,
    total_pages: 2,
    per_page: 50,
    total_entries: 51,
  });
  expect(await ids('/customers.json?page=3')).toEqual([]);
});

test('beyond the limit it says "Retry later", and every answer counts', async () => {
  await open({ limit: { requests: 2, perMs: 300_000, perDay: 3 } });
  const counted = async () => {
    const { status, text, headers } = await call('GET', '/categories.json');
    const told = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'retry-after'].map((name) => headers.get(name));
    return [status, ...told, ...(status === 429 ? [text] : [])];
  };
  expect(await counted()).toEqual([200, '2', '1', null]);
  expect(await counted()).toEqual([200, '2', '0', null]);
  pass(60_000);
  expect(await counted()).toEqual([429, '2', '0', '240', 'Retry later\n']);
  pass(240_000);
  expect(await counted()).toEqual([200, '3', '0', null]);
  expect(await counted()).toMatchObject([429, '3', '0', '86100', 'Retry later\n']);
  expect(simulator.throttled()).toBe(2);
});

test("unfiltered lists and late ones are at the test's command", async () => {
  await open();
  const early = await invoiceId({ api_id: '1' });
  simulator.ignoreFilters(true);
  expect(await ids('/invoices.json?api_id=2')).toEqual([early]);
  simulator.ignoreFilters(false);
  simulator.lag(true);
  const late = await invoiceId({ api_id: '2' });
  expect(await ids('/invoices.json?api_id=2')).toEqual([]);
  simulator.lag(false);
  expect(await ids('/invoices.json?api_id=2')).toEqual([late]);
});
