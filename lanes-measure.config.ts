import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Whole runs, and tests that need the built program or a second process: test/README.md. */
const whole = ['**/e2e/**/*.test.ts', '**/run/**/*.test.ts', '**/oracle/**/*.test.ts', '**/*.process.test.ts'];

export default defineConfig({
  test: {
    dir: 'test',
    // Processes, because DuckDB locks files for a process, and the rights of a user are those of one.
    pool: 'forks',
    isolate: false,
    maxWorkers: Math.max(2, availableParallelism()),
    // The time is for busy machines: tests start processes and wait for files, none asserts how long anything took.
    setupFiles: ['/work/wt/lanes2/lanes-cpu.ts'], testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['**/*.test.ts'], exclude: whole } },
      { extends: true, test: { name: 'e2e', include: whole, globalSetup: 'test/support/build.ts' } },
    ],
  },
});
