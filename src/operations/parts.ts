// What the verbs of the admin API and of the command line stand on, and how they say no.
import { type Problem, problem } from '../domain/problem.ts';
import { type Err, err, type Result } from '../domain/result.ts';
import type { Log } from '../log.ts';
import type { Registry } from '../registry.ts';
import type { Runtime } from '../runtime.ts';
import type { Store } from '../store/open.ts';
import type { Decision } from './answers.ts';

export type OperationParts = {
  store: Store;
  registry: Registry;
  runtime: Runtime;
  log: Log;
  /** Tells whoever works on the tables (workers, replays) that something was written for them. */
  wake(): void;
};

/**
 * Why a verb did nothing: the thing is not there, it does not stand where the verb needs it, what was asked cannot be, or
 * the provider could not be asked. `decision` is the standing one, where somebody was faster.
 */
export type Refusal = {
  kind: 'not_found' | 'conflict' | 'invalid' | 'unavailable';
  problem: Problem;
  decision?: Decision;
};
export type Answered<T> = Result<T, Refusal>;

export const notFound = (code: string, detail: string): Err<Refusal> =>
  err({ kind: 'not_found', problem: problem(code, detail) });
/** `decision`: the standing one, if a person has decided before. */
export const conflict = (told: Problem, decision: Decision | null = null): Err<Refusal> =>
  err({ kind: 'conflict', problem: told, ...(decision !== null && { decision }) });
export const invalid = (code: string, detail: string, at?: string): Err<Refusal> =>
  err({ kind: 'invalid', problem: problem(code, detail, at) });
export const unavailable = (told: Problem): Err<Refusal> => err({ kind: 'unavailable', problem: told });
