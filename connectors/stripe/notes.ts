// What is left with a payment at Stripe: the number and the link of its document, as metadata under names of our own.
import type Stripe from 'stripe';
import { z } from 'zod';
import { OWN_METADATA } from '../../mappings/to-facts/stripe-payments.ts';
import type { SourceIo, WriteBack } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { rejection } from './answers.ts';
import { ask } from './requests.ts';

const MAX_VALUE = 500;

/** Sets the document's own keys and no others, so that it may be sent again. */
export async function leaveNote(note: WriteBack, io: SourceIo): Promise<Outcome<null>> {
  const metadata = metadataOf(note);
  const update = updating(note.orderId, metadata);
  if (update === null) {
    const detail = `“${note.orderId.slice(0, 60)}” is nothing at Stripe that a note could be left with`;
    return { kind: 'rejected', rejection: { kind: 'refused' }, problem: problem('refused', detail) };
  }
  const outcome = readOutcome<true>(await ask(io, update), {
    value: (json) => (isWritten(json, metadata) ? true : null),
    rejection,
  });
  return outcome.kind === 'done' ? { kind: 'done', value: null } : outcome;
}

/** A payment with or without a PaymentIntent, or an invoice of Stripe's own. */
function updating(id: string, metadata: Record<string, string>): ((stripe: Stripe) => Promise<unknown>) | null {
  if (/^pi_\w+$/.test(id)) return (stripe) => stripe.paymentIntents.update(id, { metadata });
  if (/^(ch|py)_\w+$/.test(id)) return (stripe) => stripe.charges.update(id, { metadata });
  if (/^in_\w+$/.test(id)) return (stripe) => stripe.invoices.update(id, { metadata });
  return null;
}

/**
 * `bridge_invoice_number`, `bridge_invoice_url`; a further invoice and each credit note bear the end of their key, since a
 * name has at most 40 characters.
 */
function metadataOf({ key, kind, number, url }: WriteBack): Record<string, string> {
  const end = key.slice(key.lastIndexOf('/') + 1);
  const which = kind === 'invoice' && end === '1' ? '' : `_${end.slice(-8).toLowerCase()}`;
  const name = `${OWN_METADATA}${kind}${which}`;
  const link = url !== null && url.length <= MAX_VALUE ? { [`${name}_url`]: url } : {};
  return { [`${name}_number`]: number.slice(0, MAX_VALUE), ...link };
}

const WrittenSchema = z.object({ metadata: z.record(z.string(), z.string()) });

const isWritten = (json: unknown, metadata: Record<string, string>): boolean => {
  const written = WrittenSchema.safeParse(json).data?.metadata ?? {};
  return Object.entries(metadata).every(([name, value]) => written[name] === value);
};
