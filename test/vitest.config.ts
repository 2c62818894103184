import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    allowOnly: false,
    // A process for each file: tests kill children, change the environment and open native database handles.
    pool: 'forks',
    testTimeout: 30_000,
    // Concurrent tests mostly wait for a time-out of a simulated provider.
    maxConcurrency: 16,
    reporters: ['default'],
  },
});
