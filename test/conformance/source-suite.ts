// What every source connector promises, run against each of them with its own samples. A kit says how the sender signs
// and what its samples mean; everything else is the same for all.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { FETCHED, type RawDelivery, type SourceConnector, type StoredDelivery } from '../../src/connector.ts';
import { FactSchema, type Understood } from '../../src/domain/facts.ts';
import { toJson } from '../../src/domain/json.ts';
import { sum } from '../../src/domain/money.ts';
import type { Result } from '../../src/domain/result.ts';
import type { Sign } from '../support/sign.ts';
import { replaceOneValue, strangeValue, withExtraFields } from '../support/strange-json.ts';

/** What a sample comes to: how many facts, what must be fetched, why it is ignored, or the code of its problem. */
export type Expected =
  | { facts: number; doubt?: string }
  | { fetch: readonly string[] }
  | { ignored: string }
  | { failed: string };

/** `file` lies in test/samples/<type>/. One whose topic begins with `fetched.` is what the API told: nobody delivers it. */
export type Sample = { file: string; topic: string; expected: Expected };

export type SourceKit<Settings> = {
  connector: SourceConnector<Settings>;
  sign: Sign;
  /** The source's settings as a user writes them, with these secrets live. */
  settings(secrets: string | readonly string[]): unknown;
  /** True where the source can do without webhooks: then no secret means that every delivery is refused. */
  secretIsOptional?: true;
  signature: {
    header: string;
    encoding: 'base64' | 'hex';
    /** Changes the digest inside the header's value, the rest of the header untouched. */
    replace(header: string, change: (digest: string) => string): string;
  };
  samples: readonly Sample[];
  /** Collected payloads of real shops (see payloads.test.ts), where this source has whole orders to try. */
  payloads: {
    /** The topic under which a file is delivered; null for one that is no delivery. */
    topicOf(file: string): string | null;
    /** Hand-edited files whose parts do not make their total. */
    notAddingUp: readonly string[];
  } | null;
};

const NOW = new Date('2026-11-21T10:00:00.000Z');
const HOUR_LATER = new Date('2026-11-21T11:00:00.000Z');
const SECRET = 'sentinel-secret-1f0c9a77';
const NEXT_SECRET = 'sentinel-secret-2b8d4e51';
const OTHER_SECRET = 'another-shop-secret-77aa';

/** Registers the tests of one source and gives its type. Throws when the kit cannot exercise the promises. */
export function sourceSuite<Settings>(kit: SourceKit<Settings>): string {
  const { connector, signature } = kit;
  const samples = kit.samples.map((sample) => ({ ...sample, body: readSample(connector.type, sample.file) }));
  const delivered = samples.filter(({ topic }) => !topic.startsWith(FETCHED));
  const [first, second] = delivered.filter(({ expected }) => tellsSomething(expected));
  if (first === undefined || second === undefined) throw new Error('a kit needs two deliveries that tell something');
  const withSecrets = (secrets: string | readonly string[]): Settings =>
    connector.settings.parse(kit.settings(secrets));
  const settings = withSecrets(SECRET);

  const sent = (body: Uint8Array, topic: string, secret = SECRET, now = NOW): RawDelivery => ({
    headers: kit.sign({ body, topic, secret, now }),
    repeated: new Set(),
    body,
  });
  const verify = (delivery: RawDelivery, now = NOW) => connector.verify(delivery, settings, now);
  const withSignature = (delivery: RawDelivery, change: (digest: string) => string): RawDelivery => {
    const header = delivery.headers[signature.header] ?? '';
    return {
      ...delivery,
      headers: { ...delivery.headers, [signature.header]: signature.replace(header, change) },
    };
  };
  const understand = (body: Uint8Array, topic: string): Result<Understood> =>
    connector.understand({ topic, headers: {}, body, receivedAt: NOW.toISOString() }, settings);
  const anySample = fc.constantFrom(...kit.samples);
  const topics = [...new Set(samples.map(({ topic }) => topic))];
  const tellingTopics = [...new Set(samples.filter((s) => tellsSomething(s.expected)).map(({ topic }) => topic))];

  describe(`${connector.label} verification`, () => {
    it.each(delivered)('accepts $file as its sender signs it and keeps the topic', ({ body, topic }) => {
      expect(verify(sent(body, topic))).toMatchObject({ kind: 'accepted', topic });
    });

    it('refuses a body in which any single bit is flipped', () => {
      fc.assert(
        fc.property(fc.constantFrom(...delivered), fc.nat(), fc.nat(7), ({ body, topic }, at, bit) => {
          const flipped = Uint8Array.from(body);
          const index = at % flipped.length;
          flipped[index] = (flipped[index] ?? 0) ^ (1 << bit);
          expect(verify({ ...sent(body, topic), body: flipped }).kind).toBe('refused');
        }),
        { numRuns: 200 },
      );
    });

    const delivery = sent(first.body, first.topic);
    const reencode = (encoding: 'base64' | 'base64url' | 'hex') => (digest: string) =>
      Buffer.from(digest, signature.encoding).toString(encoding);
    const { [signature.header]: _unsigned, ...unsigned } = delivery.headers;
    const forgeries: Record<string, RawDelivery> = {
      'no signature header': { ...delivery, headers: unsigned },
      'no headers at all': { ...delivery, headers: {} },
      'an empty header': { ...delivery, headers: { ...delivery.headers, [signature.header]: '' } },
      'an empty digest': withSignature(delivery, () => ''),
      'a digest of one character': withSignature(delivery, (digest) => digest.slice(0, 1)),
      'a truncated digest': withSignature(delivery, (digest) => digest.slice(0, -1)),
      'half a digest': withSignature(delivery, (digest) => digest.slice(0, digest.length / 2)),
      'a digest twice as long': withSignature(delivery, (digest) => digest + digest),
      'a flipped bit in the digest': withSignature(delivery, (digest) => {
        const bytes = Buffer.from(digest, signature.encoding);
        bytes[0] = (bytes[0] ?? 0) ^ 1;
        return bytes.toString(signature.encoding);
      }),
      'the digest in another encoding': withSignature(
        delivery,
        reencode(signature.encoding === 'hex' ? 'base64' : 'hex'),
      ),
      'another spelling of the same digest': withSignature(delivery, (digest) =>
        signature.encoding === 'hex' ? digest.toUpperCase() : digest.replace(/=+$/, ''),
      ),
      'a space inside the digest': withSignature(delivery, (digest) => `${digest.slice(0, 4)} ${digest.slice(4)}`),
      'characters beyond ASCII': withSignature(delivery, (digest) => `é${digest.slice(1)}`),
      'the right digest of another body': { ...delivery, body: second.body },
      'the secret of another source': sent(first.body, first.topic, OTHER_SECRET),
      'the same JSON written anew': { ...delivery, body: Buffer.from(JSON.stringify(JSON.parse(textOf(first.body)))) },
      'an empty body': { ...delivery, body: new Uint8Array() },
      'a body with a byte order mark': { ...delivery, body: Buffer.concat([Buffer.from('\ufeff'), first.body]) },
    };
    it.each(Object.keys(forgeries))('refuses %s, with the one reason that every forgery gets', (name) => {
      const forged = forgeries[name] ?? delivery;
      const plain = verify(sent(first.body, first.topic, OTHER_SECRET));
      expect(verify(forged)).toEqual(plain);
      expect(plain.kind).toBe('refused');
    });

    it('refuses a signature header that was sent twice', () => {
      expect(verify({ ...delivery, repeated: new Set([signature.header]) }).kind).toBe('refused');
    });

    it('verifies bytes as they were sent, whatever they spell', () => {
      const bodies = [new Uint8Array([0xff, 0xfe, 0x00]), Buffer.from('\ufeff{}'), Buffer.from('{}', 'utf16le')];
      for (const body of bodies) expect(verify(sent(body, first.topic)).kind).toBe('accepted');
    });

    it('never throws on arbitrary headers and bodies', () => {
      const headers = fc.dictionary(fc.constantFrom(...Object.keys(delivery.headers)), fc.string({ unit: 'binary' }));
      fc.assert(
        fc.property(headers, fc.uint8Array(), (some, body) => {
          expect(verify({ headers: some, repeated: new Set(), body }).kind).not.toBe('accepted');
        }),
        { numRuns: 300 },
      );
    });

    it('accepts both live secrets while one replaces the other, and no longer the old one afterwards', () => {
      const both = withSecrets([SECRET, NEXT_SECRET]);
      for (const secret of [SECRET, NEXT_SECRET]) {
        expect(connector.verify(sent(first.body, first.topic, secret), both, NOW).kind).toBe('accepted');
      }
      expect(connector.verify(delivery, withSecrets(NEXT_SECRET), NOW).kind).toBe('refused');
    });

    const unfit: [string, string | string[] | undefined][] = [
      ['no secret', undefined],
      ['an empty secret', ''],
      ['a short secret', 'abc'],
      ['an empty list of secrets', []],
      ['a list with an empty secret', [SECRET, '']],
      ['three secrets', [SECRET, NEXT_SECRET, OTHER_SECRET]],
    ];
    it.each(unfit.slice(kit.secretIsOptional ? 1 : 0))('refuses settings with %s', (_name, secrets) => {
      const written = { ...Object(kit.settings(SECRET)), ...Object(kit.settings(secrets as string)) };
      expect(connector.settings.safeParse(written).success).toBe(false);
    });

    it('refuses settings with a key it does not know', () => {
      expect(connector.settings.safeParse({ ...Object(kit.settings(SECRET)), secrett: SECRET }).success).toBe(false);
    });

    it.each(delivered)('gives a redelivery of $file the same key', ({ body, topic }) => {
      const again = verify(sent(body, topic, SECRET, HOUR_LATER), HOUR_LATER);
      expect(keyOf(again)).toBe(keyOf(verify(sent(body, topic))));
    });

    it('gives every body a key of its own', () => {
      const keys = delivered.map(({ body, topic }) => keyOf(verify(sent(body, topic))));
      expect(new Set(keys).size).toBe(delivered.length);
    });
  });

  describe(`${connector.label} understanding`, () => {
    it.each(samples)('reads $file as $expected', ({ body, topic, expected }) => {
      expect(outcomeOf(understand(body, topic))).toEqual(expected);
    });

    it.each(samples)('reads $file alike however often and whenever, and leaves it untouched', ({ body, topic }) => {
      const stored: StoredDelivery = deepFreeze({ topic, headers: {}, body, receivedAt: NOW.toISOString() });
      const before = Buffer.from(body);
      const outcomes = ['2026-11-21T10:00:00Z', '2031-02-03T04:05:06Z'].map((time) => {
        vi.useFakeTimers({ now: new Date(time) });
        try {
          return connector.understand(stored, settings);
        } finally {
          vi.useRealTimers();
        }
      });
      expect(outcomes[0]).toEqual(outcomes[1]);
      expect(Buffer.from(body).equals(before)).toBe(true);
    });

    it.each(samples)('reads $file alike when the sender adds fields', ({ body, topic }) => {
      const richer = JSON.stringify(withExtraFields(JSON.parse(textOf(body))));
      expect(outcomeOf(understand(Buffer.from(richer), topic))).toEqual(outcomeOf(understand(body, topic)));
    });

    it.each(samples)('tells of $file only facts that the store can keep, with lines that add up', ({ body, topic }) => {
      expectSoundFacts(understand(body, topic));
    });

    const depth = 100_000;
    const broken: Record<string, Uint8Array> = {
      'an empty body': new Uint8Array(),
      null: Buffer.from('null'),
      'a list': Buffer.from('[]'),
      'a text': Buffer.from('"x"'),
      'a number': Buffer.from('1'),
      'an empty object': Buffer.from('{}'),
      'bytes that are not UTF-8': new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
      'truncated JSON': first.body.subarray(0, Math.floor(first.body.length / 2)),
      'two documents': Buffer.concat([first.body, first.body]),
      'JSON nested 100,000 levels deep': Buffer.from(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
      'a list nested 100,000 levels deep': Buffer.from('['.repeat(depth) + ']'.repeat(depth)),
    };
    it.each(Object.keys(broken))('makes a problem of %s', (name) => {
      for (const topic of tellingTopics) {
        const outcome = understand(broken[name] ?? new Uint8Array(), topic);
        if (outcome.ok) throw new Error(`${topic} was understood as ${toJson(outcome.value)}`);
        expect(outcome.error.code).toMatch(/^[a-z_]+$/);
        expect(outcome.error.detail).not.toBe('');
      }
    });

    it('ignores a topic it does not know, with a reason', () => {
      const outcome = understand(first.body, 'nothing.known');
      expect(outcome).toMatchObject({
        ok: true,
        value: { kind: 'ignored', reason: expect.stringMatching(/^[a-z_]+$/) },
      });
    });

    it('never throws on arbitrary JSON', () => {
      fc.assert(
        fc.property(fc.constantFrom(...topics), fc.json(), (topic, json) => {
          expectSoundFacts(understand(Buffer.from(json), topic));
        }),
        { numRuns: 300 },
      );
    });

    it('never throws, and tells only sound facts, when any value of a sample is replaced', () => {
      fc.assert(
        fc.property(anySample, fc.nat(), strangeValue, ({ file, topic }, at, value) => {
          const json: unknown = JSON.parse(textOf(readSample(connector.type, file)));
          replaceOneValue(json, at, value);
          expectSoundFacts(understand(Buffer.from(JSON.stringify(json)), topic));
        }),
        { numRuns: 600 },
      );
    });

    it('never shows a secret', () => {
      const shown = samples.map(({ body, topic }) => [
        verify(sent(body, topic)),
        verify(sent(body, topic, OTHER_SECRET)),
        understand(body, topic),
      ]);
      const refusals = [connector.settings.safeParse(kit.settings([SECRET, NEXT_SECRET, OTHER_SECRET])).error?.message];
      for (const secret of [SECRET, NEXT_SECRET, OTHER_SECRET]) expect(toJson([shown, refusals])).not.toContain(secret);
    });

    it('has every topic in its README', () => {
      const readme = readFileSync(new URL(`../../connectors/${connector.type}/README.md`, import.meta.url), 'utf8');
      for (const topic of topics) expect(readme).toContain(topic);
    });
  });
  return connector.type;
}

/** Facts survive being stored as JSON text, and the lines of an order make its total. A problem has a code and a detail. */
export function expectSoundFacts(outcome: Result<Understood>): void {
  if (!outcome.ok) {
    expect(outcome.error.code).toMatch(/^[a-z_]+$/);
    return;
  }
  if (outcome.value.kind === 'ignored') {
    expect(outcome.value.reason).toMatch(/^[a-z_]+$/);
    return;
  }
  for (const ref of outcome.value.fetch ?? []) expect(ref).toMatch(/^\S{1,200}$/);
  if (outcome.value.kind === 'fetch') {
    expect(outcome.value.fetch).not.toEqual([]);
    return;
  }
  for (const fact of outcome.value.facts) {
    expect(FactSchema.parse(JSON.parse(toJson(fact)))).toEqual(fact);
    if (fact.kind !== 'order') continue;
    // Lines that do not make the total are kept for a person to look at, never invoiced.
    const agrees = sum(fact.order.lines.map(({ gross }) => gross)) === fact.order.total;
    expect(agrees || fact.order.doubt !== null).toBe(true);
    for (const { gross, tax } of fact.order.lines) {
      expect(gross < 0n ? gross <= tax && tax <= 0n : 0n <= tax && tax <= gross).toBe(true);
    }
  }
}

/** What a sample came to, in the words of a kit. */
function outcomeOf(outcome: Result<Understood>): Expected {
  if (!outcome.ok) return { failed: outcome.error.code };
  if (outcome.value.kind === 'ignored') return { ignored: outcome.value.reason };
  if (outcome.value.kind === 'fetch') return { fetch: outcome.value.fetch };
  const { facts } = outcome.value;
  const doubt = facts
    .map((fact) => (fact.kind === 'order' ? fact.order.doubt?.code : undefined))
    .find((code) => code !== undefined);
  return doubt === undefined ? { facts: facts.length } : { facts: facts.length, doubt };
}

const tellsSomething = (expected: Expected): boolean => 'facts' in expected || 'fetch' in expected;

function deepFreeze(delivery: StoredDelivery): StoredDelivery {
  Object.freeze(delivery.headers);
  return Object.freeze(delivery);
}

const keyOf = (verdict: ReturnType<SourceConnector<unknown>['verify']>): string => {
  if (verdict.kind !== 'accepted') throw new Error(`not accepted: ${verdict.kind}`);
  return verdict.key;
};

const readSample = (type: string, file: string): Buffer =>
  readFileSync(new URL(`../samples/${type}/${file}`, import.meta.url));

const textOf = (body: Uint8Array): string => Buffer.from(body).toString('utf8');
