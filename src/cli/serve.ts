// `serve`: the bridge at work, and the example that a newcomer meets first.
import { openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { redactedSummary } from '../config/summary.ts';
import { createLog, type Log } from '../log.ts';
import { type Bridge, type StartFailure, startBridge } from './bridge.ts';
import { type Call, type Failure, failed, misused, type Run } from './command.ts';
import { demonstrate } from './demonstration.ts';
import { PROGRAM } from './help.ts';
import { readSetUp, type SetUp } from './set-up.ts';
import { askedToEnd, endOnDefect } from './signals.ts';

/** Supervisors send SIGKILL half a minute after SIGTERM. What is cut short before that is looked up at the next start. */
const END_WITHIN_MS = 25_000;

const EXAMPLE_LOG = path.join('data', 'bridge.log');

export const run: Run = async (call) => {
  const { args, env, cwd, json, terminal } = call;
  if (args[0] !== undefined) return misused(`serve takes no "${args[0]}"`, `${PROGRAM} serve --help`);
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    const line = 'NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pass for a provider and read its credentials';
    return failed(line, 'unset it; NODE_EXTRA_CA_CERTS=FILE adds a certificate authority of your own');
  }
  const end = askedToEnd(env);
  const read = await readSetUp(call, cwd);
  if (!read.ok) return read.error;
  const setUp = read.value;
  // In front of an example sits a person, who reads sentences.
  const isShown = setUp.kind === 'example' && !json;
  const log = isShown ? createLog('info', linesInto(path.join(cwd, EXAMPLE_LOG))) : createLog();
  endOnDefect(log, terminal);
  if (setUp.kind === 'file') {
    for (const { code, at, detail } of setUp.warnings) log.warn('config.doubt', { code, at, detail });
  }
  const started = await startBridge(setUp.config, log);
  if (!started.ok) return notStarted(started.error, setUp);
  const bridge = started.value;
  log.info('bridge.started', { summary: redactedSummary(setUp.config), url: bridge.url, admin: `${bridge.url}/admin` });
  try {
    if (isShown) await Promise.race([show(call, bridge, setUp), end]);
    const signal = await end;
    log.info('bridge.stopping', { signal });
    if (isShown) terminal.say('Stopping …');
  } finally {
    await endInTime(bridge, log);
  }
  return null;
};

async function show({ terminal }: Call, bridge: Bridge, setUp: Extract<SetUp, { kind: 'example' }>): Promise<void> {
  const { url, adminToken, operations } = bridge;
  terminal.say(
    [
      terminal.styled('bold', 'invoice-bridge: an example, on this machine alone'),
      'Shops and Stripe send deliveries to its own door; a sandbox issues the invoices.',
      '',
    ].join('\n'),
  );
  await demonstrate(operations, { url, secrets: setUp.secrets, terminal });
  terminal.say(
    [
      '',
      `Admin page: ${url}/admin`,
      `Token: ${adminToken}`,
      '',
      'The PDF links open in a browser that has signed in there.',
      `It goes on serving; Ctrl-C stops it. Everything is kept in ./data, its log in ./${EXAMPLE_LOG}.`,
      'Your own set-up: write bridge.yaml (docs/configuration.md), then start again.',
    ].join('\n'),
  );
}

function notStarted(why: StartFailure, { kind, config }: SetUp): Failure {
  if (why.kind === 'other') return failed(why.details, `${PROGRAM} check`);
  const { host, port } = config.server;
  const elsewhere =
    kind === 'example' ? `another port: PORT=${port + 1} npm start` : 'another server.port in the configuration';
  return why.code === 'EADDRINUSE'
    ? failed(`port ${port} of ${host} is taken by another program`, `${elsewhere}, or end the other program`)
    : failed(`cannot listen on port ${port} of ${host} (${why.code})`, elsewhere);
}

/** Ends the bridge, or the process where that takes too long: no answer of a provider is worth being killed for. */
async function endInTime(bridge: Bridge, log: Log): Promise<void> {
  const cut = setTimeout(() => {
    log.warn('bridge.cut_short', { after_ms: END_WITHIN_MS });
    process.exit(0);
  }, END_WITHIN_MS);
  await bridge.stop();
  clearTimeout(cut);
  log.info('bridge.stopped');
}

/** Appends each line at once, so that the last words of a process that dies are there. */
function linesInto(file: string): { write(line: string): void } {
  const log = openSync(file, 'a', 0o600);
  return {
    write: (line) => {
      writeSync(log, line);
    },
  };
}
