// `reconcile`: takes in what no delivery told, compares shop, payment service and provider, and tells what differs.
import type { OperationParts } from '../operations/parts.ts';
import { isWhole, progressLine, ReconcileSchema, reconcile, reconciling } from '../operations/reconcile.ts';
import { type Call, type Failure, failed, misused, type Run } from './command.ts';
import { PROGRAM } from './help.ts';
import { reportLines } from './reconcile-report.ts';
import { refused, visiting } from './visit.ts';

export const run: Run = async (call) => {
  const { args, options, flags } = call;
  if (args[0] !== undefined) return misused(`reconcile takes no "${args[0]}"`, `${PROGRAM} reconcile --help`);
  const { source, since } = options;
  const asked = ReconcileSchema.parse({ source, since, providers: !flags.has('no-providers') });
  return visiting(call, async (parts) => {
    const wanted = reconciling(parts, asked);
    if (wanted.ok) return compare(call, parts, wanted.value);
    const { problem } = wanted.error;
    return problem.at === 'since'
      ? misused(`--since: ${problem.detail}`, `${PROGRAM} reconcile --help`)
      : refused(wanted.error, `--source with one of ${askable(parts)}, or none for all of them`);
  });
};

async function compare(
  { json, terminal }: Call,
  parts: OperationParts,
  asked: Parameters<typeof reconcile>[1],
): Promise<Failure | null> {
  // Ctrl-C ends the process at once, and what was taken in is kept.
  const { signal } = new AbortController();
  const report = await reconcile(parts, asked, {
    signal,
    tell: async (progress) => terminal.progress(progressLine(progress)),
  });
  terminal.say(json ? JSON.stringify(report, null, 2) : reportLines(report, terminal).join('\n'));
  if (isWhole(report)) return null;
  const failures = report.sources.flatMap(({ source, problem }) =>
    problem === null ? [] : [`${source} could not be read: ${problem.detail} (${problem.code})`],
  );
  return failed(failures, `mend what is named above, then \`${PROGRAM} reconcile\` again: it takes nothing in twice`);
}

const askable = ({ registry }: OperationParts): string =>
  [...registry.sources.values()]
    .filter(({ api }) => api !== null)
    .map(({ name }) => name)
    .join(', ') || 'those that have access to their API (none has)';
