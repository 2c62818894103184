// What the API of every source promises, run against each of them through its kit: one state has one text, what is fetched
// knows no less than a webhook, and what is left with the sender is left once. What it promises of changes and of failures
// stands beside this.
import { describe, expect, it } from 'vitest';
import { FETCHED, type WriteBack } from '../../src/connector.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { toJson } from '../../src/domain/json.ts';
import type { Order, RefundClaim } from '../../src/domain/order.ts';
import { receive } from '../../src/flow/1-receive.ts';
import { createLog } from '../../src/log.ts';
import { literalSource } from '../support/literal-connectors.ts';
import { DEFAULT_INVOICING } from '../support/orders.ts';
import { changesSuite } from './source-api-changes-suite.ts';
import { faultsSuite } from './source-api-faults-suite.ts';
import {
  type ApiWorld,
  factsIn,
  fetchWhole,
  found,
  openApiWorld,
  placeMany,
  readAll,
  type Sent,
  type SourceApiKit,
  START,
  textOf,
  textsIn,
  thingOf,
  thingsIn,
} from './source-api-kit.ts';

/** Registers the tests of one source's API and gives its type. */
export function sourceApiSuite<Settings>(kit: SourceApiKit<Settings>): string {
  const { connector } = kit;
  const open = (): Promise<ApiWorld> => openApiWorld(kit);
  /** Three that are paid; one of them is changed, and money goes back for the others. */
  const liveOn = (world: ApiWorld): string[] => {
    const ids = placeMany(world, 3, 60);
    const [changed = '', returned = '', reduced = ''] = ids;
    world.sender.change(changed);
    world.pass(60);
    world.sender.refund.line?.(returned);
    world.sender.refund.amount(reduced);
    world.pass(60);
    return ids;
  };

  changesSuite(kit);

  describe(`${connector.label}: what is found`, () => {
    it('is understood, each with a topic that no webhook may bear', async () => {
      const world = await open();
      const ids = liveOn(world);
      const findings = (await readAll(world, START)).flat();
      for (const id of ids) findings.push(await fetchWhole(world, id));
      for (const finding of findings) {
        expect(finding.topic.startsWith(FETCHED)).toBe(true);
        expect(factsIn(world, finding)).not.toEqual([]);
      }
      const delivered = await received(kit, world, world.sender.deliveries());
      expect(delivered.length).toBeGreaterThan(0);
      const [finding] = findings;
      if (finding === undefined) throw new Error('nothing was found');
      const pretended = await received(kit, world, [world.sender.pretend(finding.topic, finding.body)]);
      expect(pretended.filter((topic) => topic.startsWith(FETCHED))).toEqual([]);
    });

    it('has the same bytes however often and whichever way it is found, and others once it changed', async () => {
      const world = await open();
      const ids = liveOn(world);
      const before = (await readAll(world, START)).map((findings) => findings.map(textOf));
      world.sender.deliveries();
      world.pass(86_400);
      expect((await readAll(world, START)).map((findings) => findings.map(textOf))).toEqual(before);
      for (const id of ids) {
        const whole = await fetchWhole(world, id);
        expect(textOf(await fetchWhole(world, id))).toBe(textOf(whole));
        const listed = (await readAll(world, START)).flat().filter(({ topic }) => topic === whole.topic);
        const same = listed.filter((finding) => thingsIn(world, [finding]).includes(id));
        // Some things are only ever fetched.
        if (listed.length > 0) expect(new Set(same.map(textOf))).toEqual(new Set([textOf(whole)]));
        world.sender.change(id);
        expect(textOf(await fetchWhole(world, id))).not.toBe(textOf(whole));
      }
    });

    it('is nothing where it is gone', async () => {
      const world = await open();
      const [id = ''] = placeMany(world, 1, 60);
      world.sender.remove(id);
      expect(await world.api.fetch(world.sender.ref(id), world.io)).toEqual({ kind: 'found', items: [] });
    });

    it('is never guessed from a reference that names nothing', async () => {
      const world = await open();
      for (const ref of ['', 'order:', 'order:1/../2', 'no_such_thing:1']) {
        expect((await world.api.fetch(ref, world.io)).kind).toBe('failed');
      }
    });

    it('tells what the webhooks tell, and knows no less', async () => {
      const world = await open();
      const id = world.sender.place();
      const { sender } = world;
      const { line, amount } = sender.refund;
      for (const happen of [() => {}, sender.change, ...(line === null ? [] : [line]), amount]) {
        happen(id);
        const whole = await fetchWhole(world, id);
        const told = textsIn(world, [whole, ...(await readAll(world, START)).flat()]);
        const { facts, refs } = deliveredBy(world, sender.deliveries());
        for (const ref of refs) expect(thingsIn(world, found(await world.api.fetch(ref, world.io)))).toContain(id);
        const others = facts.filter(({ kind }) => kind !== 'order').map((fact) => toJson(fact));
        expect(others.filter((text) => !told.has(text))).toEqual([]);
        const fetched = orderIn(factsIn(world, whole));
        const delivered = latestOrder(facts);
        if (kit.asWebhook === null) expect(delivered).toBeUndefined();
        else if (delivered !== undefined && fetched !== undefined) {
          expect(delivered).toEqual(kit.asWebhook(fetched));
          expect(isLess(delivered, fetched)).toBe(true);
        }
        expect(facts.length + refs.length).toBeGreaterThan(0);
        world.pass(60);
      }
    });

    it('tells a refund with its money and its lines, even if the sale’s own date stays', async () => {
      const world = await open();
      const { refund } = world.sender;
      for (const giveBack of [refund.line, refund.amount]) {
        if (giveBack === null) continue;
        const [id = ''] = placeMany(world, 2, 3600);
        const since = world.now().toISOString();
        const amount = giveBack(id);
        const facts = (await readAll(world, since)).flat().flatMap((finding) => factsIn(world, finding));
        expect(new Set(facts.map(thingOf))).toEqual(new Set([id]));
        expect(moneyBackIn(facts)).toContain(amount);
        const order = orderIn(facts);
        if (order === undefined) continue;
        expect(order.refunds.map((claim) => claim.amount)).toEqual([amount]);
        for (const claim of order.refunds) expectLines(claim, order, giveBack === refund.line);
      }
    });
  });

  describe(`${connector.label}: what is left with the sender`, () => {
    const note = (id: string, change: Partial<WriteBack> = {}): WriteBack => ({
      key: `shop/${id}/invoice/1`,
      orderId: id,
      kind: 'invoice',
      number: 'F-2026-7',
      url: 'https://books.example/f/7',
      ...change,
    });
    const leave = async ({ api, io }: ApiWorld, one: WriteBack): Promise<string> =>
      api.writeBack === null ? 'nothing' : (await api.writeBack(one, io)).kind;

    it('is there once, however often it is left, beside those of other documents', async () => {
      const world = await open();
      const { sender } = world;
      const id = sender.place();
      expect(world.api.writeBack === null).toBe(sender.notes === null);
      if (sender.notes === null) return;
      expect(await leave(world, note(id))).toBe('done');
      const once = sender.notes(id);
      expect(once.join(' ')).toMatch(/F-2026-7.*https:\/\/books\.example\/f\/7/);
      world.pass(60);
      expect(await leave(world, note(id))).toBe('done');
      expect(sender.notes(id)).toEqual(once);
      const credit = note(id, { key: `shop/${id}/credit_note/44`, kind: 'credit_note', number: 'A-2026-1', url: null });
      for (let time = 0; time < 2; time++) expect(await leave(world, credit)).toBe('done');
      for (const number of ['F-2026-7', 'A-2026-1']) {
        expect(sender.notes(id).filter((text) => text.includes(number))).toHaveLength(1);
      }
    });

    it('is there once, though it is not known whether it was left', async () => {
      const world = await open();
      const { sender } = world;
      if (sender.notes === null) return;
      const plain = sender.place();
      expect(await leave(world, note(plain))).toBe('done');
      for (const acts of ['at_once', 'never'] as const) {
        for (const sees of ['reset', { status: 502, body: '' }] as const) {
          const id = sender.place();
          sender.http.failNext({ acts, sees }, ({ method, body }) => kit.isWrite({ method, body: body.toString() }));
          expect(await leave(world, note(id))).toBe('unknown');
          expect(await leave(world, note(id))).toBe('done');
          expect(sender.notes(id)).toEqual(sender.notes(plain).map((text) => text.replaceAll(plain, id)));
        }
      }
    });
  });

  describe(`${connector.label}: the check`, () => {
    it('names the sender, says what can be read, and leaves nothing there', async () => {
      const world = await open();
      world.sender.place();
      const outcome = await world.api.check(world.io);
      if (outcome.kind !== 'done') throw new Error(outcome.problem.detail);
      const { name, can, cannot, limits, warnings } = outcome.value;
      expect(name).not.toBe('');
      expect(can).not.toEqual([]);
      for (const sentence of [...can, ...cannot, ...limits, ...warnings]) expect(sentence.trim()).not.toBe('');
      expect(world.sender.http.requests().filter(kit.isWrite)).toEqual([]);
    });
  });

  faultsSuite(kit);
  return connector.type;
}

/** Topics under which the core stores these deliveries. */
async function received<Settings>(kit: SourceApiKit<Settings>, world: ApiWorld, sent: Sent[]): Promise<string[]> {
  const { connector } = kit;
  const source = {
    ...literalSource({ name: connector.type, tells: connector.tells, invoicing: DEFAULT_INVOICING }),
    contentTypes: connector.contentTypes,
    verify: world.verify,
  };
  const stored: string[] = [];
  const inbox = {
    accept: async ({ topic }: { topic: string }) => {
      stored.push(topic);
      return { eventId: stored.length, duplicate: false };
    },
  };
  const runtime = { now: world.now, random: () => 0.5, after: () => () => {} };
  for (const one of sent) {
    await receive(source, { ...one, repeated: new Set() }, { inbox, runtime, log: createLog('silent') });
  }
  return stored;
}

/** What deliveries tell, and what they ask for. */
function deliveredBy(world: ApiWorld, sent: readonly Sent[]): { facts: Fact[]; refs: string[] } {
  const facts: Fact[] = [];
  const refs = new Set<string>();
  for (const one of sent) {
    const verdict = world.verify(one);
    if (verdict.kind !== 'accepted') throw new Error(`the sender’s own webhook is not accepted: ${verdict.kind}`);
    const understood = world.understand({ topic: verdict.topic, body: one.body });
    if (!understood.ok) throw new Error(`${verdict.topic}: ${understood.error.detail}`);
    if (understood.value.kind === 'facts') facts.push(...understood.value.facts);
    if (understood.value.kind !== 'ignored') for (const ref of understood.value.fetch ?? []) refs.add(ref);
  }
  return { facts, refs: [...refs] };
}

const ordersIn = (facts: readonly Fact[]): Order[] =>
  facts.flatMap((fact) => (fact.kind === 'order' ? [fact.order] : []));
const orderIn = (facts: readonly Fact[]): Order | undefined => ordersIn(facts).at(-1);

const latestOrder = (facts: readonly Fact[]): Order | undefined =>
  ordersIn(facts)
    .toSorted((a, b) => a.updatedAt.localeCompare(b.updatedAt) || a.rank - b.rank)
    .at(-1);

const moneyBackIn = (facts: readonly Fact[]): bigint[] => [
  ...ordersIn(facts).flatMap(({ refunds }) => refunds.map(({ amount }) => amount)),
  ...facts.flatMap((fact) => (fact.kind === 'refund' ? [fact.refund.amount] : [])),
];

function expectLines({ amount, lines }: RefundClaim, order: Order, byLine: boolean): void {
  if (!byLine) {
    expect(lines).toEqual([]);
    return;
  }
  expect(lines?.map(({ gross }) => gross)).toEqual([amount]);
  for (const line of lines ?? []) expect(order.lines.map(({ id }) => id)).toContain(line.lineId);
}

/** True where `poor` says nothing that `rich` does not say. */
function isLess(poor: unknown, rich: unknown): boolean {
  if (poor === null || Object.is(poor, rich)) return true;
  if (typeof poor !== 'object' || typeof rich !== 'object' || rich === null) return false;
  if (Array.isArray(poor) && Array.isArray(rich) && poor.length !== rich.length) return false;
  const known = new Map<string, unknown>(Object.entries(rich));
  return Object.entries(poor).every(([name, value]) => isLess(value, known.get(name)));
}
