// The process of a mapping never outlives the bridge, not even in the middle of an expression that does not end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const EVALUATOR = fileURLToPath(new URL('../../src/mapping/evaluator.ts', import.meta.url));

/** Stands for the bridge: starts an evaluator, asks it, and says which process it is. */
const BRIDGE = `
  const { fork } = require('node:child_process');
  const child = fork(${JSON.stringify(EVALUATOR)}, ['1000'], { execArgv: ['--permission', '--allow-fs-read=*', '--allow-worker'] });
  child.on('message', () => {
    child.send({ body: '{}', order: null, topic: 't', headers: {}, receivedAt: '2026-11-21T10:00:00.000Z' });
    console.log(child.pid);
  });
  child.send('$match($join([1..20000].("a")) & "!", /^(?:(a+)+)+\\\\1b$/)');
`;

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the process has no output');
  const [chunk] = await once(stdout, 'data');
  return String(chunk).trim();
}

test('an evaluator in an endless regular expression ends with the bridge that is killed', async () => {
  const bridge = spawn(process.execPath, ['-e', BRIDGE], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(await firstLine(bridge));
  onTestFinished(() => {
    if (isThere(pid)) process.kill(pid, 'SIGKILL');
  });
  expect(isThere(pid)).toBe(true);
  bridge.kill('SIGKILL');
  await expect.poll(() => isThere(pid), { timeout: 20_000, interval: 100 }).toBe(false);
});
