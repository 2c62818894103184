// What `check` found, for people.
import type { ConfigProblem } from '../config/types.ts';
import { problemLine } from '../config.ts';
import type { Problem } from '../domain/problem.ts';
import type { AskedShop, FirstRun } from '../operations/first-run.ts';
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
/** What a source's API says to the credentials; `shop` is whom they belong to. */
export type SourceApiReport = {
  ok: boolean;
  shop: string | null;
  can: string[];
  cannot: string[];
  warnings: string[];
  problem: Problem | null;
};
export type CheckReport = {
  ok: boolean;
  configuration: { file: string | null; problems: readonly ConfigProblem[]; warnings: readonly ConfigProblem[] };
  database: { ok: boolean; place: string; problem: Problem | null } | null;
  sources: {
    name: string;
    type: string;
    provider: string;
    routes: readonly Route[];
    /** An instant, `all`, or `first_start` for a source that was never started. */
    start_at: string;
    /** Null for a source that cannot be asked. */
    api: SourceApiReport | null;
  }[];
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
    ...sources.flatMap(({ name, type, provider, routes, start_at, api }) => [
      line(true, 'source', `${name} (${type}, invoiced at ${provider}): ${startText(start_at)}`),
      ...routes.flatMap((route) => more(routeText(route))),
      ...(api === null
        ? more('it cannot be asked: what no delivery tells stays unknown')
        : [
            line(api.ok, 'source', `${name}: ${apiText(api)}`),
            ...list('can', api.can),
            ...list('cannot', api.cannot),
            ...api.warnings.map((warning) => `${doubt}  ${'source'.padEnd(13)}  ${plain(`${name}: ${warning}`)}`),
            ...(api.ok ? [] : more('until that is mended its deliveries are all that is known of it')),
          ]),
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

const apiText = ({ shop, problem }: SourceApiReport): string =>
  problem === null ? `its API answers for ${shop}` : `its API cannot be read: ${problem.detail} (${problem.code})`;

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
  'The orders of the last 30 days, each source by itself: what deliveries have told of them, and what the',
  'shop tells where it can be asked. Nothing of it is stored or sent.',
  ...runs.flatMap(({ source, asked, problem, ...seen }) => [
    '',
    `Source ${source}:`,
    ...wrapped(plain(askedText(asked)), '  '),
    ...(problem === null ? dryRunLines({ ...seen, mapped: [], would_change: [] }) : [problem.detail]).map((line) =>
      `  ${line}`.trimEnd(),
    ),
  ]),
];

function askedText(asked: AskedShop | null): string {
  if (asked === null) return 'No shop was asked: orders that no delivery told are not known to this answer.';
  const { changes, news, more, problem } = asked;
  const rest = more ? ' These are the oldest of them, there may be more.' : '';
  const failure = problem === null ? '' : ` Then it could not be read: ${problem.detail} (${problem.code}).`;
  return `Its API told of changes: ${changes}, not known here before: ${news}.${rest}${failure}`;
}
