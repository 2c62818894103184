// Stripe's signature header: the connector agrees with Stripe's own library wherever that is right, and is stricter where
// the library is lenient.
import fc from 'fast-check';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { stripe } from '../../connectors/stripe/index.ts';
import type { RawDelivery } from '../../src/connector.ts';
import { signStripe } from '../support/sign.ts';

const SECRET = 'whsec_of_this_test';
const NOW = new Date('2026-11-21T10:00:00.000Z');
const SECOND = 1000;
const settings = stripe.settings.parse({ secret: SECRET });
const EVENT = Buffer.from('{"id":"evt_1","object":"event","type":"customer.created","livemode":true}');

const sent = (header: string, body: Uint8Array = EVENT): RawDelivery => ({
  headers: { 'stripe-signature': header },
  repeated: new Set(),
  body,
});
const headerFor = (body: Uint8Array, at = NOW, secret = SECRET): string =>
  signStripe({ body, topic: '', secret, now: at })['stripe-signature'] ?? '';
const accepts = (header: string, body: Uint8Array = EVENT, now = NOW): boolean =>
  stripe.verify(sent(header, body), settings, now).kind === 'accepted';

function libraryAccepts(header: string, body: Uint8Array): boolean {
  try {
    return Stripe.webhooks.signature?.verifyHeader(body, header, SECRET, 300, undefined, NOW.getTime()) === true;
  } catch {
    return false;
  }
}

const digest = headerFor(EVENT).match(/v1=([0-9a-f]{64})/)?.[1] ?? '';
const moment = NOW.getTime() / SECOND;

describe('the Stripe connector', () => {
  it('takes what Stripe’s library takes, over arbitrary texts and moments that are not in the future', () => {
    const age = fc.integer({ min: 0, max: 600 });
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), age, fc.boolean(), (text, seconds, honest) => {
        const body = Buffer.from(text);
        fc.pre(!text.startsWith('\ufeff'));
        const header = headerFor(
          body,
          new Date(NOW.getTime() - seconds * SECOND),
          honest ? SECRET : 'whsec_of_another',
        );
        expect(accepts(header, body)).toBe(libraryAccepts(header, body));
      }),
      { numRuns: 500 },
    );
  });

  it('never takes a header that Stripe’s library refuses', () => {
    const part = fc.oneof(
      fc.constantFrom(
        `t=${moment}`,
        `v1=${digest}`,
        'v1=',
        't',
        'v1',
        '',
        `v0=${digest}`,
        `v1=${digest}=x`,
        `t= ${moment}`,
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const header = parts.join(',');
        if (accepts(header)) expect(libraryAccepts(header, EVENT)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a moment of 300 seconds ago or ahead, and none further away', () => {
    const at = (seconds: number): boolean => accepts(headerFor(EVENT, new Date(NOW.getTime() + seconds * SECOND)));
    expect([-301, -300, 0, 300, 301].map(at)).toEqual([false, true, true, true, false]);
  });

  it.each([
    ['no moment', `v1=${digest}`],
    ['two moments', `t=${moment},t=${moment},v1=${digest}`],
    ['an empty second moment', `t=${moment},t,v1=${digest}`],
    ['a fraction', `t=${moment}.0,v1=${digest}`],
    ['a sign', `t=+${moment},v1=${digest}`],
    ['a hexadecimal moment', `t=0x${moment.toString(16)},v1=${digest}`],
    ['an exponent', `t=1e309,v1=${digest}`],
    ['twenty digits', `t=${'0'.repeat(10)}${moment},v1=${digest}`],
    ['the legacy scheme alone', `t=${moment},v0=${digest}`],
    ['a space before the scheme', `t=${moment}, v1=${digest}`],
    ['seventeen signatures', `t=${moment},${'v1=0,'.repeat(16)}v1=${digest}`],
    ['fifty thousand signatures', `t=${moment},${'v1=0,'.repeat(50_000)}v1=${digest}`],
  ])('refuses a header with %s', (_what, header) => {
    expect(accepts(header)).toBe(false);
  });

  it('takes any of several signatures, as Stripe sends them while a secret is replaced', () => {
    expect(accepts(`t=${moment},v1=${'0'.repeat(64)},v1=${digest}`)).toBe(true);
  });

  it('does not take one body for another that decodes to the same text', () => {
    const bad = Uint8Array.from([0x22, 0xff, 0x22]);
    const alike = Buffer.from('"\ufffd"');
    expect(libraryAccepts(headerFor(alike), bad)).toBe(true);
    expect(accepts(headerFor(alike), bad)).toBe(false);
    expect(accepts(headerFor(bad), bad)).toBe(true);
  });

  it('names the event and the connected account, and the same event alike when it is sent again', () => {
    const body = Buffer.from('{"id":"evt_7","type":"payment_intent.succeeded","account":"acct_1","livemode":true}');
    const first = stripe.verify(sent(headerFor(body), body), settings, NOW);
    expect(first).toMatchObject({ topic: 'payment_intent.succeeded', deliveryId: 'evt_7', shop: 'acct_1' });
    const later = new Date(NOW.getTime() + 3600 * SECOND);
    expect(stripe.verify(sent(headerFor(body, later), body), settings, later)).toEqual(first);
  });

  it('keeps a signed body that is no event under a topic of its own', () => {
    const body = Buffer.from('{"id":');
    const verdict = stripe.verify(sent(headerFor(body), body), settings, NOW);
    expect(verdict).toMatchObject({ kind: 'accepted', topic: 'unreadable', deliveryId: null, shop: null });
  });
});
