// What the API of every source promises of changes: all of them are told, oldest first, whatever happens meanwhile, and a
// reading goes on where it stood.
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/connector.ts';
import {
  type ApiWorld,
  found,
  openApiWorld,
  pagesOf,
  placeMany,
  readAll,
  type SourceApiKit,
  START,
  textOf,
  textsIn,
  thingsIn,
} from './source-api-kit.ts';

/** Changes that are made while a reading goes on: enough for several pages, and few enough that it comes to its end. */
const DISTURBANCES = 40;

/** Registers the tests of one source. */
export function changesSuite<Settings>(kit: SourceApiKit<Settings>): void {
  const { connector, page } = kit;
  const open = (): Promise<ApiWorld> => openApiWorld(kit);

  describe(`${connector.label}: what changed`, () => {
    it.each([0, 1, page - 1, page, page + 1, 2 * page + 1])(
      'is told whole and oldest first, when it is %i',
      async (count) => {
        const world = await open();
        world.sender.place();
        world.pass(1);
        const since = world.now().toISOString();
        const placed = placeMany(world, count, 10);
        const pages = await readAll(world, since);
        expect(new Set(thingsIn(world, pages.flat()))).toEqual(new Set(placed));
        for (const findings of pages) expectOldestFirst(thingsIn(world, findings), placed);
        if (kit.latestPageFirst) return;
        for (const stream of world.api.streams) {
          const own = await readAll({ ...world, api: { ...world.api, streams: [stream] } }, since);
          expectOldestFirst(thingsIn(world, own.flat()), placed);
        }
      },
    );

    it('is told from the very second that is asked for, and what did not change since then is not', async () => {
      const world = await open();
      const [, second = '', third = ''] = placeMany(world, 3, 60);
      const since = world.now().toISOString();
      for (const id of [third, second]) {
        world.sender.change(id);
        world.pass(60);
      }
      const changed = [third, second, world.sender.place()];
      const told = (await readAll(world, since)).map((findings) => thingsIn(world, findings));
      expect(new Set(told.flat())).toEqual(new Set(changed));
      for (const things of told) expectOldestFirst(things, changed);
      world.pass(60);
      expect((await readAll(world, world.now().toISOString())).flat()).toEqual([]);
    });

    it('is told whole where more changed in one second than a page holds', async () => {
      const world = await open();
      const placed = [...placeMany(world, 1, 1), ...placeMany(world, 2 * page + 3, 0)];
      world.pass(1);
      placed.push(...placeMany(world, 1, 1));
      expect(new Set(thingsIn(world, (await readAll(world, START)).flat()))).toEqual(new Set(placed));
    });

    it('is not missed while it goes on changing, between pages and within them', async () => {
      const world = await open();
      const ids = placeMany(world, 2 * page + 5, 20);
      const began = world.now().toISOString();
      let turn = 0;
      const disturb = (): void => {
        if (turn === DISTURBANCES) return;
        world.pass(1);
        world.sender.change(ids[(turn * 7) % ids.length] ?? '');
        turn += 1;
      };
      world.beforeRequests(disturb);
      const first = (await readAll(world, START, () => world.sender.meanwhile?.(disturb))).flat();
      expect(turn).toBeGreaterThan(2);
      turn = DISTURBANCES;
      const next = (await readAll(world, began)).flat();
      expect(new Set(thingsIn(world, first))).toEqual(new Set(ids));
      const told = textsIn(world, [...first, ...next]);
      const stands = textsIn(world, (await readAll(world, START)).flat());
      expect([...stands].filter((text) => !told.has(text))).toEqual([]);
    });

    it('is told without what is gone before it could be read', async () => {
      const world = await open();
      const [kept = '', gone = ''] = placeMany(world, 2, 60);
      let requests = 0;
      world.beforeRequests(() => {
        requests += 1;
      });
      await readAll(world, START);
      const middle = Math.ceil(requests / 2);
      requests = 0;
      world.beforeRequests(() => {
        requests += 1;
        if (requests === middle) world.sender.remove(gone);
      });
      expect(thingsIn(world, (await readAll(world, START)).flat())).toContain(kept);
      expect(new Set(thingsIn(world, (await readAll(world, START)).flat()))).not.toContain(gone);
    });

    it('is read on from a cursor by another process', async () => {
      const world = await open();
      const placed = placeMany(world, 2 * page + 1, 10);
      const findings: Finding[] = [];
      for (const stream of world.api.streams) {
        const pages = await pagesOf(async (cursor) => {
          const { api, io } = world.bind();
          const [read] = found(await api.changes(stream, START, cursor, io));
          return read ?? { findings: [], cursor: null };
        });
        findings.push(...pages.flat());
      }
      expect(new Set(thingsIn(world, findings))).toEqual(new Set(placed));
    });

    it('is read anew, or not at all, from a cursor that cannot be read', async () => {
      const world = await open();
      const placed = placeMany(world, 3, 10);
      const whole = await readAll(world, START);
      expect(new Set(thingsIn(world, whole.flat()))).toEqual(new Set(placed));
      for (const [index, stream] of world.api.streams.entries()) {
        for (const cursor of ['', 'page 2', '{}']) {
          const lookup = await world.api.changes(stream, START, cursor, world.io);
          if (lookup.kind === 'found') expect(lookup.items[0]?.findings.map(textOf)).toEqual(whole[index]?.map(textOf));
          else expect(lookup.problem.code).toMatch(/^[a-z_]+$/);
        }
      }
      expect((await world.api.changes('no_such_list', START, null, world.io)).kind).toBe('failed');
    });
  });
}

/** What is told follows what was placed; the same again is allowed. */
function expectOldestFirst(told: readonly string[], placed: readonly string[]): void {
  const places = told.map((id) => placed.indexOf(id));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
}
