// Documents sent to the buyer by the provider itself.
import { describe, expect, it } from 'vitest';
import type { Effect, SendIntent, Sent } from '../../src/connector.ts';
import type { ProviderWorld } from './provider-kit.ts';
import { invoiceDraft, line, sendDraft } from './provider-samples.ts';
import { found, type InWorld, invoiceOf, issue, proved, requestFor } from './provider-steps.ts';

export function emailOf({ account }: Pick<ProviderWorld, 'account'>): Effect<SendIntent, Sent> {
  if (account.email === null) throw new Error('e-mail is declared and there is nothing to send with');
  return account.email;
}

/** Registers the tests of a provider that sends documents by e-mail. */
export function sendingSuite(title: string, inWorld: InWorld<ProviderWorld>): void {
  describe.concurrent(`${title}: a document by e-mail`, () => {
    it(
      'goes once, to the address of the order',
      inWorld(async (world) => {
        const email = emailOf(world);
        const document = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
        const intent = { draft: sendDraft('1'), document };
        const request = requestFor(email, intent);
        if (email.find !== null) expect(found(await email.find(intent, request, world.io))).toEqual([]);
        proved(await email.send(request, world.io));
        if (email.find !== null) expect(found(await email.find(intent, request, world.io))).toHaveLength(1);
        expect(world.sendings()).toEqual([{ documentId: document.providerId, to: 'ada@buyer.example' }]);
      }),
    );

    it(
      'that is not there is refused',
      inWorld(async (world) => {
        const email = emailOf(world);
        const document = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
        const missing = { draft: sendDraft('1'), document: { ...document, providerId: '424242' } };
        expect(await email.send(requestFor(email, missing), world.io)).toMatchObject({ kind: 'rejected' });
        expect(world.sendings()).toEqual([]);
      }),
    );
  });
}
