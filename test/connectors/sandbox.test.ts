// What the sandbox promises beyond the provider suite: gapless numbers whoever writes, and a page that any order fits on.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sandbox } from '../../connectors/sandbox/index.ts';
import { closeLedgers } from '../../connectors/sandbox/ledger.ts';
import type { ProviderIo } from '../../src/connector.ts';
import type { Client } from '../../src/domain/client.ts';
import type { InvoiceDraft, Issued } from '../../src/domain/document.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { CONTEXT, ioWith } from '../conformance/provider-kit.ts';
import {
  amountOnly,
  creditNoteDraft,
  invoiceDraft,
  line,
  paymentDraft,
  person,
  received,
  sendDraft,
} from '../conformance/provider-samples.ts';
import { clientOf, found, invoiceOf, issue, lookUp, proved, requestFor } from '../conformance/provider-steps.ts';

let dataDir: string;
let io: ProviderIo;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'));
  io = ioWith(async () => {
    throw new Error('the sandbox has no network');
  }, dataDir);
});
afterEach(() => {
  closeLedgers();
  rmSync(dataDir, { recursive: true, force: true });
});

const accountNamed = (name: string, settings: unknown = {}) => sandbox.connect(sandbox.settings.parse(settings), name);

const aClient = () =>
  clientOf({ account: accountNamed('books'), io }, { buyer: person, externalId: null, marker: 'a client' });

const clientWithId = (id: string): Client => ({
  ...{ id, name: '', kind: null, email: null, taxNumber: null, externalId: null, empty: [] },
});

/** Sends an invoice for an order, dated as told, to the client of this id. */
async function send(orderId: string, today: string, clientId: string, change: Partial<InvoiceDraft> = {}) {
  const account = accountNamed('books');
  const intent = { draft: invoiceDraft(orderId, [line()], change), client: clientWithId(clientId) };
  const composed = account.invoice.compose(intent, { ...CONTEXT, today });
  if (!composed.ok) throw new Error(composed.error.detail);
  return account.invoice.send(composed.value, io);
}

const rejectionOf = <T>(outcome: Outcome<T>): string =>
  outcome.kind === 'rejected' ? outcome.rejection.kind : outcome.kind;

/** Credits this much of an invoice, at one rate. */
async function credit(invoice: Issued, refund: string, amount: bigint) {
  const { creditNote } = accountNamed('books');
  if (creditNote === null) throw new Error('the sandbox makes credit notes');
  const draft = creditNoteDraft('1', refund, [amountOnly(amount, '20')], { currency: invoice.currency });
  return creditNote.send(requestFor(creditNote, { draft, invoice, original: invoiceDraft('1', [line()]) }), io);
}

function outbox() {
  const { email } = accountNamed('books');
  if (email === null) throw new Error('the sandbox has an outbox');
  return email;
}

const email = (orderId: string, document: Issued) =>
  outbox().send(requestFor(outbox(), { draft: sendDraft(orderId), document }), io);

const books = (name = 'books') => new Database(join(dataDir, `sandbox-${name}.db`));

describe('sandbox numbers', () => {
  it('run without a gap within each year, whatever is refused in between', async () => {
    const { id } = await aClient();
    const outcomes: Outcome<Issued>[] = [
      await send('1', '2026-12-31', id),
      await send('2', '2027-01-01', id),
      await send('1', '2026-12-31', id),
      await send('3', '2026-12-31', '404'),
      await send('4', '2026-12-31', id),
      await send('5', '2027-01-02', id),
    ];
    expect(outcomes.map((one) => (one.kind === 'done' ? one.value.number : rejectionOf(one)))).toEqual([
      'SB-2026-0001',
      'SB-2027-0001',
      'exists',
      'stale_client',
      'SB-2026-0002',
      'SB-2027-0002',
    ]);
  });

  it('stay whole and unique when two processes issue at once, some of the same orders among them', async () => {
    const children = ['0 60', '30 90'].map((range) => startProcess(range.split(' ')));
    await Promise.all(children.map(({ ready }) => ready));
    // The client comes last, so that the first process to issue meets books that are already shared.
    await aClient();
    for (const { child } of children) child.stdin?.write('go\n');
    const outcomes = (await Promise.all(children.map(({ outcomes }) => outcomes))).flat();

    expect(new Set(outcomes)).toEqual(new Set(['done', 'exists']));
    const rows = InvoiceRowsSchema.parse(books().prepare('SELECT key, sequence FROM invoices ORDER BY sequence').all());
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
    expect(new Set(rows.map(({ key }) => key)).size).toBe(90);
  });
});

/** The tables as the first version of the sandbox made them. */
const TABLES_OF_THE_FIRST_VERSION = `
  CREATE TABLE IF NOT EXISTS clients (
    id          INTEGER PRIMARY KEY,
    marker      TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('person', 'company')),
    email       TEXT NOT NULL,
    tax_number  TEXT NOT NULL,
    external_id TEXT NOT NULL,
    phone       TEXT NOT NULL,
    street      TEXT NOT NULL,
    post_code   TEXT NOT NULL,
    city        TEXT NOT NULL,
    country     TEXT NOT NULL
  ) STRICT;

  -- Every spelling under which a client can be searched.
  CREATE TABLE IF NOT EXISTS client_keys (
    kind      TEXT NOT NULL,
    value     TEXT NOT NULL,
    client_id INTEGER NOT NULL REFERENCES clients,
    PRIMARY KEY (kind, value, client_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS client_keys_by_client ON client_keys (client_id);

  CREATE TABLE IF NOT EXISTS invoices (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    client_id INTEGER NOT NULL REFERENCES clients,
    year      TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    document  TEXT NOT NULL,
    UNIQUE (year, sequence)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS payments (
    id         INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices,
    payment_id TEXT NOT NULL,
    amount     INTEGER NOT NULL,
    date       TEXT NOT NULL,
    mode       TEXT NOT NULL,
    label      TEXT NOT NULL,
    UNIQUE (invoice_id, payment_id)
  ) STRICT;
`;

const InvoiceRowsSchema = z.array(z.object({ key: z.string(), sequence: z.number() }));

function startProcess(range: string[]): { child: ChildProcess; ready: Promise<unknown>; outcomes: Promise<string[]> } {
  const script = join(import.meta.dirname, '../support/sandbox-process.ts');
  const child = spawn(process.execPath, [script, dataDir, ...range], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const ready = once(lines, 'line');
  const outcomes = ready.then(async () => z.array(z.string()).parse(JSON.parse(String(await once(lines, 'line')))));
  return { child, ready, outcomes };
}

describe('sandbox books', () => {
  it('refuse a second invoice of one key, whatever else it says, and show the first', async () => {
    const { id } = await aClient();
    const first = proved(await send('7', '2026-11-21', id));
    const second = await send('7', '2026-11-22', id, { lines: [line({ gross: 9900n })], orderNumber: 'another' });
    expect(rejectionOf(second)).toBe('exists');
    const account = accountNamed('books');
    const intent = { draft: invoiceDraft('7', [line()]), client: clientWithId(id) };
    expect(await lookUp(account.invoice, intent, '', io)).toEqual({ kind: 'found', items: [first] });
  });

  it('hold a payment once, whether it came with the invoice or later', async () => {
    const world = { account: accountNamed('books'), io };
    const draft = invoiceDraft('8', [line({ gross: 5000n })], { received: [received(2000n, { id: 'pi_1' })] });
    const invoice = await issue(world, await invoiceOf(world, draft));
    expect(invoice.paid).toBe(2000n);
    const pay = async (id: string, change: { currency?: string; invoiceId?: string } = {}) => {
      const { payment } = world.account;
      const paid = { ...paymentDraft('8', received(2000n, { id })), currency: change.currency ?? 'EUR' };
      const intent = {
        draft: paid,
        invoice: { ...invoice, providerId: change.invoiceId ?? invoice.providerId },
        paidBefore: 0n,
      };
      const composed = payment?.compose(intent, CONTEXT);
      return composed?.ok ? payment?.send(composed.value, io) : undefined;
    };
    expect(await pay('pi_1')).toMatchObject({ kind: 'rejected', rejection: { kind: 'exists' } });
    expect(await pay('pi_2')).toMatchObject({ kind: 'done', value: { paid: 4000n } });
    expect(await pay('pi_3', { currency: 'USD' })).toMatchObject({ rejection: { kind: 'refused' } });
    expect(await pay('pi_3', { invoiceId: '404' })).toMatchObject({ rejection: { kind: 'refused' } });
    expect(await world.account.read(invoice.providerId, io)).toMatchObject({ items: [{ paid: 4000n }] });
  });

  it('refuse two payments of one id in one invoice before anything is sent', async () => {
    const draft = invoiceDraft('9', [line()], { received: [received(600n), received(600n)] });
    const composed = accountNamed('books').invoice.compose({ draft, client: await aClient() }, CONTEXT);
    expect(composed).toMatchObject({ ok: false, error: { code: 'payment_twice' } });
  });

  it.each(
    ['invoices', 'payments', 'credit_notes', 'emails'].flatMap((table) => [
      `UPDATE ${table} SET id = id`,
      `DELETE FROM ${table}`,
    ]),
  )('keep what was issued even from "%s"', async (statement) => {
    const invoice = proved(await send('10', '2026-11-21', (await aClient()).id, { received: [received(1200n)] }));
    proved(await credit(invoice, 'r1', 1200n));
    proved(await email('10', invoice));
    expect(() => books().exec(statement)).toThrow('are never changed or deleted');
  });

  it('credit an invoice with no more than it comes to, each refund once', async () => {
    const invoice = proved(await send('14', '2026-11-21', (await aClient()).id));
    expect(proved(await credit(invoice, 'r1', 700n))).toMatchObject({ number: 'SBA-2026-0001', total: 700n });
    expect(rejectionOf(await credit(invoice, 'r1', 700n))).toBe('exists');
    expect(rejectionOf(await credit(invoice, 'r2', 501n))).toBe('refused');
    expect(proved(await credit(invoice, 'r2', 500n))).toMatchObject({ number: 'SBA-2026-0002', total: 500n });
    expect(rejectionOf(await credit({ ...invoice, providerId: '404' }, 'r3', 1n))).toBe('refused');
    expect(rejectionOf(await credit({ ...invoice, currency: 'USD' }, 'r3', 1n))).toBe('refused');
  });

  it('send a document once, and not to an order that names no address', async () => {
    const document = proved(await send('15', '2026-11-21', (await aClient()).id));
    expect(proved(await email('15', document))).toEqual({ at: '2026-11-21T10:00:00.000Z' });
    expect(rejectionOf(await email('15', document))).toBe('exists');
    const nowhere = { draft: { ...sendDraft('15'), to: '' }, document };
    expect(outbox().compose(nowhere, CONTEXT)).toMatchObject({ ok: false, error: { code: 'no_email' } });
  });

  it('of before there were credit notes and e-mails are read, printed and credited like any other', async () => {
    const db = books();
    db.exec(TABLES_OF_THE_FIRST_VERSION);
    const fields = `'m', 'Ada Morel', 'person', '', '', '', '', '', '', '', ''`;
    db.exec(`INSERT INTO clients VALUES (1, ${fields})`);
    const { clientId, ...draft } = { clientId: '1', ...invoiceDraft('16', [line()]) };
    const document = JSON.stringify(
      {
        ...{ key: draft.key, clientId, orderNumber: '#16', issueDate: '2026-10-01', saleDate: '2026-10-01' },
        ...{ language: 'fr', currency: 'EUR', seller: { name: 'S', address: [], vatNumber: null } },
        ...{ buyer: draft.buyer, lines: draft.lines, payments: [] },
      },
      (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    );
    db.prepare(`INSERT INTO invoices VALUES (1, ?, 1, '2026', 1, ?)`).run(draft.key, document);
    db.prepare(`INSERT INTO payments VALUES (1, 1, 'pi_1', 1200, '2026-10-01', 'card', 'Stripe')`).run();
    db.close();

    const account = accountNamed('books');
    const [invoice] = found(await account.read('1', io));
    if (invoice === undefined) throw new Error('the invoice is no longer there');
    expect(invoice).toMatchObject({ number: 'SB-2026-0001', total: 1200n, paid: 1200n });
    expect(await account.pdf('1', io)).toMatchObject({ ok: true });
    expect(proved(await credit(invoice, 'r1', 1200n))).toMatchObject({ number: 'SBA-2026-0001' });
    expect(proved(await send('17', '2026-11-21', '1'))).toMatchObject({ number: 'SB-2026-0002' });
  });

  it('of different accounts are different files, none outside the data folder', async () => {
    const names = ['books', 'Books', 'a/b', '../books', 'a_b', 'a.b'];
    for (const name of names) {
      const made = await clientOf(
        { account: accountNamed(name), io },
        { buyer: person, externalId: null, marker: 'x' },
      );
      expect(made.id).toBe('1');
    }
    const files = readdirSync(dataDir).filter((file) => file.endsWith('.db'));
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
  });

  it('that cannot be opened prove that nothing was sent, and are not taken for empty ones', async () => {
    const blocked = join(dataDir, 'a-file');
    writeFileSync(blocked, 'not a folder');
    io = { ...io, dataDir: blocked };
    const problem = { code: 'sandbox_storage' };
    expect(await send('11', '2026-11-21', '1')).toMatchObject({ kind: 'not_sent', problem });
    expect(await accountNamed('books').read('1', io)).toMatchObject({ kind: 'failed', problem });
  });

  it('that are no database prove the same', async () => {
    writeFileSync(join(dataDir, 'sandbox-books.db'), 'x'.repeat(4096));
    expect(await send('12', '2026-11-21', '1')).toMatchObject({ kind: 'not_sent' });
  });

  it('refuse a request that is none of theirs', async () => {
    const account = accountNamed('books');
    for (const text of ['', 'null', '{}', '{"key":1}']) {
      expect(rejectionOf(await account.invoice.send(text, io))).toBe('refused');
      expect(rejectionOf(await account.client.send(text, io))).toBe('refused');
      expect(account.predictTotal(text)).toBeNull();
    }
  });

  it('print an issued invoice as it was issued, whoever the seller has become since', async () => {
    const world = { account: accountNamed('books', { seller: { name: 'First Name' } }), io };
    const { providerId } = await issue(world, await invoiceOf(world, invoiceDraft('13', [line()])));
    const renamed = accountNamed('books', { seller: { name: 'Second Name' } });
    expect(await renamed.pdf(providerId, io)).toEqual(await world.account.pdf(providerId, io));
  });
});
