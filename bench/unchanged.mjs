import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { interleave, report } from './measure.mjs';

/** The night after: two resources of the stand-in API that answer as they did when they were loaded. */
export async function unchanged({ clis, work, runs, start, bare, config }) {
  const { sandboxKey } = await import('../dist/sandbox/ids.js');
  const url = await start([clis[0], 'sandbox']);
  const file = join(work, 'bare.duckdb');
  const contenders = [
    {
      name: 'bare Node: load the driver, open a file',
      args: [bare, file],
      before: () => rmSync(file, { force: true }),
    },
    ...clis.map((cli, index) => ({
      name: 'run: models, account_tx_last, both unchanged',
      args: [cli, 'run', '-c', config, 'models', 'account_tx_last'],
      env: {
        SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL: url,
        DEZGO_API_KEY: sandboxKey,
        PIPELINE__WORKING_DIR: join(work, `unchanged-${index}`),
        DESTINATION__DUCKDB__CREDENTIALS: join(work, `unchanged-${index}.duckdb`),
      },
    })),
  ];
  report(`Run in which nothing is new, ${runs} runs each, interleaved`, contenders, await interleave(contenders, runs));
}
