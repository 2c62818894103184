// The API of a source as a test tells it: nothing changes and nothing is found, but for what is said otherwise.
import type { ChangesPage, SourceApi, SourceIo } from '../../src/connector.ts';
import type { BoundApi } from '../../src/registry.ts';

/** Bound like a configured one, looked through every hour, without a pace. */
export function apiOf(told: Partial<SourceApi>): BoundApi {
  const nothing: ChangesPage = { findings: [], cursor: null };
  const api: SourceApi = {
    endpoint: { baseUrl: 'https://shop.example', headers: {} },
    pace: null,
    every: 3_600_000,
    streams: ['orders'],
    check: async () => ({
      kind: 'done',
      value: { name: 'The shop', can: ['read orders'], cannot: [], limits: [], warnings: [] },
    }),
    changes: async () => ({ kind: 'found', items: [nothing] }),
    fetch: async () => ({ kind: 'found', items: [] }),
    writeBack: null,
    ...told,
  };
  const io: SourceIo = {
    now: () => new Date('2026-11-21T10:00:00.000Z'),
    http: async () => {
      throw new Error('a told API makes no requests');
    },
  };
  return { api, every: api.every, io, budgetLeft: async () => null };
}
