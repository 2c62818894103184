// What is the merchant's own: documents beside ours that bear a marker resembling ours, and the credential.
import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/connector.ts';
import { clientKeys } from '../../src/domain/client.ts';
import type { HttpKit, HttpProviderWorld } from './provider-kit.ts';
import { changes } from './provider-protocol.ts';
import { creditNoteDraft, invoiceDraft, line, paymentDraft, person, received, sendDraft } from './provider-samples.ts';
import { emailOf } from './provider-sending-suite.ts';
import {
  begin,
  creditNoteOf,
  creditOf,
  draftingOf,
  finish,
  found,
  invoiceOf,
  issue,
  issuePaid,
  madeSince,
  proved,
  requestFor,
  titleOf,
  worldOf,
} from './provider-steps.ts';

/** Registers the tests of what a provider's account holds besides our documents. */
export function strangersSuite(kit: HttpKit, capabilities: Capabilities): void {
  const title = titleOf(kit);
  const inWorld = worldOf(kit);
  const states = capabilities.drafts ? (['draft', 'final'] as const) : (['final'] as const);

  describe(`${title}: documents of the merchant’s own`, () => {
    it.each(states)('that are %s are never found, adopted, changed or deleted', (state) =>
      inWorld(async (world) => {
        const { invoice } = world.account;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        world.addStray(intent, state);
        const strays = world.documents();
        expect(strays).toMatchObject([{ state }]);
        const request = requestFor(invoice, intent);
        if (invoice.find !== null) expect(found(await invoice.find(intent, request, world.io))).toEqual([]);
        if (capabilities.drafts) {
          const { discard } = draftingOf(invoice);
          const ours = await begin(world, invoice, intent);
          for (const { id } of strays) {
            const outcome = await discard?.({ ...ours, providerId: id }, world.io);
            expect(outcome?.kind).not.toBe('done');
          }
          if (discard !== null) proved(await discard(ours, world.io));
        }
        const issued = await issue(world, intent);
        expect(strays.map(({ id }) => id)).not.toContain(issued.providerId);
        expect(madeSince(strays, world).filter((one) => one.state === 'final')).toMatchObject([
          { id: issued.providerId },
        ]);
        expect(world.documents()).toEqual(expect.arrayContaining([...strays]));
        if (invoice.find !== null) {
          const again = found(await invoice.find(intent, request, world.io));
          expect(again.map(({ providerId }) => providerId)).not.toContain(strays[0]?.id);
        }
      })(),
    );

    it(
      'stay, because nothing is deleted but drafts that bear our own marker, and nothing cancelled',
      inWorld(async (world) => {
        const { invoice } = world.account;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        for (const state of states) world.addStray(intent, state);
        const strays = world.documents();
        const drafts: string[] = [];
        if (capabilities.drafts) {
          const stray = await begin(world, invoice, intent);
          drafts.push(stray.providerId);
          await draftingOf(invoice).discard?.(stray, world.io);
        }
        await everythingOnce(world, capabilities);
        for (const { method, url } of world.requests()) {
          if (method === 'DELETE') expect(drafts.some((id) => url.includes(id))).toBe(true);
          else expect(url).not.toMatch(/cancel|delete|destroy/i);
        }
        expect(world.documents()).toEqual(expect.arrayContaining([...strays]));
      }),
    );
  });

  describe(`${title}: its credentials`, () => {
    const [key] = clientKeys({ ...person, taxNumber: 'FR40303265045' }, 'shop-17', capabilities.searches);

    it(
      'are the account’s matter when they are wrong',
      inWorld(async ({ stranger, account }) => {
        expect(await stranger.account.check(stranger.io)).toMatchObject({
          kind: 'rejected',
          rejection: { kind: 'account' },
        });
        const failed = { kind: 'failed', account: true };
        expect(await stranger.account.read('1', stranger.io)).toMatchObject(failed);
        if (key !== undefined) expect(await stranger.account.findClients(key, 'FR', stranger.io)).toMatchObject(failed);
        const [list] = account.directory?.lists ?? [];
        if (list !== undefined)
          expect(await stranger.account.directory?.page(list, 1, stranger.io)).toMatchObject(failed);
        expect(stranger.account.accountId).not.toBe(account.accountId);
      }),
    );

    it(
      'are in no URL and no body of a request, and not in the account’s id',
      inWorld(async (world) => {
        await everythingOnce(world, capabilities);
        expect(world.requests().length).toBeGreaterThan(3);
        expect(world.requests().some(changes)).toBe(true);
        for (const { url, body } of world.requests()) expect(url + body).not.toContain(world.secret);
        expect(world.account.accountId).not.toContain(world.secret);
      }),
    );
  });
}

/** One call at least of everything that the provider declares. */
async function everythingOnce(world: HttpProviderWorld, capabilities: Capabilities): Promise<void> {
  const { account, io } = world;
  proved(await account.check(io));
  const draft = invoiceDraft('50', [line({ gross: 5000n })]);
  const intent = await invoiceOf(world, draft);
  const invoice = await issue(world, intent);
  if (account.invoice.find !== null) found(await account.invoice.find(intent, requestFor(account.invoice, intent), io));
  await account.pdf(invoice.providerId, io);
  if (account.directory !== null) {
    for (const list of account.directory.lists) found(await account.directory.page(list, 1, io));
  }
  if (account.payment !== null) {
    const paying = { draft: paymentDraft('50', received(5000n)), invoice, paidBefore: 0n };
    proved(await account.payment.send(requestFor(account.payment, paying), io));
  }
  if (capabilities.email) {
    const email = emailOf(world);
    proved(await email.send(requestFor(email, { draft: sendDraft('50'), document: invoice }), io));
  }
  if (capabilities.creditNotes === 'none') return;
  const paid = await issuePaid(world, invoiceDraft('51', [line()]));
  const note = creditNoteDraft('51', 'r1', [line()], { whole: true });
  await finish(world, creditNoteOf(world), creditOf(note, paid, invoiceDraft('51', [line()])));
}
