// What is VosFactures' own: its settings, its traps, and what its answers prove beyond the suite of every provider.
import { describe, expect, it } from 'vitest';
import { vosfactures } from '../../connectors/vosfactures/index.ts';
import { CONTEXT, connectOverHttp, ioWith, NOW } from '../conformance/provider-kit.ts';
import { company, invoiceDraft, line, paymentDraft, person, received } from '../conformance/provider-samples.ts';
import { clientOf, invoiceOf, issue, proved } from '../conformance/provider-steps.ts';
import { startVosFactures, type VosFacturesOptions, type VosFacturesSimulator } from '../simulators/vosfactures.ts';

type World = ReturnType<typeof connectOverHttp> & { simulator: VosFacturesSimulator };
type Options = Partial<VosFacturesOptions> & { settings?: object };

async function inWorld({ settings, ...options }: Options, run: (world: World) => Promise<void>): Promise<void> {
  const simulator = await startVosFactures({ now: () => NOW, ...options });
  try {
    const account = { base_url: simulator.url, api_token: simulator.token, ...settings };
    await run({ ...connectOverHttp(vosfactures, account), simulator });
  } finally {
    await simulator.close();
  }
}

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
    for (const change of [{ api_token: '' }, { api_token: 'a\r\nb' }, { department_id: 'main' }, { token: 'x' }]) {
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
      for (const client of simulator.clients()) client.deleted = true;
      expect(await account.client.find(draft, '', io)).toEqual({ kind: 'found', items: [] });
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
      for (const client of world.simulator.clients()) client.deleted = true;
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
      expect(await world.account.invoice.find(intent, '', world.io)).toEqual({ kind: 'found', items: [issued] });
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
      expect(await world.account.invoice.find(intent, '', world.io)).toMatchObject({ items: [{ total: 1200n }] });
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
      expect(await world.account.invoice.find(intent, '', world.io)).toEqual({ kind: 'found', items: [issued] });
    }));

  it('shows a cancelled invoice as something else, so that it is not issued again', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      await issue(world, intent);
      for (const invoice of world.simulator.documents()) invoice.kind = 'canceled';
      expect(await world.account.invoice.find(intent, '', world.io)).toMatchObject({ items: [{ kind: 'other' }] });
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

describe('a VosFactures payment', () => {
  const invoiceWith = async (world: World) => {
    const invoice = await issue(world, await invoiceOf(world, invoiceDraft('1', [line({ gross: 5000n })])));
    return { draft: paymentDraft('1', received(2000n)), invoice, paidBefore: 0n };
  };
  const byHand = (world: World, invoiceId: string, price: string) =>
    world.simulator.books.createPayment({ name: 'à la main', price, invoice_id: invoiceId, paid: true, kind: 'api' });

  it('that somebody recorded by hand counts as recorded', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceWith(world);
      byHand(world, intent.invoice.providerId, '20.00');
      const found = await world.account.payment?.find(intent, '', world.io);
      expect(found).toEqual({ kind: 'found', items: [{ providerId: null, paid: 2000n }] });
    }));

  it('of ours is found beside one that somebody recorded by hand', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceWith(world);
      byHand(world, intent.invoice.providerId, '15.00');
      const composed = world.account.payment?.compose(intent, CONTEXT);
      await world.account.payment?.send(composed?.ok ? composed.value : '', world.io);
      const [, ours] = world.simulator.payments();
      const found = await world.account.payment?.find(intent, '', world.io);
      expect(found).toEqual({ kind: 'found', items: [{ providerId: String(ours?.id), paid: 3500n }] });
    }));

  it('is not seen in a balance that moved by another amount', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceWith(world);
      byHand(world, intent.invoice.providerId, '15.00');
      expect(await world.account.payment?.find(intent, '', world.io)).toEqual({ kind: 'found', items: [] });
    }));

  it.each([
    ['another amount', { id: 9, price: '19.99' }],
    ['another invoice', { id: 9, price: '20.00', invoice_id: 424_242 }],
    ['no id', { price: '20.00' }],
  ])('answered with %s proves nothing', (_what, answer) =>
    inWorld({}, async (world) => {
      const { payment } = world.account;
      const composed = payment?.compose(await invoiceWith(world), CONTEXT);
      world.simulator.failNext({ acts: 'never', sees: { status: 201, body: JSON.stringify(answer) } });
      const outcome = await payment?.send(composed?.ok ? composed.value : '', world.io);
      expect(outcome).toMatchObject({ kind: 'unknown' });
    }),
  );
});
