// `check`: proves a configuration without issuing anything.
import type { Config, ConfigProblem } from '../config/types.ts';
import { problem } from '../domain/problem.ts';
import { pacedIo } from '../flow/7-standing.ts';
import { type FirstRun, firstRun } from '../operations/first-run.ts';
import type { OperationParts } from '../operations/parts.ts';
import type { BoundApi, Provider } from '../registry.ts';
import { proveWritable } from '../store/readiness.ts';
import { knownSources } from '../store/sources.ts';
import { type CheckReport, checkLines, type ProviderReport, type SourceApiReport } from './check-report.ts';
import { type Call, failed, misused, type Run } from './command.ts';
import { PROGRAM } from './help.ts';
import { readSetUp, type SetUp } from './set-up.ts';
import { openVisit } from './visit.ts';

export const run: Run = async (call) => {
  if (call.args[0] !== undefined) return misused(`check takes no "${call.args[0]}"`, `${PROGRAM} check --help`);
  const setUp = await readSetUp(call, null);
  if (!setUp.ok) {
    if (call.json) call.terminal.say(JSON.stringify(unreadable(setUp.error.problems), null, 2));
    return setUp.error;
  }
  const report = await reportOn(call, setUp.value);
  call.terminal.say(call.json ? JSON.stringify(report, null, 2) : checkLines(report, call.terminal).join('\n'));
  return report.ok ? null : failed('something would not work', 'mend what is named above, then check again');
};

const NOTHING: CheckReport = {
  ok: false,
  configuration: { file: null, problems: [], warnings: [] },
  database: null,
  sources: [],
  problems: [],
  providers: [],
  first_run: null,
  admin_token: null,
};

const unreadable = (problems: readonly ConfigProblem[]): CheckReport => ({
  ...NOTHING,
  configuration: { file: problems[0]?.file ?? null, problems, warnings: [] },
});

async function reportOn(call: Call, setUp: SetUp): Promise<CheckReport> {
  const { config } = setUp;
  const configuration =
    setUp.kind === 'file'
      ? { file: setUp.file, problems: [], warnings: setUp.warnings }
      : { file: null, problems: [], warnings: [] };
  const place = placeOf(config);
  const opened = await openVisit(config);
  if (!opened.ok) {
    const [first] = opened.error;
    const broken = first?.at === 'database' ? first : null;
    const database = { ok: broken === null, place, problem: broken };
    return { ...NOTHING, configuration, database, problems: broken === null ? opened.error : [] };
  }
  const parts = opened.value;
  try {
    const database = await reportOnDatabase(parts, place);
    const providers: ProviderReport[] = [];
    for (const provider of parts.registry.providers.values()) providers.push(await reportOnProvider(parts, provider));
    const sources = await reportOnSources(parts, config);
    return {
      ...NOTHING,
      ok: database.ok && providers.every(({ ok }) => ok) && sources.every(({ api }) => api === null || api.ok),
      configuration,
      database,
      sources,
      providers,
      first_run: call.flags.has('first-run') ? await firstRuns(parts) : null,
      admin_token: call.flags.has('show-token') ? parts.adminToken : null,
    };
  } finally {
    await parts.store.close();
  }
}

const placeOf = ({ database }: Config): string => (database.kind === 'sqlite' ? database.path : 'postgres');

async function reportOnDatabase({ store, runtime }: OperationParts, place: string) {
  try {
    await proveWritable(store, runtime.now());
    return { ok: true, place, problem: null };
  } catch (error) {
    return { ok: false, place, problem: problem('database', error instanceof Error ? error.message : String(error)) };
  }
}

async function reportOnSources({ store, registry }: OperationParts, config: Config): Promise<CheckReport['sources']> {
  const started = new Set((await knownSources(store.read)).map(({ identity }) => identity));
  const reports: CheckReport['sources'] = [];
  for (const { identity, name, type, provider, routes, startAt, api } of registry.sources.values()) {
    // Without a line of its own its orders count from its first start, which a check is not.
    const isOpen = config.sources[name]?.startAt === null && !started.has(identity);
    const start_at = isOpen ? 'first_start' : (startAt?.toISOString() ?? 'all');
    reports.push({ name, type, provider, routes, start_at, api: api === null ? null : await reportOnApi(api) });
  }
  return reports;
}

async function reportOnApi({ api, io }: BoundApi): Promise<SourceApiReport> {
  const outcome = await api.check(io);
  if (outcome.kind !== 'done') {
    return { ...{ ok: false, shop: null, can: [], cannot: [], warnings: [] }, problem: outcome.problem };
  }
  const { name: shop, can, cannot, warnings } = outcome.value;
  return { ok: true, shop, can, cannot, warnings, problem: null };
}

async function reportOnProvider(parts: OperationParts, provider: Provider): Promise<ProviderReport> {
  const { name, type } = provider;
  const outcome = await provider.account.check(pacedIo(parts, provider));
  if (outcome.kind === 'done') {
    const { name: account, ...told } = outcome.value;
    return { name, type, ok: true, account, ...told, refused_for: null, problem: null };
  }
  const { problem: why } = outcome;
  const isAccount = outcome.kind === 'rejected' && outcome.rejection.kind === 'account';
  const matter = why.code === 'credentials_refused' ? 'credentials' : 'plan';
  return {
    ...{ name, type, ok: false, account: null, can: [], cannot: [], limits: [], warnings: [] },
    refused_for: isAccount ? matter : null,
    problem: why,
  };
}

async function firstRuns(parts: OperationParts): Promise<FirstRun[]> {
  const runs: FirstRun[] = [];
  for (const source of parts.registry.sources.values()) runs.push(await firstRun(parts, source));
  return runs;
}
