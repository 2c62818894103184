// The index of an account's clients: one row for each list's progress, one for each live client, one for each key it bears.
import type { Selectable } from 'kysely';
import { type Client, ClientSchema, indexEntries, type ListedClient } from '../domain/client.ts';
import { toJson } from '../domain/json.ts';
import type { DirectoryTable } from './tables.ts';
import type { Tx } from './writer.ts';

export type DirectoryRow = Selectable<DirectoryTable>;

/** How far each list of the account is; lists that were never begun are absent. */
export const directoryRows = (db: Tx, account: string): Promise<DirectoryRow[]> =>
  db.selectFrom('directory').selectAll().where('account', '=', account).orderBy('list').execute();

export async function countListed(db: Tx, account: string): Promise<number> {
  const row = await db
    .selectFrom('directory_client')
    .select((eb) => eb.fn.countAll<number>().as('clients'))
    .where('account', '=', account)
    .executeTakeFirst();
  return Number(row?.clients ?? 0);
}

/** Live clients under an entry of the index: those that bear the key are among them. */
export async function listedClients(db: Tx, account: string, entry: string): Promise<Client[]> {
  const rows = await db
    .selectFrom('directory_key')
    .innerJoin('directory_client', (join) =>
      join
        .onRef('directory_client.account', '=', 'directory_key.account')
        .onRef('directory_client.client_id', '=', 'directory_key.client_id'),
    )
    .select('directory_client.client')
    .where('directory_key.account', '=', account)
    .where('directory_key.key', '=', entry)
    .orderBy('directory_client.client_id')
    .execute();
  return rows.map(({ client }) => ClientSchema.parse(JSON.parse(client)));
}

/** True while pages of a pass are still to come. */
export const isUnderWay = ({ started_at, finished_at }: DirectoryRow): boolean =>
  started_at !== null && (finished_at === null || finished_at < started_at);

/** The pass under way; where there is none, one that begins with the list's first page. */
export async function beginPass(tx: Tx, account: string, list: string, now: Date): Promise<DirectoryRow> {
  const rows = await directoryRows(tx, account);
  const standing = rows.find((row) => row.list === list);
  if (standing !== undefined && isUnderWay(standing)) return standing;
  // After the end of the one before, however the clock was set meanwhile.
  const at = Math.max(now.getTime(), (standing?.finished_at ?? 0) + 1);
  return tx
    .insertInto('directory')
    .values({ account, list, pass: 1, page: 0, started_at: at })
    .onConflict((c) =>
      c
        .columns(['account', 'list'])
        .doUpdateSet((eb) => ({ pass: eb('directory.pass', '+', 1), page: 0, pages: null, started_at: at })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export type PageRead = {
  list: string;
  /** The pass for which it was read. */
  pass: number;
  page: number;
  rows: readonly ListedClient[];
  pages: number | null;
  /** No page follows. */
  last: boolean;
};

/**
 * Takes a page of the pass under way into the index; the last one ends the pass. A page that somebody else has taken
 * meanwhile, or of a pass that was begun anew, moves nothing.
 */
export async function takePage(tx: Tx, account: string, read: PageRead, now: Date): Promise<void> {
  const { list, pass, page, rows, pages, last } = read;
  const row = await listRow(tx, account, list);
  if (row.pass !== pass || row.page !== page - 1) return;
  for (const listed of rows) await takeListed(tx, account, list, pass, listed);
  // The first page is as old as the pass: what has changed since then is for a refresh to find.
  const began = row.started_at ?? 0;
  const end = {
    page: 0,
    finished_at: Math.max(now.getTime(), began),
    refreshed_at: Math.max(row.refreshed_at ?? 0, began),
  };
  const progress = last ? end : { page };
  // A refresh beside a later pass stops at what it has seen itself: it must not miss what this pass has yet to read.
  const latest = row.finished_at === null ? laterOf(row.latest, rows) : row.latest;
  await tx
    .updateTable('directory')
    .set({ ...progress, pages, latest })
    .where('account', '=', account)
    .where('list', '=', list)
    .execute();
  if (last) await forgetUnseen(tx, account, list, pass);
}

/** Takes all that a refresh has read, which began at `now`; a pass goes on as it was. */
export async function takeLatest(
  tx: Tx,
  account: string,
  list: string,
  rows: readonly ListedClient[],
  now: Date,
): Promise<void> {
  const { pass, latest } = await listRow(tx, account, list);
  for (const listed of rows) await takeListed(tx, account, list, pass, listed);
  await tx
    .updateTable('directory')
    .set({ latest: laterOf(latest, rows), refreshed_at: now.getTime() })
    .where('account', '=', account)
    .where('list', '=', list)
    .execute();
}

const listRow = (db: Tx, account: string, list: string): Promise<DirectoryRow> =>
  db
    .selectFrom('directory')
    .selectAll()
    .where('account', '=', account)
    .where('list', '=', list)
    .executeTakeFirstOrThrow();

const laterOf = (latest: string | null, rows: readonly ListedClient[]): string | null =>
  rows.reduce<string | null>((known, { at }) => (at !== null && (known === null || at > known) ? at : known), latest);

async function takeListed(
  tx: Tx,
  account: string,
  list: string,
  pass: number,
  { client, live }: ListedClient,
): Promise<void> {
  await dropListed(tx, account, client.id);
  if (!live) return;
  await tx
    .insertInto('directory_client')
    .values({ account, client_id: client.id, list, client: toJson(client), pass })
    .execute();
  const keys = indexEntries(client).map((key) => ({ account, key, client_id: client.id }));
  if (keys.length > 0) await tx.insertInto('directory_key').values(keys).execute();
}

/** Takes over a listed client as it is now. */
export async function relist(tx: Tx, account: string, client: Client): Promise<void> {
  const listed = await tx
    .selectFrom('directory_client')
    .select(['list', 'pass'])
    .where('account', '=', account)
    .where('client_id', '=', client.id)
    .executeTakeFirst();
  if (listed !== undefined) {
    await takeListed(tx, account, listed.list, listed.pass, { client, at: null, live: true });
  }
}

/** Takes a client out of the index: it is gone at the provider, or about to be read anew. */
export async function dropListed(tx: Tx, account: string, clientId: string): Promise<void> {
  for (const table of ['directory_key', 'directory_client'] as const) {
    await tx.deleteFrom(table).where('account', '=', account).where('client_id', '=', clientId).execute();
  }
}

/**
 * Forgets who was seen neither in this pass nor in the one before: a deletion meanwhile moves others to a page that was read
 * already, and a client that is really gone is noticed whenever the index leads to it.
 */
async function forgetUnseen(tx: Tx, account: string, list: string, pass: number): Promise<void> {
  const unseen = await tx
    .selectFrom('directory_client')
    .select('client_id')
    .where('account', '=', account)
    .where('list', '=', list)
    .where('pass', '<', pass - 1)
    .execute();
  for (const { client_id } of unseen) await dropListed(tx, account, client_id);
}
