// Documents sent by e-mail through Abby, with its PDF attached.
import type { DocumentSettings } from '../../mappings/from-document/abby.ts';
import { emailRequest, readEmailRequest } from '../../mappings/from-document/abby-follow.ts';
import type { Effect, SendIntent, Sent } from '../../src/connector.ts';
import { dateIn } from '../../src/domain/dates.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { documentPath, lookAt } from './document.ts';
import { readNoContent, refusals } from './wire.ts';

/**
 * Sends a document. After an unclear answer it counts as sent when Abby shows a sending of the day of composing or later;
 * one that Abby does not show is a person's to judge.
 */
export const emailEffect = (settings: DocumentSettings): Effect<SendIntent, Sent> => ({
  compose: (intent, context) => emailRequest(intent, context, settings),
  send: async (request, io): Promise<Outcome<Sent>> => {
    const asked = readEmailRequest(request);
    if (asked === null) return { kind: 'not_sent', problem: problem('unusable_request', 'no e-mail request of ours') };
    const path = documentPath(asked.documentId, 'send-by-email');
    const outcome = readNoContent(await io.http({ method: 'POST', path, body: asked.body }), refusalsOfEmail);
    return outcome.kind === 'done' ? { kind: 'done', value: { at: null } } : outcome;
  },
  find: async ({ document }, request, io) => {
    const since = readEmailRequest(request)?.since;
    const lookup = await lookAt(document.providerId, io);
    if (lookup.kind === 'failed') return lookup;
    const sendings = lookup.items.flatMap(({ sentAt }) => (sentAt === null ? [] : [sentAt]));
    const ours = sendings.filter((at) => since !== undefined && dateIn(io.timeZone, at) >= since);
    return { kind: 'found', items: ours.map((at) => ({ at })) };
  },
  secondIsHarmless: false,
});

/** 403 is about this feature, documented as "Plan feature not available": the rest of the account goes on. */
function refusalsOfEmail(status: number, json: Json | null): ReturnType<ReturnType<typeof refusals>> {
  if (status !== 403) return refusals('gone')(status, json);
  const detail = 'the plan of this Abby account does not send e-mails (403): send the invoice by hand';
  return { rejection: { kind: 'refused' }, problem: problem('refused', detail) };
}
