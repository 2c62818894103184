import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/config/nearest.ts';
import { problemLine } from '../../src/config.ts';
import { parse, refusals, smallest, warningsOf, withProvider, withSource, withTop } from './worlds.ts';

const lines = (text: string): string[] => {
  const result = parse(text);
  return result.ok ? [] : result.error.map(problemLine);
};

describe('an error', () => {
  test('names the file, the line and column, the key, what is expected and what was found', () => {
    expect(
      lines('seller: { country: FR, time_zone: Mars }\nproviders:\n  p: { type: sandbox }\nsources: []\n'),
    ).toEqual([
      '/etc/bridge/bridge.yaml:1:24: seller.time_zone: expected a time zone such as Europe/Paris; found "Mars"',
      '/etc/bridge/bridge.yaml:4:1: sources: expected a block with at least one name; found a list',
    ]);
  });

  test('comes with all the others at once, in the order of the file', () => {
    const text = `
server: { port: 99999, prot: 1 }
databse: x
database: mysql://h/d
admin: { token: short }
paused: perhaps
seller: { country: XX, time_zone: Europe/Paris, regime: small }
delivery: { timeout: 30, lease: soon, retry: { base: 2, give_up: 1h } }
matching: { by: [], external_id: "{source}", on_missing: drop }
invoicing: { when: never, finalise: false, send: [pigeon], skip: { tag: [a] } }
providers:
  books: { type: vosfacture }
  Books: { type: sandbox, rate_limit: { requests: 0, per: 1m }, on_uncertain: guess }
sources:
  shop: { type: woocommerce, secret: short, provider: boks, start_at: tomorrow, secrt: x }
  erp: { type: standard, secret: a-long-enough-secret, provider: Books, mapping: ./erp.jsonata }
`;
    expect(refusals(text).map((line) => line.split(':')[0])).toEqual([
      'server.port',
      'server.prot',
      'databse',
      'database',
      'admin.token',
      'paused',
      'seller.country',
      'seller.regime',
      'delivery.timeout',
      'delivery.lease',
      'delivery.retry.base',
      'delivery.retry.give_up',
      'matching.by',
      'matching.external_id',
      'matching.on_missing',
      'invoicing.when',
      'invoicing.finalise',
      'invoicing.send[0]',
      'invoicing.skip.tag',
      'providers.books.type',
      'providers.Books',
      'providers.Books.rate_limit.requests',
      'providers.Books.on_uncertain',
      'sources.shop.secret',
      'sources.shop.provider',
      'sources.shop.start_at',
      'sources.shop.secrt',
      'sources.erp.provider',
    ]);
  });
});

describe('keys', () => {
  test.each([
    ['server: { prot: 80 }', 'server.prot', 'port'],
    ['serer: {}', 'serer', 'server'],
    ['delivery: { retry: { give_up: 1h } }', 'delivery.retry.give_up', 'give_up_after'],
    ['invoicing: { finalise: false }', 'invoicing.finalise', 'finalize'],
    ['matching: { onMissing: hold }', 'matching.onMissing', 'on_missing'],
  ])('%s: the nearest known key is named', (yaml, key, meant) => {
    expect(refusals(withTop(yaml))).toEqual([`${key}: this key is not known; did you mean "${meant}"?`]);
  });

  test('of a connector and those that every source has are both known', () => {
    expect(refusals(withSource('secrets: x'))).toEqual([
      'sources.shop.secrets: this key is not known; did you mean "secret"?',
    ]);
    expect(refusals(withSource('pausd: true'))).toEqual([
      'sources.shop.pausd: this key is not known; did you mean "paused"?',
    ]);
    expect(refusals(withProvider('on_uncertian: hold'))).toEqual([
      'providers.playground.on_uncertian: this key is not known; did you mean "on_uncertain"?',
    ]);
    const api = 'api: { url: "https://s.test", consumer_key: k, consumer_secret: s, version: 3 }';
    expect(refusals(withSource(api))).toEqual([
      'sources.shop.api.version: this key is not known; known are url, consumer_key, consumer_secret',
    ]);
  });

  test('that resemble none are told what is known', () => {
    expect(refusals(withTop('server: { tls: true }'))).toEqual([
      'server.tls: this key is not known; known are host, port, body_limit',
    ]);
  });

  test('that are needed are asked for', () => {
    expect(refusals('{}')).toEqual([
      'providers: this key is missing; expected a block with at least one name',
      'sources: this key is missing; expected a block with at least one name',
    ]);
    expect(refusals(smallest.replace(', provider: playground', ''))).toEqual([
      'sources.shop.provider: this key is missing; expected a name of a-z, 0-9 and -, at most 40 characters',
    ]);
    expect(refusals(smallest.replace('type: sandbox', ''))).toEqual([
      'providers.playground.type: this key is missing; expected a text (in quotes, if it looks like a number)',
    ]);
  });

  test('with nothing behind them are not taken for the default', () => {
    expect(refusals(withTop('server:\ndelivery: { timeout: }'))).toEqual([
      'server: expected a block of keys (host, port, body_limit); found nothing',
      'delivery.timeout: expected a duration such as 200ms, 30s, 5m, 72h or 7d; found nothing',
    ]);
  });

  test('written twice are refused', () => {
    expect(lines(withSource('secret: another-long-secret'))).toEqual([
      '/etc/bridge/bridge.yaml:6:82: this key is written twice in the same block',
    ]);
    expect(lines('{"paused": true, "paused": false}')).toHaveLength(1);
  });

  test('near enough are recognised in any case, with letters swapped, missing or added', () => {
    const known = ['secret', 'start_at', 'shop'];
    for (const word of ['Secret', 'secert', 'secrt', 'seccret', 'secretx', 'sec'])
      expect(nearest(word, known)).toBe('secret');
    for (const word of ['mapping', 'x', '', 'tokens']) expect(nearest(word, known), word).toBeNull();
  });
});

describe('names', () => {
  test.each(['Shop', 'my_shop', 'my shop', '-shop', 'é', '""', 'a.b', 'a/b', 'x'.repeat(41)])(
    '%s is no source',
    (name) => {
      expect(refusals(smallest.replace('  shop:', `  ${name}:`))).toHaveLength(1);
    },
  );

  test('of types are compared with the known ones', () => {
    expect(refusals(smallest.replace('woocommerce', 'woocomerce'))).toEqual([
      'sources.shop.type: this type is not known; found "woocomerce"; did you mean "woocommerce"?',
    ]);
    expect(refusals(smallest.replace('type: sandbox', 'type: quickbooks'))).toEqual([
      'providers.playground.type: this type is not known; found "quickbooks"; known are abby, facturation-pro, fastfaktura, sandbox, vosfactures',
    ]);
  });

  test('of providers exist', () => {
    expect(refusals(smallest.replace('provider: playground', 'provider: playgroud'))).toEqual([
      'sources.shop.provider: no provider has this name; found "playgroud"; did you mean "playground"?',
    ]);
    expect(refusals(smallest.replace('provider: playground', 'provider: constructor'))).toHaveLength(1);
  });

  test('in orders_from are those of shops', () => {
    const stripe = (from: string): string =>
      `${smallest}  stripe: { type: stripe, secret: a-long-enough-secret, provider: playground, orders_from: ${from} }\n`;
    expect(refusals(stripe('[shop]'))).toEqual([]);
    expect(refusals(stripe('[shop, shp, stripe]'))).toEqual([
      'sources.stripe.orders_from[1]: no source has this name; found "shp"; did you mean "shop"?',
      'sources.stripe.orders_from[2]: this source tells of payments and has no orders',
    ]);
  });

  test('that a source had before are nobody else’s', () => {
    expect(refusals(withSource('formerly: shop'))).toEqual([
      'sources.shop.formerly: a source of this name is configured; remove one of the two',
    ]);
    const two = `${withSource('formerly: old')}  b: { type: shopify, secret: a-long-enough-secret, provider: playground, formerly: old }\n`;
    expect(refusals(two)).toEqual([
      'sources.b.formerly: another source has this former name too; only one can have had it',
    ]);
  });
});

describe('values that contradict others', () => {
  test('a lease that ends before the timeout is refused, a provider’s own included', () => {
    expect(refusals(withTop('delivery: { timeout: 2m, lease: 2m }'))).toEqual([
      'delivery.lease: expected a lease longer than the timeout of 120000 ms: a job would be taken over while it is sent',
    ]);
    expect(refusals(withProvider('delivery: { timeout: 3m }'))).toEqual([
      'providers.playground.delivery.lease: expected a lease longer than the timeout of 180000 ms: a job would be taken over while it is sent',
    ]);
  });

  test('retries begin within their cap', () => {
    expect(refusals(withTop('delivery: { retry: { base: 2h } }'))).toEqual([
      'delivery.retry.base: expected a first wait of at most retry.cap, 3600000 ms',
    ]);
  });

  test('a timeout that no timer holds is refused', () => {
    expect(refusals(withTop('delivery: { timeout: 11m, lease: 1h }'))).toEqual([
      'delivery.timeout: expected at most 10m; found "11m"',
    ]);
  });

  test('lists hold each entry once', () => {
    expect(refusals(withTop('matching: { by: [email, email] }'))).toEqual([
      'matching.by: expected each key once; found a list',
    ]);
    expect(refusals(withTop('invoicing: { send: [email, email] }'))).toHaveLength(1);
  });
});

describe('the external id', () => {
  test.each(['{customer.id}', 'woo-{customer.email}', '{source}/{customer.id}/{customer.email}'])(
    '%s is a template',
    (text) => {
      expect(refusals(withTop(`matching: { external_id: "${text}" }`))).toEqual([]);
    },
  );

  test.each(['{customer}-{customer.id}', '{customer.id', 'customer.id}', '{{customer.id}}', '{}{customer.id}'])(
    '%s has parts that do not exist',
    (text) => {
      expect(refusals(withTop(`matching: { external_id: "${text}" }`))).toHaveLength(1);
    },
  );

  test.each(['', 'x', '{source}'])('"%s" would be the same for every buyer', (text) => {
    expect(refusals(withTop(`matching: { external_id: "${text}" }`))).toEqual([
      `matching.external_id: expected {customer.id} or {customer.email} in it: without one, all buyers would share a client; found "${text}"`,
    ]);
  });
});

describe('what a provider cannot do is refused with the reason', () => {
  const at = (provider: string, rest: string): string => `
seller: { country: FR, time_zone: Europe/Paris }
providers:
  nordic: { type: fastfaktura, base_url: https://ff.test, api_key: key-of-nordic }
  books: { type: vosfactures, base_url: https://vf.test, api_token: token/acme }
sources:
  shop: { type: shopify, secret: a-long-enough-secret, provider: ${provider}${rest}
`;

  test('drafts', () => {
    const why =
      'source shop invoices at books (vosfactures), which has no drafts to leave; use approve: true to look at each document first';
    expect(refusals(at('books', ' }\ninvoicing: { finalize: false }'))).toEqual([`invoicing.finalize: ${why}`]);
    expect(refusals(at('books', ', invoicing: { finalize: false } }'))).toEqual([
      `sources.shop.invoicing.finalize: ${why}`,
    ]);
    expect(refusals(at('books', ', invoicing: { finalize: true } }\ninvoicing: { finalize: false }'))).toEqual([]);
    expect(refusals(at('nordic', ' }\ninvoicing: { finalize: false }'))).toEqual([]);
  });

  test('e-mail', () => {
    expect(refusals(at('nordic', ' }\ninvoicing: { send: [email] }'))).toEqual([
      'invoicing.send: source shop invoices at nordic (fastfaktura), which cannot e-mail an invoice; remove email',
    ]);
    expect(refusals(at('books', ' }\ninvoicing: { send: [email] }'))).toEqual([]);
  });
});

describe('a mapping of one’s own', () => {
  const text = withSource('mapping: ./own.jsonata');

  test('is read at the start, from beside the file that names it', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'config-mapping-'));
    writeFileSync(path.join(dir, 'own.jsonata'), '{ "buyer": { "tax_number": payload.vat } }');
    expect(refusals(text, {}, path.join(dir, 'bridge.yaml'))).toEqual([]);
    writeFileSync(path.join(dir, 'own.jsonata'), '{ "buyer": \n  { "tax_number" payload.vat } }');
    expect(refusals(text, {}, path.join(dir, 'bridge.yaml'))).toEqual([
      expect.stringMatching(/^sources\.shop\.mapping: .*own\.jsonata, line 2, column \d+: /),
    ]);
    rmSync(dir, { recursive: true });
  });
  test('that is not there stops the start', () => {
    expect(refusals(text)).toEqual([expect.stringMatching(/^sources\.shop\.mapping: .*cannot be read/)]);
  });
});

describe('write_back', () => {
  test('without access to the shop is accepted, and said to do nothing', () => {
    expect(warningsOf(withSource('write_back: true'))).toMatchObject([
      { code: 'no_api', at: 'sources.shop.write_back', detail: expect.stringContaining('without access') },
    ]);
  });
});

describe('what is no configuration', () => {
  test.each([
    ['', 'expected a block of keys'],
    ['text', 'expected a block of keys'],
    ['[1, 2]', 'expected a block of keys'],
    ['a: *nowhere', 'this alias has no anchor'],
    ['a: !tag x', 'tags (!name) are not used here'],
    ['a: !!binary aGk=', 'tags (!name) are not used here'],
    ['%YAML 1.1\n---\na: !!set {x}', 'tags (!name) are not used here'],
    ['a: {b: ${X}}', 'put a text that holds ${…} or brackets in quotes'],
    ['a: 1\n\tb: 2', 'tabs cannot indent'],
    ['a: 1\n---\na: 2', 'the file holds several documents'],
    ['? [a]\n: b', 'a key must be text'],
    ['a: "\\q"', 'unknown escape'],
    ['a: "x', 'a quote, bracket or colon is missing'],
    ['__proto__: { paused: true }', 'this key is never used'],
  ])('%j is refused', (text, why) => {
    const [first] = lines(text);
    expect(first).toContain(why);
  });

  test('aliases that multiply are refused before they fill the memory', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    expect(lines(`l0: &l0 x\n${levels.join('\n')}`)[0]).toMatch(/more than \d+ (values|aliases)/);
  });

  test('absurd nesting is refused', () => {
    expect(lines('['.repeat(50_000))).toEqual([expect.stringMatching(/bracket|nested/)]);
    expect(lines(`${'['.repeat(40)}${']'.repeat(40)}`)).toEqual([expect.stringMatching(/nested more than/)]);
  });

  test('an alias inside its own anchor ends', () => {
    expect(lines('a: &a { b: *a }')[0]).toMatch(/nested more than|no anchor/);
  });
});
