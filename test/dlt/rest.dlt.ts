import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, runPipeline } from '../../src/index.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { useDlt } from './dlt.ts';
import { RestApis } from './rest/apis.ts';

/** An entry of `rest/configurations.yaml`. */
interface RestConfiguration {
  readonly title: string;
  readonly client: { readonly base_url: string };
  readonly resource_defaults?: object;
  readonly resources: readonly object[];
  /** Default 1; before the second one the source has more. */
  readonly runs?: number;
}

const file = join(import.meta.dirname, 'rest', 'configurations.yaml');
const configurations: readonly RestConfiguration[] = parse(await readFile(file, 'utf8'));

describe("a configuration of dlt's REST source", () => {
  const dlt = useDlt();

  test.each(configurations)(
    'asks for the same and loads the same: $title',
    async ({ title: _, runs = 1, ...source }) => {
      const apis = await RestApis.start();
      const folder = await tempFolder();
      const config = { ...source, client: { ...source.client, base_url: `${apis.url}/${source.client.base_url}` } };
      const theirs = join(folder, 'theirs.duckdb');
      const ours = join(folder, 'ours.duckdb');
      for (let round = 0; round < runs; round++) {
        apis.begin(round);
        await dlt('load_rest', { file: theirs, folder, config, name: 'rest_source' });
        const theirRequests = apis.asked;
        apis.begin(round);
        await runHere(folder, config);
        expect(apis.asked).toEqual(theirRequests);
      }
      const rows = await dlt<Record<string, unknown[]>>('rest_rows', { file: theirs });
      expect(Object.keys(rows)).not.toEqual([]);
      expect(await dlt('rest_rows', { file: ours })).toEqual(rows);
    },
  );
});

/** The same keys, under `source` of a file of ours. */
async function runHere(folder: string, config: object): Promise<void> {
  const file = join(folder, 'pipeline.config.yaml');
  const pipeline = { name: 'rest', dataset_name: 'data', destination: { type: 'duckdb', path: 'ours.duckdb' } };
  await writeFile(file, JSON.stringify({ pipeline, source: { name: 'rest_source', ...config } }));
  const trace = await runPipeline(await loadConfig(file, { env: {} }));
  expect(trace.failure).toBeUndefined();
}
