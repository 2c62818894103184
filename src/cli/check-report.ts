// What `check` found, for people.
import type { ConfigProblem } from '../config/types.ts';
import { problemLine } from '../config.ts';
import type { Problem } from '../domain/problem.ts';
import type { DryRun } from '../operations/dry-run.ts';
import { dryRunLines } from './replay.ts';
import { plain, type Terminal, wrapped } from './terminal.ts';

export type ProviderReport = {
  name: string;
  type: string;
  ok: boolean;
  account: string | null;
  can: string[];
  cannot: string[];
  problem: Problem | null;
};
export type FirstRun = Pick<DryRun, 'events' | 'would_issue' | 'would_skip'> & {
  source: string;
  problem: Problem | null;
};
export type CheckReport = {
  ok: boolean;
  configuration: { file: string | null; problems: readonly ConfigProblem[]; warnings: readonly ConfigProblem[] };
  database: { ok: boolean; place: string; problem: Problem | null } | null;
  /** `start_at`: an instant, `all`, or `first_start` for a source that was never started. */
  sources: { name: string; type: string; provider: string; start_at: string }[];
  problems: Problem[];
  providers: ProviderReport[];
  first_run: FirstRun[] | null;
  admin_token: string | null;
};

/** The report as lines: what was proved, what is doubtful and what would not work, each on its own. */
export function checkLines(report: CheckReport, { styled }: Pick<Terminal, 'styled'>): string[] {
  const ok = styled('green', 'ok   ');
  const wrong = styled('red', 'wrong');
  const line = (good: boolean, what: string, detail: string): string =>
    `${good ? ok : wrong}  ${what.padEnd(13)}  ${plain(detail)}`;
  const more = (text: string): string[] => wrapped(plain(text), ' '.repeat(22));
  const { configuration, database, sources, providers } = report;
  return [
    line(true, 'configuration', `${configuration.file ?? 'the example'}: every key and every secret is there`),
    ...configuration.warnings.map((warning) => `${styled('yellow', 'doubt')}  ${warningText(warning)}`),
    ...(database === null
      ? []
      : [line(database.ok, 'database', database.problem?.detail ?? `${database.place} can be written`)]),
    ...report.problems.map(({ detail, at }) => line(false, at ?? 'start', detail)),
    ...sources.map(({ name, type, provider, start_at }) =>
      line(true, 'source', `${name} (${type}, invoiced at ${provider}): ${startText(start_at)}`),
    ),
    ...providers.flatMap(({ ok: good, name, type, account, can, cannot, problem }) => [
      line(
        good,
        'provider',
        `${name} (${type}): ${good ? `connected to ${account}` : `${problem?.detail} (${problem?.code})`}`,
      ),
      ...(can.length === 0 ? [] : more(`can: ${can.join(', ')}`)),
      ...(cannot.length === 0 ? [] : more(`cannot: ${cannot.join(', ')}`)),
    ]),
    ...(report.admin_token === null ? [] : ['', `Admin token: ${report.admin_token}`]),
    ...(report.first_run === null ? [] : firstRunLines(report.first_run)),
  ];
}

const warningText = (warning: ConfigProblem): string => plain(problemLine(warning));

function startText(startAt: string): string {
  if (startAt === 'all') return 'every order, whenever it was placed';
  return startAt === 'first_start' ? 'orders placed from its first start on' : `orders placed from ${startAt} on`;
}

const firstRunLines = (runs: readonly FirstRun[]): string[] => [
  '',
  'The orders of the last 30 days, as far as deliveries have told of them. Orders that no delivery told',
  'are not known to this answer: the shop itself is not asked.',
  ...runs.flatMap(({ source, problem, ...seen }) => [
    '',
    `Source ${source}:`,
    ...(problem === null ? dryRunLines({ ...seen, would_change: [] }) : [problem.detail]).map((line) =>
      `  ${line}`.trimEnd(),
    ),
  ]),
];
