// What is FastFaktura's own: its settings, the readings of its page under which a document cannot be finished, and what its
// answers prove beyond the suite of every provider.
import { describe, expect, it } from 'vitest';
import { fastfaktura } from '../../connectors/fastfaktura/index.ts';
import { clientTag, tokenOf } from '../../mappings/from-document/fastfaktura-marker.ts';
import type { ClientPage, ProviderIo, ProviderRequest } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { connectOverHttp, ioWith, NOW } from '../conformance/provider-kit.ts';
import { company, invoiceDraft, line, person, sendDraft, unknownGuest } from '../conformance/provider-samples.ts';
import {
  begin,
  clientOf,
  draftingOf,
  found,
  invoiceOf,
  issue,
  lookUp,
  proved,
  requestFor,
} from '../conformance/provider-steps.ts';
import { type FastFakturaOptions, type FastFakturaSimulator, startFastFaktura } from '../simulators/fastfaktura.ts';
import { InvoiceFields, parseBody, read } from '../simulators/fastfaktura-wire.ts';

type World = ReturnType<typeof connectOverHttp> & { simulator: FastFakturaSimulator };
type Options = Partial<FastFakturaOptions> & { settings?: object };

async function inWorld({ settings, ...options }: Options, run: (world: World) => Promise<void>): Promise<void> {
  const simulator = await startFastFaktura({ now: () => NOW, ...options });
  try {
    const account = { base_url: simulator.baseUrl, api_key: simulator.apiKey, tax_rounding: 'line', ...settings };
    await run({ ...connectOverHttp(fastfaktura, account), simulator });
  } finally {
    await simulator.close();
  }
}

/** The simulator's books, as if the merchant had made this invoice by hand. */
const made = ({ books }: FastFakturaSimulator, invoice: object) =>
  books.createInvoice(read(InvoiceFields, parseBody(Buffer.from(JSON.stringify(invoice)))));

const paths = ({ simulator }: World, from = 0): string[] =>
  simulator
    .requests()
    .slice(from)
    .map(({ method, url }) => `${method} ${url.replace('/api/v1', '').replace(/0{8}-[0-9a-f-]+/, ':id')}`);

const NOBODY = { name: '', kind: null, email: null, taxNumber: null, externalId: null, empty: [] };

describe('the settings of a FastFaktura account', () => {
  const settings = (change: object) => fastfaktura.settings.safeParse({ api_key: 'ffk_key', ...change });

  it('need the key alone', () => {
    expect(settings({})).toMatchObject({
      success: true,
      data: { baseUrl: 'https://app.fastfaktura.io/api/v1', linkChannel: 'link', taxRounding: null, language: 'fr' },
    });
    expect(fastfaktura.settings.safeParse({})).toMatchObject({ success: false });
  });

  it.each([
    ['plain http', { base_url: 'http://app.fastfaktura.io/api/v1' }],
    ['credentials in the address', { base_url: 'https://user:password@app.fastfaktura.io/api/v1' }],
    ['no key', { api_key: '' }],
    ['a key that could not stand in a header', { api_key: 'a\r\nb' }],
    ['a channel that would reach the buyer', { link_channel: 'sms' }],
    ['an unknown rule', { tax_rounding: 'up' }],
    ['a language that is not printed', { language: 'de' }],
    ['an unknown key', { token: 'x' }],
  ])('refuse %s', (_name, change) => {
    expect(settings(change)).toMatchObject({ success: false });
  });

  it('send the key in its own header', () => {
    const parsed = fastfaktura.settings.parse({ api_key: 'ffk_key' });
    expect(fastfaktura.endpoint(parsed)?.headers).toEqual({ 'x-api-key': 'ffk_key' });
  });
});

describe('the check of a FastFaktura account', () => {
  const told = async ({ account, io }: World): Promise<string> => proved(await account.check(io)).warnings.join('\n');
  /** Three lines of 0.01 at 20 % and three of 0.02 at 10 %: every rule comes to another total. */
  const telling = (clientId: string) => ({
    client_id: clientId,
    currency: 'EUR',
    lines: [20, 20, 20, 10, 10, 10].map((tax_rate) => ({
      ...{ description: 'Vis', quantity: 1, tax_rate },
      unit_price_cents: tax_rate === 20 ? 1 : 2,
    })),
  });

  it('names the account by its profile', () =>
    inWorld({}, async ({ account, io }) => {
      expect(proved(await account.check(io))).toMatchObject({ name: 'Atelier Test' });
    }));

  it('says that the rule for tax is to be told, where no invoice shows it', () =>
    inWorld({ settings: { tax_rounding: 'unknown' } }, async (world) => {
      expect(await told(world)).toMatch(/not known.*Set tax_rounding/);
    }));

  it.each(['line', 'rate', 'total'] as const)('reads from the invoices that tax is rounded by %s', (rounding) =>
    inWorld({ rounding, settings: { tax_rounding: 'unknown' } }, async (world) => {
      made(world.simulator, telling(world.simulator.books.createClient({ name: 'Ada' }).id));
      expect(await told(world)).toContain(`set tax_rounding: ${rounding}.`);
    }),
  );

  it('warns where the setting is not what the invoices show, and keeps quiet where it is', async () => {
    for (const rounding of ['line', 'rate'] as const) {
      await inWorld({ rounding }, async (world) => {
        made(world.simulator, telling(world.simulator.books.createClient({ name: 'Ada' }).id));
        if (rounding === 'line') expect(await told(world)).not.toContain('tax_rounding');
        else expect(await told(world)).toContain('tax_rounding: line is wrong');
      });
    }
  });

  it('warns where prices cannot be net', () =>
    inWorld({ prices: 'gross' }, async (world) => {
      const lines = [{ description: 'Vis', quantity: 1, unit_price_cents: 1000, tax_rate: 20 }];
      const client_id = world.simulator.books.createClient({ name: 'Ada' }).id;
      made(world.simulator, { client_id, currency: 'EUR', lines });
      expect(await told(world)).toContain('may include tax');
    }));
});

describe('the requests of an order', () => {
  it('are three for a new buyer, two for one who is remembered, and one for an e-mail', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const invoice = await issue(world, intent);
      expect(paths(world)).toEqual(['POST /clients', 'POST /invoices', 'POST /invoices/:id/send']);
      await issue(world, { ...intent, draft: invoiceDraft('2', [line()]) });
      expect(paths(world, 3)).toEqual(['POST /invoices', 'POST /invoices/:id/send']);
      const { email } = account;
      if (email === null) throw new Error('it sends e-mails');
      proved(await email.send(requestFor(email, { draft: sendDraft('1'), document: invoice }), io));
      expect(paths(world, 5)).toEqual(['POST /invoices/:id/send']);
      expect(simulator.sent()).toHaveLength(3);
    }));

  it('hold one more where a sending is answered without the invoice, and one more where the channel is called otherwise', () =>
    inWorld({ sendAnswer: 'ok', linkChannel: 'lien' }, async (world) => {
      await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
      const send = 'POST /invoices/:id/send';
      expect(paths(world).slice(2)).toEqual([send, send, 'GET /invoices/:id']);
    }));

  it('try the other name of the channel once, also where two invoices learn it at the same time', () =>
    inWorld({ linkChannel: 'lien' }, async (world) => {
      const intents = await Promise.all(
        ['1', '2'].map(async (id) => ({ ...(await invoiceOf(world, invoiceDraft(id, [line()]))) })),
      );
      const both = await Promise.all(intents.map((intent) => issue(world, intent)));
      expect(both.map(({ state }) => state)).toEqual(['final', 'final']);
      const before = world.simulator.requests().length;
      await issue(world, await invoiceOf(world, invoiceDraft('3', [line()])));
      expect(paths(world, before)).toEqual(['POST /clients', 'POST /invoices', 'POST /invoices/:id/send']);
    }));

  it('name the channel as the settings do', () =>
    inWorld({ linkChannel: 'lien', settings: { link_channel: 'lien' } }, async (world) => {
      await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
      expect(world.simulator.requests().at(-1)?.body).toBe('{"channels":["lien"]}');
      expect(paths(world)).toHaveLength(3);
    }));
});

describe('a draft at FastFaktura', () => {
  it('of another total than the order’s is told with it, and stays a draft', () =>
    inWorld({ prices: 'gross' }, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const draft = await begin(world, world.account.invoice, intent);
      const request = requestFor(world.account.invoice, intent);
      const { fill } = draftingOf(world.account.invoice);
      expect(proved(await fill(draft, request, true, world.io))).toMatchObject({ state: 'draft', total: 1000n });
      expect(world.simulator.sent()).toEqual([]);
    }));

  it('that no link finalises is left as it is and told so', () =>
    inWorld({ linkFinalises: false }, async (world) => {
      const issued = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
      expect(issued).toMatchObject({ state: 'draft' });
      expect(world.simulator.documents()).toMatchObject([{ status: 'draft' }]);
    }));

  it('that no link finalises, and whose sending is answered without it, is not told as final', () =>
    inWorld({ linkFinalises: false, sendAnswer: 'ok' }, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const draft = await begin(world, world.account.invoice, intent);
      const { finalize } = draftingOf(world.account.invoice);
      expect(await finalize(draft, requestFor(world.account.invoice, intent), world.io)).toMatchObject({
        kind: 'unknown',
      });
    }));

  it('that somebody finalised meanwhile is final, even where a second sending is refused', () =>
    inWorld({}, async (world) => {
      const { simulator, account, io } = world;
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const draft = await begin(world, account.invoice, intent);
      simulator.books.become(draft.providerId, 'sent');
      const sees = { status: 422, body: '{"error":"already sent"}' };
      for (const _ of ['link', 'lien'])
        simulator.failNext({ acts: 'never', sees }, ({ path }) => path.endsWith('/send'));
      const outcome = await draftingOf(account.invoice).finalize(draft, requestFor(account.invoice, intent), io);
      expect(proved(outcome)).toMatchObject({ state: 'final', marker: draft.marker });
    }));

  it('that was cancelled is told, and found, as something else than an invoice', () =>
    inWorld({}, async (world) => {
      const { simulator, account, io } = world;
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const draft = await begin(world, account.invoice, intent);
      simulator.books.become(draft.providerId, 'cancelled');
      const request = requestFor(account.invoice, intent);
      const outcome = await draftingOf(account.invoice).finalize(draft, request, io);
      expect(proved(outcome)).toMatchObject({ kind: 'other' });
      expect(found(await lookUp(account.invoice, intent, request, io))).toMatchObject([{ kind: 'other' }]);
    }));

  it('that is paid counts as paid in whole', () =>
    inWorld({}, async (world) => {
      const issued = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
      world.simulator.books.become(issued.providerId, 'paid');
      expect(found(await world.account.read(issued.providerId, world.io))).toMatchObject([
        { paid: 1200n, state: 'final' },
      ]);
    }));

  it('with a deduction is refused, where lines below zero are not taken', () =>
    inWorld({ negativeLines: false }, async (world) => {
      const lines = [line(), line({ kind: 'fee', gross: -600n })];
      const intent = await invoiceOf(world, invoiceDraft('1', lines));
      const outcome = await world.account.invoice.send(requestFor(world.account.invoice, intent), world.io);
      expect(outcome).toMatchObject({ kind: 'rejected', rejection: { kind: 'refused' } });
    }));

  it.each([404, 422] as const)('for a client that was archived asks for another client (%d)', (unknownClient) =>
    inWorld({ unknownClient }, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      world.simulator.books.archiveClient(intent.client.id);
      const outcome = await world.account.invoice.send(requestFor(world.account.invoice, intent), world.io);
      expect(outcome).toMatchObject({ kind: 'rejected', rejection: { kind: 'stale_client' } });
    }),
  );
});

describe('the answer to a creation', () => {
  const intent = {
    draft: invoiceDraft('1', [line()]),
    client: { ...NOBODY, id: '1f0c4a9e-0000-4000-8000-000000000001' },
  };
  const { account } = connectOverHttp(fastfaktura, { api_key: 'ffk_key', tax_rounding: 'line' });
  const answered = (value: object) =>
    account.invoice.send(
      requestFor(account.invoice, intent),
      ioWith(async () => ({ kind: 'answer', status: 201, headers: {}, body: Buffer.from(JSON.stringify(value)) })),
    );
  const invoice = {
    ...{
      id: '1f0c4a9e-0000-4000-8000-000000000002',
      number: '2026-0001',
      client_id: intent.client.id,
      currency: 'EUR',
    },
    ...{ total_cents: 1200, status: 'draft', public_url: 'https://app.fastfaktura.io/i/1' },
  };

  it('proves the draft by its id, the client and the currency that were sent', async () => {
    expect(await answered(invoice)).toMatchObject({ kind: 'done', value: { marker: tokenOf(intent.draft.key) } });
    expect(await answered({ ...invoice, public_url: 'javascript:alert(1)' })).toMatchObject({
      value: { publicUrl: null },
    });
  });

  it.each([
    ['another client', { client_id: invoice.id }],
    ['another currency', { currency: 'SEK' }],
    ['other notes', { notes: 'Merci' }],
    ['no notes', { notes: null }],
    ['an id that is none', { id: '17' }],
    ['a status that is not documented', { status: 'locked' }],
    ['a total in fractions of a cent', { total_cents: 1200.5 }],
  ])('with %s proves nothing', async (_name, change) => {
    expect(await answered({ ...invoice, ...change })).toMatchObject({ kind: 'unknown' });
  });
});

describe('looking for an invoice', () => {
  it('has failed where the account shows no notes: one of the client’s may be ours', () =>
    inWorld({ notesInDetail: false }, async (world) => {
      const { account, io } = world;
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      expect(found(await lookUp(account.invoice, intent, '', io))).toEqual([]);
      await begin(world, account.invoice, intent);
      expect(await lookUp(account.invoice, intent, '', io)).toMatchObject({ kind: 'failed' });
    }));

  it('takes an invoice that shows no notes for one without them, where another shows its own', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const { providerId } = await begin(world, account.invoice, intent);
      const other = await begin(world, account.invoice, { ...intent, draft: invoiceDraft('2', [line()]) });
      const shown = {
        id: other.providerId,
        client_id: intent.client.id,
        currency: 'EUR',
        total_cents: 1,
        status: 'sent',
      };
      const sees = { status: 200, body: JSON.stringify(shown) };
      simulator.failNext({ acts: 'never', sees }, ({ path }) => path.endsWith(other.providerId));
      expect(found(await lookUp(account.invoice, intent, '', io))).toMatchObject([{ providerId }]);
    }));

  it('reads only the invoices of its client and its currency, and none where the list shows the notes', async () => {
    for (const notesInList of [false, true]) {
      await inWorld({ notesInList, pageSize: 2 }, async (world) => {
        const { account, io, simulator } = world;
        const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
        for (const n of [2, 3])
          await begin(world, account.invoice, await invoiceOf(world, invoiceDraft(`${n}`, [line()])));
        const abroad = { ...intent, draft: invoiceDraft('4', [line()], { currency: 'SEK' }) };
        await begin(world, account.invoice, abroad);
        const { providerId } = await begin(world, account.invoice, intent);
        const before = simulator.requests().length;
        expect(found(await lookUp(account.invoice, intent, '', io))).toMatchObject([{ providerId }]);
        const reads = paths(world, before).filter((path) => path === 'GET /invoices/:id');
        expect(reads).toHaveLength(notesInList ? 0 : 1);
      });
    }
  });

  it('finds a draft of ours that came to another total', () =>
    inWorld({ prices: 'gross' }, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      await begin(world, world.account.invoice, intent);
      expect(found(await lookUp(world.account.invoice, intent, '', world.io))).toMatchObject([{ total: 1000n }]);
    }));
});

describe('a list whose pages are not told', () => {
  const row = (n: number) => ({
    ...{ id: `1f0c4a9e-0000-4000-8000-${String(n).padStart(12, '0')}`, name: `Ada ${n}` },
    email: `ada${n}@buyer.example`,
  });
  const { account } = connectOverHttp(fastfaktura, { api_key: 'ffk_key' });
  const pages = [[row(1), row(2)], [row(3), row(4)], [row(5)]];

  /** Answers a page number as `pageOf` says; counts the requests. */
  function listing(pageOf: (page: number) => readonly object[]): { io: ProviderIo; asked: ProviderRequest[] } {
    const asked: ProviderRequest[] = [];
    const io = ioWith(async (request) => {
      asked.push(request);
      const rows = pageOf(+(request.query?.page ?? '1'));
      return { kind: 'answer', status: 200, headers: {}, body: Buffer.from(JSON.stringify(rows)) };
    });
    return { io, asked };
  }

  const readings: [name: string, pageOf: (page: number) => readonly object[], rows: number][] = [
    ['ends with an empty page', (page) => pages[page - 1] ?? [], 5],
    ['repeats its last page', (page) => pages[Math.min(page, 3) - 1] ?? [], 5],
    ['knows no pages at all', () => pages.flat(), 5],
  ];

  it.each(readings)('and that %s is searched to its end', async (_name, pageOf) => {
    const { io } = listing(pageOf);
    const key = { kind: 'email' as const, value: 'ada5@buyer.example', forms: ['ada5@buyer.example'] };
    expect(found(await account.findClients(key, 'FR', io))).toMatchObject([{ id: row(5).id }]);
  });

  it.each(readings)('and that %s is the directory to its end', async (_name, pageOf, rows) => {
    const { io } = listing(pageOf);
    const ids = new Set<string>();
    for (let number = 1, more = true; more; number++) {
      expect(number).toBeLessThan(6);
      const page: Lookup<ClientPage> = (await account.directory?.page('clients', number, io)) ?? {
        kind: 'found',
        items: [],
      };
      const [{ rows: listed, more: another } = { rows: [], more: false }] = found(page);
      for (const { client } of listed) ids.add(client.id);
      more = another;
    }
    expect(ids.size).toBe(rows);
  });

  it('and has no end is a failed search', async () => {
    const { io, asked } = listing((page) => [row(page)]);
    const key = { kind: 'email' as const, value: 'nobody@buyer.example', forms: ['nobody@buyer.example'] };
    const lookup = await account.findClients(key, 'FR', io);
    expect(lookup).toMatchObject({ kind: 'failed', problem: { code: 'too_many_rows' } });
    expect(asked).toHaveLength(1000);
  });
});

describe('a client of FastFaktura', () => {
  it('keeps what a PUT does not change, whichever way PUT is meant', async () => {
    for (const put of ['merge', 'replace'] as const) {
      await inWorld({ put }, async ({ account, io, simulator }) => {
        const kept = { address: '1 rue du Port', tags: ['vip'], locale: 'sv', phone: '+33611111111' };
        const { id } = simulator.books.createClient({ name: 'Ada M.', email: 'ada@buyer.example', ...kept });
        const [client] = found(
          await account.findClients(
            { kind: 'email', value: 'ada@buyer.example', forms: ['ada@buyer.example'] },
            'FR',
            io,
          ),
        );
        if (client === undefined) throw new Error('it was just made');
        const draft = { buyer: person, externalId: 'shop-17', marker: '' };
        expect(proved(await account.updateClient(client, draft, false, io))).toMatchObject({
          id,
          externalId: 'shop-17',
        });
        expect(simulator.clients()).toMatchObject([{ ...kept, name: 'Ada M.', country: 'FR', external_id: 'shop-17' }]);
      });
    }
  });

  it('that lacks nothing is not called about', () =>
    inWorld({}, async (world) => {
      const draft = { buyer: person, externalId: 'shop-17', marker: '' };
      const client = await clientOf(world, draft);
      proved(await world.account.updateClient(client, draft, false, world.io));
      expect(paths(world)).toEqual(['POST /clients']);
    }));

  it('without any key is found by its tag, among others of its name', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const [first, second] = ['mark 1', 'mark 2'].map((marker) => ({ buyer: unknownGuest, externalId: null, marker }));
      if (first === undefined || second === undefined) throw new Error('two were just made');
      const { id } = await clientOf(world, first);
      await clientOf(world, second);
      expect(simulator.clients()[0]?.tags).toEqual([clientTag('mark 1')]);
      expect(found(await lookUp(account.client, first, '', io))).toMatchObject([{ id }]);
    }));

  it('with an external id alone is found by its name and that id', () =>
    inWorld({}, async (world) => {
      const draft = { buyer: { ...company, email: null }, externalId: 'shop-18', marker: '' };
      world.simulator.books.createClient({ name: company.name, external_id: 'shop-180' });
      const { id } = await clientOf(world, draft);
      expect(found(await lookUp(world.account.client, draft, '', world.io))).toMatchObject([{ id }]);
    }));

  it('is led to by its name while the directory is young', () =>
    inWorld({}, async ({ account, io, simulator }) => {
      const { id } = simulator.books.createClient({ name: 'Ada Morel' });
      simulator.books.archiveClient(simulator.books.createClient({ name: 'Ada Morel' }).id);
      expect(found((await account.directory?.byName?.('Ada Morel', io)) ?? { kind: 'found', items: [] })).toMatchObject(
        [{ id }],
      );
    }));
});

describe('the timeline of an invoice', () => {
  const { account } = connectOverHttp(fastfaktura, { api_key: 'ffk_key' });
  const document: Issued = {
    ...{ providerId: '1f0c4a9e-0000-4000-8000-000000000002', number: '1', total: 1200n, currency: 'EUR', paid: 0n },
    ...{ clientId: null, marker: null, kind: 'invoice', state: 'final', publicUrl: null },
  };
  const sendings = async (value: unknown) => {
    const io = ioWith(async () => ({
      kind: 'answer',
      status: 200,
      headers: {},
      body: Buffer.from(JSON.stringify(value)),
    }));
    const lookup = await account.email?.find?.({ draft: sendDraft('1'), document }, '', io);
    return lookup?.kind === 'found' ? lookup.items.length : lookup?.kind;
  };

  it.each([
    ['a channel of its own', [{ type: 'sent', channel: 'email' }], 1],
    ['a type that names it', { events: [{ event: 'email_sent', created_at: '2026-11-21T10:00:00Z' }] }, 1],
    ['a sentence', { data: [{ label: 'Envoyée par e-mail à ada@buyer.example' }] }, 1],
    ['the link alone', [{ type: 'sent', channel: 'link' }], 0],
    ['an address that holds the word', [{ type: 'opened', by: 'ada@email.example' }], 0],
    ['a sending that failed', [{ type: 'email_failed' }], 0],
    ['no events in any readable form', { timeline: [] }, 'failed'],
  ])('with %s tells of an e-mail, or of none', async (_name, events, expected) => {
    expect(await sendings(events)).toBe(expected);
  });
});
