import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import { useMemory } from '../support/temporary.ts';

/** A last line in words that any build server reads. */
const summary: Reporter = {
  onTestRunEnd(files) {
    const tests = files.flatMap((file) => [...file.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  },
};

useMemory();

/** `npm run test:dlt`: real dlt beside our program. Not part of `npm test`, because it needs Python and the package index. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['**/*.dlt.ts'],
    globalSetup: [
      `${import.meta.dirname}/../support/build.ts`,
      `${import.meta.dirname}/environment.ts`,
      `${import.meta.dirname}/servers.ts`,
    ],
    reporters: ['verbose', summary],
    // Python imports, and waits, while another file goes on.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
