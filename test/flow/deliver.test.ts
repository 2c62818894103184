import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../src/domain/client.ts';
import { applyEvent } from '../../src/flow/3-facts.ts';
import { resolveJob } from '../../src/operations/resolve.ts';
import { changeLeased } from '../../src/store/jobs.ts';
import { faultsOfCreate, faultsOfSearch } from '../conformance/provider-faults.ts';
import type { Exchange } from '../simulators/http-simulator.ts';
import { ada, paymentOf, wooOrder } from '../support/deliveries.ts';
import { type FlowWorld, openFlowWorld } from '../support/flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await openFlowWorld();
});
afterEach(() => world.close());

const creates = (path: string) => (exchange: Exchange) => exchange.method === 'POST' && exchange.path === path;
const invoices = () =>
  world.simulator
    .documents()
    .map(({ oid, price_gross, status, client_id }) => ({ oid, total: Number(price_gross), status, client_id }));
const statuses = async () =>
  (await world.jobs()).map(({ key, status, reason }) => `${key} ${status}${reason === null ? '' : ` ${reason}`}`);
const paid = (id: number, change = {}) =>
  world.deliver('shop', 'order.updated', wooOrder({ id, paid: true, second: 5, ...change }));

describe('a paid order', () => {
  it('becomes one invoice of its total, paid, on a client made for its buyer', async () => {
    await paid(1);
    await world.drain();
    expect(invoices()).toEqual([{ oid: 'shop-1-invoice-1', total: 120, status: 'paid', client_id: 1001 }]);
    expect(await statuses()).toEqual(['shop/1/invoice/1 done', 'shop/1/payment/claim done']);
    expect(world.simulator.clients()).toMatchObject([
      { external_id: 'shop-77', email: 'ada@buyer.example', company: false },
    ]);
  });
  it('of a buyer who is known costs one request', async () => {
    await paid(1);
    await world.drain();
    const before = world.simulator.requests().length;
    await paid(2);
    await world.drain();
    expect(
      world.simulator
        .requests()
        .slice(before)
        .map(({ method, url }) => `${method} ${url}`),
    ).toEqual(['POST /invoices.json']);
  });
  it('and the next ones of one new buyer, arriving together, share one new client', async () => {
    for (let id = 1; id <= 12; id++) await paid(id);
    await world.settle();
    expect(invoices()).toHaveLength(12);
    expect(world.simulator.clients()).toHaveLength(1);
  });
  it('of guests without anything in common make a client each, also where nothing identifies them', async () => {
    await paid(1, { buyer: { customerId: 0, email: '' } });
    await paid(2, { buyer: { customerId: 0, email: '' } });
    await world.settle();
    expect(
      invoices()
        .map(({ client_id }) => client_id)
        .sort(),
    ).toEqual([1001, 1002]);
  });
  it('of a company does not go to the client of the same e-mail with another tax number', async () => {
    await world.simulator.books.createClient({
      name: 'Other SARL',
      company: true,
      email: ada.email,
      tax_no: 'FR83404833048',
    });
    await paid(1, { buyer: { ...ada, company: 'Ada SARL', taxNumber: 'FR40303265045' } });
    await world.settle();
    expect(invoices()[0]?.client_id).toBe(1002);
  });
  it('named by two clients is held with the candidates, and its payment waits behind it', async () => {
    for (const name of ['Ada one', 'Ada two'])
      world.simulator.books.createClient({ name, last_name: 'x', company: false, email: ada.email });
    await paid(1, { buyer: { ...ada, customerId: 0 } });
    await world.settle();
    expect(await statuses()).toEqual(['shop/1/invoice/1 held ambiguous_client', 'shop/1/payment/claim held waits_for']);
    const { candidates } = await world.store.read
      .selectFrom('job')
      .select('candidates')
      .where('kind', '=', 'invoice')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(candidates ?? '[]')).toMatchObject([{ id: '1001' }, { id: '1002' }]);
  });
});

describe('a person’s answer', () => {
  const invoiceJob = () =>
    world.store.read.selectFrom('job').select('id').where('kind', '=', 'invoice').executeTakeFirstOrThrow();
  it('that chooses the client is remembered for the buyer’s next order', async () => {
    for (const name of ['Ada one', 'Ada two']) {
      world.simulator.books.createClient({ name, last_name: 'x', company: false, email: ada.email });
    }
    await paid(1);
    await world.settle();
    const answered = await resolveJob({ ...world, wake: () => undefined }, (await invoiceJob()).id, {
      client_id: '1002',
    });
    expect(answered.ok).toBe(true);
    await world.settle();
    await paid(2);
    await world.settle();
    expect(invoices().map(({ client_id }) => client_id)).toEqual([1002, 1002]);
    expect((await statuses()).every((status) => status.endsWith('done'))).toBe(true);
  });
  it('that skips an invoice stands, whatever is told of the order later', async () => {
    await world.close();
    world = await openFlowWorld('invoicing: { approve: true }');
    await world.deliver('shop', 'order.created', wooOrder({ id: 5 }));
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf({ id: 5 }, 12_000));
    await world.settle();
    await resolveJob({ ...world, wake: () => undefined }, (await invoiceJob()).id, { skip: 'not a sale' });
    await paid(5);
    await world.settle();
    expect((await world.jobs()).map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    expect(await world.store.read.selectFrom('sale').select('reason').execute()).toEqual([
      { reason: 'skipped_by_person' },
    ]);
    expect(invoices()).toEqual([]);
  });
});

describe('a payment of Stripe', () => {
  const unpaid = wooOrder({ id: 5 });
  it('makes the invoice of an order that was placed unpaid', async () => {
    await world.deliver('shop', 'order.created', unpaid);
    await world.drain();
    expect(invoices()).toEqual([]);
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 12_000));
    await world.drain();
    expect(invoices()).toMatchObject([{ total: 120, status: 'paid' }]);
  });
  it('waits for its order when it comes first', async () => {
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 12_000));
    await world.drain();
    expect(await world.store.read.selectFrom('event').select(['status', 'reason']).execute()).toEqual([
      { status: 'applied', reason: 'payment_unlinked' },
    ]);
    await world.deliver('shop', 'order.created', unpaid);
    await world.drain();
    expect(await statuses()).toEqual(['shop/5/invoice/1 done', 'shop/5/payment/pi_5 done']);
  });
  it('that is a part leaves the order waiting; the rest completes it', async () => {
    await world.deliver('shop', 'order.created', unpaid);
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 4_000, { pi: 'pi_a' }));
    await world.drain();
    expect(await world.store.read.selectFrom('sale').select(['state', 'reason']).execute()).toEqual([
      { state: 'waits', reason: 'part_paid' },
    ]);
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 8_000, { pi: 'pi_b' }));
    await world.drain();
    expect(await statuses()).toEqual(['shop/5/invoice/1 done', 'shop/5/payment/pi_a done', 'shop/5/payment/pi_b done']);
  });
  it('in another currency is no payment of the order', async () => {
    await world.deliver('shop', 'order.created', unpaid);
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 12_000, { currency: 'usd' }));
    await world.drain();
    expect(await world.store.read.selectFrom('payment').select(['status', 'reason']).execute()).toEqual([
      { status: 'unlinked', reason: 'the order is not in USD' },
    ]);
  });
  it('that two shops’ orders fit is held back as ambiguous, not guessed', async () => {
    await world.deliver('shop', 'order.created', { ...unpaid, number: '5' });
    await world.deliver('boutique', 'orders/create', {
      id: 5,
      name: '#X5',
      order_number: 5,
      created_at: '2026-11-20T09:00:00+01:00',
      updated_at: '2026-11-20T09:00:00+01:00',
      currency: 'EUR',
      financial_status: 'pending',
      taxes_included: true,
      total_price: '120.00',
      line_items: [{ id: 1, title: 'Lamp', price: '120.00', quantity: 1, tax_lines: [] }],
      shipping_lines: [],
      email: 'b@x.example',
      confirmed: true,
    });
    await world.deliver(
      'stripe',
      'payment_intent.succeeded',
      paymentOf(unpaid, 12_000, { metadata: { order_id: '5' } }),
    );
    await world.drain();
    expect(await world.store.read.selectFrom('payment').select(['status']).execute()).toEqual([
      { status: 'ambiguous' },
    ]);
    expect(invoices()).toEqual([]);
  });
  it('that names a number is for the order of that number, though another bears it as its id', async () => {
    await world.deliver('shop', 'order.created', { ...wooOrder({ id: 5038 }), number: '5075' });
    await world.deliver('shop', 'order.created', { ...wooOrder({ id: 5001 }), number: '5038' });
    const named = { metadata: { order_id: '5038' } };
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 12_000, named));
    await world.settle();
    expect(await statuses()).toEqual(['shop/5001/invoice/1 done', 'shop/5001/payment/pi_5 done']);
  });
  it('that names an order key waits for that order, though another bears the same number', async () => {
    await world.deliver('shop', 'order.created', { ...wooOrder({ id: 6, net: 20_000 }), number: 'W-5' });
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 12_000));
    await world.drain();
    expect(await world.store.read.selectFrom('payment').select('status').execute()).toEqual([{ status: 'unlinked' }]);
    await world.deliver('shop', 'order.created', unpaid);
    await world.settle();
    expect(await statuses()).toEqual(['shop/5/invoice/1 done', 'shop/5/payment/pi_5 done']);
  });
  it('by a number that two shops use, or by an id, convinces only with the exact open amount', async () => {
    await world.deliver('shop', 'order.created', { ...unpaid, number: '900' });
    const named = (order_id: string) => ({ metadata: { order_id } });
    await world.deliver(
      'stripe',
      'payment_intent.succeeded',
      paymentOf(unpaid, 5_000, { pi: 'pi_part', ...named('900') }),
    );
    await world.deliver(
      'stripe',
      'payment_intent.succeeded',
      paymentOf(unpaid, 12_500, { pi: 'pi_over', ...named('5') }),
    );
    await world.drain();
    expect(await world.jobs()).toEqual([]);
    await world.deliver(
      'stripe',
      'payment_intent.succeeded',
      paymentOf(unpaid, 12_000, { pi: 'pi_exact', ...named('5') }),
    );
    await world.settle();
    expect(await statuses()).toEqual(['shop/5/invoice/1 done', 'shop/5/payment/pi_exact done']);
  });
  it('waits behind an invoice that is held, however its own hold is mended', async () => {
    const doubtful = { ...unpaid, tax_lines: [] };
    await world.deliver('shop', 'order.created', doubtful);
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 12_500));
    await world.settle();
    await world.deliver('shop', 'order.updated', {
      ...doubtful,
      status: 'processing',
      date_paid_gmt: '2026-11-20T08:00:30',
      date_modified_gmt: '2026-11-20T08:00:30',
    });
    await world.settle();
    expect(await statuses()).toEqual([
      'shop/5/invoice/1 held rate_unknown',
      expect.stringMatching(/payment\/pi_5 held/),
      expect.stringMatching(/payment\/claim held waits_for/),
    ]);
  });
  it('of more than the order costs is recorded as held with both figures', async () => {
    await world.deliver('shop', 'order.created', unpaid);
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 12_500));
    await world.drain();
    expect((await world.jobs()).at(-1)).toMatchObject({
      status: 'held',
      reason: 'amount_differs',
      detail: '125.00 EUR was paid for an order of 120.00',
    });
  });
  it('is recorded on an invoice that was issued when the order was placed', async () => {
    await world.close();
    world = await openFlowWorld('invoicing: { when: placed }');
    await world.deliver('shop', 'order.created', unpaid);
    await world.drain();
    expect(invoices()).toMatchObject([{ status: 'issued' }]);
    await world.deliver('stripe', 'payment_intent.succeeded', paymentOf(unpaid, 12_000));
    await world.settle();
    expect(world.simulator.payments()).toMatchObject([{ price: '120.0' }]);
    expect(await statuses()).toEqual(['shop/5/invoice/1 done', 'shop/5/payment/pi_5 done']);
  });
});

describe('whatever the provider does', () => {
  it.each(faultsOfCreate)(
    'to the invoice, $name ends in exactly one invoice, or none that it refused',
    async ({ fault, outcome }) => {
      world.simulator.failNext(fault, creates('/invoices.json'));
      await paid(1);
      await world.drain();
      world.simulator.release();
      await world.settle(6);
      const [invoice] = await world.jobs();
      if (invoice?.status === 'held')
        expect([invoice.reason, outcome, invoices().length]).toEqual(['invoice_refused', 'rejected', 0]);
      else expect([invoice?.status, invoices().length]).toEqual(['done', 1]);
    },
  );
  it('a client that differs and was there before is not taken for the one whose creation got no answer', async () => {
    await world.close();
    world = await openFlowWorld('matching: { on_difference: create }');
    const before = world.simulator.books.createClient({
      name: 'Somebody Else',
      last_name: 'Else',
      company: false,
      email: ada.email,
    });
    world.simulator.failNext({ acts: 'never', sees: 'reset' }, creates('/clients.json'));
    await paid(1);
    await world.settle();
    expect(world.simulator.clients()).toHaveLength(2);
    expect(invoices()).toHaveLength(1);
    expect(invoices()[0]?.client_id).not.toBe(before.id);
  });
  it.each(faultsOfCreate)(
    'to the client, $name ends in one client, or none that it refused',
    async ({ fault, outcome }) => {
      world.simulator.failNext(fault, creates('/clients.json'));
      await paid(1);
      await paid(2);
      await world.drain();
      world.simulator.release();
      await world.settle(6);
      const held = (await world.jobs()).filter(
        ({ status, reason }) => status === 'held' && reason === 'client_refused',
      );
      if (held.length > 0) expect(outcome).toBe('rejected');
      else expect(await statuses()).not.toContainEqual(expect.stringContaining('held'));
      expect(world.simulator.clients()).toHaveLength(1);
      expect(invoices()).toHaveLength(2 - held.length);
    },
  );
  it.each(faultsOfSearch)('to a search, $name is not “none found”', async ({ fault }) => {
    world.simulator.books.createClient({
      name: 'Ada Martin',
      last_name: 'Martin',
      company: false,
      email: ada.email,
      external_id: 'shop-77',
    });
    for (let n = 0; n < 3; n++)
      world.simulator.failNext(fault, (exchange) => exchange.method === 'GET' && exchange.path === '/clients.json');
    await paid(1);
    await world.settle(6);
    expect(world.simulator.clients()).toHaveLength(1);
    expect(invoices()).toHaveLength(1);
  });
  it('a commit that lands late, within the quarantine, is found and adopted', async () => {
    world.simulator.failNext({ acts: 'later', sees: 'silence' }, creates('/invoices.json'));
    await paid(1);
    await world.drain();
    expect((await world.jobs())[0]).toMatchObject({ status: 'running', phase: 'resolving' });
    world.advance(4 * 60_000);
    await world.drain();
    world.simulator.release();
    await world.settle();
    expect(invoices()).toHaveLength(1);
    expect((await world.jobs())[0]).toMatchObject({ status: 'done', attempts: 2 });
  });
  it('a commit that lands after everything else is stopped by the provider’s own key', async () => {
    world.simulator.failNext({ acts: 'later', sees: 'silence' }, creates('/invoices.json'));
    await paid(1);
    await world.settle();
    world.simulator.release();
    expect(invoices()).toHaveLength(1);
    expect((await world.jobs())[0]).toMatchObject({ status: 'done' });
  });
  it('what is sent again after an unknown outcome is the same body, byte for byte', async () => {
    world.simulator.failNext({ acts: 'never', sees: 'reset' }, creates('/invoices.json'));
    await paid(1);
    await world.drain();
    // The order is edited meanwhile: what was begun stays as it was.
    await world.deliver('shop', 'order.updated', { ...wooOrder({ id: 1, net: 9_000, paid: true, second: 40 }) });
    await world.settle();
    const bodies = world.simulator
      .requests()
      .filter(({ method, url }) => method === 'POST' && url === '/invoices.json')
      .map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(bodies[1]);
    expect(await world.store.read.selectFrom('sale').select(['reason', 'detail']).execute()).toEqual([
      {
        reason: 'differs',
        detail: expect.stringContaining('total 120.00 EUR on the invoice, 108.00 EUR on the order'),
      },
    ]);
  });
  it('a body of an earlier day is composed anew for today', async () => {
    world.simulator.failNext({ acts: 'never', sees: 'reset' }, creates('/invoices.json'));
    await paid(1);
    await world.drain();
    world.advance(24 * 3_600_000);
    await world.settle();
    const dates = world.simulator
      .requests()
      .filter(({ method, url }) => method === 'POST' && url === '/invoices.json')
      .map(({ body }) => /"issue_date":"([^"]+)"/.exec(body)?.[1]);
    expect(dates).toEqual(['2026-11-21', '2026-11-22']);
    expect(invoices()).toHaveLength(1);
  });
  it('an invoice with another total than asked is held with both figures, and is not made again', async () => {
    world.simulator.failNext(
      {
        acts: 'at_once',
        sees: {
          status: 201,
          body: JSON.stringify({
            id: 1,
            number: 'F1',
            kind: 'vat',
            oid: 'shop-1-invoice-1',
            price_gross: '119.99',
            currency: 'EUR',
            paid: '0',
            client_id: 1001,
          }),
        },
      },
      creates('/invoices.json'),
    );
    await paid(1);
    await world.settle();
    expect((await world.jobs())[0]).toMatchObject({
      status: 'held',
      reason: 'issued_with_other_total',
      detail: 'the provider has F1 with 119.99 EUR, it should be 120.00 EUR',
    });
    expect(invoices()).toHaveLength(1);
  });
  it('a wrong token stops the account, blames no order, and goes on when it is right again', async () => {
    for (let n = 0; n < 4; n++)
      world.simulator.failNext({
        acts: 'never',
        sees: { status: 401, body: '{"code":"error","message":"bad token"}' },
      });
    await paid(1);
    await paid(2);
    await world.drain();
    expect((await world.jobs()).every(({ status }) => status === 'pending')).toBe(true);
    const asked = world.simulator.requests().length;
    await world.drain();
    expect(world.simulator.requests().length).toBe(asked);
    await world.settle();
    expect(invoices()).toHaveLength(2);
  });
  it('“too many requests” makes the whole account wait as long as it says', async () => {
    world.simulator.failNext({ acts: 'never', sees: { status: 429, headers: { 'retry-after': '120' }, body: '' } });
    await paid(1);
    await world.drain();
    world.advance(119_000);
    await world.drain();
    expect(invoices()).toHaveLength(0);
    world.advance(1_000);
    await world.settle();
    expect(invoices()).toHaveLength(1);
  });
  it('while it cannot be reached nothing is given up, and all goes on when it is back', async () => {
    await world.simulator.refuse();
    for (let id = 1; id <= 5; id++) await paid(id, { buyer: { ...ada, customerId: id, email: `b${id}@x.example` } });
    for (let hour = 0; hour < 200; hour++) {
      await world.drain();
      world.advance(3_600_000);
    }
    expect((await world.jobs()).filter(({ status }) => status !== 'pending')).toEqual([]);
    await world.simulator.accept();
    await world.settle();
    expect(invoices()).toHaveLength(5);
  });
});

describe('a process that dies', () => {
  it('before it has sent anything leaves work that goes on at once', async () => {
    await paid(1);
    await world.drain();
    await paid(2);
    for (const { id } of await world.store.read
      .selectFrom('event')
      .select('id')
      .where('status', '=', 'received')
      .execute())
      await applyEvent(world, id);
    await world.crashWith(async () => undefined);
    expect((await world.jobs()).filter(({ status }) => status === 'running')).toHaveLength(1);
    await world.recover();
    await world.drain();
    expect(invoices()).toHaveLength(2);
  });
  it('with a request on its way looks it up after the quarantine before it sends again', async () => {
    await paid(1);
    await world.drain();
    await paid(2);
    for (const { id } of await world.store.read
      .selectFrom('event')
      .select('id')
      .where('status', '=', 'received')
      .execute())
      await applyEvent(world, id);
    await world.crashWith(async ({ store, runtime }) => {
      const job = await store.read
        .selectFrom('job')
        .selectAll()
        .where('status', '=', 'running')
        .executeTakeFirstOrThrow();
      const client: Client = {
        id: '1001',
        name: 'Ada Martin',
        kind: 'person',
        email: ada.email,
        taxNumber: null,
        externalId: 'shop-77',
        empty: [],
      };
      // As it stands on disk when the process dies between the provider's commit and its own record.
      await store.write((tx) =>
        changeLeased(
          tx,
          { jobId: job.id, fence: job.fence },
          {
            phase: 'sending',
            step: 'document',
            attempts: 1,
            request: '{}',
            client,
            deadline: runtime.now().getTime() + 250,
          },
          runtime.now(),
        ),
      );
    });
    const sent = world.simulator.requests().length;
    await world.recover();
    await world.drain();
    expect(world.simulator.requests().length).toBe(sent);
    world.advance(5 * 60_000 + 250);
    await world.drain();
    expect(
      world.simulator
        .requests()
        .slice(sent)
        .map(({ method }) => method),
    ).toEqual(['GET']);
    await world.settle();
    expect(invoices()).toHaveLength(2);
  });
  it('and wakes up again with an old lease can write nothing', async () => {
    await paid(1);
    await world.drain();
    await applyEvent(world, await paid(2));
    await world.crashWith(async () => undefined);
    const old = await world.store.read
      .selectFrom('job')
      .select(['id', 'fence'])
      .where('status', '=', 'running')
      .executeTakeFirstOrThrow();
    await world.recover();
    const write = world.store.write((tx) =>
      changeLeased(tx, { jobId: old.id, fence: old.fence }, { status: 'done' }, world.runtime.now()),
    );
    await expect(write).rejects.toThrow('taken over');
  });
});
