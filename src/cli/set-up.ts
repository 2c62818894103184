// Which configuration a command works with: the file that is named, or the example of this folder.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config, ConfigProblem } from '../config/types.ts';
import { loadConfig, problemLine } from '../config.ts';
import type { DemoSecrets } from '../demo/send.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { embeddedConfig } from '../embedded.ts';
import { catalogue } from '../main.ts';
import { type Call, type Failure, failed } from './command.ts';
import { PROGRAM } from './help.ts';

/** `example`: nobody wrote a file, and the embedded configuration stands in. */
export type SetUp =
  | { kind: 'file'; file: string; config: Config; warnings: readonly ConfigProblem[] }
  | { kind: 'example'; config: Config; secrets: DemoSecrets };

/** `problems` are those of the configuration itself, where it is what failed. */
export type SetUpFailure = Failure & { problems: readonly ConfigProblem[] };

/**
 * The set-up of a call. Without a file it is the example that lies in `exampleIn`: null stands for this folder, where it
 * must have been started before.
 */
export async function readSetUp(call: Call, exampleIn: string | null): Promise<Result<SetUp, SetUpFailure>> {
  const { config: file, env, cwd } = call;
  const loaded = loadConfig({ file, env, cwd, catalogue });
  if (!loaded.ok) return err(broken(loaded.error));
  if (loaded.value.kind === 'file') return ok(loaded.value);
  if (exampleIn === null && !existsSync(path.join(cwd, 'data', 'bridge.db'))) {
    const line = `there is no configuration (${path.join(cwd, 'bridge.yaml')}), and the example was never started here`;
    return err({ ...failed(line, `--config FILE, or \`${PROGRAM} serve\` to begin with the example`), problems: [] });
  }
  const embedded = await embeddedConfig(exampleIn ?? cwd, env.PORT, catalogue).catch(unusable);
  if (!embedded.ok) return 'kind' in embedded.error ? err(embedded.error) : err(broken(embedded.error));
  return ok({ kind: 'example', ...embedded.value });
}

const broken = (problems: readonly ConfigProblem[]): SetUpFailure => ({
  ...failed(problems.map(problemLine), `mend it, then run \`${PROGRAM} check\`; docs/configuration.md has every key`),
  problems,
});

const unusable = (error: unknown) =>
  err({
    ...failed(
      `the example's data cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
      'a folder that can be written, or remove ./data to begin anew',
    ),
    problems: [],
  });
