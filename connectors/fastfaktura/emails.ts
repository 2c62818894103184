// Sending an invoice from FastFaktura to the address that its client has there. The invoice's timeline tells of it.
import { z } from 'zod';
import type { Effect, ProviderIo, SendIntent, Sent } from '../../src/connector.ts';
import { type Json, parseJson } from '../../src/domain/json.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { ok } from '../../src/domain/result.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { invoicePath, readInvoice } from './document.ts';
import { objectIn, type Row, rejectionWhere, rowsIn } from './wire.ts';

const RequestSchema = z.object({ invoice_id: z.string(), channels: z.tuple([z.literal('email')]) });

/** The call cannot name an address: the e-mail goes to the client's. */
export const emailEffect: Effect<SendIntent, Sent> = {
  compose: ({ document }) => {
    const request: z.infer<typeof RequestSchema> = { invoice_id: document.providerId, channels: ['email'] };
    return ok(JSON.stringify(request));
  },
  send: async (request, io) => {
    const json = parseJson(Buffer.from(request));
    const sent = RequestSchema.safeParse(json.ok ? json.value : null).data;
    if (sent === undefined) return { kind: 'not_sent', problem: problem('unusable_request', 'no e-mail of ours') };
    const { invoice_id, channels } = sent;
    const body = JSON.stringify({ channels });
    return readOutcome<Sent>(await io.http({ method: 'POST', path: invoicePath(invoice_id, '/send'), body }), {
      value: (answer) => (isSuccess(answer, invoice_id) ? { at: null } : null),
      rejection: rejectionWhere('gone'),
    });
  },
  find: ({ document }, _request, io) => sendingsOf(io, document.providerId),
  secondIsHarmless: false,
};

const FailureSchema = z.union([
  z.object({ error: z.unknown().refine((error) => error !== undefined && error !== null) }),
  z.object({ errors: z.unknown().refine((errors) => errors !== undefined && errors !== null) }),
  z.object({ ok: z.literal(false) }),
  z.object({ success: z.literal(false) }),
]);

/** 200 is documented as the sign of success, its body is not: the invoice in question, or an object that tells of no failure. */
function isSuccess(answer: Json, invoiceId: string): boolean {
  const shown = readInvoice(answer);
  if (shown !== null) return shown.providerId === invoiceId;
  return objectIn(answer, 'invoice') !== null && !FailureSchema.safeParse(answer).success;
}

/**
 * The invoice's events that speak of e-mail, whatever fields they have. Where an account's timeline names no channel, an
 * e-mail of unknown outcome is found nowhere, and a person decides.
 */
async function sendingsOf(io: ProviderIo, invoiceId: string): Promise<Lookup<Sent>> {
  const answer = await io.http({ method: 'GET', path: invoicePath(invoiceId, '/events') });
  return readLookup<Sent>(answer, {
    items: (json) => {
      const events = rowsIn(json, 'events');
      return events?.filter(speaksOfEmail).map((event) => ({ at: instantOf(event) })) ?? null;
    },
    rejection: rejectionWhere('gone'),
  });
}

/** The word, and no part of an address ("ada@email.example"). */
const EMAIL = /(?<![@a-z0-9])e-?mail(?![a-z0-9]*@)/i;
const FAILED = /fail|error|bounce|échou|échec/i;

const speaksOfEmail = (event: Row): boolean => {
  const text = JSON.stringify(event);
  return EMAIL.test(text) && !FAILED.test(text);
};

const DatedSchema = z.object({ created_at: z.iso.datetime({ offset: true }) });

function instantOf(event: Row): string | null {
  const dated = DatedSchema.safeParse(event).data;
  return dated === undefined ? null : new Date(dated.created_at).toISOString();
}
