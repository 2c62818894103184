// A short stay beside a bridge that may be running on the same database: reads what it reads, asks what an admin may ask.
import { existsSync } from 'node:fs';
import type { Config } from '../config/types.ts';
import type { Problem } from '../domain/problem.ts';
import { ok, type Result } from '../domain/result.ts';
import { createLog } from '../log.ts';
import { openCore } from '../main.ts';
import type { OperationParts, Refusal } from '../operations/parts.ts';
import { type Call, type Failure, failed } from './command.ts';
import { PROGRAM } from './help.ts';
import { readSetUp } from './set-up.ts';

/** Opens the database of the call's set-up, does the work and closes it again. It must exist: a visit makes none. */
export async function visiting(
  call: Call,
  work: (parts: OperationParts) => Promise<Failure | null>,
): Promise<Failure | null> {
  const setUp = await readSetUp(call, null);
  if (!setUp.ok) return setUp.error;
  const { config } = setUp.value;
  if (config.database.kind === 'sqlite' && !existsSync(config.database.path)) {
    return failed(
      `there is no database at ${config.database.path} yet`,
      `\`${PROGRAM} serve\` first, with this configuration`,
    );
  }
  const opened = await openVisit(config);
  if (!opened.ok)
    return failed(
      opened.error.map(({ detail }) => detail),
      `\`${PROGRAM} check\``,
    );
  try {
    return await work(opened.value);
  } finally {
    await opened.value.store.close();
  }
}

export type Visit = OperationParts & { adminToken: string };

/** Opens what a visit stands on. The caller closes the store. */
export async function openVisit(config: Config): Promise<Result<Visit, Problem[]>> {
  const core = await openCore(config, 'visit', createLog('silent'));
  if (!core.ok) return core;
  // Whoever works on the tables looks at them by itself every second.
  return ok({ ...core.value, wake: () => undefined });
}

/** A verb that said no, told on the command line. */
export const refused = ({ problem, decision }: Refusal, advice: string): Failure =>
  failed(
    [
      problem.detail,
      ...(decision === undefined ? [] : [`the standing answer, of ${decision.at}: ${JSON.stringify(decision.answer)}`]),
    ],
    advice,
  );

/** The number in an argument; null for what is none. */
export const idIn = (text: string): number | null => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : null);
