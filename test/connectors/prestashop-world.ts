// A simulated PrestaShop and its connector, for the tests of what the webservice is asked.
import { prestashop } from '../../connectors/prestashop/index.ts';
import type { ChangesPage, Finding, SourceIo } from '../../src/connector.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { callProvider } from '../../src/http-client.ts';
import { type PrestaShopOptions, type PrestaShopShop, prestashopShop } from '../simulators/prestashop.ts';

const START = Date.parse('2026-11-20T08:00:00.000Z');
export const LONG_AGO = '2020-01-01T00:00:00.000Z';

let opened: PrestaShopShop[] = [];

/** Closes every shop that a test opened. */
export async function closeShops(): Promise<void> {
  await Promise.all(opened.map((shop) => shop.close()));
  opened = [];
}

/** A shop, its connector, and a clock that moves when told. */
export async function openShop(options: PrestaShopOptions = {}, settings: object = {}) {
  let now = START;
  const shop = await prestashopShop({ now: () => new Date(now), ...options });
  opened.push(shop);
  const parsed = prestashop.settings.parse({ api: { url: shop.url, key: shop.key }, ...settings });
  const api = prestashop.api(parsed);
  if (api === null) throw new Error('no api');
  const io: SourceIo = {
    http: (request) => callProvider(api.endpoint, request, 5_000),
    now: () => new Date(now),
  };
  return {
    shop,
    api,
    io,
    tick: (seconds = 60): void => {
      now += seconds * 1000;
    },
    now: () => new Date(now).toISOString(),
    page: (stream: string, since: string, cursor: string | null = null) => api.changes(stream, since, cursor, io),
    fetch: async (id: string): Promise<Finding | undefined> => found(await api.fetch(`order:${id}`, io))[0],
    read: (finding: Finding | undefined): Order => {
      if (finding === undefined) throw new Error('nothing was found');
      const outcome = prestashop.understand({ ...finding, headers: {}, receivedAt: '' }, parsed);
      if (!outcome.ok || outcome.value.kind !== 'facts') throw new Error(JSON.stringify(outcome));
      const [fact] = outcome.value.facts;
      if (fact?.kind !== 'order') throw new Error('no order');
      return fact.order;
    },
    /** Reads a stream to its end. `between` happens after each page. */
    async all(stream: string, since = LONG_AGO, between: () => void = () => {}): Promise<Finding[]> {
      const findings: Finding[] = [];
      let cursor: string | null = null;
      do {
        const [page]: ChangesPage[] = found(await api.changes(stream, since, cursor, io));
        findings.push(...(page?.findings ?? []));
        cursor = page?.cursor ?? null;
        between();
      } while (cursor !== null);
      return findings;
    },
  };
}

/** What a look-up found; it throws where one failed. */
export function found<T>(lookup: Lookup<T>): T[] {
  if (lookup.kind !== 'found') throw new Error(`${lookup.problem.code}: ${lookup.problem.detail}`);
  return lookup.items;
}

export const idOf = ({ body }: Finding): string => JSON.parse(Buffer.from(body).toString()).order.id;
export const ids = (findings: readonly Finding[]): string[] => findings.map(idOf);
