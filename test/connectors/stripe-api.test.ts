// What is asked of Stripe's API: by its own library's words, over the core's client, whose results are the truth.
import { afterEach, describe, expect, it } from 'vitest';
import { stripe } from '../../connectors/stripe/index.ts';
import { factsOf, orderOf } from '../mappings/stripe-samples.ts';
import { SECRET, type StripeWorld, stripeWorld, theOne } from './stripe-world.ts';

let world: StripeWorld;
const open = async (...options: Parameters<typeof stripeWorld>): Promise<StripeWorld> => {
  world = await stripeWorld(...options);
  return world;
};
afterEach(() => world.account.close());

const VAT = [{ percentage: 20, inclusive: true }];

describe('the API of a Stripe source', () => {
  it('is there with a key alone', async () => {
    await open();
    for (const api_key of [undefined, '']) {
      expect(stripe.api(stripe.settings.parse({ secret: SECRET, api_key }))).toBeNull();
    }
  });

  it('is asked in the version that the library was made for, with the key in no URL', async () => {
    const { account, api, io } = await open();
    await api.check(io);
    for (const { url, headers } of account.requests()) {
      expect(headers['stripe-version']).toMatch(/^20\d\d-\d\d-\d\d\.\w+$/);
      expect(headers.authorization).toBe(`Bearer ${account.key}`);
      expect(url).not.toContain(account.key);
      expect(headers).not.toHaveProperty('x-stripe-client-user-agent');
    }
  });
});

describe('a sale that is asked for', () => {
  it('has every line of its session over all pages, with the taxes that were charged', async () => {
    const { account, api, io, understand } = await open();
    const items = Array.from({ length: 250 }, (_, index) => ({ name: `Article ${index}`, unit: 120, rates: VAT }));
    const { intent } = account.books.checkout({ items, shipping: { name: 'Colissimo', unit: 500, rates: VAT } });
    const order = orderOf(understand(theOne(await api.fetch(`sale:${intent?.id}`, io))));
    expect(order.lines).toHaveLength(251);
    expect(order.lines.map(({ name }) => name).slice(0, 3)).toEqual(['Article 0', 'Article 1', 'Article 2']);
    expect(order).toMatchObject({ total: 30_500n, doubt: null });
    expect(new Set(order.lines.map(({ rate }) => rate))).toEqual(new Set(['20']));
  });

  it('has the same bytes however often it is asked for', async () => {
    const { account, api, io, pass } = await open();
    const { intent } = account.books.checkout({ items: [{ name: 'Carnet', unit: 1200, rates: VAT }] });
    const first = theOne(await api.fetch(`sale:${intent?.id}`, io));
    pass(3_600_000);
    expect(theOne(await api.fetch(`sale:${intent?.id}`, io))).toEqual(first);
  });

  it('that Stripe Billing has invoiced is no sale, in a version that says so nowhere in the payment', async () => {
    const { account, api, io, understand } = await open();
    const { intent } = account.books.bill({ items: [{ name: 'Abonnement', unit: 2000 }] });
    if (intent !== null) intent.invoice = null;
    const told = understand(theOne(await api.fetch(`sale:${intent?.id}`, io)));
    expect(told).toMatchObject({ value: { kind: 'ignored', reason: 'invoiced_by_stripe' } });
  });

  it('that is gone is found to be nothing', async () => {
    const { api, io } = await open();
    expect(await api.fetch('sale:pi_3SimGone', io)).toEqual({ kind: 'found', items: [] });
  });
});

describe('the refunds of a charge that are asked for', () => {
  it('are all of them, without what was only let go', async () => {
    const { account, api, io, understand } = await open();
    const intent = account.books.authorize({ amount: 20_000 });
    account.books.capture(intent, 15_000);
    for (let count = 0; count < 120; count++) account.books.refund(intent, 10);
    const facts = factsOf(understand(theOne(await api.fetch(`refunds:${intent.charge?.id}`, io))));
    expect(facts).toHaveLength(120);
    expect(facts.every((fact) => fact.kind === 'refund' && fact.refund.amount === 10n)).toBe(true);
  });
});

describe('an invoice that is asked for', () => {
  it('has all its lines, the percentages of its taxes and what paid it', async () => {
    const { account, api, io, understand } = await open({}, { stripe_invoices: 'invoice' });
    const items = Array.from({ length: 25 }, (_, index) => ({ name: `Siège ${index}`, unit: 1000, rates: VAT }));
    const invoice = account.books.bill({ items, credit: 5000, customer: { name: 'Hugo Petit' } });
    const [event] = account.deliveries().filter(({ topic }) => topic === 'invoice.paid');
    if (event === undefined) throw new Error('no event');
    expect(understand(event)).toMatchObject({ value: { kind: 'fetch', fetch: [`invoice:${invoice.id}`] } });
    const order = orderOf(understand(theOne(await api.fetch(`invoice:${invoice.id}`, io))));
    expect(order).toMatchObject({ id: invoice.id, number: 'SIM-0001', total: 25_000n, doubt: null });
    expect(order.lines).toHaveLength(25);
    expect(order.transactions).toEqual([invoice.intent?.id]);
    expect(order.paid?.amount).toBe(25_000n);
  });
});

describe('a request to Stripe that fails', () => {
  const refs = ['sale:pi_3Sim1', 'refunds:ch_3Sim1', 'invoice:in_3Sim1'];

  it('says that nobody answered, whether it was sent or not', async () => {
    const { account, api, io } = await open();
    account.failNext({ acts: 'never', sees: 'reset' });
    expect(await api.fetch('sale:pi_3Sim1', io)).toMatchObject({ kind: 'failed', unanswered: true });
    await account.refuse();
    expect(await api.fetch('sale:pi_3Sim1', io)).toMatchObject({ kind: 'failed', problem: { code: 'unreachable' } });
    expect(await api.changes('events', '2026-11-21T00:00:00.000Z', null, io)).toMatchObject({ unanswered: true });
    await account.accept();
  });

  it('too often is told with how long to wait', async () => {
    const { api, io } = await open({ limit: { requests: 1, perMs: 10_000 } });
    await api.fetch('sale:pi_3Sim1', io);
    const told = await api.fetch('sale:pi_3Sim1', io);
    expect(told).toMatchObject({ kind: 'failed', throttled: { retryAfterMs: 10_000 } });
  });

  it('for want of a right names the right that the key lacks', async () => {
    const { account, api, io } = await open({ may: ['payment_intent_read', 'checkout_session_read'] });
    const { id } = account.books.pay({ amount: 100 });
    const told = await api.fetch(`sale:${id}`, io);
    expect(told).toMatchObject({ kind: 'failed', account: true, problem: { code: 'permission_missing' } });
    expect(told.kind === 'failed' && told.problem.detail).toContain('rak_invoice_read');
  });

  it('for a wrong key is the account’s matter, and never shows the key', async () => {
    const { api, io } = await open({ key: 'rk_live_right' }, { api_key: 'rk_live_wrong' });
    for (const ref of refs) {
      const told = await api.fetch(ref, io);
      expect(told).toMatchObject({ kind: 'failed', account: true, problem: { code: 'credentials_refused' } });
      expect(JSON.stringify(told)).not.toContain('rk_live');
    }
    expect(await api.check(io)).toMatchObject({ kind: 'rejected', rejection: { kind: 'account' } });
  });

  it('in any way that is not understood is never taken for nothing', async () => {
    const { account, api, io } = await open();
    const answers = [
      { status: 500, body: '{"error":{"type":"api_error"}}' },
      { status: 502, body: '<html>Bad gateway</html>' },
      { status: 200, body: '{}' },
      { status: 200, body: '[]' },
      { status: 200, body: '{"id":"../../etc"}' },
      { status: 302, headers: { location: 'https://elsewhere.example' }, body: '' },
      { status: 404, body: 'no such page' },
      { status: 400, body: '{"error":{"type":"invalid_request_error","message":"odd"}}' },
    ];
    for (const sees of answers) {
      for (const ref of refs) {
        account.failNext({ acts: 'never', sees });
        expect(await api.fetch(ref, io)).toMatchObject({ kind: 'failed' });
      }
      account.failNext({ acts: 'never', sees });
      expect(await api.changes('refunds', '2026-11-21T00:00:00.000Z', null, io)).toMatchObject({ kind: 'failed' });
    }
  });

  it('in the middle of several fails the whole', async () => {
    const { account, api, io } = await open();
    const { intent } = account.books.checkout({ items: [{ name: 'Carnet', unit: 1200 }] });
    for (const part of ['/checkout/sessions?', '/line_items', '/invoice_payments']) {
      account.failNext({ acts: 'never', sees: { status: 500, body: '{}' } }, ({ path, query }) =>
        `${path}?${query}`.includes(part),
      );
      expect(await api.fetch(`sale:${intent?.id}`, io)).toMatchObject({ kind: 'failed' });
    }
  });

  it('for something that no delivery names is a problem', async () => {
    const { api, io } = await open();
    for (const ref of ['order:1', 'sale:', 'sale:../v1/account', 'refunds']) {
      expect(await api.fetch(ref, io)).toMatchObject({ kind: 'failed', problem: { code: 'unknown_ref' } });
    }
    const since = '2026-11-21T00:00:00.000Z';
    expect(await api.changes('orders', since, null, io)).toMatchObject({ problem: { code: 'unknown_stream' } });
    expect(await api.changes('events', since, 'garbage', io)).toMatchObject({ problem: { code: 'unknown_cursor' } });
  });
});

describe('a check of a Stripe key', () => {
  it('names the account and what the key may read', async () => {
    const { api, io } = await open({
      endpoints: [
        { secret: SECRET, version: 'new' },
        { secret: SECRET, version: 'old' },
      ],
    });
    expect(await api.check(io)).toMatchObject({
      kind: 'done',
      value: {
        name: 'Atelier (acct_3Sim)',
        cannot: [],
        warnings: [expect.stringContaining('has disabled the webhook to https://bridge.example/webhooks/1')],
      },
    });
  });

  it('says what a restricted key may not, and does without the account’s name', async () => {
    const { api, io } = await open({ may: ['event_read', 'payment_intent_read'] });
    const told = await api.check(io);
    expect(told).toMatchObject({ kind: 'done', value: { can: ['read events', 'read payments'], warnings: [] } });
    expect(told.kind === 'done' && told.value.cannot).toHaveLength(4);
    expect(told.kind === 'done' && told.value.cannot.join()).toContain('rak_charge_read');
  });

  it('warns of a full secret key, and of one of the mode that is ignored', async () => {
    const { api, io } = await open({ key: 'sk_test_full0123456789', live: false }, { mode: 'live' });
    const told = await api.check(io);
    expect(told.kind === 'done' && told.value.warnings).toEqual([
      expect.stringContaining('restricted'),
      expect.stringContaining('mode is live'),
    ]);
  });

  it('proves nothing where nobody answers', async () => {
    const { account, api, io } = await open();
    await account.refuse();
    expect(await api.check(io)).toMatchObject({ kind: 'not_sent' });
    await account.accept();
  });
});

describe('a note left with a payment', () => {
  const note = {
    key: 'stripe/pi_1/invoice/1',
    kind: 'invoice' as const,
    number: 'FA-2026-7',
    url: 'https://books.example/7',
  };

  it('is its document’s number and link under names of our own, and may be left again', async () => {
    const { account, api, io } = await open();
    const intent = account.books.pay({ amount: 100, metadata: { order_id: '7' } });
    for (let time = 0; time < 2; time++) {
      expect(await api.writeBack?.({ ...note, orderId: intent.id }, io)).toEqual({ kind: 'done', value: null });
    }
    const credit = {
      key: `stripe/pi_1/credit_note/re_3Sim00000042`,
      kind: 'credit_note' as const,
      number: 'AV-1',
      url: null,
    };
    expect(await api.writeBack?.({ ...credit, orderId: intent.id }, io)).toMatchObject({ kind: 'done' });
    expect(intent.metadata).toEqual({
      order_id: '7',
      bridge_invoice_number: 'FA-2026-7',
      bridge_invoice_url: 'https://books.example/7',
      bridge_credit_note_00000042_number: 'AV-1',
    });
  });

  it('fits a charge without a PaymentIntent, and nothing else', async () => {
    const { account, api, io } = await open();
    const charge = account.books.charge({ amount: 100 });
    expect(await api.writeBack?.({ ...note, orderId: charge.id }, io)).toMatchObject({ kind: 'done' });
    expect(charge.metadata).toMatchObject({ bridge_invoice_number: 'FA-2026-7' });
    expect(await api.writeBack?.({ ...note, orderId: '1042' }, io)).toMatchObject({ kind: 'rejected' });
  });

  it('that got no answer may be there, and one without a right is not', async () => {
    const { account, api, io } = await open({ may: [] });
    const { id } = account.books.pay({ amount: 100 });
    account.failNext({ acts: 'at_once', sees: 'reset' });
    expect(await api.writeBack?.({ ...note, orderId: id }, io)).toMatchObject({ kind: 'unknown' });
    expect(await api.writeBack?.({ ...note, orderId: id }, io)).toMatchObject({
      kind: 'rejected',
      rejection: { kind: 'account' },
    });
    account.failNext({
      acts: 'never',
      sees: { status: 409, body: '{"error":{"type":"api_error","code":"lock_timeout"}}' },
    });
    expect(await api.writeBack?.({ ...note, orderId: id }, io)).toMatchObject({ kind: 'unknown' });
  });
});
