// What we know after a call to a provider. `unknown` is the default: whatever is not proved may have happened.
import type { Problem } from './problem.ts';

/**
 * - `done`: proved, the provider holds it and said so with an id.
 * - `not_sent`: proved, no byte of the request reached the provider. Retry freely.
 * - `rejected`: proved, the provider refused in its documented form; nothing exists.
 * - `unknown`: may or may not exist. Look it up before anything is sent again.
 */
export type Outcome<T> =
  | { kind: 'done'; value: T }
  | { kind: 'not_sent'; problem: Problem }
  | { kind: 'rejected'; rejection: Rejection; problem: Problem }
  | { kind: 'unknown'; problem: Problem };

/**
 * - `refused`: this request, for what it says (422). A person must look.
 * - `throttled`: too many requests; wait `retryAfterMs`, the whole account with it.
 * - `account`: credentials or plan (401, 403, account_not_pro): nothing on this account works until a person mends it.
 * - `exists`: the provider's uniqueness key says that it is already there. Look it up.
 * - `stale_client`: the client named in the request is gone at the provider. Match again.
 * - `gone`: the document that the request names is not there (a draft that somebody deleted).
 */
export type Rejection =
  | { kind: 'refused' }
  | { kind: 'throttled'; retryAfterMs: number | null }
  | { kind: 'account' }
  | { kind: 'exists' }
  | { kind: 'stale_client' }
  | { kind: 'gone' };

/** A search. A failed search is not "none found". */
export type Lookup<T> =
  | { kind: 'found'; items: T[] }
  | {
      kind: 'failed';
      problem: Problem;
      throttled?: { retryAfterMs: number | null };
      account?: boolean;
      /** Nobody answered: time that passes so never counts towards giving up. */
      unanswered?: boolean;
      /** All was read, and nothing in it shows whose it is: looking again will not tell more. */
      blind?: boolean;
    };
