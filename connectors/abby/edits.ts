// What a draft is filled with: the edits that make it say what was composed, in their order.
import type { Content } from '../../mappings/from-document/abby.ts';
import type { ProviderIo } from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { documentPath, type Shown } from './document.ts';
import { carryOut, type Edit, type EditStep } from './drafting.ts';

/**
 * Makes the draft say what was composed. While the total that Abby computes is not the one asked for, because it rounds in
 * another way than the lines were written for, they are written in the next way. A document that is final already is
 * returned as it is.
 */
export async function fillDraft(
  draft: Issued,
  type: 'invoice' | 'asset',
  content: Content,
  composedAnew: boolean,
  io: ProviderIo,
): Promise<Outcome<Shown>> {
  let filled = await carryOut(draft, editsOf(draft, type, content, composedAnew), io);
  for (const lines of content.otherwise) {
    if (filled.kind !== 'done' || filled.value.issued.state === 'final') break;
    if (filled.value.issued.total === content.total) break;
    filled = await carryOut(draft, [patch(documentPath(draft.providerId, 'lines'), lines)], io);
  }
  return filled;
}

/**
 * The currency comes before the amounts. The language is set only where the draft shows another; notes and a delivery
 * address only where there is something to say, or where an earlier composing may have said it.
 */
function editsOf(
  { providerId, currency }: Issued,
  type: 'invoice' | 'asset',
  content: Content,
  composedAnew: boolean,
): EditStep[] {
  const own = `/v2/billing/${type}/${encodeURIComponent(providerId)}`;
  const { lines, timeline, title, locale } = content;
  const notes = content.notes ?? (composedAnew ? NO_NOTES : null);
  const delivery = content.deliveryAddress ?? (composedAnew && type === 'invoice' ? NO_DELIVERY : null);
  return [
    () => (currency === content.currency ? null : put(`${own}/currency`, { currency: content.currency })),
    patch(documentPath(providerId, 'lines'), lines),
    patch(`${own}/timeline`, timeline),
    patch(documentPath(providerId, 'title'), title),
    (shown) => (shown?.locale === locale ? null : put(`${own}/locale`, { locale })),
    patch(`${own}/general-informations`, notes),
    patch(documentPath(providerId, 'delivery-address'), delivery),
  ];
}

const NO_NOTES = JSON.stringify({ footerNote: '' });
const NO_DELIVERY = JSON.stringify({ deliveryAddress: null, displayDeliveryAddress: false });

const patch =
  (path: string, body: string | null): EditStep =>
  () =>
    body === null ? null : { method: 'PATCH', path, body };

const put = (path: string, body: Record<string, string>): Edit => ({ method: 'PUT', path, body: JSON.stringify(body) });
