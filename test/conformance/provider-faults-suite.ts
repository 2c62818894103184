// The provider suite's second half: the same promises while something between us and the provider fails.
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/connector.ts';
import type { ClientDraft, ClientKey } from '../../src/domain/client.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Fault } from '../simulators/http-simulator.ts';
import { faultsOfCreate, faultsOfSearch, throttles } from './provider-faults.ts';
import { CONTEXT, type HttpKit, type HttpProviderWorld } from './provider-kit.ts';
import { invoiceDraft, line, paymentDraft, person, received } from './provider-samples.ts';
import { invoiceOf, issue, proved } from './provider-steps.ts';

const EMAIL: ClientKey = { kind: 'email', value: 'ada@buyer.example', forms: ['ada@buyer.example'] };

/** Registers the tests of one provider that is reached over HTTP. */
export function faultSuite(kit: HttpKit): void {
  const inWorld = (run: (world: HttpProviderWorld) => Promise<void>) => async (): Promise<void> => {
    const world = await kit.open();
    try {
      await run(world);
    } finally {
      await world.close();
    }
  };

  describe(`${kit.type}: its credentials`, () => {
    it(
      'are the account’s matter when they are wrong',
      inWorld(async ({ stranger }) => {
        const refused = { kind: 'rejected', rejection: { kind: 'account' } };
        expect(await stranger.account.check(stranger.io)).toMatchObject(refused);
        expect(await stranger.account.findClients(EMAIL, 'FR', stranger.io)).toMatchObject({
          kind: 'failed',
          account: true,
        });
      }),
    );

    it(
      'are in no URL and no body of a request, and not in the account’s id',
      inWorld(async (world) => {
        const { account, io } = world;
        await account.check(io);
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        const invoice = await issue(world, intent);
        await account.invoice.find(intent, '', io);
        await account.pdf(invoice.providerId, io);
        if (account.payment !== null) {
          const composed = account.payment.compose(
            { draft: paymentDraft('1', received(1200n)), invoice, paidBefore: 0n },
            CONTEXT,
          );
          if (composed.ok) await account.payment.send(composed.value, io);
        }
        expect(world.requests().length).toBeGreaterThan(4);
        for (const { url, body } of world.requests()) expect(url + body).not.toContain(world.secret);
        expect(account.accountId).not.toContain(world.secret);
      }),
    );

    it(
      'never delete or cancel anything',
      inWorld(async (world) => {
        await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
        for (const { method, url } of world.requests()) {
          expect(['GET', 'POST', 'PUT', 'PATCH']).toContain(method);
          expect(url).not.toMatch(/cancel|delete|destroy/i);
        }
      }),
    );
  });

  describe(`${kit.type}: an invoice`, () => {
    it.each(faultsOfCreate)('meets $name: told as $outcome, and it exists once in the end', ({ fault, outcome }) =>
      inWorld(async (world) => {
        const { intent, request } = await readyToSend(world);
        world.faults.fail('invoice', fault);
        const first = await world.account.invoice.send(request, world.hurried);
        expect(first.kind).toBe(outcome);
        await bringAbout(world, world.account.invoice, intent, request, first);
        const lost = fault.acts === 'never' && outcome === 'unknown';
        const expected = lost && !world.account.invoice.secondIsHarmless ? [] : [{ total: intent.draft.total }];
        expect(world.documents()).toMatchObject(expected);
        expect(world.documents()).toHaveLength(expected.length);
      })(),
    );

    it(
      'that lands only after it was sent again exists once',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const { intent, request } = await readyToSend(world);
        world.faults.fail('invoice', { acts: 'later', sees: 'reset' });
        expect(await invoice.send(request, world.io)).toMatchObject({ kind: 'unknown' });
        expect(await invoice.find(intent, request, world.io)).toEqual({ kind: 'found', items: [] });
        if (invoice.secondIsHarmless) proved(await invoice.send(request, world.io));
        world.faults.release();
        expect(world.documents()).toHaveLength(1);
      }),
    );

    it(
      'that exists but is not searchable yet is not issued a second time',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const { intent, request } = await readyToSend(world);
        world.faults.lag(true);
        world.faults.fail('invoice', { acts: 'at_once', sees: 'reset' });
        await invoice.send(request, world.io);
        expect(await invoice.find(intent, request, world.io)).toEqual({ kind: 'found', items: [] });
        if (invoice.secondIsHarmless) {
          const second = await invoice.send(request, world.io);
          expect(second).toMatchObject({ kind: 'rejected', rejection: { kind: 'exists' } });
        }
        world.faults.lag(false);
        expect(await invoice.find(intent, request, world.io)).toMatchObject({
          kind: 'found',
          items: [{ total: 1200n }],
        });
        expect(world.documents()).toHaveLength(1);
      }),
    );

    it(
      'is found among hundreds when the provider ignores what is asked for, and no stranger’s is taken for it',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const { intent, request } = await readyToSend(world);
        for (let n = 0; n < 120; n++) {
          await issue(world, { ...intent, draft: invoiceDraft(`other${n}`, [line()]) });
        }
        world.faults.ignoreFilters(true);
        expect(await invoice.find(intent, request, world.io)).toEqual({ kind: 'found', items: [] });
        const issued = proved(await invoice.send(request, world.io));
        for (let n = 120; n < 240; n++) {
          await issue(world, { ...intent, draft: invoiceDraft(`other${n}`, [line()]) });
        }
        expect(await invoice.find(intent, request, world.io)).toEqual({ kind: 'found', items: [issued] });
      }),
    );

    it(
      'is not sent where no connection comes about',
      inWorld(async (world) => {
        const { intent, request } = await readyToSend(world);
        await world.faults.refuse();
        expect(await world.account.invoice.send(request, world.io)).toMatchObject({ kind: 'not_sent' });
        expect(await world.account.invoice.find(intent, request, world.io)).toMatchObject({ kind: 'failed' });
        await world.faults.accept();
        proved(await world.account.invoice.send(request, world.io));
        expect(world.documents()).toHaveLength(1);
      }),
    );

    it.each(throttles)('waits as long as 429 with Retry-After $retryAfter says', ({ retryAfter, waitMs }) =>
      inWorld(async (world) => {
        const { request } = await readyToSend(world);
        const headers = retryAfter === null ? {} : { 'retry-after': retryAfter };
        world.faults.fail('invoice', { acts: 'never', sees: { status: 429, headers, body: '{}' } });
        const outcome = await world.account.invoice.send(request, world.io);
        expect(outcome).toMatchObject({ rejection: { kind: 'throttled', retryAfterMs: waitMs } });
      })(),
    );

    it.each(kit.refusals)('is refused by $name: $rejection', ({ answer, rejection }) =>
      inWorld(async (world) => {
        const { request } = await readyToSend(world);
        world.faults.fail('invoice', { acts: 'never', sees: answer });
        const outcome = await world.account.invoice.send(request, world.io);
        expect(outcome).toMatchObject({ kind: 'rejected', rejection: { kind: rejection } });
      })(),
    );

    it(
      'is unknown after any status without a body, but for those that prove a refusal',
      inWorld(async (world) => {
        const { request } = await readyToSend(world);
        for (let status = 100; status < 600; status++) {
          world.faults.fail('invoice', { acts: 'never', sees: { status, body: '' } });
          const outcome = await world.account.invoice.send(request, world.hurried);
          const told = outcome.kind === 'rejected' ? outcome.rejection.kind : outcome.kind;
          expect({ status, told }).toEqual({ status, told: kit.provenByStatus[status] ?? 'unknown' });
        }
        expect(world.documents()).toEqual([]);
      }),
      60_000,
    );
  });

  describe(`${kit.type}: a search`, () => {
    it.each(faultsOfSearch)('that meets $name has failed, it has not found none', ({ fault }) =>
      inWorld(async (world) => {
        const { account, hurried } = world;
        const { intent, request } = await readyToSend(world);
        world.faults.fail('search', fault);
        expect(await account.invoice.find(intent, request, hurried)).toMatchObject({ kind: 'failed' });
        world.faults.fail('search', fault);
        expect(await account.findClients(EMAIL, 'FR', hurried)).toMatchObject({ kind: 'failed' });
      })(),
    );
  });

  /** Nothing at a provider keeps a second client or payment out: what was lost is not sent again by itself. */
  const unguarded: { name: string; fault: Fault; made: number }[] = [
    { name: 'lost on its way', fault: { acts: 'never', sees: 'reset' }, made: 0 },
    { name: 'made, its answer lost', fault: { acts: 'at_once', sees: 'reset' }, made: 1 },
    { name: 'made, and answered 500', fault: { acts: 'at_once', sees: { status: 500, body: '{}' } }, made: 1 },
    { name: 'made later', fault: { acts: 'later', sees: 'reset' }, made: 1 },
  ];

  describe(`${kit.type}: a client`, () => {
    const guest: ClientDraft = { buyer: { ...person, email: null }, externalId: null, marker: 'mark 1' };
    const known: ClientDraft = { buyer: person, externalId: null, marker: 'mark 1' };
    const cases = unguarded.flatMap((one) => [
      { ...one, who: 'with an e-mail', draft: known },
      { ...one, who: 'without any key', draft: guest },
    ]);
    it.each(cases)('$who, $name, is looked up and found as often as it was made', ({ draft, fault, made }) =>
      inWorld(async (world) => {
        const { client } = world.account;
        const composed = client.compose(draft, CONTEXT);
        const request = composed.ok ? composed.value : '';
        world.faults.fail('client', fault);
        const outcome = await client.send(request, world.io);
        expect(outcome.kind).toBe('unknown');
        await bringAbout(world, client, draft, request, outcome);
        expect(await client.find(draft, request, world.io)).toHaveProperty('items.length', world.clients().length);
        expect(world.clients()).toHaveLength(client.secondIsHarmless ? 1 : made);
      })(),
    );
  });

  describe(`${kit.type}: a payment`, () => {
    it.each(unguarded)('$name, is looked up and counted as often as it was made', ({ fault, made }) =>
      inWorld(async (world) => {
        const { payment } = world.account;
        if (payment === null) {
          expect(world.account.capabilities.payments).toBe(false);
          return;
        }
        const invoice = await issue(world, await invoiceOf(world, invoiceDraft('1', [line({ gross: 5000n })])));
        const intent = { draft: paymentDraft('1', received(2000n)), invoice, paidBefore: 0n };
        const composed = payment.compose(intent, CONTEXT);
        const request = composed.ok ? composed.value : '';
        world.faults.fail('payment', fault);
        const outcome = await payment.send(request, world.io);
        expect(outcome.kind).toBe('unknown');
        await bringAbout(world, payment, intent, request, outcome);
        expect(world.documents()).toMatchObject([{ paid: payment.secondIsHarmless || made === 1 ? 2000n : 0n }]);
      })(),
    );
  });
}

async function readyToSend(world: HttpProviderWorld) {
  const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
  const composed = world.account.invoice.compose(intent, CONTEXT);
  if (!composed.ok) throw new Error(composed.error.detail);
  return { intent, request: composed.value };
}

/**
 * The protocol in short: a proved failure is sent again, an unknown outcome is looked up once late commits have landed,
 * and what is not found is sent again only where a second one is harmless.
 */
async function bringAbout<Intent, Value>(
  world: HttpProviderWorld,
  effect: Effect<Intent, Value>,
  intent: Intent,
  request: string,
  first: Outcome<Value>,
): Promise<void> {
  if (first.kind === 'unknown') {
    world.faults.release();
    const lookup = await effect.find(intent, request, world.io);
    if (lookup.kind === 'failed') throw new Error(lookup.problem.detail);
    if (lookup.items.length > 0 || !effect.secondIsHarmless) return;
  }
  if (first.kind !== 'done') proved(await effect.send(request, world.io));
}
