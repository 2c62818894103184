// Whether a delivery could be stored right now: only a committed write proves it.
import type { Store } from './open.ts';

/** Writes one small row; rejects when the database cannot. */
export async function proveWritable(store: Store, now: Date): Promise<void> {
  const value = now.toISOString();
  await store.write(async (tx) => {
    await tx
      .insertInto('setting')
      .values({ name: 'last_ready_check', value })
      .onConflict((c) => c.column('name').doUpdateSet({ value }))
      .execute();
  });
}
