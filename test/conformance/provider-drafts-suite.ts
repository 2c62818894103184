// Documents that are drafts first: nothing is final before it was asked to be, and every step may be repeated.
import { describe, expect, it } from 'vitest';
import { CONTEXT, type ProviderWorld } from './provider-kit.ts';
import { invoiceDraft, line } from './provider-samples.ts';
import {
  begin,
  draftingOf,
  fillIn,
  found,
  type InWorld,
  invoiceOf,
  issue,
  proved,
  readAgain,
  requestFor,
} from './provider-steps.ts';

/** Registers the tests of a provider whose invoices begin as drafts. */
export function draftsSuite(title: string, inWorld: InWorld<ProviderWorld>): void {
  const states = (world: ProviderWorld): string[] => world.documents().map(({ state }) => state);

  describe(`${title}: a draft`, () => {
    it(
      'is no final document until it is finalised, and then has its number',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const intent = await invoiceOf(world, invoiceDraft('1', [line(), line({ gross: 1055n, rate: '5.5' })]));
        const request = requestFor(invoice, intent);
        const made = await begin(world, invoice, intent);
        expect([made.state, ...states(world)]).toEqual(['draft', 'draft']);
        const filled = proved(await draftingOf(invoice).fill(made, request, false, world.io));
        expect(filled).toMatchObject({ providerId: made.providerId, state: 'draft', total: 2255n, kind: 'invoice' });
        expect(world.documents()).toMatchObject([{ state: 'draft', total: 2255n }]);
        const final = proved(await draftingOf(invoice).finalize(filled, request, world.io));
        expect(final).toMatchObject({ providerId: made.providerId, state: 'final', total: 2255n });
        expect(final.number).not.toBe('');
        expect(world.documents()).toMatchObject([{ state: 'final', number: final.number, total: 2255n }]);
        expect(await readAgain(world, final)).toEqual(final);
      }),
    );

    it(
      'filled and finalised again stays what it is',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const { fill, finalize } = draftingOf(invoice);
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        const request = requestFor(invoice, intent);
        const made = await begin(world, invoice, intent);
        const filled = proved(await fill(made, request, false, world.io));
        const books = world.documents();
        expect(proved(await fill(made, request, false, world.io))).toEqual(filled);
        expect(world.documents()).toEqual(books);
        const final = proved(await finalize(filled, request, world.io));
        const finalBooks = world.documents();
        expect(proved(await finalize(filled, request, world.io))).toEqual(final);
        expect(world.documents()).toEqual(finalBooks);
      }),
    );

    it(
      'that was made with another request is brought in line with the one that counts, or told as it is and never finalised',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const { fill, finalize, discard } = draftingOf(invoice);
        const first = await invoiceOf(world, invoiceDraft('1', [line(), line({ gross: 600n })]));
        const filled = await fillIn(world, invoice, first);
        const mended = { ...first, draft: invoiceDraft('1', [line({ gross: 2599n, name: 'Théière' })]) };
        const request = requestFor(invoice, mended, { ...CONTEXT, today: '2026-11-22' });
        const anew = proved(await fill(filled, request, true, world.io));
        if (discard === null) {
          // An API that cannot delete a draft cannot change one either: by its total the job is held.
          expect(anew).toMatchObject({ providerId: filled.providerId, state: 'draft', total: 1800n });
          expect(world.documents()).toMatchObject([{ state: 'draft', total: 1800n }]);
          return;
        }
        expect(anew).toMatchObject({ providerId: filled.providerId, state: 'draft', total: 2599n });
        proved(await finalize(anew, request, world.io));
        expect(world.documents()).toMatchObject([{ state: 'final', total: 2599n }]);
      }),
    );

    it(
      'of ours is deleted where there is one too many, and counts as deleted when it is gone already',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const { discard } = draftingOf(invoice);
        if (discard === null) {
          // Then there is never more than one: a second attempt is kept out, or never made.
          expect(invoice.find).not.toBeNull();
          return;
        }
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        const [kept, stray] = [await begin(world, invoice, intent), await begin(world, invoice, intent)];
        if (invoice.find !== null) {
          const drafts = found(await invoice.find(intent, requestFor(invoice, intent), world.io));
          const ids = drafts.map(({ providerId }) => providerId);
          expect(new Set(ids)).toEqual(new Set([kept.providerId, stray.providerId]));
        }
        proved(await discard(stray, world.io));
        expect(world.documents()).toMatchObject([{ id: kept.providerId }]);
        proved(await discard(stray, world.io));
        expect(world.documents()).toMatchObject([{ id: kept.providerId }]);
      }),
    );

    it(
      'that has become final is not deleted, whatever we knew of it',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const { discard } = draftingOf(invoice);
        const final = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
        const books = world.documents();
        for (const state of ['draft', 'final'] as const) {
          const outcome = await discard?.({ ...final, state }, world.io);
          expect(outcome?.kind).not.toBe('done');
        }
        expect(world.documents()).toEqual(books);
      }),
    );

    it(
      'that somebody deleted is gone, and is not made a second time by itself',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const { discard, fill, finalize } = draftingOf(invoice);
        if (discard === null) return;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        const request = requestFor(invoice, intent);
        const made = await begin(world, invoice, intent);
        proved(await discard(made, world.io));
        expect(found(await world.account.read(made.providerId, world.io))).toEqual([]);
        const gone = { kind: 'rejected', rejection: { kind: 'gone' } };
        expect(await fill(made, request, true, world.io)).toMatchObject(gone);
        expect(await finalize(made, request, world.io)).toMatchObject(gone);
        expect(world.documents()).toEqual([]);
      }),
    );
  });
}
