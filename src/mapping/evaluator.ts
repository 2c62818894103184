// The program of the process in which one mapping is evaluated; evaluator-process.ts starts it. It may read files and nothing
// else: no writing, no programs, no environment. What goes wrong here, down to the end of memory, ends this process alone.
import { Worker } from 'node:worker_threads';
import jsonata from 'jsonata';
import type { Answer, Question } from './evaluator-process.ts';

/** Longest list, deepest nesting of calls, largest result (characters). */
const MAX_LIST = 100_000;
const MAX_DEPTH = 1000;
const MAX_RESULT = 1_000_000;

/** A double holds every decimal of so many digits, and JSONata writes numbers with as many. */
const DIGITS = 15;

const WATCH = new URL(`./evaluator-watch.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
// Who our parent is, is known here and now: by the time that the thread looks, it may be gone.
new Worker(WATCH, { workerData: process.ppid }).unref();

// What one delivery could leave there would be met by the next.
Object.freeze(Object.prototype);

const [, , timeoutMs] = process.argv;
let evaluate: ((question: Question) => Promise<string>) | undefined;

process.on('message', async (message: string | Question) => {
  if (typeof message === 'string') {
    evaluate = evaluatorOf(message, Number(timeoutMs));
    process.send?.('ready');
    return;
  }
  process.send?.(await answer(message));
});

async function answer(question: Question): Promise<Answer> {
  try {
    return { ok: true, text: (await evaluate?.(question)) ?? 'null' };
  } catch (error) {
    // JSONata throws plain objects.
    const { message, position } = Object(error);
    return {
      ok: false,
      message: String(message ?? error).slice(0, 300),
      position: typeof position === 'number' ? position : null,
    };
  }
}

/** Makes the expression ready: its clock stands at the moment of the delivery, so that a replay gives the same. */
function evaluatorOf(text: string, timeout: number): (question: Question) => Promise<string> {
  const expression = jsonata(text, { sequence: MAX_LIST, stack: MAX_DEPTH, timeout });
  const inWords = jsonata('$fromMillis(millis, picture, zone)');
  let millis = 0;
  expression.registerFunction('millis', () => millis, '<:n>');
  expression.registerFunction('now', (picture, zone) => inWords.evaluate({ millis, picture, zone }), '<s?s?:s>');
  for (const refused of ['eval', 'random', 'shuffle']) expression.assign(refused, undefined);
  return async ({ body, order, topic, headers, receivedAt }) => {
    millis = Date.parse(receivedAt);
    const payload: unknown = JSON.parse(body, readValue);
    return written(await expression.evaluate({ payload, order, topic, headers }));
  };
}

/**
 * A number that a double cannot be trusted with stays the text that it was written in. Keys that reach for a prototype, or
 * that JSONata marks its own functions with, are dropped.
 */
function readValue(key: string, value: unknown, context?: { source?: string }): unknown {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype' || key.startsWith('_jsonata_'))
    return undefined;
  if (typeof value !== 'number') return value;
  const source = context?.source ?? '';
  const digits = source.replace(/[-.]/g, '').replace(/^0+/, '');
  return /^\d*$/.test(digits) && digits.length <= DIGITS ? value : source;
}

/** The result as JSON text; numbers without the noise of floating point. Throws for what is no data, or too much. */
function written(result: unknown): string {
  const text = JSON.stringify(result, (_key, value: unknown) => {
    if (typeof value === 'function' || Object(value)._jsonata_lambda === true)
      throw new Error('the result holds a function');
    if (typeof value !== 'number') return value;
    if (!Number.isFinite(value)) throw new Error('the result holds a number that is not finite');
    return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  });
  if (text !== undefined && text.length > MAX_RESULT) throw new Error('the result is larger than 1 MB');
  return text ?? 'null';
}
