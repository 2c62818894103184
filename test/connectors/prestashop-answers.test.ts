// What becomes of a PrestaShop that answers badly, and what the check of one tells.
import { afterEach, describe, expect, it } from 'vitest';
import { prestashop } from '../../connectors/prestashop/index.ts';
import { callProvider } from '../../src/http-client.ts';
import { closeShops, found, LONG_AGO, openShop } from './prestashop-world.ts';

afterEach(closeShops);

describe('a PrestaShop that does not answer as it should', () => {
  const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Maintenance</h1>' };

  it.each([
    ['a page in place of JSON', html, { problem: { code: 'unclear_answer' } }],
    [
      'JSON of another form',
      { status: 200, body: '{"orders":[{"reference":"X"}]}' },
      { problem: { code: 'unclear_answer' } },
    ],
    ['two lists at once', { status: 200, body: '{"orders":[],"carts":[]}' }, { problem: { code: 'unclear_answer' } }],
    [
      'a server error',
      { status: 500, body: '{"errors":[{"code":5,"message":"[PHP Notice] x"}]}' },
      { problem: { code: 'refused' } },
    ],
    ['a redirect', { status: 302, headers: { location: '/' }, body: '' }, { problem: { code: 'unclear_answer' } }],
    [
      'a wall before the shop',
      { status: 403, body: '<h1>Forbidden</h1>' },
      { account: true, problem: { code: 'credentials_refused' } },
    ],
    ['no webservice at all', { status: 404, body: '<h1>404</h1>' }, { problem: { code: 'not_found' } }],
    [
      'too many requests',
      { status: 429, headers: { 'retry-after': '30' }, body: '' },
      { throttled: { retryAfterMs: 30_000 } },
    ],
  ])('fails on %s, and never finds nothing', async (_name, sees, expected) => {
    const { shop, page } = await openShop();
    shop.place();
    shop.failNext({ acts: 'never', sees });
    expect(await page('orders', LONG_AGO)).toMatchObject({ kind: 'failed', ...expected });
  });

  it('fails a page whole when any part of it fails', async () => {
    const { shop, page } = await openShop();
    shop.place();
    shop.failNext({ acts: 'never', sees: 'reset' }, ({ path }) => path === '/api/taxes');
    expect(await page('orders', LONG_AGO)).toMatchObject({ kind: 'failed', unanswered: true });
    expect(found(await page('orders', LONG_AGO))[0]?.findings).toHaveLength(1);
  });
});

describe('the check of a PrestaShop', () => {
  it('names the shop, and tells what its key may read', async () => {
    const { api, io } = await openShop();
    expect(await api.check(io)).toMatchObject({
      kind: 'done',
      value: {
        name: 'Maison Lambert',
        warnings: [],
        cannot: [expect.stringContaining('notes'), expect.stringContaining('webhooks')],
      },
    });
  });

  it('names the host, and what is lost, where the key may read no more than it must', async () => {
    const { api, io, shop } = await openShop(
      { denied: ['taxes', 'configurations'], absent: ['order_cart_rules'] },
      { secret: 'a-secret-of-the-module' },
    );
    const outcome = await api.check(io);
    expect(outcome).toMatchObject({ kind: 'done', value: { name: new URL(shop.url).host } });
    const cannot = outcome.kind === 'done' ? outcome.value.cannot : [];
    expect(cannot.map((text) => /“(\w+)”/.exec(text)?.[1])).toEqual(['taxes', 'order_cart_rules', undefined]);
  });

  it('refuses a key without a right that is needed, and names every one', async () => {
    const { api, io } = await openShop({ denied: ['order_slip', 'countries'] });
    expect(await api.check(io)).toMatchObject({
      kind: 'rejected',
      rejection: { kind: 'account' },
      problem: { detail: expect.stringMatching(/order_slip.*countries/) },
    });
  });

  it('refuses a wrong key, a webservice that is switched off and an address that has none', async () => {
    const { shop, io } = await openShop();
    const check = (url: string, key: string) => {
      const api = prestashop.api(prestashop.settings.parse({ api: { url, key } }));
      if (api === null) throw new Error('no api');
      return api.check({ ...io, http: (request) => callProvider(api.endpoint, request, 5_000) });
    };
    expect(await check(shop.url, 'X'.repeat(32))).toMatchObject({
      kind: 'rejected',
      problem: { code: 'credentials_refused' },
    });
    expect(await check(`${shop.url}/api`, shop.key)).toMatchObject({ problem: { code: 'not_found' } });
    shop.enable(false);
    expect(await check(shop.url, shop.key)).toMatchObject({
      kind: 'rejected',
      problem: { code: 'webservice_disabled' },
    });
    expect(JSON.stringify(await check(shop.url, shop.key))).not.toContain(shop.key);
  });

  it('warns of a time zone that is not the shop’s, and of invoices that the shop makes itself', async () => {
    const warnings = async (settings: object) => {
      const { api, io } = await openShop({ timeZone: 'America/Martinique', ownInvoices: true }, settings);
      const outcome = await api.check(io);
      return outcome.kind === 'done' ? outcome.value.warnings.map((text) => text.slice(0, 20)) : [];
    };
    expect(await warnings({})).toEqual(['the shop’s time zone', 'PrestaShop numbers i']);
    expect(await warnings({ time_zone: 'America/Martinique', own_invoices: 'ignore' })).toEqual([]);
  });
});
