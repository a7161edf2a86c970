import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ConfigFileInput,
  loadConfig,
  PipelineError,
  readTable,
  resolveConfig,
  runPipeline,
} from '../src/index.ts';
import { tempFolder } from './support/temp-folder.ts';

async function* orders() {
  yield { id: 1, price: 0.5, lines: [{ sku: 'a' }, { sku: 'b' }] };
  yield { id: 2, price: 9_007_199_254_740_993n, lines: [] };
}

const configObject = (folder: string): ConfigFileInput => ({
  pipeline: {
    name: 'shop',
    dataset_name: 'data',
    destination: { type: 'duckdb', path: join(folder, 'shop.duckdb') },
    working_dir: join(folder, '.dezgo-elt'),
  },
  source: {
    name: 'shop_source',
    resources: [{ name: 'orders', primary_key: 'id', write_disposition: 'merge', data: orders }],
  },
});

describe('the library', () => {
  it('runs a configuration object whose resource is an async generator, and reads the tables back', async () => {
    const config = await resolveConfig(configObject(await tempFolder()));
    const trace = await runPipeline(config);
    expect(trace.failure).toBeUndefined();
    expect(trace).toMatchObject({ exitCode: 0, published: true, dataset: 'data' });

    const ids: unknown[] = [];
    for await (const { id } of readTable(config, 'orders')) ids.push(id);
    expect(ids.sort()).toEqual([1, 2]);
    const lines: unknown[] = [];
    for await (const { sku, _dlt_list_idx } of readTable(config, 'orders__lines')) lines.push([sku, _dlt_list_idx]);
    expect(lines.sort()).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
  });

  it('shows the first value of a column shortened, also where the cut goes through an emoji or a half of one came', async () => {
    const config = configObject(await tempFolder());
    const data = () => [{ id: 1, long: `${'a'.repeat(99)}😀 and more`, half: 'half \ud83d' }];
    const source = { name: 's', resources: [{ name: 'texts', data }] };
    const trace = await runPipeline({ ...config, source });
    expect(trace.failure).toBeUndefined();
    const firstValues = trace.packages[0]?.schemaChanges.map(({ column, firstValue }) => [column, firstValue]);
    expect(firstValues).toContainEqual(['long', `${'a'.repeat(99)}\ufffd…`]);
    expect(firstValues).toContainEqual(['half', 'half \ufffd']);
  });

  it('refuses a configuration file with errors of the family', async () => {
    const folder = await tempFolder({ 'pipeline.config.yaml': 'pipeline: { name: 7 }' });
    const error: unknown = await loadConfig('pipeline.config.yaml', { cwd: folder }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PipelineError);
    expect(error).toMatchObject({ code: 'ConfigInvalid', exitCode: 2 });
  });
});
