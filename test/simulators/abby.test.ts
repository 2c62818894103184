// The simulated Abby keeps what Abby's documents promise, and shows what was captured of it.
import { afterEach, describe, expect, test } from 'vitest';
import { type AbbyOptions, type AbbySimulator, startAbby } from './abby.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const NOW_S = NOW.getTime() / 1000;

const open: AbbySimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((abby) => abby.close()));
});

type Seen = { status: number; headers: Headers; text: string; body: Record<string, unknown> };
type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Seen>;

async function account(options: Partial<AbbyOptions> = {}): Promise<{ abby: AbbySimulator; ask: Ask }> {
  const abby = await startAbby({ now: () => NOW, ...options });
  open.push(abby);
  const ask: Ask = async (method, path, body, headers = {}) => {
    const response = await fetch(`${abby.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${abby.apiKey}`,
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : {},
    };
  };
  return { abby, ask };
}

const contact = { firstname: 'Jeanne', lastname: 'Durand', emails: ['jeanne@buyer.example'] };
const address = { address: '1 rue du Test', city: 'Lille', zipCode: '59000', country: 'FR' };
const line = {
  designation: 'Bol en grès',
  unitPrice: 1999.5,
  quantity: 2,
  quantityUnit: 'unit',
  type: 'sale_of_goods',
  vatCode: 'FR_2000',
  isTaxIncluded: true,
};
const timeline = { emittedAt: NOW_S, paymentDelay: 'thirty_days' };

/** An invoice with lines and dates, still a draft. */
async function filledDraft(ask: Ask, abby: AbbySimulator, lines: unknown[] = [line]): Promise<string> {
  const { id } = abby.books.billing.createInvoice(abby.books.clients.createContact(contact).id);
  await ask('PATCH', `/v2/billing/${id}/lines`, { lines });
  await ask('PATCH', `/v2/billing/invoice/${id}/timeline`, timeline);
  return id;
}

async function finalInvoice(ask: Ask, abby: AbbySimulator, lines?: unknown[]): Promise<string> {
  const id = await filledDraft(ask, abby, lines);
  await ask('PATCH', `/v2/billing/${id}/finalize`);
  return id;
}

describe('an account', () => {
  test.each([
    ['nest', { statusCode: 401, message: 'Unauthorized' }],
    ['documented', { type: 'authentication_error', code: 'token_failure', message: 'Unauthorized' }],
  ] as const)('answers 401 to a key that it does not know, in the form "%s"', async (errors, body) => {
    const { ask } = await account({ errors });
    const seen = await ask('GET', '/v2/company/me', undefined, { authorization: 'Bearer suk_other' });
    expect(seen).toMatchObject({ status: 401, body });
  });

  test('names its company, and whether it is in test mode', async () => {
    const { ask } = await account({ testMode: true, flags: 'number' });
    expect((await ask('GET', '/v2/company/me')).body).toMatchObject({
      company: { commercialName: 'Atelier Test', isInTestMode: 1 },
    });
  });

  test('answers 403 to everything when its plan has no API', async () => {
    const { ask } = await account({ plan: 'without_api' });
    expect((await ask('GET', '/contacts')).status).toBe(403);
  });

  test('answers 429 with the seconds to wait, until the window has moved on', async () => {
    let now = NOW;
    const { abby, ask } = await account({ now: () => now, limit: { requests: 2, perMs: 60_000 } });
    await ask('GET', '/contacts');
    await ask('GET', '/contacts');
    now = new Date(NOW.getTime() + 20_500);
    const refused = await ask('GET', '/contacts');
    expect([refused.status, refused.headers.get('retry-after'), abby.throttled()]).toEqual([429, '40', 1]);
    now = new Date(NOW.getTime() + 60_000);
    expect((await ask('GET', '/contacts')).status).toBe(200);
  });

  test('answers 400 to a POST that says it is JSON and has no body', async () => {
    const { abby, ask } = await account();
    const { id } = abby.books.clients.createContact(contact);
    expect((await ask('POST', `/v2/billing/invoice/${id}`)).status).toBe(400);
    expect(abby.documents()).toEqual([]);
  });
});

describe('clients', () => {
  test('a contact takes an address whole, with a known country, or not at all', async () => {
    const { abby, ask } = await account();
    const { zipCode: _, ...incomplete } = address;
    const first = await ask('POST', '/contact', { ...contact, billingAddress: incomplete });
    expect(first).toMatchObject({
      status: 400,
      body: { statusCode: 400, message: 'Validation failed', errors: [{ property: 'billingAddress.zipCode' }] },
    });
    expect((await ask('POST', '/contact', { ...contact, billingAddress: { ...address, country: 'UK' } })).status).toBe(
      400,
    );
    expect((await ask('POST', '/contact', { ...contact, billingAddress: address })).status).toBe(201);
    expect(abby.clients()).toHaveLength(1);
  });

  test('a French organisation needs its SIRET, unless the account is lenient', async () => {
    const french = { name: 'Boutique Test', billingAddress: address };
    const strict = await account();
    expect((await strict.ask('POST', '/organization', french)).status).toBe(400);
    const withSiret = await strict.ask('POST', '/organization', { ...french, siret: '12345678200010' });
    expect(withSiret).toMatchObject({ status: 201, body: { name: 'Boutique Test', siret: '12345678200010' } });
    const lenient = await account({ siret: 'optional' });
    expect((await lenient.ask('POST', '/organization', french)).status).toBe(201);
  });

  test('a search looks into names, never into e-mails, and sees no archived client', async () => {
    const { abby, ask } = await account();
    const archived = abby.books.clients.createContact(contact);
    abby.books.clients.archive(archived.id);
    const shown = abby.books.clients.createContact(contact);
    const found = async (search: string) => (await ask('GET', `/contacts?search=${search}`)).body.docs;
    expect(await found('jeanne%20dur')).toMatchObject([{ id: shown.id, fullname: 'Jeanne Durand' }]);
    expect(await found('buyer.example')).toEqual([]);
  });

  test('a list tells its next page, and has no row of more than 100', async () => {
    const { abby, ask } = await account();
    for (let made = 0; made < 3; made++) abby.books.clients.createContact(contact);
    expect((await ask('GET', '/contacts?page=1&limit=2')).body).toMatchObject({
      countWithoutFilters: 3,
      totalDocs: 3,
      totalPages: 2,
      hasNextPage: true,
      nextPage: 2,
      prevPage: null,
    });
    expect((await ask('GET', '/contacts?page=2&limit=2')).body).toMatchObject({ hasNextPage: false, nextPage: null });
    expect((await ask('GET', '/contacts?limit=101')).status).toBe(400);
    expect((await ask('GET', '/organizations')).status).toBe(400);
  });

  test('a row of contacts can be as thin as the captured one', async () => {
    const { abby, ask } = await account({ contactRows: 'sample' });
    const { id } = abby.books.clients.createOrganization({ name: 'Boutique Test' });
    abby.books.clients.createContact(contact, id);
    const { body } = await ask('GET', '/contacts');
    expect(Object.keys(body)).toEqual([
      ...['countWithoutFilters', 'totalDocs', 'limit', 'totalPages', 'hasNextPage', 'docs'],
    ]);
    expect(body.docs).toEqual([
      {
        id: abby.books.clients.contacts[0]?.id,
        organization: { id, name: 'Boutique Test' },
        fullname: 'Jeanne Durand',
        emails: ['jeanne@buyer.example'],
        hasBillings: false,
      },
    ]);
  });
});

describe('a draft', () => {
  test('is empty, editable and not finalisable, and its customer has an id of its own', async () => {
    const { abby, ask } = await account({ totals: 'sample' });
    const client = abby.books.clients.createContact(contact);
    const { status, body } = await ask('POST', `/v2/billing/invoice/${client.id}`, {});
    expect(status).toBe(201);
    expect(body).toMatchObject({
      customer: { id: client.customerId, name: 'Jeanne Durand', contactId: client.id },
      type: 'invoice',
      state: 'draft',
      emittedAt: NOW_S,
      finalizable: false,
      isEditable: true,
      isDeletable: true,
      currencyCode: 'EUR',
      lines: [],
      total: { amountWithoutTax: 0, amountWithTax: 0 },
    });
    expect(body).not.toHaveProperty('number');
    expect(client.customerId).not.toBe(client.id);
  });

  test('has all its lines replaced, and its totals counted by the server, in cents', async () => {
    const { abby, ask } = await account();
    const id = await filledDraft(ask, abby);
    const { body } = await ask('PATCH', `/v2/billing/${id}/lines`, { lines: [line, { ...line, unitPrice: -500 }] });
    expect(body).toMatchObject({
      finalizable: true,
      lines: [{ unitPrice: 1999.5, priceTotalTax: 3999 }, { priceTotalTax: -1000 }],
      total: { amountWithTaxAfterDiscount: 2999, remainingAmountWithTax: 2999 },
    });
  });

  test.each([
    ['a VAT code of another country', { vatCode: 'DE_1900' }, 'lines.0.vatCode'],
    ['two decimals of a cent', { unitPrice: 19.99 }, 'lines.0.unitPrice'],
    ['a price as text', { unitPrice: '1999' }, 'lines.0.unitPrice'],
    ['an unknown unit', { quantityUnit: 'UNIT' }, 'lines.0.quantityUnit'],
    ['no type', { type: undefined }, 'lines.0.type'],
  ])('refuses a line with %s', async (_what, change, property) => {
    const { abby, ask } = await account({ errors: 'documented' });
    const id = await filledDraft(ask, abby, []);
    const seen = await ask('PATCH', `/v2/billing/${id}/lines`, { lines: [{ ...line, ...change }] });
    expect(seen).toMatchObject({ status: 400, body: { type: 'rsc_error', code: 'validation_error', param: property } });
  });

  test('takes a discount of a line in the terms of its price, and one of the document off everything', async () => {
    const { abby, ask } = await account();
    const off = { ...line, unitPrice: 10_000, quantity: 1, discount: { mode: 'AMOUNT', amount: 1000 } };
    const id = await filledDraft(ask, abby, [off]);
    const total = async () => (await ask('GET', `/v2/billing/${id}`)).body.total;
    expect(await total()).toMatchObject({ amountWithTaxAfterDiscount: 9000 });
    await ask('PATCH', `/v2/billing/${id}/lines`, { lines: [off], discount: { mode: 'PERCENTAGE', amount: 1000 } });
    expect(await total()).toMatchObject({ amountWithTaxAfterDiscount: 8100, discountAmount: 1583 });
  });

  test('takes its dates in unix seconds, and a due date of its own when the delay is "other"', async () => {
    const { abby, ask } = await account();
    const id = await filledDraft(ask, abby);
    const set = (body: object) => ask('PATCH', `/v2/billing/invoice/${id}/timeline`, body);
    expect((await set({ ...timeline, emittedAt: NOW.getTime() })).status).toBe(400);
    expect((await set({ ...timeline, paymentDelay: 'other' })).status).toBe(400);
    expect((await set({ ...timeline, paymentDelay: 'other', customDueDate: NOW_S + 5 })).body.dueAt).toBe(NOW_S + 5);
    expect((await set(timeline)).body.dueAt).toBe(NOW_S + 30 * 86_400);
    expect((await set({ ...timeline, paymentDelay: 'thirty_days_end_of_month' })).body.dueAt).toBe(
      Date.parse('2026-12-31T10:00:00Z') / 1000,
    );
  });

  test('takes a title, notes, a known VAT mention and a delivery address', async () => {
    const { abby, ask } = await account();
    const id = await filledDraft(ask, abby);
    const mentions = `/v2/billing/invoice/${id}/general-informations`;
    expect((await ask('PATCH', mentions, { vatMention: 'reverse_charge' })).status).toBe(400);
    await ask('PATCH', mentions, { vatMention: 'vat_reverse_charge', headerNote: 'Commande 1001' });
    await ask('PATCH', `/v2/billing/${id}/title`, { title: 'Commande 1001' });
    const delivery = { line1: '2 rue du Test', city: 'Lille', zipCode: '59000', country: 'FR' };
    const body = { deliveryAddress: delivery, displayDeliveryAddress: true };
    expect((await ask('PATCH', `/v2/billing/${id}/delivery-address`, body)).body).toMatchObject({
      title: 'Commande 1001',
      billingLegals: { vatMention: 'vat_reverse_charge', headerNote: 'Commande 1001' },
      customer: { deliveryAddress: delivery },
      displayDeliveryAddress: true,
    });
  });

  test('is deleted once', async () => {
    const { abby, ask } = await account();
    const id = await filledDraft(ask, abby);
    expect((await ask('DELETE', `/v2/billing/${id}`)).status).toBe(204);
    expect((await ask('DELETE', `/v2/billing/${id}`)).status).toBe(404);
  });
});

describe('a draft for a contact of an organisation', () => {
  test('names both, under the name of the organisation', async () => {
    const { abby, ask } = await account();
    const firm = abby.books.clients.createOrganization({ name: 'Boutique Test', siret: '12345678200010' });
    const person = (await ask('POST', `/organization/${firm.id}/contact`, contact)).body;
    expect((await ask('POST', `/v2/billing/invoice/${person.id}`, {})).body.customer).toMatchObject({
      name: 'Boutique Test',
      siret: '12345678200010',
      contactId: person.id,
      organizationId: firm.id,
    });
  });
});

describe('finalising', () => {
  test('is refused while something is missing, which the draft names', async () => {
    const { abby, ask } = await account();
    const { id } = abby.books.billing.createInvoice(abby.books.clients.createContact(contact).id);
    const names = [{ name: 'hasLines' }, { name: 'hasTimeline' }];
    expect((await ask('GET', `/v2/billing/${id}`)).body).toMatchObject({ finalizeRequirements: names });
    expect(await ask('PATCH', `/v2/billing/${id}/finalize`)).toMatchObject({
      status: 400,
      body: { statusCode: 400, message: 'billing.invoice.not_finalizable' },
    });
  });

  test('is refused for a negative total', async () => {
    const { abby, ask } = await account();
    const id = await filledDraft(ask, abby, [{ ...line, unitPrice: -1 }]);
    expect((await ask('PATCH', `/v2/billing/${id}/finalize`)).status).toBe(400);
  });

  test('gives the number, and nothing changes the document any more', async () => {
    const { abby, ask } = await account();
    const id = await filledDraft(ask, abby);
    expect(await ask('PATCH', `/v2/billing/${id}/finalize`)).toMatchObject({
      status: 200,
      body: { state: 'finalized', number: 'INV-2026-001', finalizedAt: NOW_S, isEditable: false, isDeletable: false },
    });
    for (const [method, path, body] of [
      ['PATCH', `/v2/billing/${id}/lines`, { lines: [] }],
      ['PATCH', `/v2/billing/${id}/title`, { title: 'x' }],
      ['PATCH', `/v2/billing/invoice/${id}/timeline`, timeline],
      ['DELETE', `/v2/billing/${id}`, undefined],
      ['PATCH', `/v2/billing/${id}/finalize`, undefined],
    ] as const) {
      expect((await ask(method, path, body)).status).toBe(400);
    }
  });

  test('can answer a second time with the same document', async () => {
    const { abby, ask } = await account({ finalizeTwice: 'same' });
    const id = await finalInvoice(ask, abby);
    const again = await ask('PATCH', `/v2/billing/${id}/finalize`);
    expect(again).toMatchObject({ status: 200, body: { id, number: 'INV-2026-001' } });
  });
});

describe('the list of documents', () => {
  test('wants `test`, refuses `type`, hides what is archived and passes over a title', async () => {
    const { abby, ask } = await account();
    const client = abby.books.clients.createContact(contact);
    const draft = abby.books.addDraft(client.id, { title: 'Commande 1001' });
    const invoice = abby.books.addInvoice(client.id, { cents: 1200 });
    await ask('PATCH', `/v2/billing/${abby.books.addDraft(client.id).id}/archive`);
    expect((await ask('GET', '/v2/billings')).status).toBe(400);
    expect((await ask('GET', '/v2/billings?test=false&type=invoice')).status).toBe(400);
    const ids = async (filter: string) => {
      const { docs } = (await ask('GET', `/v2/billings?test=false${filter}`)).body;
      return Array.isArray(docs) ? docs.map(({ id }) => id) : docs;
    };
    expect(await ids('&search=1001')).toEqual([invoice.id, draft.id]);
    expect(await ids(`&state[]=draft&customerId=${client.id}`)).toEqual([draft.id]);
    expect(await ids('&rangeType=emittedAt&range=2026-11-22&range=2026-11-23')).toEqual([]);
    abby.lag(true);
    abby.books.addDraft(client.id);
    expect(await ids('')).toEqual([invoice.id, draft.id]);
  });
});

describe('a credit note', () => {
  test('starts with the lines of its final invoice, and all of them together may not exceed it', async () => {
    const { abby, ask } = await account();
    const id = await finalInvoice(ask, abby);
    const create = async () => (await ask('POST', `/v2/billing/invoice/${id}/asset`, {})).body;
    const first = await create();
    expect(first).toMatchObject({ type: 'asset', state: 'draft', lines: [{ priceTotalTax: 3999 }], parent: { id } });
    await ask('PATCH', `/v2/billing/${first.id}/lines`, { lines: [{ ...line, unitPrice: 1000, quantity: 1 }] });
    expect((await ask('PATCH', `/v2/billing/${first.id}/finalize`)).body.number).toBe('AV-2026-001');
    expect((await ask('GET', `/v2/billing/${id}`)).body.total).toMatchObject({ remainingReconciliateAmount: 2999 });
    const second = await create();
    expect(second).toMatchObject({ finalizable: false, finalizeRequirements: [{ name: 'hasValidAmount' }] });
    expect((await ask('PATCH', `/v2/billing/${second.id}/finalize`)).status).toBe(400);
  });

  test('takes no delivery address, and none is made of a draft', async () => {
    const { abby, ask } = await account();
    const draft = await filledDraft(ask, abby);
    expect((await ask('POST', `/v2/billing/invoice/${draft}/asset`, {})).status).toBe(400);
    await ask('PATCH', `/v2/billing/${draft}/finalize`);
    const { id } = (await ask('POST', `/v2/billing/invoice/${draft}/asset`, {})).body;
    const body = { deliveryAddress: null, displayDeliveryAddress: false };
    expect((await ask('PATCH', `/v2/billing/${id}/delivery-address`, body)).body.message).toBe(
      'asset.cannot_update_delivery_address',
    );
  });
});

describe('payments, e-mails and PDFs', () => {
  test('only all that remains of a final invoice is reconciled', async () => {
    const { abby, ask } = await account();
    const id = await filledDraft(ask, abby);
    const pay = (amount: number) =>
      ask('POST', `/v2/accounting-billing/invoice/${id}/reconciliate`, {
        payments: [{ amount, receivedAt: '2026-11-21', method: 'stripe' }],
      });
    expect((await pay(3999)).status).toBe(400);
    await ask('PATCH', `/v2/billing/${id}/finalize`);
    expect((await pay(3998)).status).toBe(400);
    expect((await pay(3999)).body).toMatchObject({ state: 'paid', total: { remainingReconciliateAmount: 0 } });
    expect((await pay(3999)).status).toBe(400);
    expect(abby.payments()).toEqual([
      { invoiceId: id, amount: 3999n, receivedAt: '2026-11-21', method: 'stripe', transactionId: null },
    ]);
  });

  test('an e-mail goes to ten addresses at most, and not too often', async () => {
    const { abby, ask } = await account({ emailsPerDocument: 1 });
    const id = await finalInvoice(ask, abby);
    const send = (emails: string[]) =>
      ask('POST', `/v2/billing/${id}/send-by-email`, { emails, subject: 'Facture', content: '<p>Bonjour</p>' });
    expect((await send(Array.from({ length: 11 }, () => 'jeanne@buyer.example'))).status).toBe(400);
    expect((await send(['jeanne@buyer.example'])).status).toBe(204);
    expect((await send(['jeanne@buyer.example'])).body.message).toBe('Too many emails sent for this billing');
    expect(abby.sent()).toMatchObject([{ documentId: id, emails: ['jeanne@buyer.example'] }]);
  });

  test('a plan can be without e-mails', async () => {
    const { abby, ask } = await account({ plan: 'without_email' });
    const id = await finalInvoice(ask, abby);
    const body = { emails: ['jeanne@buyer.example'], subject: 'Facture', content: 'Bonjour' };
    expect((await ask('POST', `/v2/billing/${id}/send-by-email`, body)).status).toBe(403);
  });

  test('a document is downloaded as a PDF, in a known language', async () => {
    const { abby, ask } = await account();
    const id = await finalInvoice(ask, abby);
    const seen = await ask('GET', `/v2/billing/${id}/download?locale=fr`);
    expect(seen.headers.get('content-type')).toBe('application/pdf');
    expect(seen.text).toMatch(/^%PDF-/);
    expect((await ask('GET', `/v2/billing/${id}/download?locale=xx`)).status).toBe(400);
  });
});
