// A person's answer to a held job: exactly one of six, and what is kept of it.
import { z } from 'zod';
import { InstantSchema } from '../domain/order.ts';

const why = z.string().trim().min(1, 'say why').max(500);
const id = z.string().trim().min(1).max(200);

export const AnswerSchema = z.union(
  [
    z.strictObject({ client_id: id.describe('The client at the provider to whom the document is addressed') }),
    z.strictObject({ invoice_id: id.describe('The document at the provider that this job was to make') }),
    z.strictObject({ send_again: why.describe('Why it is certain that nothing is at the provider') }),
    z.strictObject({
      done_by_hand: z.strictObject({
        number: z.string().trim().min(1).max(100).optional().describe('The number of the document made by hand'),
        note: why.describe('What was done'),
      }),
    }),
    z.strictObject({ skip: why.describe('Why this is never to be done') }),
    z.strictObject({ approve: z.literal(true) }),
  ],
  {
    error:
      'expected exactly one of {"client_id"}, {"invoice_id"}, {"send_again": "why"}, {"done_by_hand": {"number"?, "note"}}, {"skip": "why"}, {"approve": true}',
  },
);
export type Answer = z.infer<typeof AnswerSchema>;

export const ANSWER_KINDS = ['client_id', 'invoice_id', 'send_again', 'done_by_hand', 'skip', 'approve'] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** Which of the six an answer is. */
export const answerKind = (answer: Answer): AnswerKind => {
  const kind = ANSWER_KINDS.find((one) => one in answer);
  if (kind === undefined) throw new Error('an answer of no known kind');
  return kind;
};

/** What stands in a job's `decision`: the last answer a person gave, and when. */
export const DecisionSchema = z.object({ answer: AnswerSchema, at: InstantSchema });
export type Decision = z.infer<typeof DecisionSchema>;
