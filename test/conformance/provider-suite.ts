// What every invoicing provider promises, run against each of them and read back from its own side. A provider reached
// over HTTP is also made to fail in every way of provider-faults.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientDraft, type ClientKey, clientKeys } from '../../src/domain/client.ts';
import { faultSuite } from './provider-faults-suite.ts';
import { CONTEXT, type ProviderKit, type ProviderWorld } from './provider-kit.ts';
import {
  anyOrder,
  company,
  invoiceDraft,
  line,
  paymentDraft,
  person,
  received,
  shapes,
  unknownGuest,
} from './provider-samples.ts';
import { clientOf, invoiceOf, issue, proved } from './provider-steps.ts';

/** Registers the tests of one provider. */
export function providerSuite(kit: ProviderKit): void {
  const inWorld = (run: (world: ProviderWorld) => Promise<void>) => async (): Promise<void> => {
    const world = await kit.open();
    try {
      await run(world);
    } finally {
      await world.close();
    }
  };

  describe(`${kit.type}: the account`, () => {
    it(
      'is named when its credentials are accepted, with what it can and cannot do',
      inWorld(async ({ account, io }) => {
        const { name, can } = proved(await account.check(io));
        expect(name).not.toBe('');
        expect(can).not.toEqual([]);
      }),
    );

    it(
      'shows the capabilities that it declares, and no others',
      inWorld(async (world) => {
        const { account } = world;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()], { received: [received(1200n)] }));
        const composed = account.invoice.compose(intent, CONTEXT);
        expect(composed.ok && account.predictTotal(composed.value) !== null).toBe(!account.capabilities.drafts);
        expect(account.payment !== null).toBe(account.capabilities.payments);
        expect(account.creditNote !== null).toBe(account.capabilities.creditNotes);
        await issue(world, intent);
        const paid = account.capabilities.paidAtCreation ? 1200n : 0n;
        expect(world.documents()).toMatchObject([{ total: 1200n, paid }]);
      }),
    );
  });

  describe(`${kit.type}: clients`, () => {
    it(
      'are found by every declared key exactly, behind hundreds that only resemble it',
      inWorld(async (world) => {
        const { account, io } = world;
        const wanted = {
          name: 'Ada Morel',
          email: 'ada@buyer.example',
          taxNumber: 'FR40303265045',
          externalId: 'shop-17',
        };
        const id = world.addClient(wanted);
        for (let n = 0; n < 120; n++) {
          const [email, taxNumber] = [`x${n}-${wanted.email}`, `${wanted.taxNumber}${n}`];
          world.addClient({ name: `${wanted.name} ${n}`, email, taxNumber, externalId: `${wanted.externalId}${n}` });
        }
        const buyer = { ...person, email: ' ADA@buyer.example', taxNumber: '303 265 045' };
        const keys = clientKeys(buyer, wanted.externalId, account.capabilities.searches);
        expect(keys).toHaveLength(account.capabilities.searches.length);
        for (const key of keys) {
          const found = await account.findClients(key, 'FR', io);
          expect(found).toMatchObject({ kind: 'found', items: [{ id, ...wanted }] });
        }
      }),
    );

    it(
      'that bear no key are not found',
      inWorld(async ({ account, io, addClient }) => {
        addClient({ name: 'Ada Morel', email: null, taxNumber: null, externalId: null });
        const absent: ClientKey[] = clientKeys(company, 'shop-18', account.capabilities.searches);
        for (const key of absent) {
          expect(await account.findClients(key, 'FR', io)).toEqual({ kind: 'found', items: [] });
        }
      }),
    );

    const drafts: { name: string; draft: ClientDraft }[] = [
      { name: 'a person', draft: { buyer: person, externalId: 'shop-17', marker: 'mark 17' } },
      { name: 'a company', draft: { buyer: company, externalId: 'shop-18', marker: 'mark 18' } },
      { name: 'a company without an external id', draft: { buyer: company, externalId: null, marker: 'mark 19' } },
      { name: 'a guest with an e-mail', draft: { buyer: person, externalId: null, marker: 'mark 20' } },
      { name: 'a guest without any key', draft: { buyer: unknownGuest, externalId: null, marker: 'mark 21' } },
    ];
    it.each(drafts)('$name is made as told, and found again as the one that was made', ({ draft }) =>
      inWorld(async (world) => {
        const { account, io } = world;
        world.addClient({ name: draft.buyer.name, email: null, taxNumber: null, externalId: null });
        const made = await clientOf(world, draft);
        const { name, kind } = draft.buyer;
        expect(world.clients().find(({ id }) => id === made.id)).toMatchObject({
          name,
          kind,
          externalId: draft.externalId,
        });
        const composed = account.client.compose(draft, CONTEXT);
        const request = composed.ok ? composed.value : '';
        expect(await account.client.find(draft, request, io)).toMatchObject({
          kind: 'found',
          items: [{ id: made.id }],
        });
      })(),
    );

    it(
      'are filled where they are empty, and overwritten only when asked',
      inWorld(async (world) => {
        const { account, io } = world;
        const id = world.addClient({ name: 'Old Name', email: 'ada@buyer.example', taxNumber: null, externalId: null });
        const draft = { buyer: { ...person, taxNumber: 'FR40303265045' }, externalId: 'shop-17', marker: '' };
        const [email] = clientKeys(draft.buyer, null, ['email']);
        if (email === undefined) throw new Error('the sample has an e-mail');
        const found = await account.findClients(email, 'FR', io);
        const [client] = found.kind === 'found' ? found.items : [];
        if (client === undefined) throw new Error('the client was just added');
        const filled = proved(await account.updateClient(client, draft, false, io));
        expect(world.clients()).toMatchObject([
          { id, name: 'Old Name', taxNumber: 'FR40303265045', externalId: 'shop-17' },
        ]);
        proved(await account.updateClient(filled, draft, true, io));
        expect(world.clients()).toMatchObject([{ id, name: 'Ada Morel' }]);
      }),
    );
  });

  describe(`${kit.type}: invoices`, () => {
    it.each(shapes)('with $name has the order’s total to the cent and carries its number', ({ draft }) =>
      inWorld(async (world) => {
        const intent = await invoiceOf(world, draft);
        const issued = await issue(world, intent);
        expect(issued).toMatchObject({ total: draft.total, currency: draft.currency, kind: 'invoice', paid: 0n });
        const [document, second] = world.documents();
        expect(second).toBeUndefined();
        expect(document).toMatchObject({
          id: issued.providerId,
          number: issued.number,
          total: draft.total,
          currency: draft.currency,
          clientId: intent.client.id,
          buyerName: draft.buyer.name,
        });
        expect(document?.texts).toContain(draft.orderNumber);
      })(),
    );

    it(
      'of any order have the total that was predicted and asked for',
      inWorld(async (world) => {
        let order = 0;
        await fc.assert(
          fc.asyncProperty(anyOrder, async ({ lines, currency }) => {
            order += 1;
            const intent = await invoiceOf(world, invoiceDraft(`p${order}`, lines, { currency }));
            const composed = world.account.invoice.compose(intent, CONTEXT);
            if (!composed.ok) throw new Error(composed.error.detail);
            const predicted = world.account.predictTotal(composed.value);
            const issued = proved(await world.account.invoice.send(composed.value, world.io));
            const held = world.documents().find(({ id }) => id === issued.providerId);
            expect(held?.total).toBe(intent.draft.total);
            expect([issued.total, predicted ?? issued.total]).toEqual([intent.draft.total, intent.draft.total]);
          }),
          { numRuns: 100 },
        );
      }),
    );

    it(
      'are composed the same way every time, without changing what they are composed from',
      inWorld(async (world) => {
        for (const { draft } of shapes) {
          const intent = deepFreeze(await invoiceOf(world, draft));
          const [first, second] = [1, 2].map(() => world.account.invoice.compose(intent, deepFreeze({ ...CONTEXT })));
          expect(first).toMatchObject({ ok: true });
          expect(second).toEqual(first);
        }
      }),
    );

    it(
      'are found by their marker, read by their id and shown as a PDF',
      inWorld(async (world) => {
        const { account, io } = world;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        const issued = await issue(world, intent);
        await issue(world, await invoiceOf(world, invoiceDraft('11', [line()])));
        expect(await account.invoice.find(intent, '', io)).toEqual({ kind: 'found', items: [issued] });
        expect(await account.read(issued.providerId, io)).toEqual({ kind: 'found', items: [issued] });
        const pdf = await account.pdf(issued.providerId, io);
        expect(pdf.ok && Buffer.from(pdf.value.subarray(0, 5)).toString()).toBe('%PDF-');
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
      'sent twice with the same request exist once, where the provider keeps a second one out',
      inWorld(async (world) => {
        const { account, io } = world;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        const composed = account.invoice.compose(intent, CONTEXT);
        const request = composed.ok ? composed.value : '';
        const first = proved(await account.invoice.send(request, io));
        if (account.invoice.secondIsHarmless) {
          const second = await account.invoice.send(request, io);
          expect(second).toMatchObject({ kind: 'rejected', rejection: { kind: 'exists' } });
        }
        expect(world.documents()).toMatchObject([{ id: first.providerId }]);
      }),
    );
  });

  describe(`${kit.type}: payments`, () => {
    it(
      'in parts and in full are recorded with their amount, date and mode',
      inWorld(async (world) => {
        const { payment } = world.account;
        if (payment === null) {
          expect(world.account.capabilities.payments).toBe(false);
          return;
        }
        const invoice = await issue(world, await invoiceOf(world, invoiceDraft('1', [line({ gross: 10_000n })])));
        const parts = [
          received(4000n, { id: 'pi_1' }),
          received(6000n, { id: 'tr_2', mode: 'transfer', at: '2026-11-22T09:00:00.000Z' }),
        ];
        let paidBefore = 0n;
        for (const money of parts) {
          const intent = { draft: paymentDraft('1', money), invoice, paidBefore };
          const composed = payment.compose(intent, CONTEXT);
          const request = composed.ok ? composed.value : '';
          expect(await payment.find(intent, request, world.io)).toEqual({ kind: 'found', items: [] });
          const recorded = proved(await payment.send(request, world.io));
          expect(recorded.paid).toBe(paidBefore + money.amount);
          expect(await payment.find(intent, request, world.io)).toMatchObject({ items: [{ paid: recorded.paid }] });
          paidBefore = recorded.paid;
        }
        expect(world.payments()).toEqual([
          { invoiceId: invoice.providerId, amount: 4000n, date: '2026-11-21', mode: 'card' },
          { invoiceId: invoice.providerId, amount: 6000n, date: '2026-11-22', mode: 'transfer' },
        ]);
        expect(world.documents()).toMatchObject([{ paid: 10_000n }]);
      }),
    );
  });

  if (kit.reached === 'http') faultSuite(kit);
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
