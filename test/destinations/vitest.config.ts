import { defineConfig } from 'vitest/config';
import { useMemory } from '../support/temporary.ts';
import { installedClients } from './installed-clients.ts';
import { lanes } from './lanes.mjs';

const asked = process.env.TEST_DESTINATIONS?.split(',') ?? ['duckdb'];
/** An emulator takes a tenth of a second for each of the many statements of a load, Spark more. */
const isSlow = asked.some((lane) => ['bigquery', 'databricks', 'snowflake'].includes(lane));
const others = Object.keys(lanes).filter((name) => !asked.includes(name));
const filesOf = (lane: string) => `contract/${lane}{,-*}.contract.ts`;

useMemory();

/** `npm run test:destinations`: not part of `npm test`, because it needs servers, which `main.mjs` starts. */
export default defineConfig({
  plugins: [installedClients()],
  test: {
    dir: import.meta.dirname,
    include: asked.map(filesOf),
    // `filesystem` is not `filesystem-s3`.
    exclude: others.filter((name) => asked.some((lane) => name.startsWith(`${lane}-`))).map(filesOf),
    globalSetup: `${import.meta.dirname}/../support/build.ts`,
    // Processes, because DuckDB locks files for a process.
    pool: 'forks',
    testTimeout: isSlow ? 3_600_000 : 600_000,
    hookTimeout: isSlow ? 3_600_000 : 600_000,
  },
});
