// What every invoicing provider promises, run against each of them and read back from its own side. Which promises those
// are follows from its declared capabilities alone. A provider reached over HTTP is also made to fail in every way of
// provider-faults.ts.
import { describe, expect, it } from 'vitest';
import type { Client } from '../../src/domain/client.ts';
import { clientsSuite } from './provider-clients-suite.ts';
import { creditNotesSuite } from './provider-credit-notes-suite.ts';
import { documentsSuite } from './provider-documents-suite.ts';
import { draftsSuite } from './provider-drafts-suite.ts';
import { faultSuite } from './provider-faults-suite.ts';
import { CONTEXT, type ProviderKit } from './provider-kit.ts';
import { paymentsSuite } from './provider-payments-suite.ts';
import { invoiceDraft, line } from './provider-samples.ts';
import { sendingSuite } from './provider-sending-suite.ts';
import { capabilitiesOf, invoiceOf, issue, proved, requestFor, titleOf, worldOf } from './provider-steps.ts';
import { strangersSuite } from './provider-strangers-suite.ts';

const NOBODY: Omit<Client, 'id'> = {
  name: '',
  kind: null,
  email: null,
  taxNumber: null,
  externalId: null,
  empty: [],
};

/** Registers the tests of one provider. */
export async function providerSuite(kit: ProviderKit): Promise<void> {
  const title = titleOf(kit);
  const capabilities = await capabilitiesOf(kit);
  const inWorld = worldOf(kit);

  describe(`${title}: the account`, () => {
    it(
      'is named when its credentials are accepted, with what it can and cannot do and what a person should know',
      inWorld(async ({ account, io }) => {
        const { name, can, cannot, limits, warnings } = proved(await account.check(io));
        expect(name).not.toBe('');
        expect(can).not.toEqual([]);
        for (const sentence of [...can, ...cannot, ...limits, ...warnings]) expect(sentence.trim()).not.toBe('');
      }),
    );

    it(
      'has what it declares, and no more',
      inWorld(async (world) => {
        const { account } = world;
        expect({
          drafts: account.invoice.drafting !== null,
          payments: account.payment !== null,
          creditNotes: account.creditNote !== null,
          email: account.email !== null,
          directory: account.directory !== null,
        }).toEqual({
          drafts: capabilities.drafts,
          payments: capabilities.payments !== 'none',
          creditNotes: capabilities.creditNotes !== 'none',
          email: capabilities.email,
          directory: capabilities.keys.some((key) => !capabilities.searches.includes(key)),
        });
        expect(capabilities.keys).toEqual(expect.arrayContaining([...capabilities.searches]));
        if (capabilities.drafts) return;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        expect(account.predictTotal(requestFor(account.invoice, intent))).toBe(1200n);
      }),
    );

    it(
      'knows a request of its own by its total, and no other text',
      inWorld(async (world) => {
        for (const text of ['', 'null', '{}', '[1]', '{"invoice":{}}']) {
          expect(world.account.predictTotal(text)).toBeNull();
        }
        expect(await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])))).toMatchObject({ total: 1200n });
      }),
    );
  });

  describe(`${title}: a preview`, () => {
    it(
      'shows the request for a client that need not exist',
      inWorld(async ({ account }) => {
        const draft = invoiceDraft('1', [line()]);
        const client = { ...NOBODY, id: account.exampleClientId };
        expect(account.invoice.compose({ draft, client }, CONTEXT)).toMatchObject({ ok: true });
      }),
    );
  });

  clientsSuite(title, capabilities, inWorld);
  documentsSuite(title, capabilities, inWorld);
  if (capabilities.drafts) draftsSuite(title, inWorld);
  paymentsSuite(title, capabilities, inWorld);
  if (capabilities.creditNotes !== 'none') creditNotesSuite(title, capabilities, inWorld);
  if (capabilities.email) sendingSuite(title, inWorld);
  if (kit.reached === 'embedded') return;
  strangersSuite(kit, capabilities);
  // Readings of what a document leaves open differ in what is answered, not in how a network fails.
  if (kit.variant === null) faultSuite(kit, capabilities);
}
