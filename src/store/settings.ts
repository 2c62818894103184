// Small values that are drawn once and kept: the admin token of the embedded set-up, its demo secrets.
import type { Store } from './open.ts';

/** The stored value of `name`; the first caller's `draw` decides it for ever. */
export async function keptSetting(store: Store, name: string, draw: () => string): Promise<string> {
  return store.write(async (tx) => {
    await tx
      .insertInto('setting')
      .values({ name, value: draw() })
      .onConflict((c) => c.column('name').doNothing())
      .execute();
    return (await tx.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirstOrThrow()).value;
  });
}
