// What PrestaShop's webservice is asked, against a simulated shop: every change is found, through whatever happens meanwhile.
import { afterEach, describe, expect, it } from 'vitest';
import { prestashop } from '../../connectors/prestashop/index.ts';
import type { PrestaShopOptions } from '../simulators/prestashop.ts';
import { closeShops, found, idOf, ids, LONG_AGO, openShop } from './prestashop-world.ts';

afterEach(closeShops);

describe('an order that is fetched from PrestaShop', () => {
  it('is whole, and the same bytes however it is found and however often', async () => {
    const { shop, fetch, all, tick } = await openShop();
    shop.place();
    tick();
    const id = shop.place({ vouchers: [{ name: 'Bon', gross: 1000, net: 833.3333 }] });
    shop.pay(id, { transaction: 'pi_1' });
    const [one, again, [, listed]] = [await fetch(id), await fetch(id), await all('orders')];
    expect(one?.topic).toBe('fetched.order');
    expect(Buffer.from(one?.body ?? []).toString()).toBe(Buffer.from(again?.body ?? []).toString());
    expect(Buffer.from(listed?.body ?? []).toString()).toBe(Buffer.from(one?.body ?? []).toString());
  });

  it('has other bytes once anything of it is another', async () => {
    const { shop, fetch, tick } = await openShop();
    const id = shop.place();
    const texts = new Set<string>();
    const note = async () => texts.add(Buffer.from((await fetch(id))?.body ?? []).toString());
    await note();
    for (const act of [() => shop.pay(id), () => shop.refund(id, { pieces: { 0: 1 } }), () => shop.ship(id)]) {
      tick();
      act();
      await note();
    }
    expect(texts.size).toBe(4);
  });

  it('keeps no password, no card and no key of the customer’s', async () => {
    const { shop, fetch } = await openShop();
    const id = shop.place();
    shop.pay(id);
    const text = Buffer.from((await fetch(id))?.body ?? []).toString();
    expect(text).toContain('ines@buyer.example');
    for (const secret of ['hash-of-a-password', 'key-of-the-customer', 'key-of-the-file', '4242'])
      expect(text).not.toContain(secret);
  });

  it('is nothing when it is gone, and a failure when the shop cannot be asked', async () => {
    const { shop, api, io } = await openShop();
    expect(await api.fetch('order:99', io)).toEqual({ kind: 'found', items: [] });
    expect(await api.fetch('customer:1', io)).toMatchObject({ kind: 'failed', problem: { code: 'unknown_ref' } });
    await shop.refuse();
    expect(await api.fetch('order:1', io)).toMatchObject({ kind: 'failed', unanswered: true });
    await shop.accept();
  });

  it('reads alike from shops of every version and spelling', async () => {
    const read = async (options: PrestaShopOptions) => {
      const world = await openShop(options);
      const id = world.shop.place({
        items: [
          { name: 'Théière', gross: 6000, rate: '20' },
          { name: 'Livre', gross: 1055, rate: '5.5' },
        ],
      });
      world.shop.pay(id);
      return world.read(await world.fetch(id));
    };
    const today = await read({});
    expect(today).toMatchObject({ total: 7055n, doubt: null });
    expect(await read({ languages: ['1'] })).toEqual(today);
    expect(await read({ absent: ['order_cart_rules'], emptyAssociation: 'text', soleAsObject: true })).toEqual(today);
  });

  it('is understood with the fewest rights, and reads the same whatever stands beside it on a page', async () => {
    const { shop, fetch, all, read } = await openShop({
      denied: ['taxes', 'order_cart_rules', 'order_invoices', 'languages', 'carriers', 'states'],
    });
    const untaxed = shop.place({ items: [{ name: 'Don', gross: 1000, rate: null }] });
    shop.place();
    const alone = await fetch(untaxed);
    const [beside] = await all('orders');
    expect(Buffer.from(beside?.body ?? []).toString()).toBe(Buffer.from(alone?.body ?? []).toString());
    expect(read(alone)).toMatchObject({ total: 1000n, doubt: null });
  });

  it('fails with the name of the right that is missing', async () => {
    const { shop, api, io, page } = await openShop({ denied: ['order_payments'] });
    shop.place();
    const missing = {
      kind: 'failed',
      account: true,
      problem: { code: 'resource_not_readable', detail: expect.stringContaining('order_payments') },
    };
    expect(await api.fetch('order:1', io)).toMatchObject(missing);
    expect(await page('orders', LONG_AGO)).toMatchObject(missing);
    expect(await page('payments', LONG_AGO)).toMatchObject(missing);
  });
});

describe('what changed in a PrestaShop', () => {
  it('is told from the given second on, oldest first', async () => {
    const { shop, all, tick, now } = await openShop();
    shop.place();
    tick();
    const since = now();
    const [second, third] = [shop.place(), shop.place()];
    tick();
    shop.pay(second);
    expect(ids(await all('orders', since))).toEqual([third, second]);
    tick();
    expect(ids(await all('orders', now()))).toEqual([]);
  });

  it('is whole where more orders than a page holds changed in one second', async () => {
    const { shop, all } = await openShop();
    const placed = Array.from({ length: 47 }, () => shop.place());
    expect(ids(await all('orders'))).toEqual(placed);
  });

  it('is not missed where orders change while they are read', async () => {
    const { shop, all, tick, read } = await openShop();
    const placed = Array.from({ length: 45 }, () => {
      tick(1);
      return shop.place();
    });
    let pages = 0;
    // After each page one that was told and one that was not yet change, and move to the end.
    const findings = await all('orders', LONG_AGO, () => {
      const change = [[0, 30], [21]][pages++] ?? [];
      tick(1);
      for (const index of change) shop.pay(placed[index] ?? '');
    });
    expect(new Set(ids(findings))).toEqual(new Set(placed));
    const last = new Map(findings.map((finding) => [idOf(finding), read(finding).paid]));
    for (const index of [0, 30]) expect(last.get(placed[index] ?? '')).not.toBeNull();
  });

  it('is told as it stands when an order changes between the choice of a page and its reading', async () => {
    const { shop, all, tick, read } = await openShop();
    const id = shop.place();
    shop.meanwhile(() => {
      tick();
      shop.pay(id);
    });
    const [finding] = await all('orders');
    expect(read(finding)).toMatchObject({ paid: { amount: 12000n }, rank: 20 });
  });

  it('goes on from a cursor after a restart, and starts anew with one that is none', async () => {
    const { shop, page } = await openShop();
    for (let count = 0; count < 25; count++) shop.place();
    const [first] = found(await page('orders', LONG_AGO));
    expect(first?.findings).toHaveLength(20);
    const rest = found(await page('orders', LONG_AGO, first?.cursor ?? null))[0];
    expect(rest).toMatchObject({ cursor: null });
    expect(ids(rest?.findings ?? [])).toEqual(['21', '22', '23', '24', '25']);
    expect(ids(found(await page('orders', LONG_AGO, 'nonsense'))[0]?.findings ?? [])[0]).toBe('1');
  });

  it('has credit slips, which leave the order’s own date alone, and each order once', async () => {
    const { shop, all, tick, now, read } = await openShop();
    const [id, other] = [
      shop.place({ items: [{ name: 'Plaid', gross: 9000, rate: '20', quantity: 3 }] }),
      shop.place(),
    ];
    shop.pay(id);
    tick();
    const since = now();
    shop.refund(id, { pieces: { 0: 1 } });
    shop.refund(id, { pieces: { 0: 1 } });
    expect(ids(await all('orders', since))).toEqual([]);
    const told = await all('refunds', since);
    expect(ids(told)).toEqual([id]);
    expect(ids(told)).not.toContain(other);
    expect(read(told[0]).refunds.map(({ amount }) => amount)).toEqual([3000n, 3000n]);
  });

  it('has payments that a module added without touching the order', async () => {
    const { shop, all, tick, now, read } = await openShop();
    const id = shop.place({ reference: 'SPLITCART', cart: '5' });
    const sibling = shop.place({ reference: 'SPLITCART', cart: '5' });
    const before = { ...shop.order(id) };
    tick();
    const since = now();
    shop.pay(id, { amount: 24_000 });
    shop.order(id).date_upd = before.date_upd;
    expect(ids(await all('orders', since))).toEqual([]);
    const told = await all('payments', since);
    expect(ids(told)).toEqual([id, sibling]);
    expect(told.map((finding) => read(finding).paid?.amount)).toEqual([12000n, 12000n]);
  });

  it('is not missed in the hour that the shop’s clock shows twice', async () => {
    const { shop, all, tick, now } = await openShop();
    // 02:50 summer time; then the clock is put back, and an order changes at 02:10.
    tick((Date.parse('2026-10-25T00:50:00Z') - Date.parse(now())) / 1000);
    const since = now();
    tick(20 * 60);
    const id = shop.place();
    expect(shop.order(id).date_upd).toBe('2026-10-25 02:10:00');
    expect(ids(await all('orders', since))).toEqual([id]);
  });

  it('is asked in the shop’s own time', async () => {
    const { shop, all, tick, now } = await openShop(
      { timeZone: 'America/Guadeloupe' },
      { time_zone: 'America/Guadeloupe' },
    );
    shop.place();
    tick();
    const since = now();
    const id = shop.place();
    expect(ids(await all('orders', since))).toEqual([id]);
  });

  it('takes as many requests for a page of orders as for one', async () => {
    const { shop, all } = await openShop();
    shop.place();
    await all('orders');
    const forOne = shop.requests().length;
    for (let count = 0; count < 15; count++) shop.place();
    await all('orders');
    expect(shop.requests().length).toBe(2 * forOne);
    expect(forOne).toBeLessThan(20);
  });

  it('is nothing in a stream that there is not', async () => {
    const { page } = await openShop();
    expect(await page('carts', LONG_AGO)).toMatchObject({ kind: 'failed', problem: { code: 'unknown_stream' } });
  });
});

describe('a hint of a PrestaShop’s module', () => {
  it.each([
    ['JSON', { secret: 'a-secret-of-the-module' }],
    ['a form', { secret: 'a-secret-of-the-module', forms: true, signature: { prefix: 'sha256=' as const } }],
  ])('as %s leads to the order as it stands when it is asked for', async (_form, options) => {
    const { shop, fetch, read, tick } = await openShop(options);
    const id = shop.place();
    tick();
    shop.pay(id);
    const settings = prestashop.settings.parse({ api: { url: shop.url, key: shop.key }, secret: options.secret });
    for (const { headers, body } of shop.deliveries().reverse()) {
      const verdict = prestashop.verify({ headers, repeated: new Set(), body }, settings);
      expect(verdict.kind).toBe('accepted');
      const topic = verdict.kind === 'accepted' ? verdict.topic : '';
      const outcome = prestashop.understand({ topic, headers, body, receivedAt: '' }, settings);
      expect(outcome).toMatchObject({ value: { kind: 'fetch', fetch: [`order:${id}`], orderId: id } });
      expect(read(await fetch(id))).toMatchObject({ paid: { amount: 12000n } });
    }
  });
});
