// All customers of a firm, for the key that Facturation.pro does not search: the tax number.
import { z } from 'zod';
import type { ClientDirectory } from '../../src/connector.ts';
import type { ListedClient } from '../../src/domain/client.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { readLookup } from '../../src/provider-answer.ts';
import { customerPath, readClient } from './clients.ts';
import { everyRow, firmPath, isDeleted, isLast, onePage, type Row, rejectionWhere, unreadableRow } from './wire.ts';

/** No field of a customer tells that it is archived: only the list that shows it does. */
const LISTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  active: {},
  archived: { mode: 'archived' },
};

export const directoryOf = (firmId: string): ClientDirectory => ({
  lists: Object.keys(LISTS),
  latestFirst: 'changed',
  page: async (list, page, io) => {
    const query = { ...LISTS[list], order: 'updated', sort: 'desc' };
    const listed = await onePage(io, firmPath(firmId, '/customers.json'), query, page);
    if (listed.kind === 'failed') return listed;
    const [{ rows, pages } = { rows: [], pages: null }] = listed.items;
    const clients = rows.map((row) => listedClient(row, list === 'active'));
    if (!clients.every((client) => client !== null)) return unreadableRow('customer');
    return { kind: 'found', items: [{ rows: clients, more: !isLast(page, rows, pages), pages }] };
  },
  /** A tax number is a company's: persons are not looked for. */
  byName: async (name, io) => {
    const listed = await everyRow(io, firmPath(firmId, '/customers.json'), { company: name });
    if (listed.kind === 'failed') return listed;
    const clients = listed.items.filter((row) => !isDeleted(row)).map(readClient);
    return clients.every((client) => client !== null) ? { kind: 'found', items: clients } : unreadableRow('customer');
  },
  /** Read by its id, then looked for among the active ones of its name, because an archived one looks the same. */
  read: async (clientId, io) => {
    const answer = await io.http({ method: 'GET', path: customerPath(firmId, clientId) });
    if (answer.kind === 'answer' && answer.status === 404) return NONE;
    const shown = readLookup<Row>(answer, {
      items: (json) => {
        const row = RowSchema.safeParse(json).data;
        return row === undefined ? null : [row];
      },
      rejection: rejectionWhere('refused'),
    });
    if (shown.kind === 'failed') return shown;
    const [row] = shown.items;
    if (row === undefined || isDeleted(row)) return NONE;
    const client = readClient(row);
    if (client?.id !== clientId) return unreadableRow('customer');
    const active = await everyRow(io, firmPath(firmId, '/customers.json'), nameIn(row));
    if (active.kind === 'failed') return active;
    return { kind: 'found', items: active.items.some(({ id }) => id === clientId) ? [client] : [] };
  },
});

const NONE: Lookup<never> = { kind: 'found', items: [] };

const RowSchema = z.looseObject({
  company_name: z.string().nullish(),
  last_name: z.string().nullish(),
  updated_at: z.string().nullish(),
});

/** What narrows a list to the customers of this name. */
function nameIn(row: Row): Record<string, string> {
  const { company_name, last_name } = RowSchema.safeParse(row).data ?? {};
  if (company_name) return { company: company_name };
  return last_name ? { last_name } : {};
}

function listedClient(row: Row, live: boolean): ListedClient | null {
  const client = readClient(row);
  const parsed = RowSchema.safeParse(row);
  if (client === null || !parsed.success) return null;
  const at = new Date(parsed.data.updated_at ?? '');
  return {
    client,
    at: Number.isNaN(at.getTime()) ? null : at.toISOString(),
    live: live && !isDeleted(row),
  };
}
