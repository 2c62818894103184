// What customers and invoices of a simulated Facturation.pro account have in common: ids, dates, the way they go.
import { isoDate, Missing } from './facturation-pro-fields.ts';
import type { Switches } from './facturation-pro-options.ts';
import type { Kept } from './facturation-pro-records.ts';

const MARKED_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

export class Ledger {
  readonly switches: Switches;
  readonly #now: () => Date;
  #lastId = 180_000;

  constructor(now: () => Date, switches: Switches) {
    this.#now = now;
    this.switches = switches;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  today(): string {
    return isoDate(this.#now());
  }

  created(): Kept {
    const at = this.#now().toISOString();
    return { id: this.nextId(), created_at: at, updated_at: at, soft_deleted: false, hard_delete_on: null };
  }

  updated(): { updated_at: string } {
    return { updated_at: this.#now().toISOString() };
  }

  delete<Row extends Kept>(rows: Row[], row: Row): void {
    if (this.switches.deleted === 'gone') rows.splice(rows.indexOf(row), 1);
    row.soft_deleted = true;
    row.hard_delete_on = isoDate(new Date(this.#now().getTime() + MARKED_DAYS * DAY_MS));
  }
}

/** The row that can still be acted upon. */
export function present<Row extends Kept>(rows: readonly Row[], id: number): Row {
  const row = rows.find((one) => one.id === id && !one.soft_deleted);
  if (row === undefined) throw new Missing();
  return row;
}
