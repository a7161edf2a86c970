import { createServer } from 'node:http';
import { join } from 'node:path';
import { stringify } from 'lossless-json';
import { expect, onTestFinished, test } from 'vitest';
import { runPipeline } from '../../src/index.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { useDlt } from './dlt.ts';
import { type RandomCase, randomCases } from './random-rows.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 20_240_115);
const COUNT = Number(process.env.FUZZ_CASES ?? 120);

const dlt = useDlt();

test(`${COUNT} random cases of seed ${SEED} make the same tables here and in dlt (FUZZ_CASES, FUZZ_SEED for others)`, async () => {
  const cases = randomCases(SEED, COUNT);
  const file = join(await tempFolder(), 'file.duckdb');
  await loadWithUs(cases, file);

  const answers = await dlt<(string[] | null)[]>('differences', { cases, file, dataset: 'data' });

  const different = cases.flatMap((one, index) => {
    const lines = answers[index] ?? [];
    return lines.length === 0 ? [] : [`${stringify(one)}\n${lines.join('\n')}`];
  });
  expect(answers).toHaveLength(cases.length);
  expect(answers.filter((answer) => answer === null).length, 'cases with colliding keys').toBeLessThan(COUNT / 10);
  expect(different.length, different.slice(0, 5).join('\n\n')).toBe(0);
});

/** Each case is a resource, each of its runs a reply, so that our parser reads the JSON too. */
async function loadWithUs(cases: readonly RandomCase[], file: string): Promise<void> {
  const url = await serve((path) => {
    const [, table, run] = path.split('/');
    return cases.find((one) => one.table === table)?.runs[Number(run)] ?? [];
  });
  const runs = Math.max(...cases.map((one) => one.runs.length));
  for (let run = 0; run < runs; run++) {
    const trace = await runPipeline({
      pipeline: {
        name: 'oracle',
        dataset_name: 'data',
        destination: { type: 'duckdb', path: file },
        working_dir: `${file}.work`,
      },
      source: {
        name: 's',
        client: { base_url: url, paginator: 'single_page' },
        resources: cases
          .filter((one) => run < one.runs.length)
          .map(({ table, hints, max_table_nesting }) => ({
            name: table,
            endpoint: { path: `${table}/${run}`, data_selector: '$', allow_empty: true },
            ...hints,
            ...(max_table_nesting === null ? {} : { max_table_nesting }),
          })),
      },
    });
    expect(trace.failure, JSON.stringify(trace.failure)).toBeUndefined();
  }
}

async function serve(reply: (path: string) => unknown): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(stringify(reply(request.url ?? '')));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
}
