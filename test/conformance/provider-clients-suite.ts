// The clients of a provider: found under every key that it declares, made as told, filled where they are empty.
import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/connector.ts';
import type { Buyer } from '../../src/domain/buyer.ts';
import { bears, type ClientDraft, type ClientKey, clientKeys } from '../../src/domain/client.ts';
import type { ClientSeed, ProviderWorld } from './provider-kit.ts';
import { company, person, unknownGuest } from './provider-samples.ts';
import { clientOf, clientsUnder, found, type InWorld, proved, requestFor, wholeDirectory } from './provider-steps.ts';

const wanted: ClientSeed = {
  name: 'Ada Morel',
  email: 'ada@buyer.example',
  taxNumber: 'FR40303265045',
  externalId: 'shop-17',
};

/** A buyer who bears every key of `wanted`, written in another way. */
const buyer: Buyer = { ...person, email: ' ADA@buyer.example', taxNumber: '303 265 045' };

/** More than a page of clients that only resemble the one that is wanted. */
function addLookalikes({ addClient }: ProviderWorld): void {
  for (let n = 0; n < 120; n++) {
    addClient({
      name: `${wanted.name} ${n}`,
      email: `x${n}-${wanted.email}`,
      taxNumber: `${wanted.taxNumber}${n}`,
      externalId: `${wanted.externalId}${n}`,
    });
  }
}

/** Registers the tests of a provider's clients. */
export function clientsSuite(title: string, { keys, searches }: Capabilities, inWorld: InWorld<ProviderWorld>): void {
  const keysOf = (externalId: string | null, of = buyer): ClientKey[] => clientKeys(of, externalId, keys);
  /** A seed with the keys that this provider's clients bear at all. */
  const borne = ({ email, taxNumber, externalId }: ClientSeed) => ({
    email: keys.includes('email') ? email : null,
    taxNumber: keys.includes('tax_number') ? taxNumber : null,
    externalId: keys.includes('external_id') ? externalId : null,
  });

  describe(`${title}: clients`, () => {
    it(
      'are found by every declared key exactly, behind hundreds that only resemble it',
      inWorld(async (world) => {
        const id = world.addClient(wanted);
        addLookalikes(world);
        expect(keysOf(wanted.externalId)).toHaveLength(keys.length);
        for (const key of keysOf(wanted.externalId)) {
          expect(await clientsUnder(world, key, 'FR')).toMatchObject([{ id, ...borne(wanted) }]);
        }
      }),
    );

    it(
      'that bear no key are not found',
      inWorld(async (world) => {
        world.addClient({ name: 'Ada Morel', email: null, taxNumber: null, externalId: null });
        for (const key of keysOf('shop-18', company)) expect(await clientsUnder(world, key, 'FR')).toEqual([]);
      }),
    );

    it(
      'that were archived or deleted are found no more',
      inWorld(async (world) => {
        const archived = world.addClient(wanted);
        const deleted = world.addClient(wanted);
        world.addClient(wanted);
        world.archiveClient(archived);
        world.deleteClient(deleted);
        const live = world.clients().map(({ id }) => id);
        expect(live).not.toHaveLength(0);
        for (const key of keysOf(wanted.externalId)) {
          const ids = (await clientsUnder(world, key, 'FR')).map(({ id }) => id);
          expect(new Set(ids)).toEqual(new Set(live));
          expect(ids).toHaveLength(live.length);
        }
      }),
    );

    it(
      'are found under what the merchant has changed them to, and no longer under what they were',
      inWorld(async (world) => {
        const id = world.addClient(wanted);
        const change = { email: 'compta@lacaze.example', taxNumber: 'FR83404833048', externalId: 'shop-99' };
        world.changeClient(id, change);
        const now = clientKeys({ ...person, ...change }, change.externalId, keys);
        for (const key of now) expect(await clientsUnder(world, key, 'FR')).toMatchObject([{ id }]);
        for (const key of keysOf(wanted.externalId)) expect(await clientsUnder(world, key, 'FR')).toEqual([]);
      }),
    );

    const drafts: { name: string; draft: ClientDraft }[] = [
      { name: 'a person', draft: { buyer: person, externalId: 'shop-17', marker: 'mark 17' } },
      { name: 'a company', draft: { buyer: company, externalId: 'shop-18', marker: 'mark 18' } },
      { name: 'a company without an external id', draft: { buyer: company, externalId: null, marker: 'mark 19' } },
      { name: 'a guest with an e-mail', draft: { buyer: person, externalId: null, marker: 'mark 20' } },
      { name: 'a guest without any key', draft: { buyer: unknownGuest, externalId: null, marker: 'mark 21' } },
    ];
    it.each(drafts)('$name is made as told, and found again as the one that was made', ({ draft }) =>
      inWorld(async (world) => {
        const { account, io } = world;
        world.addClient({ name: draft.buyer.name, email: null, taxNumber: null, externalId: null });
        const made = await clientOf(world, draft);
        const { name, kind, email, taxNumber } = draft.buyer;
        const seen = world.clients().find(({ id }) => id === made.id);
        expect(seen).toMatchObject({ name, kind, externalId: borne({ ...wanted, ...draft }).externalId });
        for (const key of clientKeys(draft.buyer, draft.externalId, keys)) {
          expect(bears(made, key, 'FR'), `bears its ${key.kind}`).toBe(true);
        }
        expect(seen?.email ?? null).toBe(keys.includes('email') ? email : null);
        expect(seen?.taxNumber === null).toBe(taxNumber === null || !keys.includes('tax_number'));
        if (account.client.find === null) return;
        const again = await account.client.find(draft, requestFor(account.client, draft), io);
        expect(found(again)).toMatchObject([{ id: made.id }]);
      })(),
    );

    const stored: { name: string; seed: ClientSeed; draft: ClientDraft }[] = [
      {
        name: 'a person',
        seed: { name: 'Old Name', email: person.email, taxNumber: null, externalId: null },
        draft: { buyer: person, externalId: 'shop-17', marker: '' },
      },
      {
        name: 'a company',
        seed: { name: 'Old Name', email: company.email, taxNumber: null, externalId: null, kind: 'company' },
        draft: { buyer: company, externalId: 'shop-18', marker: '' },
      },
    ];
    it.each(stored)('$name is filled where it is empty, and overwritten only when asked', ({ seed, draft }) =>
      inWorld(async (world) => {
        const { account, io } = world;
        const id = world.addClient(seed);
        const client = await clientById(world, id, draft);
        const filled = proved(await account.updateClient(client, draft, false, io));
        const seen = (): object | undefined => world.clients().find((one) => one.id === id);
        const { email, externalId } = borne({ ...wanted, email: seed.email, externalId: draft.externalId });
        expect(seen()).toMatchObject({ name: 'Old Name', email, externalId });
        for (const key of clientKeys(draft.buyer, draft.externalId, keys)) expect(bears(filled, key, 'FR')).toBe(true);
        proved(await account.updateClient(filled, draft, true, io));
        expect(seen()).toMatchObject({ name: draft.buyer.name, email, externalId });
        expect(world.clients()).toHaveLength(1);
      })(),
    );
  });

  if (keys.every((key) => searches.includes(key))) return;

  describe(`${title}: the directory of clients`, () => {
    it(
      'lists each client once over all its pages, and says which are live',
      inWorld(async (world) => {
        addLookalikes(world);
        const [archived, deleted] = [world.addClient(wanted), world.addClient(wanted)];
        world.archiveClient(archived);
        world.deleteClient(deleted);
        const rows = await wholeDirectory(world);
        expect(new Set(rows.map(({ client }) => client.id)).size).toBe(rows.length);
        const live = rows.flatMap((row) => (row.live ? [row.client.id] : []));
        expect(new Set(live)).toEqual(new Set(world.clients().map(({ id }) => id)));
      }),
    );

    it(
      'has persons and companies among its rows, latest first where it says so',
      inWorld(async (world) => {
        const ids = [wanted, { ...wanted, kind: 'company' as const }].map((seed) => world.addClient(seed));
        const rows = await wholeDirectory(world);
        expect(new Set(rows.map(({ client }) => client.id))).toEqual(new Set(ids));
        for (const { at } of rows) {
          if (world.account.directory?.latestFirst === null) expect(at).toBeNull();
          else expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        }
      }),
    );

    it(
      'shows a client as it is now, and none that is gone',
      inWorld(async (world) => {
        const { directory } = world.account;
        const [kept, gone] = [world.addClient(wanted), world.addClient(wanted)];
        world.changeClient(kept, { name: 'Ada Morel-Lacaze' });
        world.deleteClient(gone);
        const read = async (id: string) => found((await directory?.read(id, world.io)) ?? { kind: 'found', items: [] });
        expect(await read(kept)).toMatchObject([{ id: kept, name: 'Ada Morel-Lacaze' }]);
        const stillThere = world.clients().some(({ id }) => id === gone);
        expect(await read(gone)).toHaveLength(stillThere ? 1 : 0);
      }),
    );
  });
}

/** The stored client with this id, found under the first key of the draft that the provider can look for. */
async function clientById(world: ProviderWorld, id: string, draft: ClientDraft) {
  const [key] = clientKeys(draft.buyer, null, ['email']);
  if (key === undefined) throw new Error('the sample has an e-mail');
  const client = (await clientsUnder(world, key, 'FR')).find((one) => one.id === id);
  if (client === undefined) throw new Error('the client was just added');
  return client;
}
