import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { builtModules } from './test/support/built-modules.ts';
import { useMemory } from './test/support/temporary.ts';

/** Where whole runs are tested, or what needs files of DuckDB and servers: test/README.md. */
const folders = ['e2e', 'commands', 'dashboard', 'run', 'oracle', 'destinations', 'duckdb', 'ledger', 'normalize', 'package', 'sandbox', 'inspection', 'mcp'];
const e2e = [...folders.map((folder) => `**/${folder}/**/*.test.ts`), '**/*.process.test.ts'];

/** Damaged files, which DuckDB now and then ends a process over that many tests share: `npm test` runs them first, in one of their own. */
const alone = ['**/damaged-destination.process.test.ts'];

useMemory();

/** `--mode unit` leaves out what takes the build. That, what is watched and what is covered is transformed from `src` as it is. */
export default defineConfig(({ mode }) => {
  const isOfTheBuild = mode !== 'unit' && process.argv.includes('run') && !process.argv.includes('--coverage');
  return {
    plugins: isOfTheBuild ? [builtModules()] : [],
    test: {
      dir: 'test',
      include: mode === 'alone' ? alone : ['**/*.test.ts'],
      exclude: mode === 'alone' ? [] : [...alone, ...(mode === 'unit' ? e2e : [])],
      ...(mode === 'unit' ? {} : { globalSetup: 'test/support/build.ts' }),
      server: { deps: { external: [/\/dist\/.*\.js$/] } },
      // Processes, because DuckDB locks files for a process, and the rights of a user are those of one.
      pool: 'forks',
      isolate: false,
      // One more than there are cores: some wait, for locks, for a disk, for a process that is killed. Each imports everything for itself.
      maxWorkers: availableParallelism() + 1,
      // Ends what hangs, and nothing else: a machine may give a test a tenth of its time, and none asserts how long anything took.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 300_000 } },
    },
  };
});
