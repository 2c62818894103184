// `npm run bench`: how fast a delivery is safe, as ratios against a server that stores nothing, measured in the same run.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { load, type Measured } from './load.ts';
import { type Leg, SECRET } from './receiving-server.ts';

const LEGS: readonly Leg[] = ['none', 'here', 'thread'];
const ROUNDS = 5;
const CONNECTIONS = 64;
const BODY_BYTES = 5000;

async function measure(leg: Leg): Promise<Measured> {
  const server = fork(fileURLToPath(new URL('receiving-server.ts', import.meta.url)), [leg], { execArgv: [] });
  const [port] = (await once(server, 'message')) as [number];
  try {
    return await load({
      port,
      secret: SECRET,
      connections: CONNECTIONS,
      bodyBytes: BODY_BYTES,
      warmUpMs: 1000,
      measureMs: 2000,
    });
  } finally {
    server.kill('SIGKILL');
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const results = new Map<Leg, Measured[]>(LEGS.map((leg) => [leg, []]));
for (let round = 0; round < ROUNDS; round++) {
  // Interleaved, so that a machine that drifts drifts for all.
  for (const leg of LEGS) results.get(leg)?.push(await measure(leg));
  process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
}
const of = (leg: Leg, figure: (measured: Measured) => number): number => median((results.get(leg) ?? []).map(figure));

const WORDS: Record<Leg, string> = {
  none: 'HTTP and HMAC, nothing stored',
  here: 'inbox, writer on the serving thread',
  thread: 'inbox, writer on its own thread',
};
console.log(
  `Receiving: ${CONNECTIONS} connections, bodies of ${BODY_BYTES} bytes, medians of ${ROUNDS} interleaved rounds`,
);
for (const leg of LEGS) {
  const share = (of(leg, (m) => m.perSecond) / of('none', (m) => m.perSecond)) * 100;
  const cells = [
    WORDS[leg].padEnd(38),
    `${Math.round(of(leg, (m) => m.perSecond))}/s`.padStart(9),
    `${share.toFixed(0)} %`.padStart(6),
    `p50 ${of(leg, (m) => m.p50).toFixed(1)} ms`.padStart(13),
    `p99 ${of(leg, (m) => m.p99).toFixed(1)} ms`.padStart(14),
  ];
  const failures = (results.get(leg) ?? []).reduce((total, { failures: some }) => total + some, 0);
  console.log(cells.join('  ') + (failures > 0 ? `  ${failures} failures` : ''));
}
