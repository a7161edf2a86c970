import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Where whole runs are tested, or what needs files of DuckDB and servers: test/README.md. */
const folders = ['e2e', 'commands', 'run', 'oracle', 'destinations', 'duckdb', 'ledger', 'normalize', 'package', 'sandbox'];
const e2e = [...folders.map((folder) => `**/${folder}/**/*.test.ts`), '**/*.process.test.ts'];

export default defineConfig(({ mode }) => ({
  test: {
    dir: 'test',
    // Processes, because DuckDB locks files for a process, and the rights of a user are those of one.
    pool: 'forks',
    isolate: false,
    // One more than there are cores: some wait, for locks, for a disk, for a process that is killed. Each imports everything for itself.
    maxWorkers: availableParallelism() + 1,
    // Ends what hangs, and nothing else: a machine may give a test a tenth of its time, and none asserts how long anything took.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 300_000 } },
    projects: [
      { extends: true, mode, test: { name: 'unit', include: ['**/*.test.ts'], exclude: e2e } },
      { extends: true, mode, test: { name: 'e2e', include: e2e, globalSetup: 'test/support/build.ts' } },
    ],
  },
}));
