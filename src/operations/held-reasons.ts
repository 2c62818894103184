// Why a job may be held, what a person may answer, and whether trying again can help. docs/held.md says the same at length.
import { type Problem, problem } from '../domain/problem.ts';
import { assertNever } from '../domain/result.ts';
import { isBegun, type JobRow } from '../store/jobs.ts';
import type { AnswerKind } from './answers.ts';

export type HeldReason = {
  answers: readonly AnswerKind[];
  /** Trying again, or looking again, may settle it without an answer. */
  retry: boolean;
  /** One sentence: what to do. */
  help: string;
};

const BY_HAND: readonly AnswerKind[] = ['done_by_hand', 'skip'];
const FOUND: readonly AnswerKind[] = ['invoice_id', 'done_by_hand', 'skip'];
const CLIENT: readonly AnswerKind[] = ['client_id', 'done_by_hand', 'skip'];

/** The order itself is unclear: a mended order goes on by itself, so trying again as it is would change nothing. */
const doubt = (what: string): HeldReason => ({
  answers: BY_HAND,
  retry: false,
  help: `${what} Mend the order in the shop and it goes on by itself, or make the document by hand.`,
});

/** The provider refused, or would refuse, this request. */
const refused = (what: string, answers: readonly AnswerKind[] = FOUND): HeldReason => ({
  answers,
  retry: true,
  help: `${what} Mend what it names and try again, or make it by hand.`,
});

const HELD_REASONS: ReadonlyMap<string, HeldReason> = new Map<string, HeldReason>([
  [
    'approval',
    { answers: ['approve', ...BY_HAND], retry: false, help: 'Look at the document, then approve or skip it.' },
  ],
  ['ambiguous_client', { answers: CLIENT, retry: false, help: 'Several clients fit the buyer: choose the right one.' }],
  [
    'client_missing',
    { answers: CLIENT, retry: true, help: 'Create the client at the provider and try again, or name its id.' },
  ],
  [
    'client_differs',
    { answers: CLIENT, retry: true, help: 'Mend the client at the provider and try again, or choose one.' },
  ],
  ['client_refused', refused('The provider refuses the new client.', CLIENT)],
  ['client_id_unusable', refused('The chosen client has no usable id.', CLIENT)],
  ['invoice_refused', refused('The provider refuses the invoice.', [...CLIENT, 'invoice_id'])],
  ['payment_refused', refused('The provider refuses the payment.', BY_HAND)],
  ['credit_note_refused', refused('The provider refuses the credit note.')],
  ['send_refused', refused('The provider refuses to send the invoice.', BY_HAND)],
  ['rate_not_supported', refused('The provider does not take a tax rate of the order.')],
  ['no_exact_form', refused('No document at the provider would come to the order’s total.')],
  ['no_lines', refused('The order has nothing to invoice.', BY_HAND)],
  ['payment_twice', refused('The order names one payment twice.', BY_HAND)],
  ['total_differs', refused('The provider would compute another total than the order’s.')],
  [
    'draft_total_differs',
    {
      answers: FOUND,
      retry: true,
      help: 'The draft comes to another total: nothing is final. Finish it by hand there and name it, or try again once a setting or an update changes what is sent.',
    },
  ],
  [
    'draft_gone',
    { answers: FOUND, retry: true, help: 'Somebody deleted the draft: try again to make another, or skip.' },
  ],
  [
    'not_final',
    {
      answers: FOUND,
      retry: true,
      help: 'The provider left it a draft: look at it there, then try again or finalise it by hand.',
    },
  ],
  [
    'invoice_is_draft',
    {
      answers: BY_HAND,
      retry: true,
      help: 'Its invoice is still a draft: finalise it at the provider, then try again.',
    },
  ],
  [
    'issued_with_other_total',
    {
      answers: FOUND,
      retry: true,
      help: 'Compare both totals: take the document as it is, or mend it at the provider.',
    },
  ],
  [
    'issued_to_other_client',
    {
      answers: FOUND,
      retry: true,
      help: 'The document names another client: take it as it is, or mend it at the provider.',
    },
  ],
  [
    'issued_as_other_kind',
    { answers: FOUND, retry: true, help: 'What bears the marker is another kind of document: name the right one.' },
  ],
  [
    'several_found',
    {
      answers: ['client_id', ...FOUND],
      retry: true,
      help: 'Several bear the same marker: choose the right one, cancel the rest.',
    },
  ],
  [
    'uncertain',
    {
      answers: ['send_again', ...FOUND, 'client_id'],
      retry: true,
      help: 'It may or may not have arrived: look at the provider, then name it, or send again only if it is not there.',
    },
  ],
  [
    'maybe_sent',
    {
      answers: ['send_again', ...BY_HAND],
      retry: false,
      help: 'The e-mail may have gone out: look at the provider, then say that it is done, or send it again.',
    },
  ],
  [
    'exists_not_found',
    { answers: FOUND, retry: true, help: 'The provider says that it exists: find it there and name its id.' },
  ],
  [
    'gave_up',
    {
      answers: [...FOUND, 'client_id'],
      retry: true,
      help: 'The provider kept refusing: mend the cause, then try again.',
    },
  ],
  ['defect', { answers: FOUND, retry: true, help: 'A defect of this program: report it; after an update, try again.' }],
  [
    'not_supported_by_provider',
    {
      answers: BY_HAND,
      retry: true,
      help: 'The provider’s API cannot do this: do it there by hand, then say so here.',
    },
  ],
  [
    'invoice_gone',
    { answers: BY_HAND, retry: true, help: 'The invoice is no longer at the provider: record this by hand.' },
  ],
  [
    'invoice_by_hand',
    { answers: BY_HAND, retry: false, help: 'Its invoice was made by hand: do this by hand as well.' },
  ],
  [
    'amount_differs',
    {
      answers: ['approve', ...BY_HAND],
      retry: false,
      help: 'More was paid than is open: approve to record what is open, or skip.',
    },
  ],
  [
    'refund_exceeds_invoice',
    { answers: BY_HAND, retry: false, help: 'More was refunded than invoiced: make the right credit note by hand.' },
  ],
  [
    'edited_after_invoice',
    {
      answers: ['approve', ...BY_HAND],
      retry: false,
      help: 'The order was edited after its invoice: approve to credit the invoice and bill the order anew, or skip to leave it.',
    },
  ],
  [
    'refund_pending',
    {
      answers: ['approve', ...BY_HAND],
      retry: false,
      help: 'The money is still on its way to the buyer: this goes on by itself when it has arrived.',
    },
  ],
  [
    'asks_shop',
    {
      answers: ['approve', ...BY_HAND],
      retry: false,
      help: 'The shop is being asked which lines were returned: this goes on by itself; approve to credit the amount now.',
    },
  ],
  [
    'refund_unclear',
    {
      answers: ['approve', ...BY_HAND],
      retry: false,
      help: 'The shop tells of refunds of other amounts: skip this if it is the same money, approve it if it is not.',
    },
  ],
  [
    'dispute_lost',
    {
      answers: BY_HAND,
      retry: false,
      help: 'The bank took the payment back: reopen it on the invoice by hand, then mark this as done.',
    },
  ],
  ['deposit', doubt('The order is paid in instalments, which takes other kinds of documents.')],
  [
    'write_back_refused',
    { answers: BY_HAND, retry: true, help: 'The shop refuses the note: mend its rights and try again.' },
  ],
  [
    'not_supported_by_source',
    { answers: BY_HAND, retry: false, help: 'The shop has no place for the number: write it there by hand, or skip.' },
  ],
  ['no_email', doubt('The order names no e-mail address.')],
  ['email_unusable', refused('The order’s e-mail address is none.', BY_HAND)],
  ['waits_for', { answers: BY_HAND, retry: false, help: 'Answer the job it waits for; this one goes on by itself.' }],
  ['totals_disagree', doubt('The order’s lines and its total disagree.')],
  ['rate_unknown', doubt('The rate of a tax cannot be told.')],
  ['taxed_twice', doubt('A line bears several taxes.')],
  ['chargeback', doubt('The bank took the payment back.')],
  ['migrated', doubt('The order was brought over from another shop.')],
  ['refund_amount_unknown', doubt('A part was refunded and the shop records no amount.')],
  ['refund_not_recorded', doubt('The order is refunded and the shop lists no refund.')],
  ['discount_unclear', doubt('What the shop’s vouchers took off cannot be shared out.')],
  ['edit_unclear', doubt('What was changed in the order cannot be read from it.')],
  ['duties_not_supported', doubt('The order bears import duties.')],
  ['marketplace_liable', doubt('A marketplace owes the tax of this order.')],
]);

/**
 * What is known of the reason for which a job is held. Of a reason that is not listed, only a job that was already being
 * delivered may be tried again: before that it may be a doubt about the order, which nobody has settled by trying.
 */
export const heldReason = (job: JobRow): HeldReason =>
  HELD_REASONS.get(job.reason ?? '') ?? {
    answers: BY_HAND,
    retry: job.client !== null || isBegun(job),
    help: 'Read the detail; make the document by hand, or skip it.',
  };

/** Why a job may not be tried again now; null when it may. */
export function retryRefusal(job: JobRow): Problem | null {
  if (job.lease_owner !== null) return problem('job_in_hand', `job ${job.id} is being worked on right now`);
  switch (job.status) {
    case 'pending':
    case 'running':
    case 'dead':
      return null;
    case 'done':
    case 'skipped':
      return problem('job_over', `job ${job.id} is ${job.status}`);
    case 'held': {
      const { retry, help } = heldReason(job);
      // What may be at the provider can always be looked up.
      if (retry || job.phase !== null) return null;
      return problem(
        'answer_needed',
        `job ${job.id} is held for ${job.reason}, which trying again cannot settle. ${help}`,
      );
    }
    default:
      return assertNever(job.status);
  }
}

/** Every listed reason, in alphabetical order: for the documentation and for tests. */
export const heldReasons = (): [string, HeldReason][] =>
  [...HELD_REASONS].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
