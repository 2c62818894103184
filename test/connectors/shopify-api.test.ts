// Shopify's Admin API as the connector reads and writes it, against a simulated shop.
import { describe, expect, it, onTestFinished } from 'vitest';
import { shopify } from '../../connectors/shopify/index.ts';
import type { ChangesPage, Finding, SourceApi, SourceIo } from '../../src/connector.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { callProvider } from '../../src/http-client.ts';
import { type ShopifyOptions, type ShopifyShop, shopifyShop } from '../simulators/shopify.ts';

const SECRET = 'secret-of-this-test';
const MORNING = Date.parse('2026-11-21T09:00:00Z');
/** A bucket in which the budget plays no part. */
const ROOMY = { size: 1_000_000, restoredPerSecond: 1000 };

type World = { shop: ShopifyShop; api: SourceApi; io: SourceIo; clock: { at: number }; pass(seconds: number): void };

async function world(options: Partial<ShopifyOptions> = {}, token?: string): Promise<World> {
  const clock = { at: MORNING };
  const now = (): Date => new Date(clock.at);
  const shop = await shopifyShop({ secret: SECRET, now, ...options });
  onTestFinished(() => shop.close());
  const settings = shopify.settings.parse({
    secret: SECRET,
    api: { url: shop.url, access_token: token ?? shop.token },
  });
  const api = shopify.api(settings);
  if (api === null) throw new Error('no api');
  const io: SourceIo = { http: (request) => callProvider(api.endpoint, request, 2_000), now };
  const pass = (seconds: number): void => {
    clock.at += seconds * 1000;
  };
  return { shop, api, io, clock, pass };
}

const poster = { title: 'Affiche', price: '40.00', rate: '0.2' };
const post = { title: 'Colissimo', price: '5.00', rate: '0.2' };

function found<T>(lookup: Lookup<T>): T[] {
  if (lookup.kind === 'failed') throw new Error(`${lookup.problem.code}: ${lookup.problem.detail}`);
  return lookup.items;
}

function orderOf(finding: Finding | undefined): Order {
  if (finding === undefined) throw new Error('nothing was found');
  const understood = shopify.understand({ ...finding, headers: {}, receivedAt: '2026-11-21T09:00:00.000Z' });
  if (!understood.ok) throw new Error(understood.error.detail);
  const fact = understood.value.kind === 'facts' ? understood.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
}

const fetched = async ({ api, io }: World, id: string): Promise<Order> =>
  orderOf(found(await api.fetch(`order:${id}`, io))[0]);

/** Every finding of a reading, and how many pages it had. */
async function everyChange({ api, io }: World, since: string): Promise<{ findings: Finding[]; pages: number }> {
  const findings: Finding[] = [];
  let cursor: string | null = null;
  for (let pages = 1; ; pages++) {
    const page: ChangesPage | undefined = found(await api.changes('orders', since, cursor, io))[0];
    findings.push(...(page?.findings ?? []));
    cursor = page?.cursor ?? null;
    if (cursor === null) return { findings, pages };
  }
}

const idsIn = (findings: readonly Finding[]): string[] => findings.map((one) => orderOf(one).id);

describe('an order fetched from Shopify', () => {
  it('is what its webhook tells', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [poster], shipping: [post] });
    here.pass(5);
    here.shop.refund(id, { lines: [{ line: 0, quantity: 1 }], shipping: '5.00' });
    const [delivery] = here.shop
      .deliveries()
      .filter(({ topic }) => topic === 'orders/updated')
      .slice(-1);
    const told = shopify.understand({
      topic: 'orders/updated',
      headers: {},
      body: delivery?.body ?? new Uint8Array(),
      receivedAt: '2026-11-21T09:00:00.000Z',
    });
    expect(told).toEqual({
      ok: true,
      value: { kind: 'facts', facts: [{ kind: 'order', order: await fetched(here, id) }] },
    });
  });

  it('has the same bytes as long as nothing changes, whichever way it is found', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [poster] });
    const [once] = found(await here.api.fetch(`order:${id}`, here.io));
    here.pass(3600);
    const [again] = found(await here.api.fetch(`order:${id}`, here.io));
    const { findings } = await everyChange(here, '2026-11-21T00:00:00.000Z');
    expect(again).toEqual(once);
    expect(findings).toEqual([once]);
    here.shop.touch(id, { tags: 'vip' });
    const [changed] = found(await here.api.fetch(`order:${id}`, here.io));
    expect(changed).not.toEqual(once);
  });

  it('keeps ids beyond 2^53 to the last digit', async () => {
    const here = await world();
    here.shop.place({ id: '820982911946154508', lines: [poster] });
    expect((await fetched(here, '820982911946154508')).id).toBe('820982911946154508');
  });

  it('has all its lines, over as many pages as they fill', async () => {
    const here = await world({ bucket: ROOMY });
    const lines = Array.from({ length: 130 }, (_, index) => ({
      title: `Carte ${index + 1}`,
      price: '1.00',
      rate: '0.2',
    }));
    const id = here.shop.place({ lines, shipping: Array.from({ length: 23 }, () => post) });
    const order = await fetched(here, id);
    expect(order.lines.filter(({ kind }) => kind === 'item').map(({ name }) => name)).toEqual(
      lines.map(({ title }) => title),
    );
    expect(order.lines.filter(({ kind }) => kind === 'shipping')).toHaveLength(23);
    expect(order.doubt).toBeNull();
  });

  it('has all its refunds, and all lines of each, over as many pages as they fill', async () => {
    const here = await world({ bucket: ROOMY });
    const lines = Array.from({ length: 70 }, () => ({ ...poster, quantity: 8 }));
    const id = here.shop.place({ lines });
    const everyLine = lines.map((_, line) => ({ line, quantity: 1 }));
    for (let time = 0; time < 3; time++) {
      here.pass(60);
      here.shop.refund(id, { lines: everyLine });
    }
    const { refunds } = await fetched(here, id);
    expect(refunds.map((one) => one.lines?.length)).toEqual([70, 70, 70]);
    expect(refunds.map(({ amount }) => amount)).toEqual([336000n, 336000n, 336000n]);
  });

  it('is read anew when it changes while it is read', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [{ ...poster, quantity: 2 }] });
    here.pass(60);
    here.shop.refund(id, { lines: [{ line: 0, quantity: 1 }] });
    here.shop.meanwhile('refund(id', () => {
      here.pass(1);
      here.shop.refund(id, { lines: [{ line: 0, quantity: 1 }] });
    });
    const order = await fetched(here, id);
    expect(order.refunds.map(({ amount }) => amount)).toEqual([4800n, 4800n]);
    expect(order.status).toBe('refunded');
  });

  it('that never holds still is left to the next reading, and told by no half', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [poster] });
    here.shop.refund(id, { amount: '1.00' });
    for (let time = 0; time < 3; time++) {
      here.shop.meanwhile('refund(id', () => {
        here.pass(1);
        here.shop.touch(id);
      });
    }
    expect(await here.api.fetch(`order:${id}`, here.io)).toMatchObject({
      kind: 'failed',
      problem: { code: 'order_changing' },
    });
  });

  it('is nothing once it is deleted', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [poster] });
    here.shop.remove(id);
    expect(await here.api.fetch(`order:${id}`, here.io)).toEqual({ kind: 'found', items: [] });
  });

  it.each(['order:', 'order:#1001', 'order:1/2', 'refund:7', ''])('is never guessed from “%s”', async (ref) => {
    const here = await world();
    expect(await here.api.fetch(ref, here.io)).toMatchObject({ kind: 'failed', problem: { code: 'unknown_ref' } });
    expect(here.shop.requests()).toEqual([]);
  });

  it('has the VAT number that the shop keeps of a business', async () => {
    const here = await world();
    const company = { name: 'Papeterie du Port SARL', taxRegistrationId: 'FR40303265045' };
    const { buyer } = await fetched(here, here.shop.place({ lines: [poster], company }));
    expect(buyer).toMatchObject({ kind: 'company', name: 'Papeterie du Port SARL', taxNumber: 'FR40303265045' });
  });

  it('has the tax credential of the checkout, which makes no company of a person', async () => {
    const here = await world();
    const localizedFields = [
      { key: 'TAX_EMAIL_IT', title: 'PEC', value: 'lou@pec.example' },
      { key: 'TAX_CREDENTIAL_IT', title: 'Codice fiscale', value: 'VRDLOU85M41H501T' },
    ];
    const { buyer } = await fetched(here, here.shop.place({ lines: [poster], localizedFields }));
    expect(buyer).toMatchObject({ kind: 'person', taxNumber: 'VRDLOU85M41H501T' });
  });

  it('has the moment of its payment, which no webhook tells', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [poster], status: 'authorized' });
    here.pass(86_400);
    here.shop.pay(id);
    expect((await fetched(here, id)).paid?.at).toBe('2026-11-22T09:00:00.000Z');
  });
});

describe('what changed in a Shopify shop', () => {
  it('is told oldest change first, from the very second that is asked for', async () => {
    const here = await world();
    const ids = ['early', 'first', 'second', 'third'].map(() => {
      const id = here.shop.place({ lines: [poster] });
      here.pass(10);
      return id;
    });
    here.shop.touch(ids[1] ?? '');
    const { findings } = await everyChange(here, '2026-11-21T09:00:10.900Z');
    expect(idsIn(findings)).toEqual([ids[2], ids[3], ids[1]]);
    expect(here.shop.requests().every(({ url }) => url === '/admin/api/2026-07/graphql.json')).toBe(true);
  });

  it('is told in full over several pages, though more rows share a second than a page holds', async () => {
    const here = await world({ bucket: ROOMY });
    const place = (): string => here.shop.place({ lines: [poster] });
    const before = [place()];
    here.pass(1);
    const crowd = Array.from({ length: 60 }, place);
    here.pass(1);
    const after = Array.from({ length: 3 }, place);
    const { findings, pages } = await everyChange(here, '2026-11-21T00:00:00.000Z');
    expect(new Set(idsIn(findings))).toEqual(new Set([...before, ...crowd, ...after]));
    expect(pages).toBeGreaterThan(2);
  });

  it('leaves out no order that changes while the list is read', async () => {
    const here = await world({ bucket: ROOMY });
    const ids = Array.from({ length: 30 }, () => {
      here.pass(1);
      return here.shop.place({ lines: [poster] });
    });
    const [first] = found(await here.api.changes('orders', '2026-11-21T00:00:00.000Z', null, here.io));
    // Three that were told and one that was not move to the end of the list.
    here.pass(100);
    for (const at of [0, 1, 2, 28]) here.shop.touch(ids[at] ?? '', { tags: 'moved' });
    const told = [...(first?.findings ?? [])];
    for (let cursor = first?.cursor ?? null; cursor !== null; ) {
      const [page] = found(await here.api.changes('orders', '2026-11-21T00:00:00.000Z', cursor, here.io));
      told.push(...(page?.findings ?? []));
      cursor = page?.cursor ?? null;
    }
    const latest = new Map(told.map((one) => [orderOf(one).id, orderOf(one).tags]));
    expect(new Set(latest.keys())).toEqual(new Set(ids));
    for (const at of [0, 1, 2, 28]) expect(latest.get(ids[at] ?? '')).toEqual(['moved']);
  });

  it('is nothing where nothing changed', async () => {
    const here = await world();
    here.shop.place({ lines: [poster] });
    expect(await everyChange(here, '2026-11-21T09:00:01.000Z')).toEqual({ findings: [], pages: 1 });
  });

  it('leaves out what is deleted between the list and the order', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [poster] });
    here.shop.meanwhile('query Order(', () => here.shop.remove(id));
    expect((await everyChange(here, '2026-11-21T00:00:00.000Z')).findings).toEqual([]);
  });

  it.each(['', '7', '{"from":"yesterday","after":null}'])('is not guessed from a cursor “%s”', async (cursor) => {
    const here = await world();
    const page = await here.api.changes('orders', '2026-11-21T00:00:00.000Z', cursor, here.io);
    expect(page).toMatchObject({ kind: 'failed', problem: { code: 'unknown_cursor' } });
  });

  it('has no stream but the orders', async () => {
    const here = await world();
    const page = await here.api.changes('products', '2026-11-21T00:00:00.000Z', null, here.io);
    expect(page).toMatchObject({ kind: 'failed', problem: { code: 'unknown_stream' } });
    expect(here.api.streams).toEqual(['orders']);
  });
});

describe('Shopify’s budget of query cost', () => {
  it('ends a page of changes early, and the next begins where it was used up', async () => {
    const here = await world();
    const ids = Array.from({ length: 20 }, () => {
      here.pass(1);
      return here.shop.place({ lines: [poster, poster, poster], shipping: [post] });
    });
    const told: string[] = [];
    let waits = 0;
    for (let cursor: string | null = null, calls = 1; ; calls++) {
      const lookup = await here.api.changes('orders', '2026-11-21T00:00:00.000Z', cursor, here.io);
      if (lookup.kind === 'found') {
        told.push(...idsIn(lookup.items[0]?.findings ?? []));
        cursor = lookup.items[0]?.cursor ?? null;
        if (cursor === null) break;
      } else {
        waits += 1;
        here.pass((lookup.throttled?.retryAfterMs ?? 0) / 1000);
      }
      expect(calls).toBeLessThan(20);
    }
    expect(new Set(told)).toEqual(new Set(ids));
    expect(waits).toBeGreaterThan(0);
  });

  it('is waited for as long as it takes to fill', async () => {
    const here = await world({ bucket: { size: 700, restoredPerSecond: 10 } });
    const id = here.shop.place({ lines: Array.from({ length: 40 }, () => poster) });
    const results: Lookup<Finding>[] = [];
    for (let time = 0; time < 4; time++) results.push(await here.api.fetch(`order:${id}`, here.io));
    const refused = results.find(({ kind }) => kind === 'failed');
    expect(refused).toMatchObject({ kind: 'failed', problem: { code: 'throttled' } });
    const wait = refused?.kind === 'failed' ? (refused.throttled?.retryAfterMs ?? 0) : 0;
    expect(wait).toBeGreaterThanOrEqual(1000);
    here.pass(wait / 1000);
    expect((await here.api.fetch(`order:${id}`, here.io)).kind).toBe('found');
  });

  it('never refuses a query for its own cost, in the smallest bucket', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [poster] });
    here.shop.refund(id, { lines: [{ line: 0, quantity: 1 }] });
    expect((await here.api.fetch(`order:${id}`, here.io)).kind).toBe('found');
    expect((await here.api.check(here.io)).kind).toBe('done');
    expect(here.shop.budget()).toBeGreaterThan(800);
  });

  it('may also be refused with 429 and a time to wait', async () => {
    const here = await world();
    const busy = { status: 429, headers: { 'retry-after': '7' }, body: '{"errors":"Too many"}' };
    here.shop.failNext({ acts: 'never', sees: busy });
    expect(await here.api.fetch('order:1', here.io)).toMatchObject({
      kind: 'failed',
      throttled: { retryAfterMs: 7000 },
    });
  });
});

describe('what Shopify withholds', () => {
  it('with a wrong token is everything: the account needs a person', async () => {
    const here = await world({}, 'shpat_wrong');
    const refused = { kind: 'failed', account: true, problem: { code: 'credentials_refused' } };
    expect(await here.api.fetch('order:1', here.io)).toMatchObject(refused);
    expect(await here.api.changes('orders', '2026-11-21T00:00:00.000Z', null, here.io)).toMatchObject(refused);
    expect(await here.api.check(here.io)).toMatchObject({ kind: 'rejected', rejection: { kind: 'account' } });
    expect(JSON.stringify(await here.api.check(here.io))).not.toContain('shpat_wrong');
  });

  it('without a scope is named with it', async () => {
    const here = await world({ scopes: ['write_products'] });
    const id = here.shop.place({ lines: [poster] });
    const refused = { kind: 'failed', account: true, problem: { code: 'missing_scope' } };
    expect(await here.api.fetch(`order:${id}`, here.io)).toMatchObject(refused);
    const listed = await here.api.changes('orders', '2026-11-21T00:00:00.000Z', null, here.io);
    expect(listed).toMatchObject(refused);
    if (listed.kind === 'failed') expect(listed.problem.detail).toContain('read_orders');
  });

  it('of protected customer data never becomes an order without a buyer', async () => {
    const here = await world({ protectedCustomerData: false });
    const id = here.shop.place({ lines: [poster] });
    const lookup = await here.api.fetch(`order:${id}`, here.io);
    expect(lookup).toMatchObject({ kind: 'failed', account: true, problem: { code: 'protected_customer_data' } });
  });

  it('of a business is its tax number only, as in its webhook', async () => {
    const here = await world();
    const company = { name: 'Papeterie du Port SARL', taxRegistrationId: 'FR40303265045' };
    const id = here.shop.place({ lines: [poster], company });
    const denied = {
      message: 'Access denied for taxSettings field.',
      path: ['order', 'purchasingEntity', 'location', 'taxSettings'],
      extensions: { code: 'ACCESS_DENIED' },
    };
    const io: SourceIo = {
      ...here.io,
      http: async (request) => {
        const answer = await here.io.http(request);
        if (answer.kind !== 'answer') return answer;
        const told = JSON.parse(Buffer.from(answer.body).toString());
        told.data.order.purchasingEntity = null;
        return { ...answer, body: Buffer.from(JSON.stringify({ ...told, errors: [denied] })) };
      },
    };
    const [finding] = found(await here.api.fetch(`order:${id}`, io));
    expect(orderOf(finding).buyer).toMatchObject({ taxNumber: null, name: 'Lou Verdier' });
  });
});

describe('an answer of Shopify that cannot be read', () => {
  it.each([
    ['a page of HTML', { status: 200, body: '<html>busy</html>' }],
    ['an empty object', { status: 200, body: '{}' }],
    ['no data', { status: 200, body: '{"data":null}' }],
    ['data of another shape', { status: 200, body: '{"data":{"order":{"id":"gid://shopify/Order/1"}}}' }],
    ['an error of its server', { status: 500, body: '{"errors":"Internal Server Error"}' }],
    [
      'an error of its server with 200',
      { status: 200, body: '{"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}' },
    ],
    ['a redirect', { status: 301, body: '' }],
  ])('is a failed search, never an order that is gone: %s', async (_case, sees) => {
    const here = await world();
    here.shop.failNext({ acts: 'never', sees });
    expect(await here.api.fetch('order:1', here.io)).toMatchObject({ kind: 'failed' });
  });

  it('is one whose list goes on and does not say where', async () => {
    const here = await world();
    const id = here.shop.place({ lines: [poster] });
    const io: SourceIo = {
      ...here.io,
      http: async (request) => {
        const answer = await here.io.http(request);
        if (answer.kind !== 'answer') return answer;
        const told = JSON.parse(Buffer.from(answer.body).toString());
        told.data.order.lineItems.pageInfo = { hasNextPage: true, endCursor: null };
        return { ...answer, body: Buffer.from(JSON.stringify(told)) };
      },
    };
    expect(await here.api.fetch(`order:${id}`, io)).toMatchObject({
      kind: 'failed',
      problem: { code: 'unclear_answer' },
    });
  });

  it('and one that does not come is nobody’s fault', async () => {
    const here = await world();
    here.shop.failNext({ acts: 'at_once', sees: 'reset' });
    expect(await here.api.fetch('order:1', here.io)).toMatchObject({ kind: 'failed', unanswered: true });
  });

  it.each([
    [402, 'credentials_refused'],
    [403, 'credentials_refused'],
    [404, 'not_found'],
    [423, 'credentials_refused'],
  ])('%d concerns the whole shop', async (status, code) => {
    const here = await world();
    here.shop.failNext({ acts: 'never', sees: { status, body: '{"errors":"No"}' } });
    expect(await here.api.fetch('order:1', here.io)).toMatchObject({
      kind: 'failed',
      account: true,
      problem: { code },
    });
  });

  it('refuses a query that it does not understand, in its own words', async () => {
    const here = await world();
    const sees = {
      status: 200,
      body: '{"errors":[{"message":"Field \'nme\' doesn\'t exist","extensions":{"code":"undefinedField"}}]}',
    };
    here.shop.failNext({ acts: 'never', sees });
    const lookup = await here.api.fetch('order:1', here.io);
    expect(lookup).toMatchObject({ kind: 'failed', problem: { code: 'refused' } });
    if (lookup.kind === 'failed') expect(lookup.problem.detail).toContain('nme');
  });
});

describe('the check of a Shopify token', () => {
  it('names the shop and what the token may do', async () => {
    const here = await world();
    here.shop.place({ lines: [poster] });
    const outcome = await here.api.check(here.io);
    expect(outcome).toMatchObject({
      kind: 'done',
      value: { name: 'Atelier Verdier (atelier.myshopify.com)', cannot: [], warnings: [] },
    });
    if (outcome.kind === 'done') expect(outcome.value.can).toHaveLength(6);
  });

  it('says what it may not do', async () => {
    const here = await world({ scopes: ['read_orders', 'read_customers'], protectedCustomerData: false });
    here.shop.place({ lines: [poster] });
    const outcome = await here.api.check(here.io);
    if (outcome.kind !== 'done') throw new Error(outcome.kind);
    expect(outcome.value.cannot.join('\n')).toMatch(/read_all_orders.*write_orders.*who the buyers are/s);
    expect(outcome.value.can.join('\n')).toMatch(/read orders and refunds/);
  });

  it('claims nothing of the buyers in a shop without orders', async () => {
    const here = await world({ protectedCustomerData: false });
    const outcome = await here.api.check(here.io);
    expect(JSON.stringify(outcome)).not.toContain('who the buyers are');
  });

  it('warns once Shopify no longer supports the version that is asked for', async () => {
    const here = await world({ apiVersion: '2027-07' });
    expect(await here.api.check(here.io)).toMatchObject({
      kind: 'done',
      value: { warnings: [expect.stringContaining('2027-07')] },
    });
  });

  it('knows nothing without an answer', async () => {
    const here = await world();
    here.shop.failNext({ acts: 'never', sees: { status: 502, body: '' } });
    expect((await here.api.check(here.io)).kind).toBe('unknown');
  });
});

describe('a document’s number left with its Shopify order', () => {
  const note = {
    key: 'invoice:boutique:1',
    kind: 'invoice' as const,
    number: 'FA-2026-118',
    url: 'https://books.example/fa/118',
  };

  it('is set once, however often it is written', async () => {
    const here = await world();
    const orderId = here.shop.place({ lines: [poster] });
    for (let time = 0; time < 3; time++) {
      expect(await here.api.writeBack?.({ ...note, orderId }, here.io)).toEqual({ kind: 'done', value: null });
    }
    const fields = [...here.shop.metafields.values()];
    expect(fields.map(({ namespace, key, type, value }) => [namespace, key, type, value])).toEqual([
      ['invoice_bridge', 'invoice_number', 'single_line_text_field', 'FA-2026-118'],
      ['invoice_bridge', 'invoice_url', 'url', 'https://books.example/fa/118'],
    ]);
  });

  it('stands beside those of its credit notes', async () => {
    const here = await world();
    const orderId = here.shop.place({ lines: [poster] });
    await here.api.writeBack?.({ ...note, orderId }, here.io);
    for (const key of ['credit_note:boutique:1:8801', 'credit_note:boutique:1:8802', 'credit_note:boutique:1:8801']) {
      await here.api.writeBack?.(
        { ...note, orderId, key, kind: 'credit_note', number: key.slice(-4), url: null },
        here.io,
      );
    }
    const keys = [...here.shop.metafields.values()].map(({ key }) => String(key));
    expect(keys).toHaveLength(4);
    expect(keys.every((key) => /^[\w-]{3,64}$/.test(key))).toBe(true);
  });

  it('is refused for an order that is gone, and without the right to write', async () => {
    const here = await world();
    const gone = await here.api.writeBack?.({ ...note, orderId: '404' }, here.io);
    expect(gone).toMatchObject({ kind: 'rejected', rejection: { kind: 'refused' } });
    const reader = await world({ scopes: ['read_orders'] });
    const orderId = reader.shop.place({ lines: [poster] });
    const denied = await reader.api.writeBack?.({ ...note, orderId }, reader.io);
    expect(denied).toMatchObject({
      kind: 'rejected',
      rejection: { kind: 'account' },
      problem: { code: 'missing_scope' },
    });
    expect(reader.shop.metafields.size).toBe(0);
  });

  it('is unknown where the answer does not show it', async () => {
    const here = await world();
    const orderId = here.shop.place({ lines: [poster] });
    here.shop.failNext({ acts: 'at_once', sees: 'reset' });
    expect((await here.api.writeBack?.({ ...note, orderId }, here.io))?.kind).toBe('unknown');
    here.shop.failNext({
      acts: 'never',
      sees: { status: 200, body: '{"data":{"metafieldsSet":{"metafields":[],"userErrors":[]}}}' },
    });
    expect((await here.api.writeBack?.({ ...note, orderId }, here.io))?.kind).toBe('unknown');
  });
});

describe('a Shopify source without a token', () => {
  it('has no API', () => {
    expect(shopify.api(shopify.settings.parse({ secret: SECRET }))).toBeNull();
  });

  it('keeps its token in a header, never in an address', async () => {
    const { api, shop } = await world();
    expect(api.endpoint).toEqual({ baseUrl: shop.url, headers: { 'x-shopify-access-token': shop.token } });
  });
});
