// Sending a VosFactures document by e-mail. Everything is told in the query, and a refusal is answered with 200.
import type { Switches } from './vosfactures-options.ts';
import type { InvoiceRecord, MailRecord } from './vosfactures-records.ts';

/** Most addresses in one parameter. */
const MOST_ADDRESSES = 5;
/** A document is not sent again before, unless it is forced. */
const PAUSE_MS = 3 * 86_400_000;

type Sending = {
  invoice: InvoiceRecord;
  /** As the client's record has it. */
  clientEmail: string | null;
  query: URLSearchParams;
  at: Date;
  otherAddress: Switches['otherAddress'];
};

/** The e-mail that follows from a request, or the message with which it is refused. */
export function mailOf({ invoice, clientEmail, query, at, otherAddress }: Sending): MailRecord | string {
  const asked = addresses(query.get('email_to'));
  const stored = addresses(invoice.buyer_email ?? clientEmail);
  const counts = stored.length === 0 || query.get('update_buyer_email') === 'yes' || otherAddress === 'used';
  const to = asked.length > 0 && counts ? asked : stored;
  const cc = addresses(query.get('email_cc'));
  if (to.length === 0) return "aucune adresse email n'est renseignée";
  if ([asked, cc].some((list) => list.length > MOST_ADDRESSES)) return `${MOST_ADDRESSES} adresses email au maximum`;
  if (![...to, ...cc].every((address) => /^[^@\s]+@[^@\s]+$/.test(address))) return "l'adresse email est invalide";
  const free = invoice.sent_time === null || at.getTime() >= Date.parse(invoice.sent_time) + PAUSE_MS;
  if (!free && query.get('force') !== 'true') return 'le document a déjà été envoyé il y a moins de 3 jours';
  return { invoice_id: invoice.id, to, cc, pdf: query.get('email_pdf') === 'true', at: at.toISOString() };
}

const addresses = (list: string | null): string[] =>
  (list ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
