// Sending an invoice from Facturation.pro, which leaves no trace that could be read: at most once.
import { emailRequest, readEmailRequest } from '../../mappings/from-document/facturation-pro-follow.ts';
import type { Effect, SendIntent, Sent } from '../../src/connector.ts';
import { toJson } from '../../src/domain/json.ts';
import { type Problem, problem } from '../../src/domain/problem.ts';
import { type AnswerReader, readOutcome } from '../../src/provider-answer.ts';
import { firmPath, rejectionWhere } from './wire.ts';

export const emailEffect = (firmId: string): Effect<SendIntent, Sent> => ({
  compose: (intent) => emailRequest(intent),
  send: async (request, io) => {
    const sent = readEmailRequest(request);
    if (sent === null) return { kind: 'not_sent', problem: problem('unusable_request', 'no e-mail of ours') };
    const answer = await io.http({
      method: 'POST',
      path: firmPath(firmId, '/emails.json'),
      query: { bill_id: sent.bill_id },
      body: toJson(sent.body),
    });
    // The documented answer is this status and nothing else.
    if (answer.kind === 'answer' && answer.status === 201) return { kind: 'done', value: { at: null } };
    return readOutcome<Sent>(answer, { value: () => null, rejection });
  },
  find: null,
  secondIsHarmless: false,
});

/** Only a firm with an SMTP server of its own may send; how one without is refused is not documented. */
const rejection: AnswerReader<Sent>['rejection'] = (status, json) => {
  const refused = rejectionWhere('gone')(status, json);
  if (refused === null) return null;
  if (/smtp/i.test(refused.problem.detail))
    return { rejection: { kind: 'refused' }, problem: noServer(refused.problem) };
  return refused;
};

const noServer = ({ detail }: Problem): Problem =>
  problem(
    'refused',
    `${detail} – set up the firm’s own SMTP server at Facturation.pro (Paramètres > Email), or send the invoice by hand`,
  );
