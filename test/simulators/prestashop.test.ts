// The simulated PrestaShop, against what the real one is known to do.
import { afterEach, describe, expect, it } from 'vitest';
import { type PrestaShopOptions, type PrestaShopShop, prestashopShop } from './prestashop.ts';

let closing: PrestaShopShop[] = [];
afterEach(async () => {
  await Promise.all(closing.map((shop) => shop.close()));
  closing = [];
});

async function open(options: PrestaShopOptions = {}) {
  const shop = await prestashopShop(options);
  closing.push(shop);
  const get = async (resource: string, query: Record<string, string> = {}, key = shop.key) => {
    const address = `${shop.url}/api/${resource}?${new URLSearchParams({ output_format: 'JSON', ...query })}`;
    const answer = await fetch(address, {
      headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
    });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  return { shop, get };
}

const told = (code: number) => ({ errors: [{ code, message: expect.any(String) }] });

describe('the simulated webservice', () => {
  it('takes the key as the user, with an empty password', async () => {
    const { get } = await open();
    expect(await get('orders')).toEqual({ status: 200, body: [] });
    expect(await get('orders', {}, 'X'.repeat(32))).toEqual({ status: 401, body: told(20) });
    expect(await get('orders', {}, 'short')).toEqual({ status: 401, body: told(18) });
    expect(await get('orders', {}, '')).toEqual({ status: 401, body: told(17) });
  });

  it('tells a right that is missing from a table that is not there', async () => {
    const { get } = await open({ denied: ['taxes'], absent: ['order_cart_rules'] });
    expect(await get('taxes')).toEqual({ status: 401, body: told(26) });
    expect(await get('order_cart_rules')).toEqual({ status: 400, body: told(27) });
  });

  it('writes every value as text, ids of rows apart, and dates by its own clock', async () => {
    const { shop, get } = await open();
    shop.place();
    const { body } = await get('orders', { display: 'full' });
    expect(body.orders[0]).toMatchObject({
      id: 1,
      id_cart: '91',
      total_paid_tax_incl: '120.000000',
      invoice_date: '0000-00-00 00:00:00',
      date_upd: '2026-11-21 11:00:00',
    });
  });

  it('answers slips under another name than they are asked for', async () => {
    const { shop, get } = await open();
    shop.refund(shop.place(), { pieces: { 0: 1 } });
    expect(Object.keys((await get('order_slip', { display: 'full' })).body)).toEqual(['order_slips']);
  });

  it('filters by values, ranges and dates, sorts and limits', async () => {
    const { shop, get } = await open();
    for (let count = 0; count < 4; count++) shop.place();
    const ids = async (query: Record<string, string>) =>
      ((await get('orders', { display: '[id]', ...query })).body.orders ?? []).map(({ id }: { id: number }) => id);
    expect(await ids({ 'filter[id]': '[1|3]' })).toEqual([1, 3]);
    expect(await ids({ 'filter[id]': '[2,3]' })).toEqual([2, 3]);
    expect(await ids({ 'filter[id]': '>[2]', sort: '[id_DESC]' })).toEqual([4, 3]);
    expect(await ids({ limit: '1,2' })).toEqual([2, 3]);
    expect(await ids({ date: '1', 'filter[date_upd]': '>[2026-11-21 10:59:59]' })).toHaveLength(4);
    expect(await ids({ date: '1', 'filter[date_upd]': '>[2026-11-21 11:00:00]' })).toEqual([]);
  });

  it('refuses what the real one refuses: dates without date=1, columns and orders that there are not', async () => {
    const { get } = await open();
    expect(await get('orders', { 'filter[date_upd]': '>[2026-01-01]' })).toEqual({ status: 400, body: told(32) });
    expect(await get('orders', { sort: '[date_upd_ASC]' })).toEqual({ status: 400, body: told(38) });
    expect(await get('orders', { sort: 'id' })).toEqual({ status: 400, body: told(37) });
    expect(await get('order_payments', { date: '1', 'filter[date_upd]': '[2026]' })).toEqual({
      status: 400,
      body: told(32),
    });
  });

  it('shows texts in every language, and leaves out empty lists, unless it is told otherwise', async () => {
    const first = await open();
    expect(
      (await first.get('order_states', { display: '[id,name]', 'filter[id]': '[2]' })).body.order_states[0].name,
    ).toHaveLength(2);
    const odd = await open({ languages: ['1'], emptyAssociation: 'text', soleAsObject: true });
    odd.shop.place({
      items: [
        { name: 'A', gross: 100, rate: '20' },
        { name: 'B', gross: 100, rate: null },
      ],
    });
    expect(
      (await odd.get('order_states', { display: '[id,name]', 'filter[id]': '[2]' })).body.order_states[0].name,
    ).toBe('Payment accepted');
    const { order_details: details } = (await odd.get('order_details', { display: 'full' })).body;
    expect(details.map((row: { associations: object }) => row.associations)).toEqual([
      { taxes: { id: '1' } },
      { taxes: '' },
    ]);
  });

  it('moves an order’s date with every act but a refund', async () => {
    let now = Date.parse('2026-11-21T10:00:00Z');
    const { shop } = await open({ now: () => new Date(now) });
    const id = shop.place();
    const dates = [() => shop.pay(id), () => shop.refund(id, { pieces: { 0: 1 } }), () => shop.ship(id)].map((act) => {
      now += 60_000;
      act();
      return shop.order(id).date_upd;
    });
    expect(dates).toEqual(['2026-11-21 11:01:00', '2026-11-21 11:01:00', '2026-11-21 11:03:00']);
  });

  it('numbers an invoice with the first paid state, unless its invoices are switched off', async () => {
    const [own, off] = [await open({ ownInvoices: true }), await open()];
    for (const { shop } of [own, off]) shop.pay(shop.place());
    expect(own.shop.order('1').invoice_number).toBe('1');
    expect(off.shop.order('1').invoice_number).toBe('0');
  });

  it('turns requests away by its limit, and says when to come again', async () => {
    const { shop, get } = await open({ limit: { requests: 1, perMs: 60_000 } });
    await get('orders');
    const answer = await fetch(`${shop.url}/api/orders`);
    expect([answer.status, answer.headers.get('retry-after'), shop.throttled()]).toEqual([429, '60', 1]);
  });
});

describe('the simulated module', () => {
  it('tells of every change once, signed over the bytes', async () => {
    const { shop } = await open({ secret: 'a-secret-of-the-module' });
    const id = shop.place();
    shop.pay(id);
    const [placed, paid, another] = shop.deliveries();
    expect(another).toBeUndefined();
    expect(JSON.parse(placed?.body.toString() ?? '')).toMatchObject({ id_order: id, state: '10' });
    expect(paid?.headers['x-prestashop-signature']).toMatch(/^[0-9a-f]{64}$/);
    expect(shop.deliveries()).toEqual([]);
  });

  it('may write forms, and sign in its own way', async () => {
    const signature = { header: 'X-Acme-Signature', prefix: 'sha256=' } as const;
    const { shop } = await open({ secret: 'a-secret-of-the-module', forms: true, signature });
    shop.place();
    const [delivery] = shop.deliveries();
    expect(delivery?.body.toString()).toMatch(/^id_order=1&/);
    expect(delivery?.headers['x-acme-signature']).toMatch(/^sha256=/);
  });

  it('is silent in a shop that has none', async () => {
    const { shop } = await open();
    shop.place();
    expect(shop.deliveries()).toEqual([]);
  });
});
