// How a document of this provider is to look for this buyer: the user's choices, worked out before it is composed.
import type { ComposeContext } from '../connector.ts';
import { addDays, dateIn } from '../domain/dates.ts';
import type { InvoiceDraft } from '../domain/document.ts';
import { afterCreditNote } from '../domain/mentions.ts';
import { fillIn, mergeValues } from '../domain/merge-fields.ts';
import { type Provider, type Registry, sourceByIdentity } from '../registry.ts';

/**
 * What a document of this sale is composed with today. `invoice` is the sale's invoice, for its credit notes and payments too;
 * `creditNote` the number of the credit note that it comes after, null for most.
 */
export function composeContext(
  registry: Registry,
  { documents }: Pick<Provider, 'documents'>,
  invoice: InvoiceDraft,
  now: Date,
  creditNote: string | null = null,
): ComposeContext {
  const { timeZone, sells } = registry;
  const today = dateIn(timeZone, now);
  const { language, languages, dueInDays, title, notes } = documents;
  const [payment] = invoice.received;
  const values = mergeValues({
    buyer: invoice.buyer,
    order: { id: invoice.orderId, number: invoice.orderNumber, date: dateIn(timeZone, invoice.soldAt) },
    payment: payment === undefined ? null : { id: payment.id, method: payment.label },
    source: sourceByIdentity(registry, invoice.source)?.name ?? invoice.source,
  });
  const chosen = languages[invoice.buyer.address.country] ?? language;
  const mentions = [
    ...(notes === null ? [] : [fillIn(notes, values)]),
    ...(creditNote === null ? [] : [afterCreditNote(chosen ?? invoice.language, creditNote)]),
  ];
  return {
    today,
    timeZone,
    style: {
      language: chosen,
      dueDate: addDays(today, dueInDays),
      title: title === null ? null : fillIn(title, values),
      notes: mentions.length === 0 ? null : mentions.join('\n'),
      sells,
    },
  };
}

/** The draft as this provider is to show it. */
export const styled = (draft: InvoiceDraft, { documents }: Pick<Provider, 'documents'>): InvoiceDraft =>
  documents.deliveryAddress || draft.buyer.delivery === null
    ? draft
    : { ...draft, buyer: { ...draft.buyer, delivery: null } };
