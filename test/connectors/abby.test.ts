// What is Abby's own: its settings, its calls for each case, and what its answers prove beyond the suite of every provider.
import { describe, expect, it } from 'vitest';
import { abby } from '../../connectors/abby/index.ts';
import type { InvoiceIntent } from '../../src/connector.ts';
import { CONTEXT, NOW } from '../conformance/provider-kit.ts';
import {
  company,
  creditNoteDraft,
  invoiceDraft,
  line,
  paymentDraft,
  person,
  received,
  sendDraft,
} from '../conformance/provider-samples.ts';
import {
  begin,
  clientOf,
  creditNoteOf,
  creditOf,
  draftingOf,
  fillIn,
  finish,
  found,
  invoiceOf,
  issue,
  lookUp,
  proved,
  requestFor,
} from '../conformance/provider-steps.ts';
import { DELIVERY, FILL, FINALIZE, inWorld, MAKE, plain } from './abby-world.ts';

describe('the settings of an Abby account', () => {
  const settings = (change: object) => abby.settings.safeParse({ api_key: 'suk_1', ...change });

  it('go to Abby itself unless told otherwise, and record no payments unless told to', () => {
    expect(settings({})).toMatchObject({
      success: true,
      data: { baseUrl: 'https://api.app-abby.com', markPaid: false, lang: 'fr' },
    });
  });

  it.each([
    { base_url: 'http://api.app-abby.com' },
    { base_url: 'https://api.app-abby.com/v2' },
    { base_url: 'https://key@api.app-abby.com' },
    { api_key: '' },
    { api_key: 'a\r\nb' },
    { lang: 'pl' },
    { payment_modes: { stripe: 'card' } },
    { token: 'x' },
  ])('refuse %j', (change) => {
    expect(settings(change)).toMatchObject({ success: false });
  });

  it('name the account by its host and its key, without showing the key', () => {
    const [one, same, other] = ['suk_1', 'suk_1', 'suk_2'].map(
      (api_key) => abby.connect(abby.settings.parse({ api_key })).accountId,
    );
    expect(one).toBe(same);
    expect(one).not.toBe(other);
    expect(one).toMatch(/^abby:api\.app-abby\.com:[0-9a-f]{12}$/);
  });
});

describe('an Abby account', () => {
  it.each([{ flags: 'boolean' }, { flags: 'number' }] as const)(
    'in test mode says so, whether as a $flags',
    ({ flags }) =>
      inWorld({ testMode: true, flags }, async ({ account, io }) => {
        const { name, warnings } = proved(await account.check(io));
        expect(name).toBe('Atelier Test (SIRET 12345678200010)');
        expect(warnings.join('\n')).toMatch(/test mode/);
      }),
  );

  it('in earnest warns of what finalising does, and of no test mode', () =>
    inWorld({ flags: 'number' }, async ({ account, io }) => {
      const warnings = proved(await account.check(io)).warnings.join('\n');
      expect(warnings).toMatch(/cannot be undone/);
      expect(warnings).not.toMatch(/test mode/);
    }));

  it('whose plan has no API is told so', () =>
    inWorld({ plan: 'without_api' }, async ({ account, io }) => {
      expect(await account.check(io)).toMatchObject({
        kind: 'rejected',
        rejection: { kind: 'account' },
        problem: { code: 'plan_lacks_api' },
      });
    }));

  it('whose plan sends no e-mails refuses that alone', () =>
    inWorld({ plan: 'without_email' }, async (world) => {
      const { email } = world.account;
      if (email === null) throw new Error('Abby sends e-mails');
      const document = await issue(world, await invoiceOf(world, plain('1')));
      expect(await email.send(requestFor(email, { draft: sendDraft('1'), document }), world.io)).toMatchObject({
        kind: 'rejected',
        rejection: { kind: 'refused' },
        problem: { detail: expect.stringContaining('the plan of this Abby account does not send e-mails') },
      });
    }));
});

describe('the calls of an order at Abby', () => {
  it('are five for the invoice of a known buyer, one more for a delivery address', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, plain('1'));
      world.calls();
      await issue(world, intent);
      expect(world.calls()).toEqual([...MAKE, ...FILL, ...FINALIZE]);
      await issue(world, { ...intent, draft: invoiceDraft('2', [line()]) });
      expect(world.calls()).toEqual([...MAKE, ...FILL, ...DELIVERY, ...FINALIZE]);
    }));

  it('are one for a new client, for a payment and for an e-mail', () =>
    inWorld({}, async (world) => {
      const { account, io } = world;
      const intent = await invoiceOf(world, plain('1'));
      expect(world.calls()).toEqual(['POST /contact']);
      const invoice = await issue(world, intent);
      world.calls();
      if (account.payment === null || account.email === null) throw new Error('both are declared');
      const paying = { draft: paymentDraft('1', received(1200n)), invoice, paidBefore: 0n };
      proved(await account.payment.send(requestFor(account.payment, paying), io));
      expect(world.calls()).toEqual(['POST /v2/accounting-billing/invoice/:id/reconciliate']);
      proved(await account.email.send(requestFor(account.email, { draft: sendDraft('1'), document: invoice }), io));
      expect(world.calls()).toEqual(['POST /v2/billing/:id/send-by-email']);
    }));

  it('are four for a credit note of a part', () =>
    inWorld({}, async (world) => {
      const draft = plain('1', 5000n);
      const invoice = await issue(world, await invoiceOf(world, draft));
      world.calls();
      const note = creditNoteDraft('1', 'r1', [line({ gross: 2000n })]);
      expect(await finish(world, creditNoteOf(world), creditOf(note, invoice, draft))).toMatchObject({ total: 2000n });
      expect(world.calls()).toEqual([
        'POST /v2/billing/invoice/:id/asset',
        'PATCH /v2/billing/:id/lines',
        'PATCH /v2/billing/:id/title',
        ...FINALIZE,
      ]);
    }));

  it('set language and currency only where the draft has others, the currency before the amounts', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, { ...plain('1'), currency: 'USD', language: 'en-GB' });
      world.calls();
      await issue(world, intent);
      const [made, currency, ...rest] = world.calls();
      expect([made, currency]).toEqual([...MAKE, 'PUT /v2/billing/invoice/:id/currency']);
      expect(rest).toEqual([...FILL, 'PUT /v2/billing/invoice/:id/locale', ...FINALIZE]);
      expect(world.simulator.documents()).toMatchObject([{ currency: 'USD', locale: 'en' }]);
    }));
});

describe('a draft at Abby', () => {
  it('composed anew loses the notes and the delivery address that it was given before', () =>
    inWorld({}, async (world) => {
      const { invoice } = world.account;
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const style = { ...CONTEXT.style, notes: 'Merci' };
      const filled = await fillIn(world, invoice, intent, { ...CONTEXT, style });
      const mended: InvoiceIntent = { ...intent, draft: plain('1') };
      proved(await draftingOf(invoice).fill(filled, requestFor(invoice, mended), true, world.io));
      const [document] = world.simulator.documents();
      expect(document).toMatchObject({ mentions: { footerNote: '' }, displayDeliveryAddress: false });
      expect(document?.customer.deliveryAddress).toBeNull();
    }));

  it('that is not finalised is told with what it lacks', () =>
    inWorld({ finalizeNeeds: ['timeline', 'address'] }, async (world) => {
      const { invoice } = world.account;
      const address = { ...person.address, postCode: '' };
      const draft = { ...plain('1'), buyer: { ...person, address, delivery: null } };
      const intent = await invoiceOf(world, draft);
      const filled = await fillIn(world, invoice, intent);
      const refused = await draftingOf(invoice).finalize(filled, requestFor(invoice, intent), world.io);
      expect(refused).toMatchObject({ kind: 'rejected', rejection: { kind: 'refused' } });
      expect(refused.kind === 'rejected' && refused.problem.detail).toContain('adresse de facturation');
      expect(world.simulator.documents()).toMatchObject([{ state: 'draft' }]);
    }));

  it('for a client who is gone is told as that', () =>
    inWorld({}, async (world) => {
      const { invoice } = world.account;
      const intent = await invoiceOf(world, plain('1'));
      for (const { id } of world.simulator.clients()) world.simulator.books.clients.deleteContact(id);
      const outcome = await invoice.send(requestFor(invoice, intent), world.io);
      expect(outcome).toMatchObject({ kind: 'rejected', rejection: { kind: 'stale_client' } });
    }));

  it('for another client than was asked for is not taken for ours', () =>
    inWorld({}, async (world) => {
      const { invoice } = world.account;
      const intent = await invoiceOf(world, plain('1'));
      const other = await begin(world, invoice, await invoiceOf(world, plain('2')));
      const answer = await world.io.http({ method: 'GET', path: `/v2/billing/${other.providerId}` });
      const sees = answer.kind === 'answer' ? { status: 201, body: answer.body } : 'reset';
      world.simulator.failNext({ acts: 'never', sees });
      expect(await invoice.send(requestFor(invoice, intent), world.io)).toMatchObject({ kind: 'unknown' });
    }));

  it('for a contact of an organisation is known to be for that contact', () =>
    inWorld({}, async (world) => {
      const { books } = world.simulator;
      const owner = books.clients.createOrganization({ name: 'Fonderie Lacaze SARL' });
      const contact = books.clients.createContact({ firstname: 'Jean', lastname: 'Lacaze' }, owner.id);
      const [client] = found(
        (await world.account.directory?.read(`contact:${contact.id}`, world.io)) ?? { kind: 'found', items: [] },
      );
      expect(client).toMatchObject({ kind: 'company', taxNumber: null });
      if (client === undefined) throw new Error('the contact was just made');
      const issued = await issue(world, { draft: plain('1'), client });
      expect(issued.clientId).toBe(`contact:${contact.id}`);
      expect(found(await world.account.read(issued.providerId, world.io))).toMatchObject([{ clientId: null }]);
    }));
});

describe('a client at Abby', () => {
  it('that is a French company without a SIRET is refused with what to do', () =>
    inWorld({ siret: 'required' }, async (world) => {
      const { client } = world.account;
      const draft = { buyer: company, externalId: null, marker: 'mark 1' };
      const outcome = await client.send(requestFor(client, draft), world.io);
      expect(outcome).toMatchObject({ kind: 'rejected', rejection: { kind: 'refused' } });
      const detail = outcome.kind === 'rejected' ? outcome.problem.detail : '';
      expect(detail).toContain('siret is required for French organizations');
      expect(detail).toContain('with its SIRET, or find it there, and name it here as organization:<id>');
      const withSiret = { ...draft, buyer: { ...company, taxNumber: '303 265 045 00014' } };
      expect(await clientOf(world, withSiret)).toMatchObject({ taxNumber: '30326504500014' });
    }));

  it('keeps everything that a completed record does not touch', () =>
    inWorld({ put: 'replaces' }, async (world) => {
      const { account, io, simulator } = world;
      const details = {
        firstname: 'Ada',
        lastname: 'Ancienne',
        jobTitle: 'Potière',
        emails: ['old@buyer.example'],
        notes: 'cliente fidèle',
        deliveryAddress: { address: '1 quai', city: 'Lyon', zipCode: '69002', country: 'FR' },
        preferences: { language: 'de', currency: 'EUR', paymentMethods: ['transfer'] },
      };
      const { id } = simulator.books.clients.createContact(details);
      const read = async () => {
        const [client] = found((await account.directory?.read(`contact:${id}`, io)) ?? { kind: 'found', items: [] });
        if (client === undefined) throw new Error('the contact was just made');
        return client;
      };
      const draft = { buyer: person, externalId: null, marker: '' };
      proved(await account.updateClient(await read(), draft, false, io));
      expect(simulator.books.clients.contact(id).details).toMatchObject({
        ...details,
        phone: person.phone,
        billingAddress: { address: person.address.line1 },
      });
      proved(await account.updateClient(await read(), draft, true, io));
      expect(simulator.books.clients.contact(id).details).toMatchObject({
        ...details,
        lastname: 'Morel',
        emails: ['ada@buyer.example', 'old@buyer.example'],
      });
    }));

  it('that lacks nothing of what the order tells is not written again', () =>
    inWorld({}, async (world) => {
      const { account, io } = world;
      const draft = { buyer: person, externalId: null, marker: '' };
      const client = await clientOf(world, draft);
      world.calls();
      expect(proved(await account.updateClient(client, draft, false, io))).toEqual(client);
      proved(await account.updateClient(client, draft, true, io));
      expect(world.calls()).toEqual(['GET /contact/:id']);
    }));
});

describe('what Abby’s answers prove', () => {
  it.each([
    ['cents as floats write them', '1200.0000000000002', 1200n],
    ['an exponent', '1.2e3', 1200n],
    ['a fraction of a cent', '1200.4', null],
    ['a text', '"douze"', null],
  ])('a total in %s', (_form, amount, total) =>
    inWorld({}, async (world) => {
      const issued = await issue(world, await invoiceOf(world, plain('1')));
      const answer = await world.io.http({ method: 'GET', path: `/v2/billing/${issued.providerId}` });
      if (answer.kind !== 'answer') throw new Error('the simulator is there');
      const body = Buffer.from(answer.body)
        .toString()
        .replace(/"amountWithTaxAfterDiscount":1200/, `"amountWithTaxAfterDiscount":${amount}`);
      world.simulator.failNext({ acts: 'never', sees: { status: 200, body } });
      const lookup = await world.account.read(issued.providerId, world.io);
      expect(lookup).toMatchObject(total === null ? { kind: 'failed' } : { items: [{ total }] });
    }),
  );

  it('a payment taken with an answer of its own form is proved by the balance', () =>
    inWorld({}, async (world) => {
      const { payment } = world.account;
      if (payment === null) throw new Error('payments are switched on');
      const invoice = await issue(world, await invoiceOf(world, plain('1')));
      const intent = { draft: paymentDraft('1', received(1200n)), invoice, paidBefore: 0n };
      world.simulator.failNext({ acts: 'at_once', sees: { status: 200, body: '{"ok":true}' } });
      expect(proved(await payment.send(requestFor(payment, intent), world.io))).toEqual({
        providerId: null,
        paid: 1200n,
      });
      const unpaid = await issue(world, await invoiceOf(world, plain('2')));
      world.simulator.failNext({ acts: 'never', sees: { status: 200, body: '{"ok":true}' } });
      const second = { draft: paymentDraft('2', received(1200n)), invoice: unpaid, paidBefore: 0n };
      expect(await payment.send(requestFor(payment, second), world.io)).toMatchObject({ kind: 'unknown' });
    }));

  it('a sending of an earlier day is not taken for ours', () => {
    let now = new Date('2026-11-20T10:00:00.000Z');
    return inWorld({ now: () => now }, async (world) => {
      const { email } = world.account;
      const document = await issue(world, await invoiceOf(world, plain('1')));
      const intent = { draft: sendDraft('1'), document };
      const request = requestFor(email ?? never(), intent);
      proved(await (email ?? never()).send(request, world.io));
      expect(found(await lookUp(email, intent, request, world.io))).toEqual([]);
      now = NOW;
      proved(await (email ?? never()).send(request, world.io));
      expect(found(await lookUp(email, intent, request, world.io))).toEqual([{ at: '2026-11-21T10:00:00.000Z' }]);
    });
  });

  it('a refusal that names the failure as Abby’s own proves nothing', () =>
    inWorld({}, async (world) => {
      const { invoice } = world.account;
      const request = requestFor(invoice, await invoiceOf(world, plain('1')));
      const body = '{"type":"api_error","code":"internal_server_error","message":"oops"}';
      world.simulator.failNext({ acts: 'never', sees: { status: 400, body } });
      expect(await invoice.send(request, world.io)).toMatchObject({ kind: 'unknown' });
      const other = '{"statusCode":422,"message":"refusé"}';
      world.simulator.failNext({ acts: 'never', sees: { status: 400, body: other } });
      expect(await invoice.send(request, world.io)).toMatchObject({ kind: 'unknown' });
    }));

  it('clients of a name are found in both lists, by a part of it too', () =>
    inWorld({}, async (world) => {
      const { books } = world.simulator;
      const contact = books.clients.createContact({ firstname: 'Ada', lastname: 'Morel' });
      const organization = books.clients.createOrganization({ name: 'Ada Morel SARL' });
      books.clients.createContact({ firstname: 'Jean', lastname: 'Lacaze' });
      const named = await world.account.directory?.byName?.('Ada Morel', world.io);
      expect(named?.kind === 'found' && named.items.map(({ id }) => id)).toEqual([
        `contact:${contact.id}`,
        `organization:${organization.id}`,
      ]);
    }));
});

function never(): never {
  throw new Error('Abby sends e-mails');
}
