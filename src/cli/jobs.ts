// `jobs`: the outbox, listed or one by one; a job tried again, or answered by a person.
import { JOB_KINDS } from '../domain/document.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { JOB_STATUSES } from '../domain/states.ts';
import { type Answer, AnswerSchema } from '../operations/answers.ts';
import { findJobs, type JobView, showJob } from '../operations/jobs.ts';
import type { Answered, OperationParts } from '../operations/parts.ts';
import { resolveJob } from '../operations/resolve.ts';
import { retryJob } from '../operations/retry.ts';
import { type Call, type Failure, misused, type Run } from './command.ts';
import { PROGRAM } from './help.ts';
import { pageAsked, sayList } from './lists.ts';
import { columns, plain } from './terminal.ts';
import { idIn, refused, visiting } from './visit.ts';

const HELP = `${PROGRAM} jobs --help`;

export const run: Run = async (call) => {
  const [first, second, ...more] = call.args;
  if (first === undefined) return list(call);
  const isVerb = first === 'retry' || first === 'resolve';
  const surplus = isVerb ? more[0] : second;
  if (surplus !== undefined) return misused(`jobs does not take "${surplus}" here`, HELP);
  const text = isVerb ? second : first;
  const id = idIn(text ?? '');
  if (id === null)
    return misused(text === undefined ? `jobs ${first} needs a job's id` : `"${text}" is no id of a job`, HELP);
  if (first === 'resolve') {
    const answer = answerOf(call);
    return answer.ok ? change(call, (parts) => resolveJob(parts, id, answer.value)) : misused(answer.error, HELP);
  }
  return change(call, (parts) => (first === 'retry' ? retryJob(parts, id) : showJob(parts, id)));
};

async function list(call: Call): Promise<Failure | null> {
  const page = pageAsked(call, 'jobs');
  if (!page.ok) return page.error;
  const { provider } = call.options;
  const status = JOB_STATUSES.find((one) => one === call.options.status);
  const kind = JOB_KINDS.find((one) => one === call.options.kind);
  return visiting(call, async (parts) => {
    const found = await findJobs(parts, { status, kind, provider, ...page.value });
    if (!found.ok) return refused(found.error, HELP);
    sayList(call, found.value, jobTable, 'no job fits');
    return null;
  });
}

const JOB_HEAD = ['ID', 'KIND', 'SOURCE', 'ORDER', 'AMOUNT', 'PROVIDER', 'STATUS', 'REASON'];

/** Jobs as a table for people. */
export const jobTable = (jobs: readonly JobView[]): string[] =>
  columns([
    JOB_HEAD,
    ...jobs.map(({ id, kind, source, order_number, amount, currency, provider, status, phase, reason }) =>
      [
        id,
        kind,
        source,
        order_number,
        amount === null ? '' : `${amount} ${currency}`,
        provider,
        phase === null ? status : `${status}, ${phase}`,
        reason ?? '',
      ].map(plain),
    ),
  ]);

async function change(
  call: Call,
  verb: (parts: OperationParts) => Promise<Answered<JobView & { warning?: string | null }>>,
): Promise<Failure | null> {
  return visiting(call, async (parts) => {
    const done = await verb(parts);
    if (!done.ok) return refused(done.error, `${PROGRAM} jobs lists what there is`);
    if (call.json) call.terminal.say(JSON.stringify(done.value, null, 2));
    else call.terminal.say(jobLines(done.value).join('\n'));
    return null;
  });
}

function jobLines(job: JobView & { warning?: string | null }): string[] {
  const { reason, detail, amount, currency, warning } = job;
  const standing = [job.phase === null ? job.status : `${job.status} (${job.phase})`, reason, detail];
  const rows = [
    ['Job', job.id],
    ['Document', `${job.kind} ${job.key}`],
    ['Order', `${job.order_number} of ${job.source}`],
    ['Amount', amount === null ? '' : `${amount} ${currency}`],
    ['Provider', job.provider],
    ['Status', standing.filter((part) => part !== null).join(': ')],
    ['Attempts', String(job.attempts)],
    ['Next', job.next_attempt_at ?? ''],
    ['What to do', job.help ?? ''],
    ['Answers', job.answers.map((answer) => ANSWER_OPTIONS[answer]).join(' | ')],
    ...job.candidates.map((one) => [
      'Candidate',
      'client_id' in one
        ? `client ${one.client_id}: ${[one.name, one.email, one.tax_number].filter(Boolean).join(', ')}`
        : `document ${one.invoice_id}: ${one.number}, ${one.total} ${one.currency}`,
    ]),
    ['Warning', warning ?? ''],
  ];
  return columns(
    rows.filter(([, value]) => value !== '').map((row) => row.map(plain)),
    Number.POSITIVE_INFINITY,
  );
}

const ANSWER_OPTIONS = {
  client_id: '--client CLIENT_ID',
  invoice_id: '--invoice ID',
  send_again: '--send-again WHY',
  done_by_hand: '--done-by-hand NOTE',
  skip: '--skip WHY',
  approve: '--approve',
};

/** The one answer that the options give. */
function answerOf({ options, flags }: Call): Result<Answer, string> {
  const byHand = options['done-by-hand'];
  const given = [
    ...(options.client === undefined ? [] : [{ client_id: options.client }]),
    ...(options.invoice === undefined ? [] : [{ invoice_id: options.invoice }]),
    ...(options['send-again'] === undefined ? [] : [{ send_again: options['send-again'] }]),
    ...(byHand === undefined ? [] : [{ done_by_hand: { note: byHand, number: options.number } }]),
    ...(options.skip === undefined ? [] : [{ skip: options.skip }]),
    ...(flags.has('approve') ? [{ approve: true }] : []),
  ];
  if (options.number !== undefined && byHand === undefined) return err('--number belongs to --done-by-hand');
  if (given.length !== 1) return err(`jobs resolve takes exactly one answer, not ${given.length}`);
  const answer = AnswerSchema.safeParse(given[0]);
  return answer.success ? ok(answer.data) : err(answer.error.issues[0]?.message ?? 'the answer is not understood');
}
