// A provider in memory that searches e-mail addresses alone: for tax numbers its clients have to be read, page by page, those
// that changed last first.
import type { ClientPage, ProviderAccount } from '../../src/connector.ts';
import type { Client } from '../../src/domain/client.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { literalBooks } from './literal-connectors.ts';

export type ListedBooks = {
  account: ProviderAccount;
  /** Every client, in no order. */
  clients: Client[];
  /** Requests that were made: `page 3`, `read c1`, `name Ada`, `email`. */
  asked: string[];
  /** A person makes a client at the provider, or changes one. */
  put(client: Pick<Client, 'id'> & Partial<Client>): Client;
  /** A person archives it. */
  archive(id: string): void;
  delete(id: string): void;
  /** The next page fails: nobody answers, or there are too many requests. */
  failNext(how: 'unanswered' | 'throttled'): void;
  /** Clients that bear this tax number as it is written. */
  withTaxNumber(taxNumber: string): Client[];
};

export type Listing = { perPage?: number; byName?: boolean; tellsPages?: boolean; now(): Date };

/** Every list is sorted by change, latest first; what we make ourselves is listed as well. */
export function listedBooks({ perPage = 2, byName = true, tellsPages = true, now }: Listing): ListedBooks {
  const literal = literalBooks('listed');
  const { clients } = literal;
  const changedAt = new Map<string, number>();
  const archived = new Set<string>();
  const faults: ('unanswered' | 'throttled')[] = [];
  let changes = 0;

  const touch = (id: string): void => {
    changes += 1;
    changedAt.set(id, now().getTime() + changes / 1000);
  };
  const at = (id: string): string => new Date(changedAt.get(id) ?? 0).toISOString();
  const latestFirst = (a: Client, b: Client): number => (changedAt.get(b.id) ?? 0) - (changedAt.get(a.id) ?? 0);
  const isLive = ({ id }: Client): boolean => !archived.has(id);
  const found = <T>(items: T[]): Lookup<T> => ({ kind: 'found', items });

  const books: ListedBooks = {
    clients,
    asked: [],
    put(change) {
      const known = clients.find(({ id }) => id === change.id);
      const client: Client = known ?? {
        id: change.id,
        name: '',
        kind: 'company',
        email: null,
        taxNumber: null,
        externalId: null,
        empty: [],
      };
      Object.assign(client, change);
      if (known === undefined) clients.push(client);
      touch(client.id);
      return client;
    },
    archive: (id) => {
      archived.add(id);
      touch(id);
    },
    delete: (id) => {
      clients.splice(
        clients.findIndex((client) => client.id === id),
        1,
      );
    },
    failNext: (how) => {
      faults.push(how);
    },
    withTaxNumber: (taxNumber) => clients.filter((client) => client.taxNumber === taxNumber && isLive(client)),
    account: {
      ...literal.account,
      capabilities: { ...literal.account.capabilities, keys: ['tax_number', 'email'], searches: ['email'] },
      exampleClientId: '1',
      pace: { requests: 60, perMs: 60_000, perDay: null, concurrency: 1 },
      client: {
        ...literal.account.client,
        send: async (request, io) => {
          const outcome = await literal.account.client.send(request, io);
          if (outcome.kind === 'done') touch(outcome.value.id);
          return outcome;
        },
      },
      findClients: async (key, country, io) => {
        books.asked.push('email');
        const lookup = await literal.account.findClients(key, country, io);
        return lookup.kind === 'found' ? found(lookup.items.filter(isLive)) : lookup;
      },
      directory: {
        lists: ['clients'],
        latestFirst: 'changed',
        async page(_list, page): Promise<Lookup<ClientPage>> {
          books.asked.push(`page ${page}`);
          const fault = faults.shift();
          if (fault === 'throttled') {
            const told = problem('throttled', 'too many requests');
            return { kind: 'failed', problem: told, throttled: { retryAfterMs: 60_000 } };
          }
          if (fault !== undefined) {
            return { kind: 'failed', problem: problem('no_answer', 'the answer was lost'), unanswered: true };
          }
          const sorted = clients.toSorted(latestFirst);
          const rows = sorted
            .slice((page - 1) * perPage, page * perPage)
            .map((client) => ({ client: { ...client }, at: at(client.id), live: isLive(client) }));
          const pages = Math.max(1, Math.ceil(sorted.length / perPage));
          return found([{ rows, more: page < pages, pages: tellsPages ? pages : null }]);
        },
        ...(byName && {
          byName: async (name: string): Promise<Lookup<Client>> => {
            books.asked.push(`name ${name}`);
            return found(clients.filter((client) => isLive(client) && client.name.includes(name)));
          },
        }),
        async read(clientId) {
          books.asked.push(`read ${clientId}`);
          return found(clients.filter((client) => client.id === clientId && isLive(client)).map((one) => ({ ...one })));
        },
      },
    },
  };
  return books;
}
