import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { catalogue } from './catalogue.ts';
import { accepted, smallest, warningsOf, withProvider, withSource, withTop } from './worlds.ts';

describe('where the configuration is looked for', () => {
  let cwd = '';
  beforeEach(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'config-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  const write = (name: string, port: number): string => {
    const file = path.join(cwd, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${smallest}\nserver: { port: ${port} }\n`);
    return file;
  };
  const load = (options: { file?: string; env?: Record<string, string> }) => {
    const loaded = loadConfig({ env: {}, cwd, catalogue, ...options });
    if (!loaded.ok) return loaded.error.map(({ code }) => code).join();
    return loaded.value.kind === 'file' ? loaded.value.config.server.port : loaded.value.kind;
  };

  test('the option goes before the environment, which goes before the working folder', () => {
    write('option.yaml', 1);
    write('env.yaml', 2);
    write('bridge.yaml', 3);
    const env = { BRIDGE_CONFIG: 'env.yaml' };
    expect(load({ file: 'option.yaml', env })).toBe(1);
    expect(load({ env })).toBe(2);
    expect(load({ env: { BRIDGE_CONFIG: '' } })).toBe(3);
    expect(load({})).toBe(3);
  });

  test('without any file the embedded default is meant', () => {
    expect(load({})).toBe('embedded');
  });

  test('a file that is named and missing stops the start instead of falling back', () => {
    write('bridge.yaml', 3);
    expect(load({ file: 'missing.yaml' })).toBe('config_unreadable');
    expect(load({ env: { BRIDGE_CONFIG: 'missing.yaml' } })).toBe('config_unreadable');
  });

  test('a bridge.yaml that cannot be read stops the start', () => {
    mkdirSync(path.join(cwd, 'bridge.yaml'));
    expect(load({})).toBe('config_unreadable');
  });

  test('a file that is not UTF-8, or absurdly large, stops the start', () => {
    writeFileSync(path.join(cwd, 'bridge.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    expect(load({})).toBe('config_unreadable');
    writeFileSync(path.join(cwd, 'bridge.yaml'), '#'.repeat(2 ** 20 + 1));
    expect(load({})).toBe('config_unreadable');
  });

  test('the database’s path starts from the folder of the file', () => {
    const loaded = loadConfig({ file: write('etc/bridge.yaml', 1), env: {}, cwd, catalogue });
    expect(loaded.ok && loaded.value.kind === 'file' && loaded.value.config.database).toEqual({
      kind: 'sqlite',
      path: path.join(cwd, 'etc/data/bridge.db'),
    });
  });
});

describe('what a configuration becomes', () => {
  test('a minimal file has every documented default', () => {
    expect(accepted(smallest)).toEqual({
      server: { host: '127.0.0.1', port: 8080, bodyLimit: 2 * 1024 * 1024 },
      database: { kind: 'sqlite', path: '/etc/bridge/data/bridge.db' },
      admin: { token: null },
      paused: false,
      seller: {
        country: 'FR',
        timeZone: 'Europe/Paris',
        vatNumber: null,
        regime: 'normal',
        oss: false,
        sells: 'goods',
      },
      providers: {
        playground: {
          name: 'playground',
          type: 'sandbox',
          settings: {},
          rateLimit: null,
          delivery: defaultDelivery,
          documents: {
            language: null,
            languages: {},
            dueInDays: 0,
            title: null,
            notes: null,
            deliveryAddress: true,
          },
          onUncertain: 'hold',
          paused: false,
        },
      },
      sources: {
        shop: {
          name: 'shop',
          type: 'woocommerce',
          settings: { secret: ['a-long-enough-secret'] },
          provider: 'playground',
          routes: [],
          startAt: null,
          mapping: null,
          writeBack: false,
          every: null,
          formerly: null,
          shop: null,
          paused: false,
          invoicing: defaultInvoicing,
        },
      },
      invoicing: defaultInvoicing,
      matching: {
        by: ['external_id', 'tax_number', 'email'],
        externalId: '{source}-{customer.id}',
        onMissing: 'create',
        onAmbiguous: 'hold',
        onDifference: 'fill',
      },
      delivery: defaultDelivery,
    });
  });

  test('the same configuration may be written as JSON', () => {
    const json = {
      seller: { country: 'FR', time_zone: 'Europe/Paris' },
      providers: { playground: { type: 'sandbox' } },
      sources: { shop: { type: 'woocommerce', secret: 'a-long-enough-secret', provider: 'playground' } },
    };
    expect(accepted(JSON.stringify(json))).toEqual(accepted(smallest));
  });

  test('a source’s own invoicing goes over the general one, list by list', () => {
    const config = accepted(
      withSource('invoicing: { when: placed, skip: { tags: [internal] } }').concat(
        'invoicing: { approve: true, when: paid, skip: { tags: [wholesale], emails: [me@acme.test], payment_methods: [cod] } }',
      ),
    );
    expect(config.sources.shop?.invoicing).toEqual({
      ...defaultInvoicing,
      approve: true,
      when: 'placed',
      skip: { statuses: [], tags: ['internal'], emails: ['me@acme.test'], paymentMethods: ['cod'] },
    });
    expect(config.invoicing.when).toBe('paid');
  });

  test('a provider’s own delivery goes over the general one, the retries key by key', () => {
    const config = accepted(
      withProvider('delivery: { timeout: 10s, retry: { cap: 5m } }').concat(
        'delivery: { lease: 3m, retry: { base: 1s } }',
      ),
    );
    expect(config.providers.playground?.delivery).toEqual({
      ...defaultDelivery,
      timeout: 10_000,
      lease: 180_000,
      retry: { base: 1000, cap: 300_000, giveUpAfter: 72 * 3_600_000 },
    });
    expect(config.delivery.timeout).toBe(30_000);
  });

  test('what a rate limit leaves out stays as the connector has it', () => {
    const limit =
      '{ type: vosfactures, base_url: https://acme.test, api_token: a-token/acme, rate_limit: { requests: 100, per: 1m } }';
    expect(accepted(smallest.replace('{ type: sandbox }', limit)).providers.playground?.rateLimit).toEqual({
      requests: 100,
      perMs: 60_000,
      perDay: 50_000,
      concurrency: 2,
    });
    const whole = accepted(withProvider('rate_limit: { requests: 600, per: 5m, per_day: 10000, concurrency: 3 }'));
    expect(whole.providers.playground?.rateLimit).toEqual({
      requests: 600,
      perMs: 300_000,
      perDay: 10_000,
      concurrency: 3,
    });
    expect(accepted(withProvider('rate_limit: { requests: 1, per: 1s }')).providers.playground?.rateLimit).toEqual({
      requests: 1,
      perMs: 1000,
      perDay: null,
      concurrency: 1,
    });
  });

  test('settings are what the connector’s own schema made of them', () => {
    const books = '{ type: vosfactures, base_url: https://acme.test, api_token: a-token/acme, department_id: 1 }';
    expect(accepted(smallest.replace('{ type: sandbox }', books)).providers.playground?.settings).toEqual({
      baseUrl: 'https://acme.test',
      token: 'a-token/acme',
    });
  });

  test('a start line is an instant in UTC, whatever the zone it is written in, or no line', () => {
    const startAt = (text: string) => accepted(withSource(`start_at: "${text}"`)).sources.shop?.startAt;
    expect(startAt('2026-12-01T00:00:00Z')).toBe('2026-12-01T00:00:00.000Z');
    expect(startAt('2026-12-01T00:00:00+01:00')).toBe('2026-11-30T23:00:00.000Z');
    expect(startAt('all')).toBe('all');
  });

  test('an unquoted instant is text, as YAML 1.2 has it', () => {
    expect(accepted(withSource('start_at: 2026-12-01T00:00:00Z')).sources.shop?.startAt).toBe(
      '2026-12-01T00:00:00.000Z',
    );
  });

  test('PostgreSQL is parsed as it is written', () => {
    const url = 'postgres://bridge:pa55@db.test:5432/bridge';
    expect(accepted(withTop(`database: ${url}`)).database).toEqual({ kind: 'postgres', url });
  });

  test('an empty admin token is none', () => {
    expect(accepted(withTop('admin: { token: "${T:-}" }')).admin.token).toBeNull();
    expect(accepted(withTop('admin: { token: "${T:-}" }'), { T: 'a-long-enough-token' }).admin.token).toBe(
      'a-long-enough-token',
    );
  });

  test('numbers and switches are also read from the environment, which knows only text', () => {
    const config = accepted(withTop('server: { port: "${PORT}" }\npaused: "${PAUSED:-true}"'), { PORT: '9000' });
    expect(config.server.port).toBe(9000);
    expect(config.paused).toBe(true);
  });

  test('a name of the language’s own objects is absent unless it is configured', () => {
    const config = accepted(smallest);
    expect(config.sources.constructor).toBeUndefined();
    const named = accepted(smallest.replace('  shop:', '  constructor:'));
    expect(named.sources.constructor).toMatchObject({ name: 'constructor', type: 'woocommerce' });
  });

  test('aliases repeat what their anchor holds', () => {
    const text = smallest.replace('secret: a-long-enough-secret', 'secret: &s a-long-enough-secret');
    const config = accepted(`${text}  other: { type: shopify, secret: *s, provider: playground }\n`);
    expect(config.sources.other?.settings).toEqual({ secret: ['a-long-enough-secret'] });
  });
});

describe('what is accepted with a warning', () => {
  const codes = (text: string): string[] => warningsOf(text).map(({ code, at }) => `${code} ${at}`);

  test('a configuration with nothing doubtful has no warning', () => {
    expect(codes(smallest)).toEqual([]);
  });

  test('a quarantine under 30 s or under the timeout', () => {
    expect(codes(withTop('delivery: { quarantine: 29s, timeout: 5s }'))).toEqual([
      'short_quarantine delivery.quarantine',
    ]);
    expect(codes(withTop('delivery: { quarantine: 59s, timeout: 1m }'))).toEqual([
      'short_quarantine delivery.quarantine',
    ]);
    expect(codes(withProvider('delivery: { quarantine: 1s }'))).toEqual([
      'short_quarantine providers.playground.delivery.quarantine',
    ]);
    expect(codes(withTop('delivery: { quarantine: 30s }'))).toEqual([]);
  });

  test('secrets that are long enough to start and short enough to guess', () => {
    expect(codes(smallest.replace('a-long-enough-secret', '[fifteen-letters, sixteen-letters!]'))).toEqual([
      'short_secret sources.shop.secret[0]',
    ]);
    expect(codes(withTop('admin: { token: 8letters }'))).toEqual(['short_secret admin.token']);
  });

  test('a host that other machines reach', () => {
    expect(codes(withTop('server: { host: 0.0.0.0 }'))).toEqual(['open_host server.host']);
    expect(codes(withTop('server: { host: "::1" }'))).toEqual([]);
    expect(codes(withTop('server: { host: localhost }'))).toEqual([]);
  });
});

const defaultDelivery = {
  timeout: 30_000,
  lease: 120_000,
  quarantine: 300_000,
  refundGrace: 3_600_000,
  retry: { base: 2000, cap: 3_600_000, giveUpAfter: 72 * 3_600_000 },
};

const defaultInvoicing = {
  when: 'paid',
  finalize: true,
  approve: false,
  send: [],
  rounding: 'line',
  zeroTotal: 'ignore',
  onEdit: 'hold',
  skip: { statuses: [], paymentMethods: [], tags: [], emails: [] },
};
