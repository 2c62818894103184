// The simulated shop keeps to what is known of Shopware: what the connector's tests prove rests on it.
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderRequest } from '../../src/connector.ts';
import { callProvider } from '../../src/http-client.ts';
import { type ShopwareOptions, type ShopwareShop, shopwareShop } from './shopware.ts';

const SECRET = 'shop-secret-of-the-simulator';
let time = Date.parse('2026-11-21T10:00:00.000Z');
const later = (ms: number): void => {
  time += ms;
};
let shop: ShopwareShop;
const start = async (options: Partial<ShopwareOptions> = {}): Promise<void> => {
  await shop?.close();
  shop = await shopwareShop({ secret: SECRET, now: () => new Date(time), ...options });
};
beforeEach(() => start());
afterEach(() => shop.close());

async function call(request: ProviderRequest): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await callProvider({ baseUrl: shop.url, headers: {} }, request, 2000);
  if (answer.kind !== 'answer') throw new Error(answer.problem.detail);
  const text = Buffer.from(answer.body).toString();
  return { status: answer.status, json: text === '' ? {} : JSON.parse(text) };
}

async function token(clientSecret = shop.clientSecret): Promise<string> {
  const body = { grant_type: 'client_credentials', client_id: shop.clientId, client_secret: clientSecret };
  const { json } = await call({ method: 'POST', path: '/api/oauth/token', body: JSON.stringify(body) });
  return String(json.access_token);
}

async function search(entity: string, criteria: object, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await token()}`;
  const body = JSON.stringify(criteria);
  return call({ method: 'POST', path: `/api/search/${entity}`, headers: { authorization, ...headers }, body });
}
const found = async (entity: string, criteria: object) =>
  (await search(entity, criteria)).json.data as Record<string, unknown>[];

describe('the simulated Admin API', () => {
  it('gives a token to the integration alone, and takes it while it lives', async () => {
    expect(await token('wrong')).toBe('undefined');
    const headers = { authorization: `Bearer ${await token()}` };
    const version = (): Promise<{ status: number }> => call({ method: 'GET', path: '/api/_info/version', headers });
    expect((await version()).status).toBe(200);
    later(600_000);
    expect(await version()).toMatchObject({ status: 401, json: { errors: [{ code: '9' }] } });
  });

  it('shows associations that are asked for, and only included fields', async () => {
    shop.place();
    const [bare] = await found('order', {});
    expect(bare).toMatchObject({ lineItems: null, transactions: null, billingAddress: null, updatedAt: null });
    const [row] = await found('order', {
      associations: { lineItems: {}, currency: {} },
      includes: { order: ['id', 'lineItems', 'currency'], currency: ['isoCode'] },
    });
    expect(row).toMatchObject({ lineItems: [{ label: 'Desk lamp' }], currency: { isoCode: 'EUR' } });
    expect(new Set(Object.keys(row ?? {}))).toEqual(new Set(['apiAlias', 'id', 'lineItems', 'currency']));
  });

  it('filters, sorts and limits', async () => {
    const ids = [0, 1, 2].map(() => {
      later(10);
      return shop.place();
    });
    const at = new Date(time - 10).toISOString().replace('T', ' ').replace('Z', '');
    const late = await found('order', {
      filter: [
        { type: 'range', field: 'createdAt', parameters: { gte: at } },
        { type: 'not', operator: 'and', queries: [{ type: 'equalsAny', field: 'id', value: `${ids[0]}|${ids[2]}` }] },
      ],
    });
    expect(late.map(({ id }) => id)).toEqual([ids[1]]);
    const latest = await found('order', { sort: [{ field: 'createdAt', order: 'DESC' }], limit: 2 });
    expect(latest.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect((await search('order', { limit: 101 })).status).toBe(400);
  });

  it('refuses a date in another form than the database’s', async () => {
    const filter = [{ type: 'range', field: 'updatedAt', parameters: { gte: '2026-11-21T10:00:00.000Z' } }];
    shop.place();
    expect((await search('order', { filter })).status).toBe(400);
  });

  it('never finds a row without a date by that date', async () => {
    shop.place();
    const filter = [{ type: 'range', field: 'updatedAt', parameters: { gte: '2000-01-01 00:00:00.000' } }];
    expect(await found('order', { filter })).toEqual([]);
  });

  it('names the rights that are missing', async () => {
    await start({ lacks: ['order_transaction:read'] });
    expect(await search('order', {})).toMatchObject({ status: 200 });
    const refused = await search('order', { associations: { transactions: {} } });
    expect(refused).toMatchObject({ status: 403, json: { errors: [{ code: 'FRAMEWORK__MISSING_PRIVILEGE_ERROR' }] } });
    expect(JSON.stringify(refused.json)).toContain('order_transaction:read');
  });

  it('answers JSON:API to who does not ask for plain JSON', async () => {
    shop.place();
    const { json } = await search('order', {}, { accept: 'application/vnd.api+json' });
    expect(json.data).toMatchObject([{ type: 'order', attributes: { orderNumber: expect.any(String) } }]);
  });

  it('changes only the custom fields that are named', async () => {
    const id = shop.place();
    const authorization = `Bearer ${await token()}`;
    const patch = (customFields: object) =>
      call({
        method: 'PATCH',
        path: `/api/order/${id}`,
        headers: { authorization },
        body: JSON.stringify({ customFields }),
      });
    expect((await patch({ a: '1', b: '2' })).status).toBe(204);
    await patch({ b: '3' });
    expect((await found('order', {}))[0]?.customFields).toEqual({ a: '1', b: '3' });
  });

  it('turns away what a proxy does not let through', async () => {
    await start({ limit: { requests: 1, perMs: 60_000 } });
    await token();
    expect(await call({ method: 'GET', path: '/api/_info/version' })).toMatchObject({ status: 429 });
  });
});

describe('the simulated shop', () => {
  const dates = async (entity: string) => (await found(entity, {})).map(({ updatedAt }) => updatedAt !== null);

  it('leaves the order’s own date alone when its payment, a refund or the address changes', async () => {
    const id = shop.place();
    later(1000);
    shop.pay(id);
    shop.refund(id, { gross: 6000, items: [0] });
    shop.books.correctAddress(id, '2 rue de la Paix');
    expect(await dates('order')).toEqual([false]);
    expect(await dates('order-transaction')).toEqual([true]);
    expect(await dates('order-address')).toEqual([true]);
    expect(await found('order-transaction-capture-refund', {})).toHaveLength(1);
  });

  it('changes the order’s own date when it is edited or cancelled', async () => {
    const [edited, cancelled] = [shop.place(), shop.place()];
    shop.edit(edited, [{ label: 'Lamp', gross: 6000 }]);
    shop.cancel(cancelled);
    expect(await dates('order')).toEqual([true, true]);
  });
});

describe('the simulated webhooks', () => {
  const told = (deliveries = shop.deliveries()) => deliveries.map(({ topic }) => topic);

  it('are signed over the body, which names the event', () => {
    shop.place();
    for (const { headers, body, topic } of shop.deliveries()) {
      expect(headers['shopware-shop-signature']).toBe(createHmac('sha256', SECRET).update(body).digest('hex'));
      expect(JSON.parse(body)).toMatchObject({ data: { event: topic }, source: { url: shop.url } });
    }
  });

  it('tell of what happened, in its order, once', () => {
    const id = shop.place();
    shop.pay(id);
    shop.draft(id);
    shop.refund(id, { gross: 6000, recorded: false });
    shop.cancel(id);
    shop.remove(id);
    expect(told()).toEqual([
      'order.written',
      'checkout.order.placed',
      'state_enter.order_transaction.state.paid',
      'order.written',
      'state_enter.order_transaction.state.refunded_partially',
      'state_enter.order.state.cancelled',
      'order.deleted',
    ]);
    expect(told()).toEqual([]);
  });

  it('come again after a failure, under the same id and after what is newer, five times', () => {
    const id = shop.place();
    const [, placed] = shop.deliveries();
    if (placed === undefined) throw new Error('nothing was sent');
    shop.failed(placed);
    shop.pay(id);
    let [again, ...newer] = shop.deliveries();
    expect(newer.map(({ topic }) => topic)).toEqual(['state_enter.order_transaction.state.paid']);
    expect(again).toMatchObject({
      topic: 'checkout.order.placed',
      headers: { 'x-shopware-event-id': placed.headers['x-shopware-event-id'], 'x-shopware-attempt': '1' },
    });
    expect(again?.body).not.toBe(placed.body);
    for (let attempt = 2; attempt <= 6; attempt++) {
      if (again === undefined) throw new Error('it did not come again');
      shop.failed(again);
      [again] = shop.deliveries();
    }
    expect(again).toBeUndefined();
  });

  it('are switched off after ten failures in a row, and what happens then is told to nobody', async () => {
    for (let order = 0; order < 10; order++) shop.pay(shop.place());
    for (const delivery of shop.deliveries()) if (delivery.topic.endsWith('.paid')) shop.failed(delivery);
    shop.deliveries();
    shop.pay(shop.place());
    expect(told()).toEqual(['order.written', 'checkout.order.placed']);
    expect(await found('webhook', { filter: [{ type: 'equals', field: 'active', value: false }] })).toMatchObject([
      { eventName: 'state_enter.order_transaction.state.paid' },
    ]);
  });
});
