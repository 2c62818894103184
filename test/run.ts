// `npm test`: type check, lint, then every test file. `node test/run.ts words…` runs the test files whose path holds a word.
// The last line is `N passed, N failed, N skipped`; the type check and the lint count as one each.
// The machine's time zone is left as it is: tests must hold in any, and CI runs them in two.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { startVitest, type TestModule } from 'vitest/node';

const root = join(import.meta.dirname, '..');
process.chdir(root);
process.env.PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);

const tally = { passed: 0, failed: 0, skipped: 0 };

for (const [name, command, ...args] of [
  ['type check', 'tsc', '--noEmit'],
  ['lint', 'biome', 'check', '--error-on-warnings'],
] as const) {
  const passed = await succeeds(command, args);
  tally[passed ? 'passed' : 'failed'] += 1;
  console.log(`${passed ? '✓' : '✗'} ${name}`);
}

const vitest = await startVitest(process.argv.slice(2), { config: 'test/vitest.config.ts', watch: false });
const modules = vitest.state.getTestModules();
for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
  const { state } = test.result();
  // A test that never came to its end proves nothing.
  tally[state === 'pending' ? 'failed' : state] += 1;
}
// What broke outside a test: a file that does not load, a hook that threw, a rejection that nobody awaited.
// To find no file at all is a failure too.
tally.failed += modules.reduce((count, module) => count + brokenParts(module), 0);
tally.failed += vitest.state.getUnhandledErrors().length + (modules.length === 0 ? 1 : 0);
await vitest.close();

const skipped = modules.flatMap(skippedTests);
if (skipped.length > 0) console.log(['', 'Skipped on this machine:', ...new Set(skipped), ''].join('\n'));
process.exitCode = tally.failed === 0 ? 0 : 1;
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);

/** True when the command ends with 0; what it prints is shown. */
function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { stdio: 'inherit' })
      .on('error', reject)
      .on('close', (code) => resolve(code === 0));
  });
}

function brokenParts(module: TestModule): number {
  return [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0).length;
}

/** One line for each skipped test, or for all that share a reason given with `context.skip(reason)`. */
function skippedTests(module: TestModule): string[] {
  return [...module.children.allTests('skipped')].map((test) => {
    const result = test.result();
    const reason = result.state === 'skipped' ? result.note : undefined;
    return `  ${module.relativeModuleId}: ${reason ?? test.fullName}`;
  });
}
