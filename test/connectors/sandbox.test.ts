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
import { invoiceDraft, line, paymentDraft, person, received } from '../conformance/provider-samples.ts';
import { clientOf, invoiceOf, issue, proved } from '../conformance/provider-steps.ts';

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
    expect(await account.invoice.find(intent, '', io)).toEqual({ kind: 'found', items: [first] });
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

  it.each([
    'UPDATE invoices SET document = document',
    'DELETE FROM invoices',
    'UPDATE payments SET amount = 1',
    'DELETE FROM payments',
  ])('keep what was issued even from "%s"', async (statement) => {
    await send('10', '2026-11-21', (await aClient()).id, { received: [received(1200n)] });
    expect(() => books().exec(statement)).toThrow('are never changed or deleted');
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
