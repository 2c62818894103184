// The documents that providers hold for us, each once for its key.
import type { Selectable } from 'kysely';
import type { Issued } from '../domain/document.ts';
import type { SaleRef } from '../domain/order.ts';
import type { JobRow } from './jobs.ts';
import type { DocumentTable } from './tables.ts';
import type { Tx } from './writer.ts';

export type DocumentRow = Omit<Selectable<DocumentTable>, 'total' | 'paid'> & { total: bigint; paid: bigint };

const documentRow = (row: Selectable<DocumentTable>): DocumentRow => ({
  ...row,
  total: BigInt(row.total),
  paid: BigInt(row.paid),
});

/** Records a document that a provider holds; a second record under the same key changes nothing. */
export async function addDocument(tx: Tx, job: JobRow, issued: Issued, now: Date): Promise<void> {
  await tx
    .insertInto('document')
    .values({
      key: job.key,
      job_id: job.id,
      kind: job.kind,
      source: job.source,
      order_id: job.order_id,
      provider: job.provider,
      provider_id: issued.providerId,
      number: issued.number,
      total: issued.total.toString(),
      currency: issued.currency,
      paid: issued.paid.toString(),
      client_id: issued.clientId,
      public_url: issued.publicUrl,
      state: issued.state,
      issued_at: now.getTime(),
    })
    .onConflict((c) => c.column('key').doNothing())
    .execute();
}

export async function documentsOf(db: Tx, { source, orderId }: SaleRef): Promise<DocumentRow[]> {
  const rows = await db
    .selectFrom('document')
    .selectAll()
    .where('source', '=', source)
    .where('order_id', '=', orderId)
    .orderBy('issued_at')
    .orderBy('key')
    .execute();
  return rows.map(documentRow);
}

export async function setPaid(tx: Tx, key: string, paid: bigint): Promise<void> {
  await tx.updateTable('document').set({ paid: paid.toString() }).where('key', '=', key).execute();
}

/** A draft that a person made final at the provider has its number from now on, and the total that he gave it. */
export async function setFinal(tx: Tx, key: string, { number, total, publicUrl, state }: Issued): Promise<void> {
  await tx
    .updateTable('document')
    .set({ number, total: total.toString(), public_url: publicUrl, state })
    .where('key', '=', key)
    .execute();
}
