// What is Facturation.pro's own: its settings, its traps, and what its answers prove beyond the suite of every provider.
import { describe, expect, it } from 'vitest';
import { facturationPro } from '../../connectors/facturation-pro/index.ts';
import { CONTEXT, connectOverHttp, ioWith, NOW } from '../conformance/provider-kit.ts';
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
import { emailOf } from '../conformance/provider-sending-suite.ts';
import {
  begin,
  clientOf,
  creditNoteOf,
  fillIn,
  found,
  invoiceOf,
  issue,
  issuePaid,
  proved,
  requestFor,
} from '../conformance/provider-steps.ts';
import {
  type FacturationProOptions,
  type FacturationProSimulator,
  startFacturationPro,
} from '../simulators/facturation-pro.ts';

type World = ReturnType<typeof connectOverHttp> & { simulator: FacturationProSimulator };
type Options = Partial<FacturationProOptions> & { settings?: object };

async function inWorld({ settings, ...options }: Options, run: (world: World) => Promise<void>): Promise<void> {
  const simulator = await startFacturationPro({ now: () => NOW, ...options });
  try {
    await run({
      ...connectOverHttp(facturationPro, { ...SETTINGS, ...settingsOf(simulator), ...settings }),
      simulator,
    });
  } finally {
    await simulator.close();
  }
}

const SETTINGS = { firm_id: 42, api_id: '4711', api_key: 'key', user_agent: 'Acme (admin@acme.example)' };

const settingsOf = ({ url, firmId, apiId, apiKey }: FacturationProSimulator) => ({
  base_url: url,
  firm_id: firmId,
  api_id: apiId,
  api_key: apiKey,
});

/** What was asked for since, as "GET /customers.json". */
const askedSince = ({ simulator }: World, before: number): string[] =>
  simulator
    .requests()
    .slice(before)
    .map(({ method, url }) => `${method} ${url.replace(/^\/firms\/\d+/, '')}`);

describe('the settings of a firm at Facturation.pro', () => {
  const settings = (change: object) => facturationPro.settings.safeParse({ ...SETTINGS, ...change });

  it('need the firm, the credential and a contact', () => {
    expect(settings({})).toMatchObject({
      success: true,
      data: { baseUrl: 'https://www.facturation.pro', firmId: '42' },
    });
    for (const missing of Object.keys(SETTINGS)) {
      expect(settings({ [missing]: undefined })).toMatchObject({
        success: false,
        error: { issues: [{ path: [missing] }] },
      });
    }
  });

  it.each([
    ['a user agent without a contact', { user_agent: 'Acme' }],
    ['a user agent with accents', { user_agent: 'Société (admin@acme.example)' }],
    ['a user agent of two lines', { user_agent: 'Acme (admin@acme.example)\r\nx: y' }],
    ['an API id with a colon', { api_id: '47:11' }],
    ['an API key with a space', { api_key: 'a b' }],
    ['a firm that is no number', { firm_id: 'main' }],
    ['an address without encryption', { base_url: 'http://www.facturation.pro' }],
    ['an address with a path', { base_url: 'https://www.facturation.pro/firms/42' }],
    ['the mode “not paid”', { payment_modes: { stripe: 0 } }],
    ['a mode that is no code', { payment_modes: { stripe: 'card' } }],
    ['a nature that is not listed', { nature: 4 }],
    ['a language that is not printed', { language: 'de' }],
    ['an unknown key', { token: 'x' }],
  ])('refuse %s', (_what, change) => {
    expect(settings(change)).toMatchObject({ success: false });
  });

  it('read numbers and texts alike, and gateways in any case', () => {
    const given = { payment_modes: { Stripe: 2 }, pay_before: 30, nature: '1', category_id: '5' };
    expect(settings(given)).toMatchObject({
      data: { paymentModes: { stripe: '2' }, payBefore: '30', nature: '1', categoryId: '5' },
    });
  });

  it('give two firms of one key, and two keys of one firm, accounts of their own', () => {
    const accountOf = (change: object) =>
      facturationPro.connect(facturationPro.settings.parse({ ...SETTINGS, ...change })).accountId;
    expect(accountOf({})).toMatch(/^facturation-pro:www\.facturation\.pro:[0-9a-f]{12}:42$/);
    expect(new Set([accountOf({}), accountOf({ firm_id: 43 }), accountOf({ api_key: 'other' })]).size).toBe(3);
  });
});

describe('a Facturation.pro account', () => {
  it('is named after its firm', () =>
    inWorld({}, async ({ account, io, simulator }) => {
      expect(proved(await account.check(io)).name).toBe(`Atelier Test (firm ${simulator.firmId})`);
    }));

  it('is refused with a firm that its key does not work for, naming those that it does', () =>
    inWorld({ settings: { firm_id: 9 } }, async ({ account, io, simulator }) => {
      expect(await account.check(io)).toMatchObject({
        kind: 'rejected',
        problem: { code: 'unknown_firm', detail: expect.stringContaining(`${simulator.firmId} (Atelier Test)`) },
      });
    }));

  it('tells how many requests are left', () =>
    inWorld({}, async ({ account, io }) => {
      const answer = await io.http({ method: 'GET', path: '/account.json' });
      const headers = answer.kind === 'answer' ? answer.headers : {};
      expect(account.budget?.(headers)).toEqual({ limit: 600, remaining: 599 });
      expect(account.budget?.({ 'x-ratelimit-remaining': 'many' })).toBeNull();
    }));

  it('whose subscription does not allow it says so', async () => {
    const body = Buffer.from('{"errors":{"base":["abonnement Entreprise requis"]}}');
    const io = ioWith(async () => ({ kind: 'answer', status: 403, headers: {}, body }));
    const account = facturationPro.connect(facturationPro.settings.parse(SETTINGS));
    expect(await account.check(io)).toMatchObject({
      rejection: { kind: 'account' },
      problem: { code: 'plan_lacks_api' },
    });
  });
});

describe('an invoice at Facturation.pro', () => {
  it('of a known buyer takes three requests, and its payment two', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const draft = invoiceDraft('1', [line()]);
      const client = await clientOf(world, { buyer: person, externalId: 'shop-17', marker: '' });
      const before = simulator.requests().length;
      const key = { kind: 'external_id' as const, value: 'shop-17', forms: ['shop-17'] };
      expect(found(await account.findClients(key, 'FR', io))).toEqual([client]);
      const { providerId } = await issue(world, { draft, client });
      const [invoice] = found(await account.read(providerId, io));
      if (invoice === undefined || account.payment === null) throw new Error('the invoice was just issued');
      const paying = { draft: paymentDraft('1', received(1200n)), invoice, paidBefore: 0n };
      expect(proved(await account.payment.send(requestFor(account.payment, paying), io))).toMatchObject({
        paid: 1200n,
      });
      expect(askedSince(world, before)).toEqual([
        'GET /customers.json?api_custom=shop-17&page=1',
        'POST /invoices.json?type_doc=draft',
        `PATCH /invoices/${providerId}.json?type_doc=final`,
        `GET /invoices/${providerId}.json`,
        `PATCH /invoices/${providerId}.json`,
      ]);
    }));

  it('is written for another reading where the draft’s total is not the order’s', () =>
    inWorld({ netTotals: 'cents' }, async (world) => {
      const intent = await invoiceOf(world, invoiceDraft('1', [line({ gross: 999n })]));
      expect(await begin(world, world.account.invoice, intent)).toMatchObject({ total: 1000n });
      expect(await issue(world, { ...intent, draft: invoiceDraft('2', [line({ gross: 999n })]) })).toMatchObject({
        total: 999n,
      });
      expect(world.simulator.documents()[1]?.items).toMatchObject([{ unit_price: '8.33' }, { title: 'Arrondi' }]);
    }));

  it('whose total somebody has changed is left as a draft of another total', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      const draft = await begin(world, account.invoice, intent);
      simulator.books.invoices.update(Number(draft.providerId), { rebate_percentage: '10' }, null);
      const [changed] = found(await account.read(draft.providerId, io));
      if (changed === undefined) throw new Error('the draft was just read');
      const filled = await account.invoice.drafting?.fill(changed, requestFor(account.invoice, intent), false, io);
      expect(filled).toMatchObject({ kind: 'done', value: { state: 'draft', total: 1080n } });
    }));

  it('of a line with a negative price is told as refused where the firm takes none', () =>
    inWorld({ negativeLines: 'refuse' }, async (world) => {
      const lines = [line({ gross: 2000n }), line({ kind: 'fee', gross: -333n, name: 'Geste commercial' })];
      const intent = await invoiceOf(world, invoiceDraft('1', lines));
      const { invoice } = world.account;
      expect(await invoice.send(requestFor(invoice, intent), world.io)).toMatchObject({
        rejection: { kind: 'refused' },
        problem: { detail: expect.stringContaining('items.unit_price') },
      });
    }));

  it('for a customer who was archived meanwhile makes the core match again', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const intent = await invoiceOf(world, invoiceDraft('1', [line()]));
      simulator.books.customers.archive(Number(intent.client.id));
      const outcome = await account.invoice.send(requestFor(account.invoice, intent), io);
      expect(outcome).toMatchObject({ kind: 'rejected', rejection: { kind: 'stale_client' } });
    }));

  it('that is brought in line drops the lines that are too many and keeps no old text', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const first = await invoiceOf(world, invoiceDraft('1', [line(), line({ gross: 600n })]));
      const style = { ...CONTEXT.style, title: 'Votre achat', notes: 'Merci' };
      const draft = await fillIn(world, account.invoice, first, { ...CONTEXT, style });
      const mended = { ...first, draft: invoiceDraft('1', [line()], { buyer: company }) };
      const filled = await account.invoice.drafting?.fill(draft, requestFor(account.invoice, mended), true, io);
      expect(filled).toMatchObject({ kind: 'done', value: { total: 1200n } });
      expect(simulator.documents()).toMatchObject([
        { title: 'Commande #1', information: null, purchase_number: null, items: [{ unit_price: '10.0' }] },
      ]);
    }));
});

describe('a payment at Facturation.pro', () => {
  it('that somebody recorded by hand meanwhile is found, and not counted again', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const invoice = await issue(world, await invoiceOf(world, invoiceDraft('1', [line({ gross: 5000n })])));
      simulator.books.invoices.settle(Number(invoice.providerId), {
        total: '20',
        payment_mode: '5',
        paid_on: '2026-11-21',
      });
      const intent = { draft: paymentDraft('1', received(2000n)), invoice, paidBefore: 0n };
      expect(await account.payment?.find?.(intent, '', io)).toEqual({
        kind: 'found',
        items: [{ providerId: null, paid: 2000n }],
      });
    }));

  it('is in the mode that the user chose for its gateway', () =>
    inWorld({ settings: { payment_modes: { STRIPE: 99 } } }, async (world) => {
      await issuePaid(world, invoiceDraft('1', [line()]));
      expect(world.simulator.payments()).toMatchObject([{ payment_mode: 99 }]);
    }));
});

describe('a credit note at Facturation.pro', () => {
  it('for an invoice that has one already is told as refused', () =>
    inWorld({}, async (world) => {
      const original = invoiceDraft('1', [line()]);
      const invoice = await issuePaid(world, original);
      const creditNote = creditNoteOf(world);
      const intentOf = (refund: string) => ({
        draft: creditNoteDraft('1', refund, original.lines, { whole: true }),
        invoice,
        original,
      });
      expect(await begin(world, creditNote, intentOf('r1'))).toMatchObject({ kind: 'credit_note', total: 1200n });
      const second = await creditNote.send(requestFor(creditNote, intentOf('r2')), world.io);
      expect(second).toMatchObject({ kind: 'rejected', rejection: { kind: 'refused' } });
    }));
});

describe('an e-mail from Facturation.pro', () => {
  it('of a firm without an SMTP server of its own is told as such', () =>
    inWorld({ smtp: false }, async (world) => {
      const email = emailOf(world);
      const document = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
      const outcome = await email.send(requestFor(email, { draft: sendDraft('1'), document }), world.io);
      expect(outcome).toMatchObject({
        rejection: { kind: 'refused' },
        problem: { detail: expect.stringContaining('SMTP server at Facturation.pro') },
      });
    }));
});

describe('the directory of a Facturation.pro firm', () => {
  it('reads no client that was archived, though its record looks the same', () =>
    inWorld({}, async (world) => {
      const { account, io, simulator } = world;
      const { id } = await clientOf(world, { buyer: company, externalId: 'shop-18', marker: '' });
      expect(found((await account.directory?.read(id, io)) ?? NOTHING)).toMatchObject([{ id }]);
      simulator.books.customers.archive(Number(id));
      expect(found((await account.directory?.read(id, io)) ?? NOTHING)).toEqual([]);
    }));

  it('finds companies by a part of their name', () =>
    inWorld({}, async (world) => {
      const { id } = await clientOf(world, { buyer: company, externalId: 'shop-18', marker: '' });
      expect(found((await world.account.directory?.byName?.('Lacaze', world.io)) ?? NOTHING)).toMatchObject([{ id }]);
    }));
});

describe('a search at Facturation.pro', () => {
  it('that never ends has failed', async () => {
    const page = Buffer.from('[{"id":1,"company_name":"x"}]');
    const endless = ioWith(async () => ({ kind: 'answer', status: 200, headers: {}, body: page }));
    const account = facturationPro.connect(facturationPro.settings.parse(SETTINGS));
    const key = { kind: 'email' as const, value: 'ada@buyer.example', forms: ['ada@buyer.example'] };
    expect(await account.findClients(key, 'FR', endless)).toMatchObject({
      kind: 'failed',
      problem: { code: 'too_many_rows' },
    });
  });
});

const NOTHING = { kind: 'found' as const, items: [] };
