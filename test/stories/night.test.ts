// A night in which every webhook is lost. In the morning the shops and Stripe are asked what happened, with failures on the
// way and a process that dies in the middle of a page; afterwards the lost webhooks arrive after all.
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault, HttpSimulator } from '../simulators/http-simulator.ts';
import { type Delivery, Died, type NightWorld, openNightWorld } from '../support/night-world.ts';
import { AMOUNT, type GivenBack, prestaTill, shopifyTill, type Till, wooTill } from '../support/tills.ts';

let world: NightWorld;

type Fate = 'kept' | 'edited' | 'cancelled' | GivenBack;
const FATES: readonly Fate[] = ['kept', 'whole', 'piece', 'amount', 'edited', 'cancelled'];

/** An order, and what its documents must come to, in cents; no total: nothing was sold. */
type Sale = { key: string; total: number | null; returned: number[] };

/** How many orders each shop has in the night. */
const ORDERS = { woo: 12, shopify: 8, presta: 6 };
type Shop = keyof typeof ORDERS;

const tillsOf = ({ woo, shopify, presta }: NightWorld): Record<Shop, Till> => ({
  woo: wooTill(woo),
  shopify: shopifyTill(shopify),
  presta: prestaTill(presta),
});

/** One order from its placing to its end. `after` happens after each step, some minutes later. */
function live(world: NightWorld, shop: Shop, cents: number, fate: Fate, byStripe: boolean, after: () => void): Sale {
  const till = tillsOf(world)[shop];
  const { books } = world.stripe;
  const step = (act: () => void): void => {
    act();
    after();
    world.pass(3);
  };
  const id = till.place(cents);
  step(() => {});
  const key = `${shop}-${id}`;
  if (fate === 'cancelled') {
    step(() => till.cancel(id));
    return { key, total: null, returned: [] };
  }
  if (fate === 'edited') step(() => till.takeOne(id, cents));
  const total = fate === 'edited' ? cents : 2 * cents;
  const payment = byStripe ? books.pay({ amount: total, metadata: till.metadata(id) }) : null;
  step(() => till.pay(id, payment?.id));
  if (fate === 'kept' || fate === 'edited') return { key, total, returned: [] };
  const amount = { whole: total, piece: cents, amount: AMOUNT }[fate];
  const refund = payment === null ? undefined : books.refund(payment, amount);
  step(() => till.giveBack(id, fate, refund?.id));
  return { key, total, returned: [amount] };
}

/** Every shop sells one, and the bridge hears of it. */
async function evening(world: NightWorld): Promise<Sale[]> {
  const sales = (['woo', 'shopify', 'presta'] as const).map((shop, index) =>
    live(world, shop, 9000 + index, 'kept', true, () => {}),
  );
  for (const delivery of world.sent()) expect(await world.hear(delivery)).toBe('stored');
  await world.workFor(0.5);
  expect(await world.silent()).toEqual([]);
  return sales;
}

/** Orders of every shop and every fate, half of them paid through Stripe. The bridge is not there. */
function night(world: NightWorld): { sales: Sale[]; lost: Delivery[] } {
  const lost: Delivery[] = [];
  const sales: Sale[] = [];
  for (let turn = 0; turn < Math.max(...Object.values(ORDERS)); turn++) {
    for (const [index, shop] of (['woo', 'shopify', 'presta'] as const).entries()) {
      if (turn >= ORDERS[shop]) continue;
      const fate = FATES[turn % FATES.length] ?? 'kept';
      const byStripe = (turn + Math.floor(turn / FATES.length) + index) % 2 === 0;
      const cents = 1000 + 30 * turn + 10 * index;
      sales.push(live(world, shop, cents, fate, byStripe, () => lost.push(...world.sent())));
      world.pass(10);
    }
  }
  return { sales, lost };
}

/** Where the morning fails: the number of the request of each, and the one before which the process dies. */
type Mishaps = { refused: number; broken: number; silent: number; dying: number };

/** The first look at everything that happened: a shop that is busy, one that breaks, Stripe that is silent, and a death. */
async function morning(world: NightWorld, { refused, broken, silent, dying }: Mishaps): Promise<void> {
  world.pass(60);
  const met = [
    failAt(world.woo, refused, { status: 429, headers: { 'retry-after': '40' }, body: 'Too Many Requests' }),
    failAt(world.shopify, broken, { status: 500, body: '{"errors":"Internal Server Error"}' }),
    failAt(world.stripe, silent, 'silence'),
  ];
  world.dieBefore('presta', dying);
  await expect(world.work()).rejects.toThrow(Died);
  await world.restart();
  await world.workFor(3);
  expect(met.map((isMet) => isMet())).toEqual([true, true, true]);
}

/** The request of this number, counted from the next, meets the fault. Tells whether it has. */
function failAt(simulator: HttpSimulator, request: number, sees: Fault['sees']): () => boolean {
  let left = request;
  simulator.failNext({ acts: 'never', sees }, () => {
    left -= 1;
    return left === 0;
  });
  return () => left <= 0;
}

/** Late webhooks that arrive at one time. */
const TOGETHER = 40;

/** Every lost webhook arrives, twice. A source is silent until one of its own is heard. */
async function arriveLate(world: NightWorld, lost: readonly Delivery[], places: Iterator<number>): Promise<void> {
  // Stripe signs each attempt anew: what it signed in the night would be refused as too old.
  const again = (): Delivery[] => [...lost.filter(({ sender }) => sender !== 'stripe'), ...world.sentAgain()];
  const shuffled = [...again(), ...again()]
    .map((delivery) => ({ delivery, place: Number(places.next().value) }))
    .toSorted((a, b) => a.place - b.place);
  for (let at = 0; at < shuffled.length; at += TOGETHER) {
    const together = shuffled.slice(at, at + TOGETHER).map(({ delivery }) => delivery);
    expect(new Set(await Promise.all(together.map(world.hear)))).toEqual(new Set(['stored']));
    await world.work();
    const heard = new Set<string>(together.map(({ sender }) => sender));
    expect((await world.silent()).filter((sender) => heard.has(sender))).toEqual([]);
  }
  await world.workFor(3);
}

const centsOf = (euros: string): number => new Big(euros).times(100).toNumber();

/** What the provider holds for these sales. */
const issued = ({ books }: NightWorld, sales: readonly Sale[]) =>
  sales.map(({ key }) => {
    const invoices = books.documents().filter(({ oid }) => oid?.startsWith(`${key}-invoice-`));
    const credits = books.documents().filter(({ invoice_id }) => invoices.some(({ id }) => id === invoice_id));
    return {
      key,
      invoices: invoices.map(({ price_gross, status, paid }) => [centsOf(price_gross), status, centsOf(paid)]),
      returned: credits.map(({ price_gross }) => -centsOf(price_gross)),
    };
  });

const expected = (sales: readonly Sale[]) =>
  sales.map(({ key, total, returned }) => ({
    key,
    invoices: total === null ? [] : [[total, 'paid', total]],
    returned,
  }));

const documents = async (world: NightWorld) => ({
  numbers: world.books.documents().map(({ number }) => number),
  jobs: await world.jobs(),
});

describe('a night in which no webhook arrived', () => {
  const mishaps: fc.Arbitrary<Mishaps> = fc.record({
    refused: fc.integer({ min: 1, max: 4 }),
    broken: fc.integer({ min: 1, max: 6 }),
    silent: fc.integer({ min: 1, max: 2 }),
    dying: fc.integer({ min: 2, max: 16 }),
  });

  it('ends in one invoice for each paid order and one credit note for each refund, and late webhooks add nothing', async () => {
    const story = async (what: Mishaps, places: Iterator<number>): Promise<void> => {
      const sold = await evening(world);
      const { sales, lost } = night(world);
      sold.push(...sales);
      await morning(world, what);
      expect(issued(world, sold)).toEqual(expected(sold));
      expect((await world.jobs()).filter(({ status }) => status !== 'done')).toEqual([]);
      expect(await world.silent()).toEqual(['presta', 'shopify', 'stripe', 'woo']);
      const before = await documents(world);
      await arriveLate(world, lost, places);
      expect(await documents(world)).toEqual(before);
      expect(issued(world, sold)).toEqual(expected(sold));
      expect(await world.silent()).toEqual([]);
    };
    const property = fc
      .asyncProperty(mishaps, fc.infiniteStream(fc.nat()), story)
      .beforeEach(async () => {
        world = await openNightWorld();
      })
      .afterEach(() => world.close());
    await fc.assert(property, { numRuns: 2, endOnFailure: true });
  }, 60_000);
});
