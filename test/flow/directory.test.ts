// The index of clients that an API cannot search: read once, kept fresh, and believed only after a look.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Buyer } from '../../src/domain/buyer.ts';
import { sameTaxNumber, taxNumberBucket, taxNumberForms } from '../../src/domain/tax-number.ts';
import { progressOf, syncStep } from '../../src/flow/6-listing.ts';
import { StatsSchema } from '../../src/operations/stats.ts';
import { standingOf } from '../../src/store/accounts.ts';
import { beginPass, directoryRows, takePage } from '../../src/store/directory.ts';
import { type ListedBooks, type Listing, listedBooks } from '../support/listed-books.ts';
import { paidOrder } from '../support/orders.ts';
import { openWorld, TOKEN, type World } from '../support/world.ts';

const ACME = 'FR40303265045';
const OTHER = 'FR83404833048';
const MINUTE = 60_000;
const DAY = 86_400_000;

let world: World;
let books: ListedBooks;
let close = async (): Promise<void> => undefined;
afterEach(() => close());

async function open(listing: Omit<Listing, 'now'> = {}): Promise<void> {
  await close();
  books = listedBooks({ ...listing, now: () => world.runtime.now() });
  world = await openWorld({ account: books.account, matching: { by: ['tax_number', 'email'] } });
  close = async () => {
    close = async () => undefined;
    await world.close();
  };
}

const provider = () => {
  const books_ = world.registry.providers.get('books');
  if (books_?.account.directory == null) throw new Error('no directory');
  return { provider: books_, directory: books_.account.directory };
};
/** One page, as the loop that reads lists would. */
const page = () => syncStep(world, provider().provider, provider().directory);
/** A whole pass, where one is due. */
async function pass(): Promise<void> {
  while ((await page()) === 0);
}
const progress = () => progressOf(world, provider().provider, provider().directory);

/** A paid order of a company; the order's id names its buyer's e-mail. */
const order = (id: number, taxNumber: string | null, buyer: Partial<Buyer> = {}) => {
  const plain = paidOrder();
  return world.deliver('shop', {
    order: paidOrder({
      id: String(id),
      number: `W-${id}`,
      buyer: {
        ...plain.buyer,
        kind: 'company',
        name: 'Acme SARL',
        company: 'Acme SARL',
        email: `buyer${id}@acme.example`,
        taxNumber,
        ...buyer,
      },
    }),
  });
};
const invoice = (id: number) => world.job(`${id}/invoice/1`);
const clientOf = async (id: number) => (await invoice(id)).client?.id;

describe('the first pass', () => {
  const fill = (count: number): void => {
    for (let n = 1; n <= count; n++) books.put({ id: `p${n}`, name: `Client ${n}` });
  };
  it('reads every list page by page, and tells how far it is', async () => {
    await open();
    fill(5);
    expect(await page()).toBe(0);
    expect(await progress()).toEqual({
      clients: 2,
      whole: false,
      line: 'page 1 of 3, about 4 s left',
      remainingMs: 3334,
    });
    expect(await page()).toBe(0);
    expect(await page()).toBe(0);
    expect(await progress()).toEqual({ clients: 5, whole: true, line: '5 clients are listed', remainingMs: 0 });
    expect(await page()).toBe(DAY);
    expect(books.asked).toEqual(['page 1', 'page 2', 'page 3']);
  });
  it('tells what it has where the provider does not say how many pages there are', async () => {
    await open({ tellsPages: false });
    fill(3);
    await page();
    expect((await progress()).line).toBe('2 clients so far, how many there are is not known yet');
  });
  it('takes its turns among the account’s requests as what may wait', async () => {
    await open();
    const uses: string[] = [];
    const { provider: bound, directory } = provider();
    const paced = {
      ...bound,
      http: async () => ({ kind: 'not_sent', problem: { code: 'x', detail: '' } }) as const,
      paced: <T>(work: () => Promise<T>, { use }: { use: string }): Promise<T> => {
        uses.push(use);
        return work();
      },
    };
    const asking = {
      ...directory,
      page: async (list: string, number: number, io: Parameters<typeof directory.page>[2]) => {
        await io.http({ method: 'GET', path: '/clients' });
        return directory.page(list, number, io);
      },
    };
    await syncStep(world, paced, asking);
    expect(uses).toEqual(['sync']);
  });
  it('goes on after a restart where it was', async () => {
    await open();
    fill(6);
    await page();
    await page();
    await world.restart();
    await pass();
    expect(books.asked).toEqual(['page 1', 'page 2', 'page 3']);
    expect((await progress()).clients).toBe(6);
  });
  it('tries a page again that fails, and counts it against the account', async () => {
    await open();
    fill(3);
    books.failNext('unanswered');
    expect(await page()).toBe(2000);
    expect(await standingOf(world.store.read, books.account.accountId)).toMatchObject({ failures: 1 });
    await pass();
    expect(books.asked).toEqual(['page 1', 'page 1', 'page 2']);
    expect(await standingOf(world.store.read, books.account.accountId)).toMatchObject({ failures: 0 });
  });
  it('lets the account rest when there are too many requests', async () => {
    await open();
    books.failNext('throttled');
    await page();
    expect(await standingOf(world.store.read, books.account.accountId)).toMatchObject({
      reason: 'throttled',
      blockedUntil: world.runtime.now().getTime() + MINUTE,
    });
  });
  it('meets the account slowly after it had to be left alone', async () => {
    await open();
    for (let n = 0; n < 5; n++) books.failNext('unanswered');
    for (let n = 0; n < 5; n++) await page();
    expect((await standingOf(world.store.read, books.account.accountId)).blockedUntil).toBeGreaterThan(0);
    await world.runtime.advance(60 * MINUTE);
    await page();
    expect(await standingOf(world.store.read, books.account.accountId)).toMatchObject({
      blockedUntil: 0,
      rampFrom: world.runtime.now().getTime(),
    });
  });
  it('is shown in the stats and on the admin page', async () => {
    await open();
    fill(5);
    await page();
    const { body } = await world.call('GET', '/stats');
    expect(StatsSchema.parse(body).providers).toMatchObject([
      { directory: { clients: 2, whole: false, detail: 'page 1 of 3, about 4 s left' } },
    ]);
    await pass();
    const host = { host: 'bridge.test', origin: 'https://bridge.test' };
    const signedIn = await world.app.request('/admin/sign-in', {
      method: 'POST',
      headers: { ...host, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: TOKEN }).toString(),
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const shown = await world.app.request('/admin', { headers: { ...host, cookie } });
    expect(await shown.text()).toContain('5 clients are listed');
  });
  it('is moved by one reader only, where two read beside each other', async () => {
    await open();
    fill(6);
    await Promise.all([page(), page()]);
    const rows = await directoryRows(world.store.read, books.account.accountId);
    expect(rows).toMatchObject([{ pass: 1, page: 1 }]);
    await pass();
    expect((await progress()).clients).toBe(6);
  });
  it('is not moved by a page that was read for the pass before', async () => {
    await open();
    fill(4);
    await pass();
    const account = books.account.accountId;
    await world.store.write((tx) => beginPass(tx, account, 'clients', world.runtime.now()));
    const late = { list: 'clients', pass: 1, page: 1, rows: [], pages: 2, last: false };
    await world.store.write((tx) => takePage(tx, account, late, world.runtime.now()));
    expect(await directoryRows(world.store.read, account)).toMatchObject([{ pass: 2, page: 0 }]);
  });
});

describe('an order that arrives while the clients are being listed', () => {
  it('waits and says how long, where only the list can tell of its key; others go on', async () => {
    await open();
    for (let n = 1; n <= 5; n++) books.put({ id: `p${n}`, name: `Client ${n}`, taxNumber: n === 1 ? ACME : null });
    await page();
    await order(1, ACME);
    await order(2, null);
    await world.drain();
    expect(await invoice(1)).toMatchObject({
      status: 'pending',
      reason: 'directory_syncing',
      detail: 'waits until all clients at books are listed: page 1 of 3, about 4 s left',
    });
    expect((await invoice(2)).status).toBe('done');
    await pass();
    await world.settle();
    expect(await clientOf(1)).toBe('p1');
  });
  it('asks nothing of the provider while it waits', async () => {
    await open();
    books.put({ id: 'p1', name: 'Client' });
    await order(1, ACME);
    await world.drain();
    const asked = books.asked.length;
    for (let n = 0; n < 20; n++) {
      await world.runtime.advance(MINUTE);
      await world.drain();
    }
    expect(books.asked).toHaveLength(asked);
    expect((await invoice(1)).reason).toBe('directory_syncing');
  });
  it('does not keep another order of its buyer from being seen', async () => {
    await open();
    await order(1, ACME);
    await order(2, ACME);
    await world.drain();
    expect((await invoice(2)).reason).toBe('directory_syncing');
  });
  it('goes on at once where the client is found by its name', async () => {
    await open();
    for (let n = 1; n <= 5; n++) books.put({ id: `p${n}`, name: `Client ${n}` });
    books.put({ id: 'acme', name: 'Acme SARL', taxNumber: 'FR 40 303 265 045' });
    await order(1, ACME);
    await world.drain();
    expect(await clientOf(1)).toBe('acme');
  });
});

describe('the index', () => {
  const listed = async (): Promise<void> => {
    await open();
    books.put({ id: 'acme', name: 'Acme', taxNumber: 'FR 40 303 265 045', email: 'old@acme.example' });
    for (let n = 1; n <= 4; n++) books.put({ id: `p${n}`, name: `Client ${n}` });
    await pass();
  };
  it('leads to the client however its number is spelled, and looks at it first', async () => {
    await listed();
    await order(1, '303 265 045');
    await world.drain();
    expect(await clientOf(1)).toBe('acme');
    expect(books.asked).toContain('read acme');
  });
  it.each(['archive', 'delete'] as const)('forgets a client when a look at it finds it gone (%s)', async (how) => {
    await listed();
    books[how]('acme');
    await order(1, ACME);
    await world.drain();
    expect(books.withTaxNumber(ACME)).toMatchObject([{ id: await clientOf(1), name: 'Acme SARL' }]);
  });
  it('still finds a client that has lost the key looked for, under those that it bears now', async () => {
    await listed();
    books.put({ id: 'acme', taxNumber: OTHER });
    await order(1, ACME);
    await world.drain();
    expect(await clientOf(1)).not.toBe('acme');
    await order(2, OTHER);
    await world.drain();
    expect(await clientOf(2)).toBe('acme');
  });
  it('finds a client that a person made a minute ago', async () => {
    await listed();
    await world.runtime.advance(MINUTE);
    books.put({ id: 'new', name: 'Other', taxNumber: OTHER });
    await order(1, OTHER);
    await world.drain();
    expect(await clientOf(1)).toBe('new');
  });
  it('asks for what changed last at most once a minute', async () => {
    await listed();
    await world.runtime.advance(MINUTE);
    await order(1, OTHER);
    await order(2, 'DE136695976');
    await world.drain();
    // Once in the first pass, once for the first order.
    expect(books.asked.filter((one) => one === 'page 1')).toHaveLength(2);
  });
  it('finds a client that moved to a page which was read already, while the pass went on', async () => {
    await open();
    for (let n = 1; n <= 5; n++) books.put({ id: `p${n}`, name: `Client ${n}` });
    await page();
    // It stood on the last page, and now stands on the first.
    books.put({ id: 'p1', taxNumber: ACME });
    await world.runtime.advance(10 * MINUTE);
    await pass();
    await order(1, ACME);
    await world.drain();
    expect(await clientOf(1)).toBe('p1');
  });
  it('keeps a client that a deletion moved to a page which was read already', async () => {
    await open();
    books.put({ id: 'acme', name: 'Acme', taxNumber: ACME });
    for (let n = 1; n <= 4; n++) books.put({ id: `p${n}`, name: `Client ${n}` });
    await pass();
    await world.runtime.advance(DAY);
    await page();
    await page();
    books.delete('p4');
    await pass();
    await order(1, ACME);
    await world.drain();
    expect(await clientOf(1)).toBe('acme');
  });
  it('misses nothing of a refresh that was cut short', async () => {
    await listed();
    await world.runtime.advance(MINUTE);
    books.put({ id: 'new', name: 'Other', taxNumber: OTHER });
    for (let n = 5; n <= 8; n++) books.put({ id: `p${n}`, name: `Client ${n}` });
    const directory = provider().directory;
    const whole = directory.page;
    directory.page = async (list, number, io) => {
      if (number === 2) {
        directory.page = whole;
        books.failNext('unanswered');
      }
      return whole(list, number, io);
    };
    await order(1, OTHER);
    await world.settle();
    expect(await clientOf(1)).toBe('new');
  });
  it('forgets after two passes a client that nobody has seen', async () => {
    await listed();
    books.delete('p4');
    for (const expected of [5, 4]) {
      await world.runtime.advance(DAY);
      await pass();
      expect((await progress()).clients).toBe(expected);
    }
  });
});

describe('however orders and pages come between each other', () => {
  it('no client is made twice', { timeout: 120_000 }, async () => {
    const numbers = [ACME, OTHER, 'DE136695976', '303265045'];
    const action = fc.oneof(
      { weight: 3, arbitrary: fc.constant('page' as const) },
      { weight: 3, arbitrary: fc.nat(numbers.length - 1) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('minute' as const, 'day' as const, 'restart' as const, 'rename' as const),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 14 }), fc.boolean(), async (actions, byName) => {
        await open({ byName });
        for (let n = 1; n <= 5; n++) books.put({ id: `p${n}`, name: `Client ${n}` });
        books.put({ id: 'acme', name: 'Acme SARL', taxNumber: 'FR 40 303 265 045' });
        for (const [at, one] of actions.entries()) {
          if (one === 'page') await page();
          else if (one === 'minute') await world.runtime.advance(MINUTE);
          else if (one === 'day') await world.runtime.advance(DAY);
          else if (one === 'restart') await world.restart();
          else if (one === 'rename') books.put({ id: 'p1', name: `Client renamed ${at}` });
          else await order(at, numbers[one] ?? null, { email: `buyer${at}@acme.example` });
          await world.drain();
        }
        await pass();
        await world.settle();
        expect((await world.jobs()).filter(({ status }) => status !== 'done')).toEqual([]);
        const made = books.clients.map(({ taxNumber }) => taxNumberBucket(taxNumber)).filter((one) => one !== null);
        expect(made).toHaveLength(new Set(made).size);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the bucket of a tax number', () => {
  it('is shared by all spellings of one number', () => {
    const country = fc.constantFrom('FR', 'DE', 'IT', 'ES', 'BE', 'NL', 'AT', 'GR', 'IE', 'PL', 'CH', 'GB', 'US');
    const real = fc.constantFrom(
      ['FR40303265045', 'FR'],
      ['FR83404833048', 'FR'],
      ['DE136695976', 'DE'],
      ['IT00743110157', 'IT'],
      ['ESB58378431', 'ES'],
      ['BE0428759497', 'BE'],
      ['NL004495445B01', 'NL'],
      ['ATU13585627', 'AT'],
      ['EL094259216', 'GR'],
      ['IE6433435F', 'IE'],
      ['PL8567346215', 'PL'],
      ['PT501964843', 'PT'],
      ['SE556188840401', 'SE'],
      ['DK13585628', 'DK'],
    ) as fc.Arbitrary<[string, string]>;
    const written = (text: string): fc.Arbitrary<string> =>
      fc.tuple(fc.nat(text.length), fc.constantFrom(' ', '.', '-', ''), fc.boolean()).map(([at, mark, lower]) => {
        const spelled = text.slice(0, at) + mark + text.slice(at);
        return lower ? spelled.toLowerCase() : spelled;
      });
    const spellings = real.chain(([number, home]) => {
      const forms = [...taxNumberForms(number, home), number.slice(2)];
      const siret = home === 'FR' ? [`${number.slice(4)}00015`] : [];
      const one = fc.constantFrom(...forms, ...siret).chain(written);
      return fc.tuple(one, one, fc.constant(home));
    });
    const random = fc.tuple(
      fc.stringMatching(/^[A-Z]{0,2}[0-9A-Z]{0,14}$/),
      fc.stringMatching(/^[A-Z]{0,2}[0-9A-Z]{0,14}$/),
      country,
    );
    let same = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: spellings }, random), ([a, b, where]) => {
        if (!sameTaxNumber(a, b, where)) return;
        same += 1;
        expect(taxNumberBucket(a)).toBe(taxNumberBucket(b));
      }),
      { numRuns: 2000 },
    );
    expect(same).toBeGreaterThan(500);
  });
});
