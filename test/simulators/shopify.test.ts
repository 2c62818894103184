// The simulated Shopify shop behaves as the real one is documented to.
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { signShopify } from '../support/sign.ts';
import { type ShopifyOptions, type ShopifyShop, shopifyShop } from './shopify.ts';
import type { Wire } from './shopify-views.ts';

const SECRET = 'secret-of-this-test';

type World = { shop: ShopifyShop; pass(seconds: number): void };

async function world(options: Partial<ShopifyOptions> = {}): Promise<World> {
  let at = Date.parse('2026-11-21T09:00:00Z');
  const shop = await shopifyShop({ secret: SECRET, now: () => new Date(at), ...options });
  onTestFinished(() => shop.close());
  return {
    shop,
    pass: (seconds) => {
      at += seconds * 1000;
    },
  };
}

const mug = { title: 'Mug', price: '10.00', rate: '0.2', quantity: 3 };

type Told = {
  status: number;
  data?: Wire | null;
  errors?: { message: string; extensions?: { code: string } }[] | string;
  extensions?: Wire;
};

async function ask(shop: ShopifyShop, query: string, variables: Wire = {}, token = shop.token): Promise<Told> {
  const answer = await fetch(`${shop.url}/admin/api/2026-07/graphql.json`, {
    method: 'POST',
    headers: { 'x-shopify-access-token': token, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: answer.status, ...((await answer.json()) as Wire) };
}

const ListSchema = z.object({
  edges: z.array(z.object({ cursor: z.string(), node: z.object({ id: z.string() }) })),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string() }),
});

const codeOf = ({ errors }: Told): string | undefined =>
  Array.isArray(errors) ? errors[0]?.extensions?.code : undefined;

describe('the simulated Admin API', () => {
  it('wants the shop’s token', async () => {
    const { shop } = await world();
    expect((await ask(shop, '{ shop { name } }', {}, 'shpat_other')).status).toBe(401);
    expect((await ask(shop, '{ shop { name } }')).data).toEqual({ shop: { name: 'Atelier Verdier' } });
  });

  it('shows what is selected, under the names that are asked for', async () => {
    const { shop } = await world();
    const id = shop.place({ lines: [mug] });
    const query =
      'query One($id: ID!) { order(id: $id) { title: name totalPriceSet { presentmentMoney { amount } } } }';
    const told = await ask(shop, query, { id: `gid://shopify/Order/${id}` });
    expect(told.data).toEqual({ order: { title: '#1001', totalPriceSet: { presentmentMoney: { amount: '36.0' } } } });
  });

  it.each([
    ['a field that does not exist', '{ shop { nme } }', 'undefinedField'],
    ['a fragment that is not there', '{ shop { ...Nothing } }', 'useAndDefineFragment'],
    ['a list without its size', '{ orders { nodes { id } } }', 'BAD_REQUEST'],
    ['a cursor that names no row', '{ orders(first: 1, after: "x") { nodes { id } } }', 'BAD_REQUEST'],
    ['a variable that is missing', 'query One($id: ID!) { order(id: $id) { id } }', 'INVALID_VARIABLE'],
    [
      'what is too costly',
      '{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id } } } } }',
      'MAX_COST_EXCEEDED',
    ],
  ])('refuses %s with 200', async (_case, query, code) => {
    const { shop } = await world();
    const told = await ask(shop, query);
    expect([told.status, codeOf(told), told.data ?? null]).toEqual([200, code, null]);
  });

  it('refuses what is no GraphQL', async () => {
    const { shop } = await world();
    for (const query of ['', '{', 'query {', '{ shop { name }', 'shop']) {
      expect((await ask(shop, query)).errors).toHaveLength(1);
    }
  });

  it('pages a list by cursors, and filters and sorts the orders', async () => {
    const { shop, pass } = await world();
    const ids = [1, 2, 3].map(() => {
      pass(1);
      return shop.place({ lines: [mug] });
    });
    pass(1);
    shop.touch(ids[0] ?? '');
    const query = `query List($after: String, $filter: String) {
      orders(first: 2, after: $after, query: $filter, sortKey: UPDATED_AT) {
        edges { cursor node { id } } pageInfo { hasNextPage endCursor }
      }
    }`;
    const page = async (after: string | null, filter = ''): Promise<[string[], boolean, string]> => {
      const { data } = await ask(shop, query, { after, filter });
      const { edges, pageInfo } = ListSchema.parse(data?.orders);
      return [edges.map(({ node }) => node.id.replace(/^.*\//, '')), pageInfo.hasNextPage, pageInfo.endCursor];
    };
    const [first, more, cursor] = await page(null);
    expect([first, more]).toEqual([[ids[1], ids[2]], true]);
    expect((await page(cursor)).slice(0, 2)).toEqual([[ids[0]], false]);
    expect((await page(null, `updated_at:>='2026-11-21T09:00:03Z'`))[0]).toEqual([ids[2], ids[0]]);
  });

  it('counts the cost of a query, and gives points back as time passes', async () => {
    const { shop, pass } = await world({ bucket: { size: 100, restoredPerSecond: 10 } });
    const query = '{ orders(first: 40) { nodes { id } } }';
    for (let time = 0; time < 30; time++) shop.place({ lines: [mug] });
    expect((await ask(shop, query)).extensions).toMatchObject({
      cost: { requestedQueryCost: 42, actualQueryCost: 32 },
    });
    await ask(shop, query);
    const refused = await ask(shop, query);
    expect([refused.status, codeOf(refused)]).toEqual([200, 'THROTTLED']);
    expect(refused.extensions).toMatchObject({ cost: { throttleStatus: { maximumAvailable: 100, restoreRate: 10 } } });
    pass(5);
    expect(codeOf(await ask(shop, query))).toBeUndefined();
  });

  it('withholds the orders without a scope, all of the answer with them', async () => {
    const { shop } = await world({ scopes: [] });
    const told = await ask(shop, '{ orders(first: 1) { nodes { id } } }');
    expect([told.data, codeOf(told)]).toEqual([null, 'ACCESS_DENIED']);
  });

  it('withholds buyers without approval, as null beside an error', async () => {
    const { shop } = await world({ protectedCustomerData: false });
    const id = shop.place({ lines: [mug] });
    const told = await ask(shop, 'query One($id: ID!) { order(id: $id) { name email } }', {
      id: `gid://shopify/Order/${id}`,
    });
    expect([told.data, codeOf(told)]).toEqual([{ order: { name: '#1001', email: null } }, 'ACCESS_DENIED']);
  });

  it('sets a metafield as often as it is asked to, on an order that exists', async () => {
    const { shop } = await world();
    const id = shop.place({ lines: [mug] });
    const query = `mutation Set($metafields: [MetafieldsSetInput!]!) {
      metafieldsSet(metafields: $metafields) { metafields { key } userErrors { message } }
    }`;
    const of = (order: string): Wire => ({
      metafields: [
        {
          ownerId: `gid://shopify/Order/${order}`,
          namespace: 'ours',
          key: 'note',
          type: 'single_line_text_field',
          value: 'x',
        },
      ],
    });
    for (let time = 0; time < 2; time++) await ask(shop, query, of(id));
    expect(shop.metafields.size).toBe(1);
    const gone = await ask(shop, query, of('404'));
    expect(gone.data?.metafieldsSet).toMatchObject({ userErrors: [{ message: 'Owner does not exist' }] });
  });
});

describe('the simulated webhooks', () => {
  const topicsOf = (shop: ShopifyShop): string[] => shop.deliveries().map(({ topic }) => topic);

  it('tell what happens to an order, signed over the body as it is sent', async () => {
    const { shop } = await world();
    const id = shop.place({ id: '820982911946154777', lines: [mug], shipping: [mug], status: 'pending' });
    expect(topicsOf(shop)).toEqual(['orders/create', 'orders/updated']);
    shop.pay(id);
    const [paid] = shop.deliveries();
    if (paid === undefined) throw new Error('nothing was delivered');
    const signed = signShopify({ body: paid.body, topic: 'orders/paid', secret: SECRET, now: new Date() });
    expect(paid.headers['x-shopify-hmac-sha256']).toBe(signed['x-shopify-hmac-sha256']);
    expect(paid.body.toString()).toContain('"id":820982911946154777,');
    shop.edit(id, [{ line: 0, quantity: 1 }]);
    expect(topicsOf(shop)).toEqual(['orders/edited', 'orders/updated']);
    shop.refund(id, { lines: [{ line: 0, quantity: 1 }], shipping: '10.00' });
    shop.cancel(id);
    shop.remove(id);
    expect(topicsOf(shop)).toEqual([
      'refunds/create',
      'orders/updated',
      'orders/cancelled',
      'orders/updated',
      'orders/delete',
    ]);
  });

  it('carry the order as it stood when it happened, however late they are sent', async () => {
    const { shop } = await world();
    const id = shop.place({ lines: [mug], status: 'pending' });
    shop.pay(id);
    const states = shop.deliveries().map(({ body }) => JSON.parse(body.toString()).financial_status);
    expect(states).toEqual(['pending', 'pending', 'paid', 'paid']);
  });

  it('come once for each subscription, under one event and ids of their own', async () => {
    const { shop } = await world({ topics: ['orders/updated', 'orders/updated'] });
    shop.touch(shop.place({ lines: [mug] }));
    const [first, second, third] = shop.deliveries().map(({ headers }) => headers);
    expect(first?.['x-shopify-event-id']).toBe(second?.['x-shopify-event-id']);
    expect(first?.['x-shopify-webhook-id']).not.toBe(second?.['x-shopify-webhook-id']);
    expect(first?.['x-shopify-event-id']).not.toBe(third?.['x-shopify-event-id']);
  });

  it('are tried again with the very same body and id', async () => {
    const { shop } = await world({ topics: ['orders/create'] });
    shop.place({ lines: [mug] });
    const [first] = shop.deliveries();
    if (first === undefined) throw new Error('nothing was delivered');
    shop.answered(first, false);
    expect(shop.deliveries()).toEqual([first]);
    shop.answered(first, true);
    expect(shop.deliveries()).toEqual([]);
  });

  it('end with their subscription after eight retries in vain', async () => {
    const { shop } = await world({ topics: ['orders/create', 'orders/paid'] });
    shop.place({ lines: [mug] });
    let tries = 0;
    for (let due = shop.deliveries(); due.length > 0; due = shop.deliveries()) {
      for (const delivery of due) {
        if (delivery.topic === 'orders/create') tries += 1;
        shop.answered(delivery, delivery.topic !== 'orders/create');
      }
    }
    expect(tries).toBe(9);
    expect(shop.subscriptions.map(({ topic }) => topic)).toEqual(['orders/paid']);
    shop.place({ lines: [mug] });
    expect(shop.deliveries().map(({ topic }) => topic)).toEqual(['orders/paid']);
  });

  it('tell of a refund that is pending before the money has moved', async () => {
    const { shop } = await world({ topics: ['orders/updated'] });
    const id = shop.place({ lines: [mug] });
    const refundId = shop.refund(id, { amount: '5.00', status: 'pending' });
    shop.settle(id, refundId);
    const statuses = shop.deliveries().map(({ body }) => JSON.parse(body.toString()).financial_status);
    expect(statuses).toEqual(['paid', 'paid', 'partially_refunded']);
  });
});
