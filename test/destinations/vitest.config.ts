import { defineConfig } from 'vitest/config';

const lanes = process.env.TEST_DESTINATIONS?.split(',') ?? ['duckdb'];

/** `npm run test:destinations`: not part of `npm test`, because it needs servers, which `main.mjs` starts. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: lanes.map((lane) => `contract/${lane}{,-*}.contract.ts`),
    globalSetup: `${import.meta.dirname}/../support/build.ts`,
    // Processes, because DuckDB locks files for a process.
    pool: 'forks',
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
