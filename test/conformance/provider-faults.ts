// Everything that can go wrong between us and a provider, as a table: what the provider does, what we see, what we may
// conclude from it. A class other than `unknown` stands only where nothing can have been made, or where it certainly was.
import { gzipSync } from 'node:zlib';
import type { Outcome } from '../../src/domain/outcome.ts';
import { type Answer, DATE, type Fault } from '../simulators/http-simulator.ts';

export type FaultCase = { name: string; fault: Fault; outcome: Outcome<unknown>['kind'] };

const page = (status: number): Answer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Maintenance</title>',
});

const redirect = (status: number, location: string): FaultCase => ({
  name: `a redirect ${status} to ${location}`,
  fault: { acts: 'never', sees: { status, headers: { location }, body: '' } },
  outcome: 'unknown',
});

const json = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });

/** Faults of a request that would make something. */
export const faultsOfCreate: readonly FaultCase[] = [
  { name: 'a reset before it acts', fault: { acts: 'never', sees: 'reset' }, outcome: 'unknown' },
  { name: 'a reset after it has acted', fault: { acts: 'at_once', sees: 'reset' }, outcome: 'unknown' },
  { name: 'a reset, and it acts later', fault: { acts: 'later', sees: 'reset' }, outcome: 'unknown' },
  { name: 'silence, not having acted', fault: { acts: 'never', sees: 'silence' }, outcome: 'unknown' },
  { name: 'silence after it has acted', fault: { acts: 'at_once', sees: 'silence' }, outcome: 'unknown' },
  { name: 'silence, and it acts later', fault: { acts: 'later', sees: 'silence' }, outcome: 'unknown' },
  { name: 'an answer that breaks off', fault: { acts: 'at_once', sees: 'half' }, outcome: 'unknown' },
  { name: 'an answer that never ends', fault: { acts: 'at_once', sees: 'drip' }, outcome: 'unknown' },
  { name: '500 as JSON, having acted', fault: { acts: 'at_once', sees: json(500, {}) }, outcome: 'unknown' },
  {
    name: '500 that speaks of an error, having acted',
    fault: { acts: 'at_once', sees: json(500, { code: 'error', message: 'refusé' }) },
    outcome: 'unknown',
  },
  { name: '502 as a page, having acted', fault: { acts: 'at_once', sees: page(502) }, outcome: 'unknown' },
  { name: '503 as a page, not having acted', fault: { acts: 'never', sees: page(503) }, outcome: 'unknown' },
  { name: '504 as a page, and it acts later', fault: { acts: 'later', sees: page(504) }, outcome: 'unknown' },
  { name: '200 as a page, having acted', fault: { acts: 'at_once', sees: page(200) }, outcome: 'unknown' },
  { name: '201 without a body', fault: { acts: 'at_once', sees: { status: 201, body: '' } }, outcome: 'unknown' },
  { name: '201 with an empty object', fault: { acts: 'at_once', sees: json(201, {}) }, outcome: 'unknown' },
  { name: '200 with an empty object', fault: { acts: 'never', sees: json(200, {}) }, outcome: 'unknown' },
  {
    name: '200 with an undocumented error',
    fault: { acts: 'never', sees: json(200, { error: 'no' }) },
    outcome: 'unknown',
  },
  { name: '201 with id 0', fault: { acts: 'never', sees: json(201, { id: 0 }) }, outcome: 'unknown' },
  { name: '201 with a text for an id', fault: { acts: 'never', sees: json(201, { id: 'x' }) }, outcome: 'unknown' },
  { name: '201 with an array', fault: { acts: 'never', sees: json(201, [1]) }, outcome: 'unknown' },
  {
    name: '201 in a compression that was not asked for',
    fault: {
      acts: 'at_once',
      sees: { status: 201, headers: { 'content-encoding': 'gzip' }, body: gzipSync('{"id":1}') },
    },
    outcome: 'unknown',
  },
  { name: '408', fault: { acts: 'later', sees: json(408, {}) }, outcome: 'unknown' },
  { name: '409', fault: { acts: 'never', sees: json(409, {}) }, outcome: 'unknown' },
  { name: '422 without the documented body', fault: { acts: 'never', sees: page(422) }, outcome: 'unknown' },
  redirect(301, '/elsewhere'),
  redirect(302, 'http://169.254.169.254/latest'),
  redirect(307, '/invoices.json'),
  redirect(308, 'https://other.example/invoices.json'),
  { name: '401', fault: { acts: 'never', sees: json(401, {}) }, outcome: 'rejected' },
  { name: '403', fault: { acts: 'never', sees: json(403, {}) }, outcome: 'rejected' },
  { name: '429', fault: { acts: 'never', sees: json(429, {}) }, outcome: 'rejected' },
];

export const throttles: readonly { retryAfter: string | null; waitMs: number | null }[] = [
  { retryAfter: null, waitMs: null },
  { retryAfter: '7', waitMs: 7000 },
  { retryAfter: '0', waitMs: 1000 },
  { retryAfter: new Date(Date.parse(DATE) + 90_000).toUTCString(), waitMs: 90_000 },
  { retryAfter: '1000000000', waitMs: 86_400_000 },
  { retryAfter: '-5', waitMs: null },
  { retryAfter: 'soon', waitMs: null },
];

/** Faults of a search: none of them is "none found". */
export const faultsOfSearch: readonly Omit<FaultCase, 'outcome'>[] = [
  { name: 'a reset', fault: { acts: 'never', sees: 'reset' } },
  { name: 'silence', fault: { acts: 'never', sees: 'silence' } },
  { name: 'an answer that breaks off', fault: { acts: 'at_once', sees: 'half' } },
  { name: '500', fault: { acts: 'never', sees: json(500, []) } },
  { name: '503 as a page', fault: { acts: 'never', sees: page(503) } },
  { name: '200 as a page', fault: { acts: 'never', sees: page(200) } },
  { name: '200 with an object for the list', fault: { acts: 'never', sees: json(200, {}) } },
  { name: '200 with rows that cannot be read', fault: { acts: 'never', sees: json(200, [1, null]) } },
  { name: 'a redirect', fault: { acts: 'never', sees: { status: 302, headers: { location: '/login' }, body: '' } } },
  { name: '401', fault: { acts: 'never', sees: json(401, {}) } },
  { name: '429', fault: { acts: 'never', sees: json(429, {}) } },
];
