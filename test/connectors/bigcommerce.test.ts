// What is BigCommerce's own in a delivery: two proofs, a hash that names nothing, and a topic in the body.
import { describe, expect, it } from 'vitest';
import { bigcommerce } from '../../connectors/bigcommerce/index.ts';
import type { RawDelivery, SourceConnector } from '../../src/connector.ts';
import { CLIENT_SECRET } from '../simulators/bigcommerce.ts';
import { type Delivery, Hooks, hookHeaders } from '../simulators/bigcommerce-hooks.ts';

const OWN_SECRET = 'a-secret-of-the-merchant';
const api = { store_hash: 'abc123', access_token: 'token' };
const settings = (change: object = {}) => bigcommerce.settings.parse({ secret: CLIENT_SECRET, api, ...change });
const inHeader = { clientSecret: null, header: { name: 'x-bridge-secret', value: OWN_SECRET } };

const start = new Date('2026-11-21T10:00:00.000Z');
const source: SourceConnector<ReturnType<typeof settings>> = bigcommerce;
const raw = ({ headers, body }: Delivery): RawDelivery => ({ headers, repeated: new Set(), body: Buffer.from(body) });
const verify = (delivery: Delivery, change: object = {}, now = start) =>
  source.verify(raw(delivery), settings(change), now);
const keyOf = (delivery: Delivery): string => {
  const verdict = verify(delivery);
  if (verdict.kind !== 'accepted') throw new Error(verdict.kind);
  return verdict.key;
};

/** A store's hooks, with a clock that the test moves. */
function hooks(proofs = { clientSecret: CLIENT_SECRET, header: null } as ConstructorParameters<typeof Hooks>[1]) {
  const clock = { now: start };
  return { hooks: new Hooks('abc123', proofs, () => clock.now), clock };
}
function oneHook(proofs?: ConstructorParameters<typeof Hooks>[1]): Delivery {
  const store = hooks(proofs).hooks;
  store.tell('store/order/created', { type: 'order', id: 250 });
  const [delivery] = store.deliveries();
  if (delivery === undefined) throw new Error('no delivery');
  return delivery;
}

describe('a delivery of BigCommerce', () => {
  it('is accepted by its signature, and names its store', () => {
    expect(verify(oneHook())).toMatchObject({ kind: 'accepted', topic: 'store/order/created', shop: 'abc123' });
  });

  it('is accepted by the header that the merchant gave the hook, under any name', () => {
    expect(verify(oneHook(inHeader), { secret: OWN_SECRET }).kind).toBe('accepted');
    const named = { clientSecret: null, header: { name: 'x-my-proof', value: OWN_SECRET } };
    expect(verify(oneHook(named), { secret: OWN_SECRET, header: 'X-My-Proof' }).kind).toBe('accepted');
    expect(verify(oneHook(named), { secret: OWN_SECRET }).kind).toBe('refused');
  });

  it('is accepted by the header where BigCommerce also signs with a secret that we do not have', () => {
    const both = { clientSecret: 'a-client-secret-not-ours', header: inHeader.header };
    expect(verify(oneHook(both), { secret: OWN_SECRET }).kind).toBe('accepted');
  });

  it('is refused with a header that is a part of the secret, longer, in another case, or empty', () => {
    for (const value of [OWN_SECRET.slice(0, -1), `${OWN_SECRET}x`, OWN_SECRET.toUpperCase(), '']) {
      const guess = { clientSecret: null, header: { name: 'x-bridge-secret', value } };
      expect(verify(oneHook(guess), { secret: OWN_SECRET })).toEqual({ kind: 'refused', reason: 'bad_signature' });
    }
  });

  it('is refused with the header sent twice, and without any proof', () => {
    const delivery = raw(oneHook(inHeader));
    const twice = { ...delivery, repeated: new Set(['x-bridge-secret']) };
    expect(source.verify(twice, settings({ secret: OWN_SECRET }), start).kind).toBe('refused');
    expect(verify(oneHook({ clientSecret: null, header: null })).kind).toBe('refused');
  });

  it('is refused when the signed id or moment was changed, or the signature is of another scheme', () => {
    const { headers, body, topic } = oneHook();
    const signature = headers['webhook-signature'] ?? '';
    for (const change of [
      { 'webhook-id': 'msg_2' },
      { 'webhook-timestamp': '1795255201' },
      { 'webhook-signature': signature.replace('v1,', 'v1a,') },
      { 'webhook-signature': signature.replace('v1,', '') },
    ]) {
      expect(verify({ headers: { ...headers, ...change }, body, topic }).kind).toBe('refused');
    }
  });

  it('is accepted when one of several signatures is ours', () => {
    const { headers, body, topic } = oneHook();
    const several = `v1,AAAA v1a,BBBB ${headers['webhook-signature']}`;
    expect(verify({ headers: { ...headers, 'webhook-signature': several }, body, topic }).kind).toBe('accepted');
  });

  it('is accepted two days late, as its last try is', () => {
    const late = new Date(start.getTime() + 48 * 3_600_000);
    expect(verify(oneHook(), {}, late).kind).toBe('accepted');
  });

  it('has the same key on every try, although its moment and signature are new', () => {
    const { hooks: store, clock } = hooks();
    store.tell('store/order/created', { type: 'order', id: 250 });
    const [first] = store.deliveries();
    if (first === undefined) throw new Error('no delivery');
    clock.now = new Date(start.getTime() + 60_000);
    store.failed(first);
    const [again] = store.deliveries();
    if (again === undefined) throw new Error('not tried again');
    expect(again.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
    expect(keyOf(again)).toBe(keyOf(first));
  });

  it('has a key of its own for every update of one order, although their hash is the same', () => {
    const { hooks: store } = hooks();
    store.tell('store/order/updated', { type: 'order', id: 250 });
    store.tell('store/order/updated', { type: 'order', id: 250 });
    const [one, two] = store.deliveries();
    if (one === undefined || two === undefined) throw new Error('two deliveries');
    expect(JSON.parse(one.body).hash).toBe(JSON.parse(two.body).hash);
    expect(keyOf(one)).not.toBe(keyOf(two));
  });

  it('is known by its bytes where it has no id', () => {
    const { headers, body, topic } = oneHook(inHeader);
    const { 'webhook-id': _id, ...without } = headers;
    const verdict = (text: string) => verify({ headers: without, body: text, topic }, { secret: OWN_SECRET });
    expect(verdict(body)).toEqual(verdict(body));
    expect(verdict(body)).not.toEqual(verdict(body.replace('250', '251')));
  });

  it('cannot pass for something that the API told', () => {
    const body = JSON.stringify({ scope: 'fetched.order', data: { type: 'order', id: 250 }, order: {} });
    const headers = hookHeaders(body, 'msg_9', start, { clientSecret: CLIENT_SECRET, header: null });
    expect(verify({ headers, body, topic: '' })).toMatchObject({ kind: 'accepted', topic: 'unreadable' });
  });

  it('that is authentic and no hook becomes a problem, not silence', () => {
    const told = source.understand(
      { topic: 'unreadable', headers: {}, body: Buffer.from('{"hello":"world"}'), receivedAt: '' },
      settings(),
    );
    expect(told).toMatchObject({ ok: false, error: { code: 'not_an_event' } });
  });
});

describe('the settings of a BigCommerce source', () => {
  const accepts = (change: object): boolean =>
    bigcommerce.settings.safeParse({ secret: CLIENT_SECRET, api, ...change }).success;

  it('need an API account', () => {
    expect(accepts({})).toBe(true);
    expect(accepts({ api: undefined })).toBe(false);
    expect(accepts({ api: { store_hash: 'abc123' } })).toBe(false);
  });

  it('send the token to BigCommerce, or to a server of this machine, and nowhere in the clear', () => {
    expect(settings().api.url).toBe('https://api.bigcommerce.com');
    expect(accepts({ api: { ...api, url: 'http://127.0.0.1:8080' } })).toBe(true);
    expect(accepts({ api: { ...api, url: 'http://api.bigcommerce.com' } })).toBe(false);
    expect(accepts({ api: { ...api, url: 'https://api.bigcommerce.com/stores/abc123' } })).toBe(false);
  });

  it('refuse a hash that would change the address, a token that cannot stand in a header, and a header that is none', () => {
    for (const store_hash of ['abc/../x', 'ABC', '']) expect(accepts({ api: { ...api, store_hash } })).toBe(false);
    for (const access_token of ['', 'a\r\nb']) expect(accepts({ api: { ...api, access_token } })).toBe(false);
    for (const header of ['', 'X Secret', 'x:y']) expect(accepts({ header })).toBe(false);
  });
});
