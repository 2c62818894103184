import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SAMPLES, type Sample } from '../../src/demo/samples.ts';
import { folderOfThisTest, run } from './program.ts';

const FILE = 'payload.json';

/** The sample of this title begins with. */
function sampleOf(beginning: string): Sample {
  const sample = SAMPLES.find(({ title }) => title.startsWith(beginning));
  if (sample === undefined) throw new Error(`no sample begins with ${beginning}`);
  return sample;
}

async function preview(source: string, payload: string, ...options: string[]) {
  const cwd = folderOfThisTest();
  writeFileSync(join(cwd, FILE), payload);
  const ended = await run(['preview', source, FILE, ...options], { cwd });
  return { ...ended, left: readdirSync(cwd) };
}

test('shows buyer, lines, rates, payment and client keys of a paid order, and leaves nothing behind', async () => {
  const { code, stdout, left } = await preview('shop', sampleOf('WooCommerce: a company').body);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^order\.updated of shop: an invoice at playground$/m);
  expect(stdout).toMatch(/VAT number FR 40 303 265 045/);
  expect(stdout).toMatch(/^Farine de tradition T65, 25 kg +4 +5\.5 % +4\.17 +80\.01$/m);
  expect(stdout).toMatch(/^of which at 20 % +52\.33 +314\.00$/m);
  expect(stdout).toMatch(/^Total +56\.50 +394\.01 EUR$/m);
  expect(stdout).toMatch(/^Paid +394\.01 EUR on 2026-11-02, Virement bancaire/m);
  expect(stdout).toMatch(/by external_id shop-7\n +else by tax_number FR40303265045\n +else by email compta@/);
  expect(left).toEqual([FILE]);
});

test('gives programs the request that the provider would get', async () => {
  const { stdout } = await preview('boutique', sampleOf('Shopify').body, '--json');
  const { invoice, order, payments, client_keys } = JSON.parse(stdout);
  expect(invoice).toMatchObject({
    provider: 'playground',
    held: null,
    request: { clientId: '1', orderNumber: '#2001' },
  });
  expect(order).toMatchObject({ number: '#2001', total: '54.60', currency: 'EUR' });
  expect(payments).toMatchObject([{ amount: '54.60', currency: 'EUR' }]);
  expect(client_keys.map(({ kind }: { kind: string }) => kind)).toEqual(['email']);
});

test('an order that is not paid waits, and shows what it would be', async () => {
  const { code, stdout } = await preview('shop', sampleOf('WooCommerce: an order is placed').body);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^order\.updated of shop: no invoice yet, unpaid: 0\.00 of 45\.60 EUR received/m);
  expect(stdout).toMatch(/^Total +7\.60 +45\.60 EUR$/m);
});

test('a payment shows its amount, and that no order is known here', async () => {
  const { stdout } = await preview('stripe', sampleOf('Stripe').body);
  expect(stdout).toMatch(/no invoice yet, payment_unlinked/);
  expect(stdout).toMatch(/^Paid +45\.60 EUR/m);
});

test('a topic that is not used is said to be none', async () => {
  const { stdout } = await preview('boutique', sampleOf('Shopify').body, '--topic', 'products/update');
  expect(stdout).toMatch(/^products\/update of boutique: nothing to do, /m);
});

test('a payload that is not understood says where, and ends with 1', async () => {
  const broken = JSON.stringify({ ...JSON.parse(sampleOf('WooCommerce: a company').body), total: null });
  const { code, stdout, stderr } = await preview('shop', broken);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^not understood as order\.updated of shop: total: .*$/m);
});

test('a source that is not configured is named with the nearest', async () => {
  const { code, stderr } = await preview('shp', '{}');
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean "shop"?');
});

test('a file that is not there is named', async () => {
  const { code, stderr } = await run(['preview', 'shop', 'nothing.json'], { cwd: folderOfThisTest() });
  expect(code).toBe(1);
  expect(stderr).toContain('nothing.json cannot be read (ENOENT)');
});

test('shows what a mapping of one’s own changes, place by place', async () => {
  const cwd = folderOfThisTest();
  const config = [
    'providers: { playground: { type: sandbox } }',
    'sources:',
    '  shop: { type: woocommerce, secret: a-secret-of-this-test, provider: playground, mapping: ./own.jsonata }',
  ].join('\n');
  writeFileSync(join(cwd, 'bridge.yaml'), config);
  writeFileSync(join(cwd, 'own.jsonata'), '{ "buyer": { "tax_number": "FR" & $string(payload.customer_id) } }');
  writeFileSync(join(cwd, FILE), sampleOf('WooCommerce: an order is placed').body);
  const { code, stdout } = await run(['preview', 'shop', FILE], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^The mapping changes:\n {2}buyer\.tax_number +\S.* +→ +FR\d+$/m);
  const told = JSON.parse((await run(['preview', 'shop', FILE, '--json'], { cwd })).stdout);
  expect(told.mapping).toMatchObject([{ path: 'buyer.tax_number' }]);
});
