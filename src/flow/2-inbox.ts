// The inbox: `accept` resolves when the delivery is committed and synced. Deliveries that arrive together share one
// transaction, so that a burst costs one sync and not one each.
import type { Runtime } from '../runtime.ts';
import { type Accepted, type NewEvent, storeDeliveries } from '../store/events.ts';
import type { Store } from '../store/open.ts';

export type Inbox = { accept(delivery: NewEvent): Promise<Accepted> };

/** More deliveries than this wait for the next transaction. */
const DELIVERIES_PER_UNIT = 64;

type Waiting = { delivery: NewEvent; resolve(accepted: Accepted): void; reject(error: unknown): void };

/** `onStored` is called after every commit that stored something new. */
export function openInbox(store: Store, runtime: Runtime, onStored: () => void): Inbox {
  let waiting: Waiting[] = [];
  let scheduled = false;

  async function storeWaiting(): Promise<void> {
    let batch: Waiting[] = [];
    try {
      const accepted = await store.write((tx) => {
        // Taken only now, with the connection in hand: whoever arrived while it was busy comes along.
        scheduled = false;
        batch = waiting.slice(0, DELIVERIES_PER_UNIT);
        waiting = waiting.slice(DELIVERIES_PER_UNIT);
        if (waiting.length > 0) schedule();
        return storeDeliveries(
          tx,
          batch.map(({ delivery }) => delivery),
          runtime.now(),
        );
      });
      for (const [index, one] of accepted.entries()) batch[index]?.resolve(one);
      onStored();
    } catch (error) {
      if (batch.length === 0) {
        batch = waiting;
        waiting = [];
        scheduled = false;
      }
      for (const { reject } of batch) reject(error);
    }
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    void storeWaiting();
  }

  return {
    accept: (delivery) =>
      new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject });
        schedule();
      }),
  };
}
