// The simulated Stripe account does what Stripe's documentation says, so that tests against it prove something.
import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';
import { type StripeAccount, type StripeOptions, startStripe } from './stripe.ts';
import { VERSIONS, type Wire } from './stripe-shapes.ts';

const DAY = 86_400_000;
const SECRET = 'whsec_of_the_endpoint';

let account: StripeAccount;
let at: number;
async function open(options: Partial<StripeOptions> = {}): Promise<StripeAccount> {
  at = Date.parse('2026-11-21T10:00:00.000Z');
  account = await startStripe({ now: () => new Date(at), endpoints: [{ secret: SECRET, version: 'new' }], ...options });
  return account;
}
afterEach(() => account.close());

type Answered = { status: number; body: Wire & { data: Wire[]; error: Wire }; headers: Headers };
async function ask(path: string, init: RequestInit = {}): Promise<Answered> {
  const headers = { authorization: `Bearer ${account.key}`, ...init.headers };
  const answer = await fetch(`${account.url}${path}`, { ...init, headers });
  return { status: answer.status, body: (await answer.json()) as Answered['body'], headers: answer.headers };
}

describe('a list at the simulated Stripe', () => {
  it('shows the latest first, goes on after an id, and says whether there is more', async () => {
    const { books } = await open();
    const ids = Array.from({ length: 5 }, () => books.pay({ amount: 100 }).id);
    const { body } = await ask('/v1/payment_intents?limit=2');
    expect(body.data.map(({ id }) => id)).toEqual([ids[4], ids[3]]);
    expect(body.has_more).toBe(true);
    const rest = await ask(`/v1/payment_intents?limit=3&starting_after=${ids[3]}`);
    expect(rest.body.data.map(({ id }) => id)).toEqual([ids[2], ids[1], ids[0]]);
    expect(rest.body.has_more).toBe(false);
  });

  it('has ten rows unless asked for up to a hundred, and none from before a moment', async () => {
    const { books } = await open();
    for (let count = 0; count < 12; count++) books.pay({ amount: 100 });
    expect((await ask('/v1/payment_intents')).body.data).toHaveLength(10);
    expect((await ask('/v1/payment_intents?limit=101')).status).toBe(400);
    const later = Math.floor(at / 1000) + 1;
    expect((await ask(`/v1/payment_intents?created[gte]=${later}`)).body.data).toEqual([]);
    expect((await ask(`/v1/payment_intents?created[gte]=${later - 1}&limit=100`)).body.data).toHaveLength(12);
  });

  it('refuses to go on after what is gone', async () => {
    await open();
    const { status, body } = await ask('/v1/events?starting_after=evt_3SimGone');
    expect([status, body.error.code, body.error.param]).toEqual([400, 'resource_missing', 'starting_after']);
  });

  it('of events is of the types that are asked for, in the account’s version, for 30 days', async () => {
    const { books } = await open({ version: 'old' });
    books.refund(books.pay({ amount: 100 }), 50);
    const { body } = await ask('/v1/events?types[0]=refund.created&types[1]=charge.refunded');
    expect(body.data.map(({ type }) => type)).toEqual(['refund.created', 'charge.refunded']);
    expect(body.data[0]?.api_version).toBe(VERSIONS.old);
    at += 31 * DAY;
    expect((await ask('/v1/events')).body.data).toEqual([]);
    expect((await ask('/v1/refunds')).body.data).toHaveLength(1);
  });
});

describe('an object at the simulated Stripe', () => {
  const intent = async (id: string, version?: string): Promise<Wire> =>
    (await ask(`/v1/payment_intents/${id}`, version === undefined ? {} : { headers: { 'stripe-version': version } }))
      .body;

  it('has the shape of the version that is asked for', async () => {
    const { books } = await open();
    const { id } = books.pay({ amount: 100 });
    expect(await intent(id, '2020-08-27')).toMatchObject({
      invoice: null,
      charges: { data: [{ refunds: { data: [] } }] },
    });
    const today = await intent(id);
    expect(today).toMatchObject({
      payment_details: { order_reference: null },
      latest_charge: expect.stringMatching(/^ch_/),
    });
    expect(today).not.toHaveProperty('charges');
  });

  it('is given in full where that is asked for', async () => {
    const { books } = await open();
    const { id } = books.checkout({ items: [{ name: 'Carnet', unit: 100, rates: [{ percentage: 20 }] }] });
    const plain = await ask(`/v1/checkout/sessions/${id}/line_items`);
    expect(plain.body.data[0]).not.toHaveProperty('taxes');
    const full = await ask(`/v1/checkout/sessions/${id}/line_items?expand[0]=data.taxes&expand[1]=data.price.product`);
    expect(full.body.data[0]).toMatchObject({ amount_total: 120, taxes: [{ amount: 20, rate: { percentage: 20 } }] });
    const sessions = await ask('/v1/checkout/sessions?expand[0]=data.payment_intent.latest_charge');
    expect(sessions.body.data[0]).toMatchObject({ payment_intent: { latest_charge: { object: 'charge' } } });
  });

  it('counts what was let go of an authorisation as a refund without a movement', async () => {
    const { books } = await open();
    books.capture(books.authorize({ amount: 5000 }), 3000);
    const [charge] = (await ask('/v1/charges')).body.data;
    expect(charge).toMatchObject({ amount: 5000, amount_captured: 3000, amount_refunded: 2000, captured: true });
    const [refund] = (await ask('/v1/refunds')).body.data;
    expect(refund).toMatchObject({ amount: 2000, status: 'succeeded', balance_transaction: null });
  });

  it('takes metadata one by one, and drops what is set to nothing', async () => {
    const { books } = await open();
    const { id } = books.pay({ amount: 100, metadata: { order_id: '7', note: 'x' } });
    const body = new URLSearchParams({ 'metadata[number]': 'FA-1', 'metadata[note]': '' }).toString();
    const written = await ask(`/v1/payment_intents/${id}`, { method: 'POST', body });
    expect(written.body.metadata).toEqual({ order_id: '7', number: 'FA-1' });
  });
});

describe('a request to the simulated Stripe', () => {
  it('without the right key, or without the right, is refused in Stripe’s form', async () => {
    await open({ may: ['event_read'] });
    const stranger = await ask('/v1/events', { headers: { authorization: 'Bearer sk_other' } });
    expect([stranger.status, stranger.body.error.type]).toEqual([401, 'invalid_request_error']);
    expect((await ask('/v1/events')).status).toBe(200);
    const forbidden = await ask('/v1/refunds');
    expect(forbidden.status).toBe(403);
    expect(forbidden.body.error.message).toContain('rak_charge_read');
  });

  it('beyond the limit is turned away with how long to wait', async () => {
    await open({ limit: { requests: 1, perMs: 5000 } });
    await ask('/v1/events');
    const { status, headers, body } = await ask('/v1/events');
    expect([status, headers.get('retry-after'), body.error.code]).toEqual([429, '5', 'rate_limit']);
  });
});

describe('the deliveries of the simulated Stripe', () => {
  it('are signed as Stripe’s library checks them, each event once to every endpoint', async () => {
    const old = { secret: 'whsec_of_another', version: 'old' as const };
    const { books } = await open({ endpoints: [{ secret: SECRET, version: 'new' }, old] });
    books.pay({ amount: 100 });
    const deliveries = account.deliveries().filter(({ topic }) => topic === 'payment_intent.succeeded');
    const events = deliveries.map(({ body, headers }, index) =>
      Stripe.webhooks.constructEvent(
        body,
        headers['stripe-signature'] ?? '',
        index === 0 ? SECRET : old.secret,
        300,
        undefined,
        at,
      ),
    );
    expect(events.map(({ api_version }) => api_version)).toEqual([VERSIONS.new, VERSIONS.old]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    expect(account.deliveries()).toEqual([]);
  });

  it('come again with the same bytes and a new signature for three days', async () => {
    const { books } = await open();
    books.pay({ amount: 100 });
    const [first] = account.deliveries();
    at += 2 * DAY;
    const [again] = account.redeliveries();
    expect(again?.body).toEqual(first?.body);
    const moment = at / 1000;
    const digest = createHmac('sha256', SECRET)
      .update(`${moment}.`)
      .update(again?.body ?? '')
      .digest('hex');
    expect(again?.headers['stripe-signature']).toContain(`t=${moment},v1=${digest}`);
    at += 2 * DAY;
    expect(account.redeliveries()).toEqual([]);
  });

  it('show each object as it was then', async () => {
    const { books } = await open();
    const debit = books.payLater({ amount: 100 });
    books.settle(debit);
    const statuses = account.deliveries().flatMap(({ body, topic }) => {
      const event: { data: { object: Wire } } = JSON.parse(body.toString());
      return topic.startsWith('payment_intent.') ? [event.data.object.status] : [];
    });
    expect(statuses).toEqual(['requires_payment_method', 'processing', 'succeeded']);
  });

  it('that were lost never come', async () => {
    const { books } = await open();
    books.pay({ amount: 100 });
    account.loseDeliveries();
    expect(account.deliveries()).toEqual([]);
    expect((await ask('/v1/events')).body.data.length).toBeGreaterThan(0);
  });
});
