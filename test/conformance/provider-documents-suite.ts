// The invoices of a provider: of every tax shape, to the cent, found by their marker and by nothing that resembles it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/connector.ts';
import { CONTEXT, type ProviderWorld } from './provider-kit.ts';
import { anyOrder, invoiceDraft, line, received, shapes } from './provider-samples.ts';
import {
  begin,
  excludedBy,
  fillIn,
  found,
  type InWorld,
  invoiceOf,
  issue,
  issuePaid,
  lookUp,
  readAgain,
  requestFor,
} from './provider-steps.ts';

/** Registers the tests of a provider's invoices. */
export function documentsSuite(title: string, capabilities: Capabilities, inWorld: InWorld<ProviderWorld>): void {
  const possible = shapes.filter(({ draft }) => excludedBy(capabilities, draft) === null);
  const excluded = shapes.filter(({ draft }) => excludedBy(capabilities, draft) !== null);

  describe(`${title}: invoices`, () => {
    it.each(possible)('with $name has the order’s total to the cent and carries its number', ({ draft }) =>
      inWorld(async (world) => {
        const intent = await invoiceOf(world, draft);
        const issued = await issue(world, intent);
        expect(issued).toMatchObject({
          total: draft.total,
          currency: draft.currency,
          kind: 'invoice',
          state: 'final',
          paid: 0n,
        });
        expect(issued.number).not.toBe('');
        const [document, second] = world.documents();
        expect(second).toBeUndefined();
        expect(document).toMatchObject({
          id: issued.providerId,
          number: issued.number,
          total: draft.total,
          currency: draft.currency,
          kind: 'invoice',
          state: 'final',
          credits: null,
          clientId: intent.client.id,
          buyerName: draft.buyer.name,
        });
        expect(document?.texts).toContain(draft.orderNumber);
      })(),
    );

    if (excluded.length > 0) {
      it.each(excluded)('with $name are refused before anything is sent, as is declared', ({ draft }) =>
        inWorld(async (world) => {
          const intent = await invoiceOf(world, draft);
          const composed = world.account.invoice.compose(intent, CONTEXT);
          expect(composed).toMatchObject({ ok: false, error: { code: 'not_supported_by_provider' } });
          expect(world.documents()).toEqual([]);
        })(),
      );
    }

    it(
      'of any order have the total that was predicted and asked for',
      inWorld(async (world) => {
        let order = 0;
        await fc.assert(
          fc.asyncProperty(anyOrder(capabilities), async ({ lines, currency }) => {
            order += 1;
            const intent = await invoiceOf(world, invoiceDraft(`p${order}`, lines, { currency }));
            const predicted = world.account.predictTotal(requestFor(world.account.invoice, intent));
            const filled = await fillIn(world, world.account.invoice, intent);
            const held = world.documents().find(({ id }) => id === filled.providerId);
            const { total } = intent.draft;
            expect([filled.total, predicted ?? filled.total, held?.total]).toEqual([total, total, total]);
          }),
          { numRuns: 100 },
        );
      }),
    );

    it(
      'are composed the same way every time, without changing what they are composed from',
      inWorld(async (world) => {
        for (const { draft } of possible) {
          const intent = deepFreeze(await invoiceOf(world, draft));
          const [first, second] = [1, 2].map(() => world.account.invoice.compose(intent, deepFreeze({ ...CONTEXT })));
          expect(first).toMatchObject({ ok: true });
          expect(second).toEqual(first);
        }
      }),
    );

    it(
      'carry the user’s own notes, and the order’s number under a title that does not name it',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const style = { ...CONTEXT.style, title: 'Votre achat', notes: 'Merci de votre visite' };
        const intent = await invoiceOf(world, invoiceDraft('4711', [line()]));
        await fillIn(world, invoice, intent, { ...CONTEXT, style });
        const [document] = world.documents();
        expect(document?.texts).toContain('#4711');
        expect(document?.texts).toContain('Merci de votre visite');
      }),
    );

    it(
      'are read by their id and shown as a PDF, with a public link where one is declared',
      inWorld(async (world) => {
        const { account, io } = world;
        const issued = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
        expect(await readAgain(world, issued)).toEqual(issued);
        const pdf = await account.pdf(issued.providerId, io);
        expect(pdf.ok && Buffer.from(pdf.value.subarray(0, 5)).toString()).toBe('%PDF-');
        if (capabilities.publicLink) expect(issued.publicUrl).toMatch(/^https?:\/\/\S+$/);
        else expect(issued.publicUrl).toBeNull();
      }),
    );

    it(
      'that do not exist are neither read nor shown',
      inWorld(async ({ account, io }) => {
        expect(await account.read('424242', io)).toEqual({ kind: 'found', items: [] });
        expect(await account.pdf('424242', io)).toMatchObject({ ok: false });
      }),
    );

    it(
      'are found by their marker alone, where they can be looked up at all',
      inWorld(async (world) => {
        const { account, io } = world;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        const request = requestFor(account.invoice, intent);
        if (account.invoice.find === null) {
          // Then a second one must do no harm, or what was lost is never sent again by itself.
          expect([capabilities.drafts, account.invoice.secondIsHarmless]).toContain(true);
          return;
        }
        await begin(world, account.invoice, await invoiceOf(world, invoiceDraft('11', [line()])));
        expect(found(await account.invoice.find(intent, request, io))).toEqual([]);
        const begun = await begin(world, account.invoice, intent);
        expect(found(await account.invoice.find(intent, request, io))).toMatchObject([
          { providerId: begun.providerId, state: begun.state },
        ]);
      }),
    );

    it(
      'paid before they were made say so, where money can be told at creation',
      inWorld(async (world) => {
        const draft = invoiceDraft('1', [line()], { received: [received(1200n)] });
        await issue(world, await invoiceOf(world, draft));
        expect(world.documents()).toMatchObject([{ paid: capabilities.paidAtCreation ? 1200n : 0n }]);
      }),
    );

    if (!capabilities.drafts) {
      it(
        'sent twice with the same request exist once, where the provider keeps a second one out',
        inWorld(async (world) => {
          const { invoice } = world.account;
          const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
          const first = await issue(world, intent);
          if (invoice.secondIsHarmless) {
            const second = await invoice.send(requestFor(invoice, intent), world.io);
            expect(second).toMatchObject({ kind: 'rejected', rejection: { kind: 'exists' } });
            expect(found(await lookUp(invoice, intent, '', world.io))).toEqual([first]);
          }
          expect(world.documents()).toMatchObject([{ id: first.providerId }]);
        }),
      );
    }

    it(
      'that are paid are told as paid, as far as the provider counts',
      inWorld(async (world) => {
        const counts = capabilities.paidAtCreation || capabilities.payments !== 'none';
        const invoice = await issuePaid(world, invoiceDraft('1', [line()]));
        expect(invoice.paid).toBe(counts ? 1200n : 0n);
      }),
    );
  });
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
