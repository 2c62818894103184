// What `check` tells of providers: the report as it is shown, and a real account that refuses.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CheckReport, checkLines, type ProviderReport } from '../../src/cli/check-report.ts';
import { folderOfThisTest, run } from './program.ts';

const REPORT: CheckReport = {
  ok: true,
  configuration: { file: 'bridge.yaml', problems: [], warnings: [] },
  database: null,
  sources: [],
  problems: [],
  providers: [],
  first_run: null,
  admin_token: null,
};

const BOOKS: ProviderReport = {
  name: 'books',
  type: 'literal',
  ok: true,
  account: 'Acme SARL',
  can: [],
  cannot: [],
  limits: [],
  warnings: [],
  refused_for: null,
  problem: null,
};

const linesOf = (change: Partial<CheckReport>): string[] =>
  checkLines({ ...REPORT, ...change }, { styled: (_style, text) => text }).slice(1);

describe('the lines of a report', () => {
  test('name the account, what it can and cannot do, its limits, and what to know before the first document', () => {
    const provider: ProviderReport = {
      ...BOOKS,
      can: ['invoices', 'payments'],
      cannot: ['credit notes'],
      limits: ['600 requests in 5 minutes', '10 000 a day'],
      warnings: ['finalising an invoice transmits it to the tax authority’s platform'],
    };
    expect(linesOf({ providers: [provider] })).toEqual([
      'ok     provider       books (literal): connected to Acme SARL',
      '                      can: invoices, payments',
      '                      cannot: credit notes',
      '                      limits: 600 requests in 5 minutes, 10 000 a day',
      'doubt  provider       books: finalising an invoice transmits it to the tax authority’s platform',
    ]);
  });

  test('tell a plan from a credential, and that nothing is sent meanwhile', () => {
    const refused = { ...BOOKS, ok: false, account: null };
    const problem = { code: 'account_not_pro', detail: 'the plan has no API' };
    expect(linesOf({ providers: [{ ...refused, refused_for: 'plan', problem }] })).toEqual([
      'wrong  provider       books (literal): refused for its plan: the plan has no API (account_not_pro)',
      '                      until that is mended nothing is sent there: orders come in and wait',
    ]);
    const key = { code: 'credentials_refused', detail: 'the key is not accepted' };
    expect(linesOf({ providers: [{ ...refused, refused_for: 'credentials', problem: key }] })[0]).toBe(
      'wrong  provider       books (literal): the key is not accepted (credentials_refused)',
    );
    const away = { code: 'unreachable', detail: 'no connection' };
    expect(linesOf({ providers: [{ ...refused, problem: away }] })).toEqual([
      'wrong  provider       books (literal): no connection (unreachable)',
    ]);
  });

  test('show where the routes of a source lead', () => {
    const routes: CheckReport['sources'][number]['routes'] = [
      { provider: 'german', countries: ['DE', 'AT'], currencies: ['EUR'], buyer: 'company' },
      { provider: 'nordic', countries: null, currencies: ['SEK', 'DKK'], buyer: null },
    ];
    const sources = [{ name: 'shop', type: 'literal', provider: 'books', routes, start_at: 'all', api: null }];
    expect(linesOf({ sources })).toEqual([
      'ok     source         shop (literal, invoiced at books): every order, whenever it was placed',
      '                      orders to DE, AT in EUR of companies: at german',
      '                      orders in SEK, DKK: at nordic',
      '                      it cannot be asked: what no delivery tells stays unknown',
    ]);
  });

  test('tell for whom a source’s API answers, what it lets us do, and what is amiss there', () => {
    const shop = { name: 'shop', type: 'literal', provider: 'books', routes: [], start_at: 'all' };
    const api = {
      ok: true,
      shop: 'Atelier',
      can: ['read orders'],
      cannot: ['write notes'],
      warnings: ['a webhook is off'],
    };
    expect(linesOf({ sources: [{ ...shop, api: { ...api, problem: null } }] })).toEqual([
      'ok     source         shop (literal, invoiced at books): every order, whenever it was placed',
      'ok     source         shop: its API answers for Atelier',
      '                      can: read orders',
      '                      cannot: write notes',
      'doubt  source         shop: a webhook is off',
    ]);
    const problem = { code: 'credentials_refused', detail: 'the key is not accepted: make another' };
    const none = { ok: false, shop: null, can: [], cannot: [], warnings: [], problem };
    expect(linesOf({ sources: [{ ...shop, api: none }] }).slice(1)).toEqual([
      'wrong  source         shop: its API cannot be read: the key is not accepted: make another (credentials_refused)',
      '                      until that is mended its deliveries are all that is known of it',
    ]);
  });
});

/** A provider that answers everything so. */
async function answering(status: number, body: unknown): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ['plan', 422, 'account_not_pro'],
  ['credentials', 401, 'You must be logged in'],
])(
  'an account that is refused for its %s ends the check with 1, and the JSON says so',
  async (matter, status, message) => {
    const url = await answering(status, { code: 'error', message });
    const cwd = folderOfThisTest();
    writeFileSync(
      join(cwd, 'bridge.yaml'),
      `
providers:
  books: { type: vosfactures, base_url: "${url}", api_token: a-token-of-the-simulated-account }
  playground: { type: sandbox }
sources:
  shop:
    type: woocommerce
    secret: a-secret-of-some-length
    provider: playground
    routes: [{ countries: [DE], provider: books }]
`,
    );
    const { code, stdout } = await run(['check', '--json'], { cwd });
    const report = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(report.sources[0].routes).toEqual([{ provider: 'books', countries: ['DE'], currencies: null, buyer: null }]);
    expect(report.providers).toMatchObject([
      { name: 'books', ok: false, account: null, limits: [], warnings: [], refused_for: matter },
      { name: 'playground', ok: true, refused_for: null, problem: null },
    ]);
  },
);
