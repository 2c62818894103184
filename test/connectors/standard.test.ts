// How the standard source tells genuine deliveries, beside what the suite tries for every source.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { standard } from '../../connectors/standard/index.ts';
import { publicKeyOf, signPlain, signStandard, signStandardWithKey } from '../conformance/kits/standard.ts';

const NOW = new Date('2026-11-21T10:00:00.000Z');
const SHARED = 'a-shared-secret-of-24-by';
const whsec = (secret: string): string => `whsec_${Buffer.from(secret).toString('base64')}`;
const body = Buffer.from('{"type":"order.paid","data":{"id":"1"}}');

type Verified = {
  headers: Record<string, string>;
  repeated?: string[];
  sent?: Uint8Array;
  now?: Date;
  written?: object;
};

function verify({ headers, repeated = [], sent = body, now = NOW, written = { secret: whsec(SHARED) } }: Verified) {
  return standard.verify({ headers, repeated: new Set(repeated), body: sent }, standard.settings.parse(written), now);
}
const signed = (change: Partial<Parameters<typeof signStandard>[0]> = {}) =>
  signStandard({ body, topic: '', secret: SHARED, now: NOW, ...change });

const keyOf = (delivery: Verified): string => {
  const verdict = verify(delivery);
  if (verdict.kind !== 'accepted') throw new Error(verdict.kind);
  return verdict.key;
};

describe('a delivery by Standard Webhooks', () => {
  // Published with the specification's libraries.
  const published = {
    sent: Buffer.from('{"test": 2432232314}'),
    now: new Date(1614265330_000),
    headers: { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330' },
  };

  it.each([
    ['v1', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    [
      'v1a',
      'whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g=',
      'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
    ],
  ])('is accepted as the specification’s own example of %s is signed', (_scheme, secret, signature) => {
    const headers = { ...published.headers, 'webhook-signature': signature };
    expect(verify({ ...published, headers, written: { secret } }).kind).toBe('accepted');
  });

  it('is accepted by any of several signatures, of whatever other versions they are', () => {
    const { 'webhook-signature': fitting = '', ...headers } = signed();
    const others = ['v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=', 'v2,abc', 'v1a,abc', 'v1'];
    const all = [...others.slice(0, 2), fitting, ...others.slice(2)].join(' ');
    expect(verify({ headers: { ...headers, 'webhook-signature': all } }).kind).toBe('accepted');
    expect(verify({ headers: { ...headers, 'webhook-signature': others.join(' ') } }).kind).toBe('refused');
  });

  it('is refused with more signatures than anybody sends', () => {
    const { 'webhook-signature': fitting = '', ...headers } = signed();
    const many = Array.from({ length: 17 }, () => fitting).join(' ');
    expect(verify({ headers: { ...headers, 'webhook-signature': many } }).kind).toBe('refused');
  });

  it.each([
    [-301, 'refused'],
    [-300, 'accepted'],
    [300, 'accepted'],
    [301, 'refused'],
  ])('that was signed %d s from now is %s', (seconds, kind) => {
    expect(verify({ headers: signed({ now: new Date(NOW.getTime() + seconds * 1000) }) }).kind).toBe(kind);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('is refused when %s was sent twice', (name) => {
    expect(verify({ headers: signed(), repeated: [name] }).kind).toBe('refused');
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('is refused without %s', (name) => {
    expect(verify({ headers: { ...signed(), [name]: '' } }).kind).toBe('refused');
  });

  it.each(['1.2', 'a b', 'x'.repeat(129)])('is refused where its id is “%s”, however well it is signed', (id) => {
    const moment = String(NOW.getTime() / 1000);
    const signature = createHmac('sha256', SHARED).update(`${id}.${moment}.`).update(body).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': moment, 'webhook-signature': `v1,${signature}` };
    expect(verify({ headers }).kind).toBe('refused');
  });

  it('is not accepted by a public key used as a shared secret', () => {
    const written = { secret: publicKeyOf(SHARED) };
    const known = Buffer.from(publicKeyOf(SHARED).slice('whpk_'.length), 'base64');
    const moment = String(NOW.getTime() / 1000);
    const digest = createHmac('sha256', known).update(`m.${moment}.`).update(body).digest('base64');
    const headers = { 'webhook-id': 'm', 'webhook-timestamp': moment, 'webhook-signature': `v1,${digest}` };
    expect(verify({ headers, written }).kind).toBe('refused');
    const genuine = signStandardWithKey({ body, topic: '', secret: SHARED, now: NOW });
    expect(verify({ headers: genuine, written }).kind).toBe('accepted');
  });

  it('is known by its id and its body together, so that an id used again hides nothing', () => {
    const other = Buffer.from('{"type":"order.paid","data":{"id":"2"}}');
    const withId = (id: string, sent: Uint8Array): Verified => {
      const moment = String(NOW.getTime() / 1000);
      const signature = createHmac('sha256', SHARED).update(`${id}.${moment}.`).update(sent).digest('base64');
      return {
        headers: { 'webhook-id': id, 'webhook-timestamp': moment, 'webhook-signature': `v1,${signature}` },
        sent,
      };
    };
    expect(keyOf(withId('m1', other))).not.toBe(keyOf(withId('m1', body)));
    expect(keyOf(withId('m2', body))).not.toBe(keyOf(withId('m1', body)));
    expect(verify(withId('m1', body))).toMatchObject({ deliveryId: 'm1', topic: 'order.paid', shop: null });
  });
});

describe('the secret of a standard source', () => {
  it.each([
    ['whsec_ and nothing', 'whsec_'],
    ['a short key', whsec('short')],
    ['another alphabet', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_'],
    ['a private key', 'whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo='],
    ['a public key of another size', 'whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['no prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ])('is refused with %s, unless it is said how the sender signs', (_name, secret) => {
    expect(standard.settings.safeParse({ secret }).success).toBe(false);
    const signature = { header: 'X-Signature', algorithm: 'sha256', encoding: 'hex' };
    expect(standard.settings.safeParse({ secret: `${secret}....`, signature }).success).toBe(true);
  });
});

describe('a delivery signed by a plain HMAC', () => {
  const digest = (algorithm: string, encoding: 'hex' | 'base64', before = ''): string =>
    createHmac(algorithm, SHARED).update(before).update(body).digest(encoding);
  const settings = (signature: object) => ({ secret: SHARED, signature: { header: 'X-Sig', ...signature } });

  it.each([
    ['sha256', 'hex'],
    ['sha256', 'base64'],
    ['sha512', 'base64'],
    ['sha1', 'hex'],
  ] as const)('is accepted in %s and %s, and in no other form', (algorithm, encoding) => {
    const written = settings({ algorithm, encoding });
    expect(verify({ headers: { 'x-sig': digest(algorithm, encoding) }, written }).kind).toBe('accepted');
    const otherEncoding = encoding === 'hex' ? 'base64' : 'hex';
    expect(verify({ headers: { 'x-sig': digest(algorithm, otherEncoding) }, written }).kind).toBe('refused');
    const otherAlgorithm = algorithm === 'sha1' ? 'sha256' : 'sha1';
    expect(verify({ headers: { 'x-sig': digest(otherAlgorithm, encoding) }, written }).kind).toBe('refused');
  });

  it('needs the prefix that the sender writes', () => {
    const written = settings({ algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' });
    expect(verify({ headers: { 'x-sig': `sha256=${digest('sha256', 'hex')}` }, written }).kind).toBe('accepted');
    expect(verify({ headers: { 'x-sig': digest('sha256', 'hex') }, written }).kind).toBe('refused');
  });

  it('is refused when its header was sent twice', () => {
    const written = settings({ algorithm: 'sha256', encoding: 'hex' });
    const headers = { 'x-sig': digest('sha256', 'hex') };
    expect(verify({ headers, written, repeated: ['x-sig'] }).kind).toBe('refused');
  });

  describe('whose moment is signed too', () => {
    const written = settings({ algorithm: 'sha256', encoding: 'hex', timestamp_header: 'X-Time' });
    const at = (seconds: number): Record<string, string> => {
      const moment = String(NOW.getTime() / 1000 + seconds);
      return { 'x-time': moment, 'x-sig': digest('sha256', 'hex', `${moment}.`) };
    };

    it.each([
      [-301, 'refused'],
      [-300, 'accepted'],
      [300, 'accepted'],
      [301, 'refused'],
    ])('at %d s from now is %s', (seconds, kind) => {
      expect(verify({ headers: at(seconds), written }).kind).toBe(kind);
    });

    it('is refused with another moment than the signed one, without one, or with two', () => {
      expect(verify({ headers: { ...at(0), 'x-time': String(NOW.getTime() / 1000 + 1) }, written }).kind).toBe(
        'refused',
      );
      expect(verify({ headers: { 'x-sig': digest('sha256', 'hex', '.') }, written }).kind).toBe('refused');
      expect(verify({ headers: at(0), written, repeated: ['x-time'] }).kind).toBe('refused');
    });
  });

  it('that comes again under another id, which nobody signed, is the same delivery', () => {
    const written = {
      secret: SHARED,
      signature: {
        header: 'X-Acme-Signature',
        algorithm: 'sha512',
        encoding: 'hex',
        prefix: 'sha512=',
        id_header: 'X-Acme-Delivery',
      },
    };
    const headers = signPlain({ body, topic: 'order.paid', secret: SHARED, now: NOW });
    const again = { ...headers, 'x-acme-delivery': 'another' };
    expect(keyOf({ headers: again, written })).toBe(keyOf({ headers, written }));
    expect(verify({ headers: again, written })).toMatchObject({ deliveryId: 'another' });
  });
});

describe('the topic of a standard delivery', () => {
  const topicOf = (sent: string, event?: string): string => {
    const bytes = Buffer.from(sent);
    const written = {
      secret: SHARED,
      signature: { header: 'x-sig', algorithm: 'sha256', encoding: 'hex', topic_header: 'x-event' },
    };
    const headers = { 'x-sig': createHmac('sha256', SHARED).update(bytes).digest('hex') };
    const verdict = verify({
      headers: event === undefined ? headers : { ...headers, 'x-event': event },
      sent: bytes,
      written,
    });
    if (verdict.kind !== 'accepted') throw new Error(verdict.kind);
    return verdict.topic;
  };

  it.each([
    ['the header’s', '{"type":"order.paid"}', 'orders/edited', 'orders/edited'],
    ['the body’s type without the header', '{"type":"order.paid"}', undefined, 'order.paid'],
    ['the body’s type where the header is no name', '{"type":"order.paid"}', 'a b', 'order.paid'],
    ['order where neither says one', '{"id":1}', undefined, 'order'],
    ['order where the body is no JSON', 'type', undefined, 'order'],
    ['never one of what was fetched', '{"type":"fetched.order"}', 'fetched.order', 'order'],
  ])('is %s', (_name, sent, event, topic) => {
    expect(topicOf(sent, event)).toBe(topic);
  });

  it('decides what is an order as the user lists it', () => {
    const settings = standard.settings.parse({ secret: whsec(SHARED), topics: ['sales-order.*', 'ORDER_PAID'] });
    const endOf = (topic: string) => {
      const outcome = standard.understand({ topic, headers: {}, body, receivedAt: NOW.toISOString() }, settings);
      return outcome.ok && outcome.value.kind === 'ignored' ? outcome.value.reason : 'read';
    };
    expect(['sales-order.new', 'ORDER_PAID', 'order.paid', 'ORDER_PAID_LATE'].map(endOf)).toEqual([
      'read',
      'read',
      'topic_not_used',
      'topic_not_used',
    ]);
  });
});
