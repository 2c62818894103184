// The same promises while something between us and the provider fails: each fault is told as what it proves, and what was
// asked for is there once in the end.
import { describe, expect, it } from 'vitest';
import type { Capabilities, CreditNoteIntent, InvoiceIntent } from '../../src/connector.ts';
import { type ClientDraft, clientKeys } from '../../src/domain/client.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import type { Fault } from '../simulators/http-simulator.ts';
import { documentFaults, type Ready } from './provider-document-faults.ts';
import { faultsOfCreate, faultsOfSearch, throttles } from './provider-faults.ts';
import type { HttpKit, HttpProviderWorld } from './provider-kit.ts';
import { bringAbout } from './provider-protocol.ts';
import { creditNoteDraft, invoiceDraft, line, paymentDraft, person, received, sendDraft } from './provider-samples.ts';
import { emailOf } from './provider-sending-suite.ts';
import {
  begin,
  creditNoteOf,
  creditOf,
  found,
  invoiceOf,
  issue,
  issuePaid,
  lookUp,
  requestFor,
  titleOf,
  worldOf,
} from './provider-steps.ts';

/** Registers the tests of one provider that is reached over HTTP. */
export function faultSuite(kit: HttpKit, capabilities: Capabilities): void {
  const title = titleOf(kit);
  const inWorld = worldOf(kit);

  documentFaults(`${title}: an invoice`, 'invoice', kit, capabilities.drafts, readyToInvoice);
  if (capabilities.creditNotes !== 'none') {
    documentFaults(`${title}: a credit note`, 'credit_note', kit, capabilities.drafts, readyToCredit);
  }

  describe.concurrent(`${title}: the request for an invoice`, () => {
    it.each(throttles)('waits as long as 429 with Retry-After $retryAfter says', ({ retryAfter, waitMs }) =>
      inWorld(async (world) => {
        const { effect, asked } = await readyToInvoice(world);
        const headers = retryAfter === null ? {} : { 'retry-after': retryAfter };
        world.faults.fail('invoice', { acts: 'never', sees: { status: 429, headers, body: '{}' } });
        const outcome = await effect.send(asked.request, world.io);
        expect(outcome).toMatchObject({ rejection: { kind: 'throttled', retryAfterMs: waitMs } });
      })(),
    );

    it.each(kit.refusals)('is refused by $name: $rejection', ({ answer, rejection }) =>
      inWorld(async (world) => {
        const { effect, asked } = await readyToInvoice(world);
        world.faults.fail('invoice', { acts: 'never', sees: answer });
        const outcome = await effect.send(asked.request, world.io);
        expect(outcome).toMatchObject({ kind: 'rejected', rejection: { kind: rejection } });
      })(),
    );

    it(
      'is unknown after any status without a body, but for those that prove a refusal',
      inWorld(async (world) => {
        const { effect, asked, others } = await readyToInvoice(world);
        for (let status = 100; status < 600; status++) {
          world.faults.fail('invoice', { acts: 'never', sees: { status, body: '' } });
          const outcome = await effect.send(asked.request, world.hurried);
          const told = outcome.kind === 'rejected' ? outcome.rejection.kind : outcome.kind;
          expect({ status, told }).toEqual({ status, told: kit.provenByStatus[status] ?? 'unknown' });
        }
        expect(world.documents()).toEqual(others);
      }),
      60_000,
    );

    it(
      'is found among hundreds when the provider ignores what is asked for, and no stranger’s is taken for it',
      inWorld(async (world) => {
        const { effect, intent, asked } = await readyToInvoice(world);
        if (effect.find === null) return;
        const addOthers = async (from: number): Promise<void> => {
          for (let n = from; n < from + 120; n++) {
            await begin(world, effect, { ...intent, draft: invoiceDraft(`other${n}`, [line()]) });
          }
        };
        await addOthers(0);
        world.faults.ignoreFilters(true);
        expect(await lookUp(effect, intent, asked.request, world.io)).toEqual({ kind: 'found', items: [] });
        const { providerId } = await begin(world, effect, intent);
        await addOthers(120);
        const items = found(await lookUp(effect, intent, asked.request, world.io));
        expect(items).toMatchObject([{ providerId }]);
      }),
    );
  });

  describe.concurrent(`${title}: a search`, () => {
    const [key] = clientKeys({ ...person, taxNumber: 'FR40303265045' }, 'shop-17', capabilities.searches);

    it.each(faultsOfSearch)('or a read that meets $name has failed, it has not found none', ({ fault }) =>
      inWorld(async (world) => {
        const { account, hurried } = world;
        const { effect, intent, asked } = await readyToInvoice(world);
        const { providerId } = await begin(world, effect, intent);
        const { find } = effect;
        const { directory } = account;
        const searches: (() => Promise<Lookup<unknown>>)[] = [() => account.read(providerId, hurried)];
        if (find !== null) searches.push(() => find(intent, asked.request, hurried));
        if (key !== undefined) searches.push(() => account.findClients(key, 'FR', hurried));
        if (directory !== null) {
          searches.push(() => directory.read(intent.client.id, hurried));
          for (const list of directory.lists) searches.push(() => directory.page(list, 1, hurried));
        }
        for (const search of searches) {
          world.faults.fail('search', fault);
          expect(await search()).toMatchObject({ kind: 'failed' });
        }
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

  describe.concurrent(`${title}: a client`, () => {
    const guest: ClientDraft = { buyer: { ...person, email: null }, externalId: null, marker: 'mark 1' };
    const known: ClientDraft = { buyer: person, externalId: null, marker: 'mark 1' };
    const cases = unguarded.flatMap((one) => [
      { ...one, who: 'with an e-mail', draft: known },
      { ...one, who: 'without any key', draft: guest },
    ]);
    it.each(cases)('$who, $name, is looked up and found as often as it was made', ({ draft, fault, made }) =>
      inWorld(async (world) => {
        const { client } = world.account;
        const request = requestFor(client, draft);
        world.faults.fail('client', fault);
        const outcome = await client.send(request, world.io);
        expect(outcome.kind).toBe('unknown');
        await bringAbout(world, client, draft, request, outcome);
        expect(world.clients()).toHaveLength(client.secondIsHarmless ? 1 : made);
        if (client.find === null) return;
        expect(found(await client.find(draft, request, world.io))).toHaveLength(world.clients().length);
      })(),
    );
  });

  if (capabilities.payments !== 'none') {
    describe.concurrent(`${title}: a payment`, () => {
      it.each(unguarded)('$name, is looked up and counted as often as it was made', ({ fault, made }) =>
        inWorld(async (world) => {
          const { payment } = world.account;
          if (payment === null) throw new Error('payments are declared and there is nothing to record them with');
          const invoice = await issue(world, await invoiceOf(world, invoiceDraft('1', [line({ gross: 5000n })])));
          const amount = capabilities.payments === 'parts' ? 2000n : 5000n;
          const intent = { draft: paymentDraft('1', received(amount)), invoice, paidBefore: 0n };
          const request = requestFor(payment, intent);
          world.faults.fail('payment', fault);
          const outcome = await payment.send(request, world.io);
          expect(outcome.kind).toBe('unknown');
          await bringAbout(world, payment, intent, request, outcome);
          expect(world.documents()).toMatchObject([{ paid: payment.secondIsHarmless || made === 1 ? amount : 0n }]);
        })(),
      );
    });
  }

  if (capabilities.email) {
    // What proves a sending is each provider's own, and may well have no body to break off: no success is among these faults.
    const faults = faultsOfCreate.filter(
      ({ fault: { sees } }) => sees !== 'half' && !(typeof sees === 'object' && sees.status < 300),
    );
    describe.concurrent(`${title}: an e-mail`, () => {
      it.each(faults)('that meets $name is told as $outcome and goes at most once', ({ fault, outcome }) =>
        inWorld(async (world) => {
          const email = emailOf(world);
          const document = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
          const intent = { draft: sendDraft('1'), document };
          const request = requestFor(email, intent);
          world.faults.fail('email', fault);
          const first = await email.send(request, world.hurried);
          expect(first.kind).toBe(outcome);
          await bringAbout(world, email, intent, request, first);
          const lost = fault.acts === 'never' && outcome === 'unknown' && !email.secondIsHarmless;
          expect(world.sendings()).toHaveLength(lost ? 0 : 1);
        })(),
      );
    });
  }
}

/** An invoice ready to be sent, beside documents of the merchant's own whose markers resemble its own. */
async function readyToInvoice(world: HttpProviderWorld): Promise<Ready<InvoiceIntent>> {
  const { invoice, capabilities } = world.account;
  const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
  if (capabilities.drafts) world.addStray(intent, 'draft');
  world.addStray(intent, 'final');
  return {
    effect: invoice,
    intent,
    asked: { request: requestFor(invoice, intent), total: intent.draft.total },
    others: world.documents(),
  };
}

/** A credit note ready to be sent, for the whole of an invoice that is paid. */
async function readyToCredit(world: HttpProviderWorld): Promise<Ready<CreditNoteIntent>> {
  const original = invoiceDraft('1', [line({ gross: 2400n }), line({ gross: 1055n, rate: '5.5' })]);
  const invoice = await issuePaid(world, original);
  const draft = creditNoteDraft('1', 'r1', original.lines, { whole: true });
  const intent = creditOf(draft, invoice, original);
  const creditNote = creditNoteOf(world);
  return {
    effect: creditNote,
    intent,
    asked: { request: requestFor(creditNote, intent), total: draft.amount },
    others: world.documents(),
  };
}
