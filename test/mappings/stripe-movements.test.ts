// Refunds and disputes: what counts as money that went back, once each, in whatever way and version Stripe tells of it.
import { describe, expect, it } from 'vitest';
import type { Dispute, MoneyBack } from '../../src/domain/facts.ts';
import { factsOf, isFetched, isIgnored, sampleText, understand, understandEvent, type Wire } from './stripe-samples.ts';

const refunds = (...told: Parameters<typeof understandEvent>): MoneyBack[] =>
  factsOf(understandEvent(...told)).flatMap((fact) => (fact.kind === 'refund' ? [fact.refund] : []));

function dispute(name: string, changes: Wire = {}): Dispute {
  const [fact] = factsOf(understandEvent(name, changes));
  if (fact?.kind !== 'dispute') throw new Error('no dispute');
  return fact.dispute;
}

describe('a refund that Stripe tells of', () => {
  it('is its own, with its payment, its charge and its own date', () => {
    expect(refunds('refund-created')).toEqual([
      {
        id: 're_3Woo',
        paymentId: 'pi_3Woo',
        chargeId: 'ch_3Woo',
        amount: 1000n,
        currency: 'EUR',
        at: '2026-11-21T10:00:03.000Z',
        status: 'succeeded',
        runningTotal: false,
        reason: 'requested by customer',
        test: false,
      },
    ]);
  });

  it.each([
    ['pending', 'pending'],
    ['requires_action', 'pending'],
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('of status %s is %s', (status, expected) => {
    expect(refunds('refund-updated', { status })).toMatchObject([{ status: expected }]);
  });

  it('of a status that is not known is a problem, and so is an event of failure whose refund did not fail', () => {
    expect(understandEvent('refund-unknown-status')).toMatchObject({ error: { code: 'unknown_status' } });
    expect(understandEvent('refund-failed-contradicting')).toMatchObject({
      error: { code: 'status_contradicts_topic' },
    });
  });

  it('has the same facts under the legacy name of its event', () => {
    const event = JSON.parse(sampleText('refund-created'));
    const legacy = understand('charge.refund.updated', JSON.stringify({ ...event, type: 'charge.refund.updated' }));
    expect(legacy).toEqual(understandEvent('refund-created'));
  });

  it('is one of several in a charge that lists them, each with its own amount', () => {
    expect(refunds('charge-refunded-listed').map(({ id, amount, runningTotal }) => [id, amount, runningTotal])).toEqual(
      [
        ['re_3OldB', 1500n, false],
        ['re_3OldA', 1000n, false],
      ],
    );
  });

  it('beyond the list of its charge is asked for', () => {
    const event: { data: { object: { refunds: Wire } } } = JSON.parse(sampleText('charge-refunded-listed'));
    const more = { refunds: { ...event.data.object.refunds, has_more: true } };
    expect(understandEvent('charge-refunded-listed', more)).toMatchObject({ value: { fetch: ['refunds:ch_3Old'] } });
  });

  it('of which only the sum is told is a running total, and the refunds themselves are asked for', () => {
    const outcome = understandEvent('charge-refunded');
    expect(outcome).toMatchObject({ value: { fetch: ['refunds:ch_3Woo'] } });
    expect(factsOf(outcome)).toMatchObject([
      { refund: { id: 'ch_3Woo@1000', amount: 1000n, runningTotal: true, status: 'succeeded', chargeId: 'ch_3Woo' } },
    ]);
  });

  it('is not asked for without a key', () => {
    const outcome = understandEvent('charge-refunded', {}, { canFetch: false });
    expect(outcome).toMatchObject({ ok: true });
    expect(outcome.ok && outcome.value).not.toHaveProperty('fetch');
  });

  it('is of the key’s mode where neither it nor its charge says which', () => {
    const refund = JSON.stringify({ ...JSON.parse(sampleText('refund-created')).data.object, charge: null });
    const test = factsOf(understand('fetched.refund', refund, { keyIsLive: false }));
    expect(test).toMatchObject([{ refund: { id: 're_3Woo', test: true } }]);
    expect(understand('fetched.refund', refund, { keyIsLive: false, mode: 'live' })).toEqual(isIgnored('test_mode'));
  });
});

describe('an authorisation that was let go', () => {
  it('is no refund: nothing had been received', () => {
    expect(understandEvent('charge-refunded-uncaptured')).toEqual(isIgnored('authorization_released'));
    expect(understandEvent('refund-of-expired-authorization')).toEqual(isIgnored('authorization_released'));
  });

  it('in part is taken off a charge’s running total', () => {
    const partly = { amount: 4620, amount_captured: 3050, amount_refunded: 1570 };
    expect(understandEvent('charge-refunded', partly)).toEqual(isIgnored('authorization_released'));
    expect(refunds('charge-refunded', { ...partly, amount_refunded: 2570 })).toMatchObject([{ amount: 1000n }]);
  });

  it('is told from a refund by its charge, which is asked for where nothing has moved', () => {
    const unmoved = { balance_transaction: null };
    expect(understandEvent('refund-created', unmoved)).toEqual(isFetched('refunds:ch_3Woo'));
    expect(refunds('refund-created', unmoved, { canFetch: false })).toHaveLength(1);

    const refund = { ...JSON.parse(sampleText('refund-created')).data.object, balance_transaction: null, amount: 1570 };
    const charge = JSON.parse(sampleText('charge-refunded')).data.object;
    const told = (captured: number) =>
      understand(
        'fetched.refunds',
        JSON.stringify({ charge: { ...charge, amount_captured: captured }, refunds: [refund] }),
      );
    expect(told(3050)).toEqual(isIgnored('authorization_released'));
    expect(factsOf(told(4620))).toMatchObject([{ refund: { id: 're_3Woo', amount: 1570n } }]);
  });
});

describe('an amount returned by Stripe', () => {
  it.each([
    ['jpy', 5000, 5000n, 'JPY'],
    ['kwd', 5000, 5000n, 'KWD'],
    ['isk', 50_000, 500n, 'ISK'],
    ['ugx', 50_000, 500n, 'UGX'],
    ['mga', 5000, 500_000n, 'MGA'],
    ['huf', 5000, 5000n, 'HUF'],
    ['twd', 5000, 5000n, 'TWD'],
    ['clp', 5000, 5000n, 'CLP'],
  ])('in %s is in minor units of ISO 4217, as a payment is', (currency, amount, expected, code) => {
    expect(refunds('refund-created', { currency, amount })).toMatchObject([{ amount: expected, currency: code }]);
    const total = { currency, amount: 90_000, amount_captured: 90_000, amount_refunded: amount };
    expect(refunds('charge-refunded', total)).toMatchObject([{ amount: expected, id: `ch_3Woo@${expected}` }]);
    expect(dispute('dispute-created', { currency, amount })).toMatchObject({ amount: expected, currency: code });
  });

  it('that leaves a fraction of the currency is a problem', () => {
    for (const name of ['refund-created', 'dispute-created']) {
      const outcome = understandEvent(name, { currency: 'isk', amount: 50_001 });
      expect(outcome).toMatchObject({ error: { code: 'unreadable_amount' } });
    }
  });
});

describe('a dispute', () => {
  it('contests a payment until it is won or lost', () => {
    expect(dispute('dispute-created')).toEqual({
      id: 'dp_3Woo',
      paymentId: 'pi_3Woo',
      chargeId: 'ch_3Woo',
      amount: 4620n,
      currency: 'EUR',
      at: '2026-11-21T10:00:03.000Z',
      status: 'open',
      reason: 'product not received',
      test: false,
    });
    const ends = ['dispute-withdrawn', 'dispute-reinstated', 'dispute-won', 'dispute-lost'].map((name) =>
      dispute(name),
    );
    expect(ends.map(({ status }) => status)).toEqual(['open', 'won', 'won', 'lost']);
  });

  it('is open again while a loss is appealed', () => {
    expect(dispute('dispute-lost', { status: 'appeal_under_review' }).status).toBe('open');
  });

  it('is none while the bank only inquires, nor where a refund prevented it', () => {
    for (const name of ['dispute-inquiry', 'dispute-inquiry-closed']) {
      expect(understandEvent(name)).toEqual(isIgnored('dispute_inquiry'));
    }
    expect(understandEvent('dispute-prevented')).toEqual(isIgnored('dispute_prevented'));
  });

  it('of a status that is not known is a problem', () => {
    expect(understandEvent('dispute-created', { status: 'new' })).toMatchObject({ error: { code: 'unknown_status' } });
  });
});
