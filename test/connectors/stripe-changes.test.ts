// Nothing that moved money is missed, whatever became of the webhooks: what was made since and what happened since are both
// read, over any number of pages, while the account goes on.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { compareText } from '../../src/domain/order-by.ts';
import { factsOf } from '../mappings/stripe-samples.ts';
import type { Refund } from '../simulators/stripe-records.ts';
import { DAY, MINUTE, readAll, type StripeWorld, stripeWorld, theOne } from './stripe-world.ts';

let world: StripeWorld;
const open = async (...options: Parameters<typeof stripeWorld>): Promise<StripeWorld> => {
  world = await stripeWorld(...options);
  return world;
};
afterEach(() => world.account.close());

/** All facts of one reading of every list. */
async function told(since: string, streams: readonly string[] = world.api.streams): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const stream of streams) {
    for (const finding of await readAll(world, stream, since)) {
      const understood = world.understand(finding);
      if (understood.ok && understood.value.kind === 'facts') facts.push(...factsOf(understood));
    }
  }
  return facts;
}

const paymentsIn = (facts: readonly Fact[]): string[] =>
  [...new Set(facts.flatMap((fact) => (fact.kind === 'payment' ? [fact.payment.id] : [])))].toSorted(compareText);
const refundsIn = (facts: readonly Fact[]): string[] => [
  ...new Set(facts.flatMap((fact) => (fact.kind === 'refund' ? [`${fact.refund.id} ${fact.refund.status}`] : []))),
];
const disputesIn = (facts: readonly Fact[]): string[] => [
  ...new Set(facts.flatMap((fact) => (fact.kind === 'dispute' ? [`${fact.dispute.id} ${fact.dispute.status}`] : []))),
];

const STATUS: Readonly<Record<Refund['status'], string>> = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
};

/** What may happen at an account, to whichever of its payments; what cannot be done now is left out. */
function happen({ books }: StripeWorld['account'], act: number, which: number): void {
  const isEven = which % 2 === 0;
  const captured = books.intents.filter(({ status, charge }) => status === 'succeeded' && charge?.isCaptured);
  const paid = captured[which % Math.max(1, captured.length)];
  const debit = books.intents.find(({ status }) => status === 'processing');
  const authorized = books.intents.find(({ status }) => status === 'requires_capture');
  const refund = books.refunds.find(({ status }) => status === 'pending');
  const dispute = books.disputes.find(({ status }) => status === 'needs_response');
  const acts = [
    () => books.pay({ amount: 1000 + which }),
    () => books.checkout({ items: [{ name: 'Carnet', unit: 500 + which }] }),
    () => books.payLater({ amount: 2000 + which }),
    () => debit && (isEven ? books.settle(debit) : books.fail(debit)),
    () => books.authorize({ amount: 3000 }),
    () => authorized && (isEven ? books.capture(authorized, 2500) : books.cancel(authorized)),
    () => paid && books.refund(paid, 1 + which, isEven ? 'pending' : 'succeeded'),
    () => refund && books.endRefund(refund, isEven ? 'failed' : 'succeeded'),
    () => paid && books.dispute(paid),
    () => dispute && books.closeDispute(dispute, isEven ? 'won' : 'lost'),
  ];
  acts[act % acts.length]?.();
}

describe('a reading of everything since a moment', () => {
  it('finds every payment, refund and dispute as it is now, with no webhook at all', async () => {
    const doing = fc.record({ act: fc.nat(9), which: fc.nat(50), minutes: fc.nat(600) });
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { maxLength: 40 }), async (doings) => {
        const { account, pass, now } = await open();
        const since = now().toISOString();
        for (const { act, which, minutes } of doings) {
          pass(minutes * MINUTE);
          happen(account, act, which);
        }
        account.loseDeliveries();
        const facts = await told(since);
        await account.close();

        const { intents, refunds, disputes } = account.books;
        const paid = intents.filter(({ status }) => status === 'succeeded').map(({ id }) => id);
        expect(paymentsIn(facts)).toEqual(paid.toSorted(compareText));
        const returned = refunds.filter(({ release }) => !release).map(({ id, status }) => `${id} ${STATUS[status]}`);
        expect(refundsIn(facts)).toEqual(expect.arrayContaining(returned));
        const contested = disputes.map(({ id, status }) => `${id} ${status === 'needs_response' ? 'open' : status}`);
        expect(disputesIn(facts)).toEqual(expect.arrayContaining(contested));
        for (const { id } of refunds.filter(({ release }) => release)) {
          expect(refundsIn(facts)).not.toContain(`${id} succeeded`);
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('finds what happened since to something made long before', async () => {
    const { account, pass, now } = await open();
    const { books } = account;
    const debit = books.payLater({ amount: 9000 });
    const sale = books.checkout({ items: [{ name: 'Carnet', unit: 700 }], reference: 'WEB-7' }, true);
    const old = books.pay({ amount: 5000 });
    const refund = books.refund(old, 100, 'pending');
    const dispute = books.dispute(old);
    pass(12 * DAY);
    const since = now().toISOString();
    books.settle(debit);
    if (sale.intent !== null) books.settle(sale.intent);
    books.endRefund(refund, 'failed');
    books.closeDispute(dispute, 'lost');
    account.loseDeliveries();

    const facts = await told(since);
    expect(paymentsIn(facts)).toEqual([debit.id, sale.intent?.id]);
    expect(refundsIn(facts)).toEqual([`${refund.id} failed`]);
    expect(disputesIn(facts)).toEqual([`${dispute.id} lost`]);
    const links = facts.flatMap((fact) => (fact.kind === 'payment' ? fact.payment.links : []));
    expect(links).toContainEqual({ by: 'client_reference_id', value: 'WEB-7' });
  });

  it('finds what was made since though its events are gone after 30 days', async () => {
    const { account, pass, now } = await open();
    const since = now().toISOString();
    const intent = account.books.checkout({ items: [{ name: 'Carnet', unit: 700 }], reference: 'WEB-8' }).intent;
    if (intent === null) throw new Error('no payment');
    const refund = account.books.refund(intent, 100);
    const dispute = account.books.dispute(intent);
    pass(45 * DAY);
    expect(await readAll(world, 'events', since)).toEqual([]);
    const facts = await told(since);
    expect(paymentsIn(facts)).toEqual([intent.id]);
    expect(refundsIn(facts)).toEqual([`${refund.id} succeeded`]);
    expect(disputesIn(facts)).toEqual([`${dispute.id} open`]);
    const links = facts.flatMap((fact) => (fact.kind === 'payment' ? fact.payment.links : []));
    expect(links).toContainEqual({ by: 'client_reference_id', value: 'WEB-8' });
  });

  it('finds a charge that was made without a PaymentIntent', async () => {
    const { account, now } = await open({ version: 'old' });
    const charge = account.books.charge({ amount: 1200 });
    expect(paymentsIn(await told(now().toISOString()))).toEqual([charge.id]);
  });

  it('reads the events of an account whose own version is an old one', async () => {
    const { account, now } = await open({ version: 'old' });
    const intent = account.books.pay({ amount: 5000 });
    account.books.refund(intent, 100);
    account.books.refund(intent, 200);
    const facts = await told(now().toISOString(), ['events']);
    expect(paymentsIn(facts)).toEqual([intent.id]);
    expect(new Set(refundsIn(facts)).size).toBe(2);
  });

  it('leaves out what was made and happened before, and nothing of the very second', async () => {
    const { account, pass, now } = await open();
    account.books.pay({ amount: 100 });
    pass(1000);
    const { id } = account.books.pay({ amount: 200 });
    expect(paymentsIn(await told(now().toISOString()))).toEqual([id]);
  });

  it('asks for nothing but what moves money', async () => {
    const { account, now } = await open();
    account.books.expire({ items: [{ name: 'Carnet', unit: 500 }] });
    account.books.fail(account.books.payLater({ amount: 900 }));
    account.books.authorize({ amount: 700 });
    account.books.dispute(account.books.pay({ amount: 50 }), 'warning_needs_response');
    const facts = await told(now().toISOString());
    expect(new Set(facts.map(({ kind }) => kind))).toEqual(new Set(['payment']));
    expect(paymentsIn(facts)).toHaveLength(1);
  });
});

describe('the pages of a reading', () => {
  it('hold more than a page of one second', async () => {
    const { account, now } = await open();
    const ids = Array.from({ length: 350 }, (_, index) => account.books.pay({ amount: 100 + index }).id);
    for (const stream of ['payment_intents', 'events']) {
      expect(paymentsIn(await told(now().toISOString(), [stream]))).toEqual(ids.toSorted(compareText));
    }
  });

  it('miss nothing that is made while they are read, in one reading', async () => {
    const { account, api, io, pass, now, understand } = await open();
    const since = now().toISOString();
    pass(1000);
    const ids = Array.from({ length: 250 }, () => account.books.pay({ amount: 100 }).id);
    const found: Fact[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: { findings: readonly { topic: string; body: Uint8Array }[]; cursor: string | null } = theOne(
        await api.changes('payment_intents', since, cursor, io),
      );
      for (const finding of page.findings) found.push(...factsOf(understand(finding)));
      cursor = page.cursor;
      pages += 1;
      pass(1000);
      if (pages <= 3) ids.push(account.books.pay({ amount: 100 }).id, account.books.pay({ amount: 100 }).id);
    } while (cursor !== null && pages < 20);
    expect(paymentsIn(found)).toEqual(ids.toSorted(compareText));
    expect(pages).toBeLessThan(8);
  });

  it('have their oldest first', async () => {
    const { account, api, io, pass, now, understand } = await open();
    const since = now().toISOString();
    const ids = Array.from({ length: 5 }, () => {
      pass(MINUTE);
      return account.books.pay({ amount: 100 }).id;
    });
    const { findings } = theOne(await api.changes('payment_intents', since, null, io));
    const facts = findings.flatMap((finding) => factsOf(understand(finding)));
    expect(facts.map((fact) => fact.kind === 'payment' && fact.payment.id)).toEqual(ids);
  });

  it('go on after a restart, and begin anew where what they stood at is gone', async () => {
    const { account, api, io, now, understand } = await open();
    const since = now().toISOString();
    const ids = Array.from({ length: 150 }, () => account.books.pay({ amount: 100 }).id);
    const first = theOne(await api.changes('payment_intents', since, null, io));
    expect(first.cursor).not.toBeNull();
    const next = theOne(await api.changes('payment_intents', since, first.cursor, io));
    expect(next.findings).toHaveLength(50);

    const gone = ids[50] ?? '';
    expect(first.cursor).toContain(gone);
    account.forget(gone);
    const again = theOne(await api.changes('payment_intents', since, first.cursor, io));
    expect(again.findings).toHaveLength(100);
    const last = theOne(await api.changes('payment_intents', since, again.cursor, io));
    const all = [...again.findings, ...last.findings].flatMap((finding) => factsOf(understand(finding)));
    expect(paymentsIn(all)).toEqual(ids.filter((id) => id !== gone).toSorted(compareText));
  });

  it('show the same content in the same bytes, however often they are read', async () => {
    const { account, pass, now } = await open();
    const since = now().toISOString();
    const sale = account.books.checkout({ items: [{ name: 'Carnet', unit: 500 }] });
    if (sale.intent !== null) account.books.refund(sale.intent, 100);
    const before = await Promise.all(world.api.streams.map((stream) => readAll(world, stream, since)));
    account.deliveries();
    pass(DAY);
    const after = await Promise.all(world.api.streams.map((stream) => readAll(world, stream, since)));
    expect(after).toEqual(before);
  });
});

describe('a payment', () => {
  it('is the same fact from a webhook of any version and from every list', async () => {
    const endpoints = [
      { secret: 'whsec_of_this_test', version: 'new' as const },
      { secret: 'whsec_of_this_test', version: 'old' as const },
    ];
    const { account, now, understand } = await open({ endpoints });
    account.books.pay({ amount: 100, metadata: { order_id: '7' } });
    const delivered = account.deliveries().filter(({ topic }) => topic === 'payment_intent.succeeded');
    expect(delivered).toHaveLength(2);
    const facts = [
      ...delivered.flatMap((delivery) => factsOf(understand(delivery))),
      ...(await told(now().toISOString(), ['payment_intents', 'events'])),
    ];
    expect(facts).toHaveLength(4);
    // Only the full charge tells more than what was possible: here both are a card.
    for (const fact of facts) expect(fact).toEqual(facts[0]);
  });
});
