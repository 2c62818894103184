// What the API of every source promises where the sender does not answer as it should: nothing is taken for an empty answer,
// a reading that is taken up again misses nothing, and no credential is ever shown.
import { describe, expect, it } from 'vitest';
import type { ChangesPage, WriteBack } from '../../src/connector.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { callProvider } from '../../src/http-client.ts';
import type { Exchange, Fault } from '../simulators/http-simulator.ts';
import {
  type ApiWorld,
  fetchWhole,
  found,
  openApiWorld,
  pagesOf,
  readAll,
  type SourceApiKit,
  START,
  textOf,
  thingsIn,
} from './source-api-kit.ts';

const html = { 'content-type': 'text/html' };
const FAULTS: [string, Fault['sees']][] = [
  ['an error of the server', { status: 500, body: '{"errors":"Internal Server Error"}' }],
  ['a page in place of an error', { status: 503, headers: html, body: '<h1>Maintenance</h1>' }],
  ['a page in place of JSON', { status: 200, headers: html, body: '<h1>Maintenance</h1>' }],
  ['truncated JSON', { status: 200, body: '{"data":[{"id":1' }],
  ['JSON of another shape', { status: 200, body: '{"ok":true}' }],
  ['a broken connection', 'reset'],
  ['half an answer', 'half'],
];

const WRONG = 'sentinel-credential-77';
const HASTY_MS = 150;

const noteFor = (orderId: string): WriteBack => ({
  key: `shop/${orderId}/invoice/1`,
  orderId,
  kind: 'invoice',
  number: 'F-2026-7',
  url: null,
});

/** True for the request of this number, counted from 0. */
const numbered = (wanted: number): ((exchange: Exchange) => boolean) => {
  let seen = -1;
  return () => {
    seen += 1;
    return seen === wanted;
  };
};

/** Registers the tests of one source. */
export function faultsSuite<Settings>(kit: SourceApiKit<Settings>): void {
  const { connector } = kit;

  /** A sender with three things; the first of them has a refund. */
  async function open() {
    const world = await openApiWorld(kit);
    const [id = ''] = Array.from({ length: 3 }, () => {
      world.pass(60);
      return world.sender.place();
    });
    world.sender.refund.amount(id);
    const { http } = world.sender;
    const before = http.requests().length;
    const whole = await fetchWhole({ ...world, ...world.bind() }, id);
    return { ...world, id, whole, requestsOfFetch: http.requests().length - before };
  }

  /** Reads a list as the core does: what failed is read again from where it stood. */
  async function readThrough(world: ApiWorld, stream: string, failures: Failure[] = []): Promise<string[]> {
    const { api, io } = world.bind();
    const read = async (cursor: string | null): Promise<ChangesPage> => {
      for (;;) {
        const lookup = await api.changes(stream, START, cursor, io);
        if (lookup.kind === 'found') return found(lookup)[0] ?? { findings: [], cursor: null };
        failures.push(lookup);
        if (failures.length > 3) throw new Error(`it goes on failing: ${lookup.problem.detail}`);
      }
    };
    return thingsIn(world, (await pagesOf(read)).flat());
  }

  describe(`${connector.label}: a sender that does not answer as it should`, () => {
    it.each(FAULTS)('is never taken to have nothing to tell: %s', async (_name, sees) => {
      const world = await open();
      const { sender, id, whole } = world;
      for (const stream of world.api.streams) {
        const before = sender.http.requests().length;
        const whatIsThere = new Set(await readThrough(world, stream));
        const requests = sender.http.requests().length - before;
        for (let request = 0; request < requests; request++) {
          sender.http.failNext({ acts: 'never', sees }, numbered(request));
          const failures: Failure[] = [];
          expect(new Set(await readThrough(world, stream, failures))).toEqual(whatIsThere);
          for (const failure of failures) expectTold(world, failure, sees);
        }
      }
      for (let request = 0; request < world.requestsOfFetch; request++) {
        sender.http.failNext({ acts: 'never', sees }, numbered(request));
        const { api, io } = world.bind();
        const lookup = await api.fetch(sender.ref(id), io);
        if (lookup.kind === 'failed') expectTold(world, lookup, sees);
        else expect(lookup.items.map(textOf)).toEqual([textOf(whole)]);
      }
    });

    it('is not waited for beyond the time-out', async () => {
      const world = await open();
      const { sender, id } = world;
      const hasty = (): Pick<ApiWorld, 'api' | 'io'> => {
        const { api } = world.bind();
        return {
          api,
          io: {
            ...world.io,
            http: (request: Parameters<typeof world.io.http>[0]) => callProvider(api.endpoint, request, HASTY_MS),
          },
        };
      };
      for (const request of [0, world.requestsOfFetch - 1]) {
        sender.http.failNext({ acts: 'never', sees: 'silence' }, numbered(request));
        const { api, io } = hasty();
        expect(await api.fetch(sender.ref(id), io)).toMatchObject({ kind: 'failed', unanswered: true });
      }
      sender.http.failNext({ acts: 'never', sees: 'silence' });
      const { api, io } = hasty();
      const [stream = ''] = api.streams;
      expect(await api.changes(stream, START, null, io)).toMatchObject({ kind: 'failed', unanswered: true });
    });

    it('that is not there at all is nobody’s answer', async () => {
      const world = await open();
      await world.sender.http.refuse();
      const { api, io } = world.bind();
      expect(await api.fetch(world.sender.ref(world.id), io)).toMatchObject({ kind: 'failed', unanswered: true });
      await world.sender.http.accept();
    });

    it('is left alone for as long as it says, when there are too many requests', async () => {
      const world = await open();
      const { sender, id } = world;
      const throttled = { kind: 'failed', throttled: { retryAfterMs: 7000 } };
      for (let request = 0; request < world.requestsOfFetch; request++) {
        sender.http.failNext({ acts: 'never', sees: kit.busy }, numbered(request));
        const { api, io } = world.bind();
        expect(await api.fetch(sender.ref(id), io)).toMatchObject(throttled);
      }
      for (const stream of world.api.streams) {
        sender.http.failNext({ acts: 'never', sees: kit.busy });
        const { api, io } = world.bind();
        expect(await api.changes(stream, START, null, io)).toMatchObject(throttled);
      }
    });
  });

  describe(`${connector.label}: the credential`, () => {
    it('that is refused is the account’s matter, in every request', async () => {
      const world = await open();
      const { api, io } = world.bind(WRONG);
      const answers: unknown[] = [];
      for (const stream of api.streams) answers.push(await api.changes(stream, START, null, io));
      answers.push(await api.fetch(world.sender.ref(world.id), io));
      for (const answer of answers) expect(answer).toMatchObject({ kind: 'failed', account: true });
      const checked = await api.check(io);
      expect(checked).toMatchObject({ kind: 'rejected', rejection: { kind: 'account' } });
      const written = await api.writeBack?.(noteFor(world.id), io);
      if (written !== undefined) expect(written).toMatchObject({ kind: 'rejected', rejection: { kind: 'account' } });
      expectHidden(world, JSON.stringify([answers, checked, written]));
    });

    it('stands in no address', async () => {
      const world = await open();
      await world.api.check(world.io);
      await world.api.writeBack?.(noteFor(world.id), world.io);
      expectHidden(world, JSON.stringify(world.sender.http.requests().map(({ url }) => url)));
    });

    it('and the webhooks’ secret stand in nothing that is found', async () => {
      const world = await open();
      const findings = [world.whole, ...(await readAll(world, START)).flat()].map(textOf);
      expectHidden(world, JSON.stringify([findings, await world.api.check(world.io)]));
    });
  });
}

type Failure = Extract<Lookup<unknown>, { kind: 'failed' }>;

/** A failure has a code and says what to do; where no whole answer came it says so, and it blames no credential. */
function expectTold(world: ApiWorld, failure: Failure, sees: Fault['sees']): void {
  expect(failure.problem.code).toMatch(/^[a-z_]+$/);
  expect(failure.problem.detail).not.toBe('');
  expect(failure.account ?? false).toBe(false);
  expect(failure.unanswered ?? false).toBe(typeof sees === 'string');
  expectHidden(world, JSON.stringify(failure));
}

function expectHidden({ sender }: ApiWorld, shown: string): void {
  for (const secret of [...sender.secrets, WRONG]) {
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      expect(shown).not.toContain(form);
    }
  }
}
