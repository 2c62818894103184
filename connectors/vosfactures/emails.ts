// Documents sent by VosFactures itself. It does not send one again within three days unless it is forced to, which is never
// done here: so a second request of ours within that time is refused there and reaches nobody.
import { z } from 'zod';
import type { Effect, SendIntent, Sent } from '../../src/connector.ts';
import { normalEmail } from '../../src/domain/client.ts';
import { parseJson, toJson } from '../../src/domain/json.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok } from '../../src/domain/result.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { documentPath } from './invoices.ts';
import { readInvoice, rejectionById } from './wire.ts';

const RequestSchema = z.object({ document: z.string(), to: z.string() });

/** What proves a sending. A refusal comes with 200 as well, and with `error` here. */
const SentSchema = z.object({ status: z.literal('ok') });

export const emailEffect: Effect<SendIntent, Sent> = {
  compose: ({ draft, document }) => {
    const to = normalEmail(draft.to);
    if (to !== null) return ok(toJson({ document: document.providerId, to } satisfies z.infer<typeof RequestSchema>));
    return err(problem('no_email', `order ${draft.orderNumber} names no e-mail address to send to`, 'to'));
  },
  send: async (request, io) => {
    const json = parseJson(Buffer.from(request));
    const sending = RequestSchema.safeParse(json.ok ? json.value : null);
    if (!sending.success) return { kind: 'not_sent', problem: problem('unusable_request', 'no request of ours') };
    const answer = await io.http({
      method: 'POST',
      path: documentPath(sending.data.document, 'send_by_email.json'),
      // `email_to` counts only where the document has no address of its own, or together with `update_buyer_email`.
      query: { email_to: sending.data.to, update_buyer_email: 'yes', email_pdf: 'true' },
    });
    return readOutcome<Sent>(answer, {
      value: (told) => (SentSchema.safeParse(told).success ? { at: null } : null),
      rejection: rejectionById,
    });
  },
  /** Told by the document itself: by whomever it was sent, nobody is to get it twice. */
  find: async ({ document }, _request, io) => {
    const answer = await io.http({ method: 'GET', path: documentPath(document.providerId, 'json') });
    return readLookup<Sent>(answer, {
      items: (json) => {
        const shown = SentTimeSchema.safeParse(json);
        if (!shown.success || readInvoice(json)?.providerId !== document.providerId) return null;
        const { sent_time } = shown.data;
        return sent_time === null ? [] : [{ at: instantOf(sent_time) }];
      },
      rejection: rejectionById,
    });
  },
  secondIsHarmless: true,
};

const SentTimeSchema = z.object({ sent_time: z.string().nullable() });

/** "2026-11-21T11:00:00.000+01:00" as a UTC instant; null for any other form. */
const instantOf = (text: string): string | null =>
  z.iso.datetime({ offset: true }).safeParse(text).success ? new Date(text).toISOString() : null;
