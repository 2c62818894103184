// Evaluates users' mappings, each in a process of its own. A thread would not do: one text of half a gigabyte ends the whole
// process, whatever the thread's limits, and the delivery that did it would be met again at the next start.
import { type Json, parseJson } from '../domain/json.ts';
import { problem } from '../domain/problem.ts';
import { err, type Result } from '../domain/result.ts';
import { type Answer, type Evaluator, type Question, startEvaluator } from './evaluator-process.ts';
import { type Mapping, placeOf } from './expression.ts';

export type Mappings = {
  /**
   * What the expression gives: null where it gives nothing, numbers as their text. Fails with `mapping_failed`, which names
   * the file and the place. Equal questions have equal answers. Rejects where no process can be started, and after `close`:
   * nothing is known then.
   */
  run(mapping: Mapping, question: Question): Promise<Result<Json>>;
  /** Ends the processes once what was asked is answered. */
  close(): Promise<void>;
};

/** Starts nothing: a process comes with the first question to its mapping, and stays. `timeoutMs` is for one question. */
export function openMappings({ timeoutMs = 1000 }: { timeoutMs?: number } = {}): Mappings {
  const byFile = new Map<string, OneMapping>();
  let closed = false;
  return {
    run(mapping, question) {
      if (closed) return Promise.reject(new Error('the mappings are closed'));
      const name = `${mapping.path} ${mapping.digest}`;
      const one = byFile.get(name) ?? queueBefore(mapping, timeoutMs);
      byFile.set(name, one);
      return one.run(question);
    },
    async close() {
      closed = true;
      await Promise.all([...byFile.values()].map((one) => one.close()));
    },
  };
}

type OneMapping = { run(question: Question): Promise<Result<Json>>; close(): Promise<void> };

/** One question at a time; after an evaluator that ended instead of answering the next question gets a new one. */
function queueBefore(mapping: Mapping, timeoutMs: number): OneMapping {
  let evaluator: Evaluator | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function answer(question: Question): Promise<Result<Json>> {
    if (evaluator === null || evaluator.hasEnded()) evaluator = await startEvaluator(mapping, timeoutMs);
    return resultOf(await evaluator.ask(question), mapping);
  }
  return {
    run(question) {
      const asked = last.then(() => answer(question));
      last = asked.catch(() => undefined);
      return asked;
    },
    async close() {
      await last;
      await evaluator?.end();
    },
  };
}

function resultOf(answer: Answer, { path, text }: Mapping): Result<Json> {
  if (answer.ok) {
    const parsed = parseJson(Buffer.from(answer.text));
    return parsed.ok
      ? parsed
      : err(problem('mapping_failed', `${path}: what it gives cannot be read: ${parsed.error.detail}`));
  }
  const { line, column } = placeOf(text, answer.position ?? 0);
  const place = answer.position === null ? path : `${path}, line ${line}, column ${column}`;
  return err(problem('mapping_failed', `${place}: ${answer.message}`));
}
