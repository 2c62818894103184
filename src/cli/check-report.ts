// What `check` found, for people.
import type { ConfigProblem } from '../config/types.ts';
import { problemLine } from '../config.ts';
import type { Problem } from '../domain/problem.ts';
import type { DryRun } from '../operations/dry-run.ts';
import type { Route } from '../registry.ts';
import { dryRunLines } from './replay.ts';
import { plain, type Terminal, wrapped } from './terminal.ts';

export type ProviderReport = {
  name: string;
  type: string;
  ok: boolean;
  account: string | null;
  can: string[];
  cannot: string[];
  /** What its plan allows, and what to know before the first document. */
  limits: string[];
  warnings: string[];
  /** The account's own matter, its credentials or its plan: nothing is sent to it until that is mended. */
  refused_for: 'credentials' | 'plan' | null;
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
  sources: { name: string; type: string; provider: string; routes: readonly Route[]; start_at: string }[];
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
  const doubt = styled('yellow', 'doubt');
  const more = (text: string): string[] => wrapped(plain(text), ' '.repeat(22));
  const list = (what: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : more(`${what}: ${items.join(', ')}`);
  const { configuration, database, sources, providers } = report;
  return [
    line(true, 'configuration', `${configuration.file ?? 'the example'}: every key and every secret is there`),
    ...configuration.warnings.map((warning) => `${doubt}  ${warningText(warning)}`),
    ...(database === null
      ? []
      : [line(database.ok, 'database', database.problem?.detail ?? `${database.place} can be written`)]),
    ...report.problems.map(({ detail, at }) => line(false, at ?? 'start', detail)),
    ...sources.flatMap(({ name, type, provider, routes, start_at }) => [
      line(true, 'source', `${name} (${type}, invoiced at ${provider}): ${startText(start_at)}`),
      ...routes.flatMap((route) => more(routeText(route))),
    ]),
    ...providers.flatMap(({ name, type, can, cannot, limits, warnings, ...rest }) => [
      line(rest.ok, 'provider', `${name} (${type}): ${accountText(rest)}`),
      ...list('can', can),
      ...list('cannot', cannot),
      ...list('limits', limits),
      ...warnings.map((warning) => `${doubt}  ${'provider'.padEnd(13)}  ${plain(`${name}: ${warning}`)}`),
      ...(rest.refused_for === null ? [] : more('until that is mended nothing is sent there: orders come in and wait')),
    ]),
    ...(report.admin_token === null ? [] : ['', `Admin token: ${report.admin_token}`]),
    ...(report.first_run === null ? [] : firstRunLines(report.first_run)),
  ];
}

function accountText({ account, refused_for, problem }: Pick<ProviderReport, 'account' | 'refused_for' | 'problem'>) {
  if (problem === null) return `connected to ${account}`;
  const why = refused_for === 'plan' ? 'refused for its plan: ' : '';
  return `${why}${problem.detail} (${problem.code})`;
}

const BUYERS = { company: 'companies', person: 'persons' };

function routeText({ provider, countries, currencies, buyer }: Route): string {
  const conditions = [
    ...(countries === null ? [] : [`to ${countries.join(', ')}`]),
    ...(currencies === null ? [] : [`in ${currencies.join(', ')}`]),
    ...(buyer === null ? [] : [`of ${BUYERS[buyer]}`]),
  ];
  return `orders ${conditions.join(' ')}: at ${provider}`;
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
