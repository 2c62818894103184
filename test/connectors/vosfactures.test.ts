// What is VosFactures' own: its settings, its traps, and what its answers prove beyond the suite of every provider.
import { describe, expect, it } from 'vitest';
import { vosfactures } from '../../connectors/vosfactures/index.ts';
import { CONTEXT, ioWith } from '../conformance/provider-kit.ts';
import { company, invoiceDraft, line, person, received } from '../conformance/provider-samples.ts';
import { begin, clientOf, invoiceOf, issue, lookUp, proved } from '../conformance/provider-steps.ts';
import { inVosFactures as inWorld } from '../support/vosfactures.ts';

describe('the settings of a VosFactures account', () => {
  const settings = (change: object) => vosfactures.settings.safeParse({ api_token: 'token', ...change });

  it.each([
    'https://acme.vosfactures.fr',
    'https://acme.vosfactures.fr/',
    'http://127.0.0.1:8080',
    'http://localhost:8080',
    'http://[::1]:8080',
  ])('accept %s', (base_url) => {
    expect(settings({ base_url })).toMatchObject({ success: true, data: { baseUrl: new URL(base_url).origin } });
  });

  it.each([
    'http://acme.vosfactures.fr',
    'http://127.0.0.1.attacker.example',
    'ftp://acme.vosfactures.fr',
    'file:///etc/passwd',
    'https://user:password@acme.vosfactures.fr',
    'https://acme.vosfactures.fr/invoices',
    'https://acme.vosfactures.fr/?api_token=x',
    'https://acme.vosfactures.fr/#x',
    'acme.vosfactures.fr',
    '',
  ])('refuse %o as base_url', (base_url) => {
    expect(settings({ base_url })).toMatchObject({ success: false });
  });

  it('take the account’s address from a token that names it', () => {
    expect(vosfactures.settings.parse({ api_token: 'abc/acme' })).toMatchObject({
      baseUrl: 'https://acme.vosfactures.fr',
      token: 'abc/acme',
    });
    expect(settings({})).toMatchObject({ success: false, error: { issues: [{ path: ['base_url'] }] } });
  });

  it('refuse a token that could not stand in a header, a department that is no number, and unknown keys', () => {
    const base_url = 'https://acme.vosfactures.fr';
    for (const change of [
      { api_token: '' },
      { api_token: 'a\r\nb' },
      { department_id: 'main' },
      { category_id: 'Boutique' },
      { kind: 'receipt' },
      { token: 'x' },
    ]) {
      expect(settings({ base_url, ...change })).toMatchObject({ success: false });
    }
    expect(settings({ base_url, department_id: 12 })).toMatchObject({ success: true, data: { departmentId: '12' } });
  });

  it('give two credentials of one host two accounts', () => {
    const accountOf = (api_token: string) =>
      vosfactures.connect(vosfactures.settings.parse({ api_token, base_url: 'https://acme.vosfactures.fr' })).accountId;
    expect(accountOf('one')).toMatch(/^vosfactures:acme\.vosfactures\.fr:[0-9a-f]{12}$/);
    expect(accountOf('one')).not.toBe(accountOf('two'));
  });
});

describe('a VosFactures account', () => {
  it('says which department its documents are in', () =>
    inWorld({ settings: { department_id: 2 } }, async ({ account, io }) => {
      expect(proved(await account.check(io)).name).toContain('department 2, Atelier Test Export');
    }));

  it('is refused with a department that it does not have', () =>
    inWorld({ settings: { department_id: 9 } }, async ({ account, io }) => {
      expect(await account.check(io)).toMatchObject({ kind: 'rejected', problem: { code: 'unknown_department' } });
    }));

  it('is refused with a category that it does not have, which would be made a new one', () =>
    inWorld({ settings: { category_id: 1 } }, async ({ account, io, simulator }) => {
      expect(await account.check(io)).toMatchObject({ kind: 'rejected', problem: { code: 'unknown_category' } });
      simulator.books.categories.push({ id: 1, name: 'Boutique' });
      proved(await account.check(io));
    }));

  it('whose token may only read is never taken for one that made something', () =>
    inWorld({ readOnly: true }, async ({ account, io }) => {
      const composed = account.client.compose({ buyer: person, externalId: null, marker: '' }, CONTEXT);
      expect(await account.client.send(composed.ok ? composed.value : '', io)).toMatchObject({ kind: 'unknown' });
    }));
});

describe('a VosFactures client', () => {
  it('that was deleted is not found', () =>
    inWorld({}, async ({ account, io, simulator }) => {
      const draft = { buyer: company, externalId: 'shop-18', marker: '' };
      await clientOf({ account, io }, draft);
      for (const client of simulator.clients()) simulator.books.deleteClient(client.id);
      expect(await lookUp(account.client, draft, '', io)).toEqual({ kind: 'found', items: [] });
    }));

  it('keeps an address of its own rather than being filled with parts of another', () =>
    inWorld({}, async ({ account, io, simulator }) => {
      simulator.books.createClient({ name: 'Ada Morel', city: 'Nantes', external_id: 'shop-17' });
      const draft = { buyer: person, externalId: 'shop-17', marker: '' };
      const key = { kind: 'external_id' as const, value: 'shop-17', forms: ['shop-17'] };
      const found = await account.findClients(key, 'FR', io);
      const [client] = found.kind === 'found' ? found.items : [];
      if (client === undefined) throw new Error('the client was just added');
      proved(await account.updateClient(client, draft, false, io));
      expect(simulator.clients()).toMatchObject([{ city: 'Nantes', street: null, email: 'ada@buyer.example' }]);
    }));

  it('that lacks nothing is not called about', () =>
    inWorld({}, async ({ account, io, simulator }) => {
      const draft = { buyer: company, externalId: 'shop-18', marker: '' };
      const client = await clientOf({ account, io }, draft);
      const before = simulator.requests().length;
      expect(await account.updateClient(client, draft, false, io)).toEqual({ kind: 'done', value: client });
      expect(simulator.requests()).toHaveLength(before);
    }));

  it('that is gone is told as such when an invoice names it', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      for (const client of world.simulator.clients()) world.simulator.books.deleteClient(client.id);
      const composed = world.account.invoice.compose(intent, CONTEXT);
      const outcome = await world.account.invoice.send(composed.ok ? composed.value : '', world.io);
      expect(outcome).toMatchObject({ kind: 'rejected', rejection: { kind: 'stale_client' } });
      expect(world.simulator.clients()).toHaveLength(1);
    }));
});

describe('a VosFactures search', () => {
  it('reads on when the pages are smaller than was asked for', () =>
    inWorld({ largestPage: 25 }, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const issued = await issue(world, intent);
      for (let n = 0; n < 60; n++) await issue(world, { ...intent, draft: invoiceDraft(`1${n}`, [line()]) });
      world.simulator.ignoreFilters(true);
      expect(await lookUp(world.account.invoice, intent, '', world.io)).toEqual({ kind: 'found', items: [issued] });
    }));

  it('that never ends has failed', async () => {
    const page = Buffer.from(JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ id: id + 1, name: 'x' }))));
    const endless = ioWith(async () => ({ kind: 'answer', status: 200, headers: {}, body: page }));
    const account = vosfactures.connect(vosfactures.settings.parse({ api_token: 'abc/acme' }));
    const key = { kind: 'email' as const, value: 'ada@buyer.example', forms: ['ada@buyer.example'] };
    expect(await account.findClients(key, 'FR', endless)).toMatchObject({
      kind: 'failed',
      problem: { code: 'too_many_rows' },
    });
  });

  it('reaches back beyond the twelve months that a list shows by itself', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      await issue(world, intent);
      for (const invoice of world.simulator.documents()) invoice.issue_date = '2024-01-31';
      expect(await lookUp(world.account.invoice, intent, '', world.io)).toMatchObject({ items: [{ total: 1200n }] });
    }));

  it('leaves out a copy that a person made with the same oid', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const issued = await issue(world, intent);
      const [original] = world.simulator.documents();
      world.simulator.books.createInvoice({
        kind: 'correction',
        oid: issued.marker,
        client_id: String(original?.client_id),
        positions: [{ name: 'Tasse', quantity: '-1', tax: '20', total_price_gross: '-12.00' }],
      });
      expect(world.simulator.documents()).toHaveLength(2);
      expect(await lookUp(world.account.invoice, intent, '', world.io)).toEqual({ kind: 'found', items: [issued] });
    }));

  it('shows a cancelled invoice as something else, so that it is not issued again', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      await issue(world, intent);
      for (const invoice of world.simulator.documents()) invoice.kind = 'canceled';
      expect(await lookUp(world.account.invoice, intent, '', world.io)).toMatchObject({ items: [{ kind: 'other' }] });
    }));
});

describe('a VosFactures invoice', () => {
  it('shows the order’s buyer where the stored client has another address', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      for (const client of world.simulator.clients()) client.street = 'an older street';
      await issue(world, intent);
      expect(world.simulator.documents()).toMatchObject([{ buyer_street: '3 rue des Tilleuls, Bâtiment B' }]);
    }));

  it('is in the configured department and makes neither a department nor a client', () =>
    inWorld({ settings: { department_id: '2' } }, async (world) => {
      await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
      expect(world.simulator.documents()).toMatchObject([{ department_id: 2 }]);
      expect(world.simulator.departments()).toHaveLength(2);
      expect(world.simulator.clients()).toHaveLength(1);
    }));

  it('paid at creation has its day and mode', () =>
    inWorld({}, async (world) => {
      const draft = invoiceDraft('1', [line({ gross: 5000n })], { received: [received(2000n)] });
      const issued = await issue(world, await invoiceOf(world, draft));
      expect(issued.paid).toBe(2000n);
      expect(world.simulator.documents()).toMatchObject([
        { status: 'partial', paid: '20.0', paid_date: '2026-11-21', payment_type: 'card' },
      ]);
    }));

  it('is due on the day that the user set, with the mode of payment of the user’s own', () =>
    inWorld({ settings: { payment_modes: { Stripe: 'Carte (Stripe)' } } }, async (world) => {
      const draft = invoiceDraft('1', [line()], { received: [received(1200n)] });
      const style = { ...CONTEXT.style, dueDate: '2026-12-21' };
      await begin(world, world.account.invoice, await invoiceOf(world, draft), { ...CONTEXT, style });
      expect(world.simulator.documents()).toMatchObject([{ payment_to: '2026-12-21', payment_type: 'Carte (Stripe)' }]);
    }));

  it('for a company that gives its SIREN says that it is one', () =>
    inWorld({}, async (world) => {
      const draft = invoiceDraft('1', [line()], { buyer: { ...company, taxNumber: '303 265 045' } });
      await issue(world, await invoiceOf(world, draft));
      expect(world.simulator.documents()).toMatchObject([{ buyer_tax_no: '303265045', buyer_tax_no_kind: 'SIREN' }]);
      await issue(world, await invoiceOf(world, { ...invoiceDraft('2', [line()]), buyer: company }));
      const [, second] = world.simulator.documents();
      expect(second).toMatchObject({ buyer_tax_no: 'FR40303265045', buyer_tax_no_kind: '' });
    }));

  const whole = {
    id: 5,
    number: 'F2026-11-1',
    kind: 'vat',
    oid: 'shop-1-invoice-1',
    currency: 'EUR',
    price_gross: '12,00',
    paid: '0.0',
    client_id: 7,
    view_url: 'https://acme.example/f/F2026-11-1/token',
  };
  const answers: { name: string; change: object; expected: object }[] = [
    { name: 'with comma decimals is read', change: {}, expected: { kind: 'done', value: { total: 1200n, paid: 0n } } },
    {
      name: 'with a link that is no web page has none',
      change: { view_url: 'javascript:alert(1)' },
      expected: { kind: 'done', value: { publicUrl: null } },
    },
    {
      name: 'that bears another oid proves nothing',
      change: { oid: 'shop-2-invoice-1' },
      expected: { kind: 'unknown' },
    },
    { name: 'without an oid proves nothing', change: { oid: null }, expected: { kind: 'unknown' } },
    { name: 'with parts of a cent proves nothing', change: { price_gross: '12.005' }, expected: { kind: 'unknown' } },
    { name: 'without a total proves nothing', change: { price_gross: undefined }, expected: { kind: 'unknown' } },
  ];
  it.each(answers)('answered $name', ({ change, expected }) =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const composed = world.account.invoice.compose(intent, CONTEXT);
      const body = JSON.stringify({ ...whole, ...change });
      world.simulator.failNext({ acts: 'never', sees: { status: 201, body } });
      const outcome = await world.account.invoice.send(composed.ok ? composed.value : '', world.io);
      expect(outcome).toMatchObject(expected);
    }),
  );

  it('that VosFactures answers with an object saying 404 does not exist', () =>
    inWorld({}, async ({ account, io, simulator }) => {
      simulator.failNext({ acts: 'never', sees: { status: 200, body: '{"status":"404"}' } });
      expect(await account.read('5', io)).toEqual({ kind: 'found', items: [] });
    }));

  it('whose PDF is not ready yet is told so, and a refused token as such', () =>
    inWorld({}, async (world) => {
      const { providerId } = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
      for (const status of [200, 302, 422]) {
        world.simulator.failNext({ acts: 'never', sees: { status, body: '<!doctype html>' } });
        const pdf = await world.account.pdf(providerId, world.io);
        expect(pdf).toMatchObject({ ok: false, error: { code: 'pdf_not_ready' } });
      }
      world.simulator.failNext({ acts: 'never', sees: { status: 401, body: '' } });
      const pdf = await world.account.pdf(providerId, world.io);
      expect(pdf).toMatchObject({ ok: false, error: { code: 'credentials_refused' } });
    }));

  it('is never looked for outside its folder, whatever its id says', () =>
    inWorld({}, async ({ account, io, simulator }) => {
      await account.read('../clients/1?x=', io);
      expect(simulator.requests().map(({ url }) => url)).toEqual(['/invoices/..%2Fclients%2F1%3Fx%3D.json']);
    }));
});
