// The process in which one mapping is evaluated, seen from ours: started, asked, and ended by force when it does not answer.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { Json } from '../domain/json.ts';
import type { Mapping } from './expression.ts';

/** What an expression sees, besides what it is made of: `body` is JSON text, `order` null where we could not understand it. */
export type Question = {
  body: string;
  order: Json;
  topic: string;
  headers: Readonly<Record<string, string>>;
  /** UTC instant of the delivery: `$now()` and `$millis()`. */
  receivedAt: string;
};

/** `text` is JSON; `position` counts from zero in the expression. */
const AnswerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), text: z.string() }),
  z.object({ ok: z.literal(false), message: z.string(), position: z.number().nullable() }),
]);
export type Answer = z.infer<typeof AnswerSchema>;

export type Evaluator = {
  /** Answers one question at a time. An evaluator that ended instead, or was ended, says so in its answer. */
  ask(question: Question): Promise<Answer>;
  hasEnded(): boolean;
  end(): Promise<void>;
};

const START_MS = 30_000;
const MEMORY_MB = 64;

// Beside this file, as a source and as it is built.
const PROGRAM = new URL(`./evaluator.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

const FLAGS = [
  // Reading is what Node.js needs to load the program; it can write no file and start nothing.
  '--permission',
  '--allow-fs-read=*',
  // For the thread that notices when we are gone; an expression has no way to start one.
  '--allow-worker',
  `--max-old-space-size=${MEMORY_MB}`,
  '--max-semi-space-size=8',
  // Most regular expressions that would try for ever are then answered in one pass.
  '--enable-experimental-regexp-engine-on-excessive-backtracks',
];

/**
 * Starts a process with the expression ready in it. It ends an evaluation by itself after `timeoutMs`; where it cannot, in a
 * regular expression that never ends, it is killed after twice the time. Rejects where it does not start.
 */
export async function startEvaluator({ path, text }: Mapping, timeoutMs: number): Promise<Evaluator> {
  // No variable of ours reaches it, and times without a zone are read as UTC on every machine.
  const child = fork(PROGRAM, [String(timeoutMs)], {
    env: { TZ: 'UTC' },
    execArgv: FLAGS,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // An idle one never keeps us from ending; it goes with us.
  child.unref();
  child.channel?.unref();
  child.send(text, () => {});
  const heard = await next(child, START_MS);
  if ('ended' in heard) throw new Error(`the process that evaluates ${path} did not start: ${heard.ended}`);
  return {
    async ask(question) {
      child.send(question, () => {});
      const reply = await next(child, 2 * timeoutMs);
      if ('ended' in reply) return { ok: false, message: reply.ended, position: null };
      return AnswerSchema.parse(reply.message);
    },
    // One that is being killed may have answered just before; it answers nothing more.
    hasEnded: () => child.killed || isGone(child),
    async end() {
      if (isGone(child)) return;
      child.ref();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

type Heard = { message: unknown } | { ended: string };

/** The next thing that is heard of the process; it is ended when that takes too long. */
function next(child: ChildProcess, limitMs: number): Promise<Heard> {
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    const hear = (heard: Heard): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      resolve(heard);
    };
    const onMessage = (message: unknown): void => hear({ message });
    const onError = (error: Error): void => hear({ ended: error.message });
    const onExit = (code: number | null, signal: string | null): void =>
      hear({
        ended: late
          ? `it gave no answer within ${limitMs} ms and was ended`
          : `its process ended (${signal ?? code}), as it does when it needs more than ${MEMORY_MB} MB of memory`,
      });
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
  });
}
