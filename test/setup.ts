// Runs with every test file. Two tests of one title would hide each other in reports.
import { afterAll, type RunnerTask } from 'vitest';

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the first parameter's pattern to know which fixtures to make
afterAll(({}, file) => {
  const titles = file.tasks.flatMap(fullTitles);
  const twice = titles.filter((title, index) => titles.indexOf(title) !== index);
  if (twice.length > 0) throw new Error(`the same title is used twice: ${twice.join(' | ')}`);
});

function fullTitles(task: RunnerTask): string[] {
  return task.type === 'suite' ? task.tasks.flatMap(fullTitles) : [task.fullTestName];
}
