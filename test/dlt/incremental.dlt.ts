import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ConfigFileInput, runPipeline } from '../../src/index.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { useDlt } from './dlt.ts';
import { rowsOf, sourcesText } from './project.ts';

const names = { pipeline: 'p', dataset: 'data' };

/** With a key, without one, of numbers in a member, with a lag. */
const cursors = {
  keyed: { cursor_path: 'at', initial_value: '2024-01-01T00:00:00Z' },
  whole: { cursor_path: 'at' },
  numbers: { cursor_path: 'meta.n', initial_value: 0 },
  late: { cursor_path: 'at', initial_value: '2024-01-01T00:00:00Z', lag: 3600 },
};

const resources = Object.entries(cursors).map(([name, cursor]) => ({
  name,
  ...(name === 'whole' ? {} : { primary_key: 'id' }),
  write_disposition: name === 'late' ? ('merge' as const) : ('append' as const),
  endpoint: {
    path: name,
    data_selector: 'data',
    paginator: { type: 'single_page' as const },
    params: { since: { type: 'incremental' as const, ...cursor } },
  },
}));

const record = (id: number, hour: number, name = `Zoë "${id}" 😀`) => ({
  id,
  at: `2024-01-10T${String(hour).padStart(2, '0')}:00:00Z`,
  name,
  meta: { n: hour, list: [1, null, true, 0.5, 'a'] },
});

const nights = [
  [record(1, 8), record(2, 9), record(3, 10), record(4, 10)],
  // At the boundary one that is known and one that is not; late; later, two of one value.
  [record(4, 10), record(5, 10), record(6, 9), record(7, 12), record(8, 12)],
  [record(8, 12), record(9, 12), record(10, 13)],
] as const;

/** A file that both load into, from a list that grows from night to night. */
async function shop(dlt: ReturnType<typeof useDlt>) {
  const folder = await tempFolder();
  const file = join(folder, 'file.duckdb');
  let night = 0;
  const { url, asked } = await useServer(() => ({ data: nights[night] }));
  const client = { base_url: `${url}/` };
  const read = (sql: string) => rowsOf(file, sql, names.dataset);
  const ours = async () => {
    const input: ConfigFileInput = {
      pipeline: {
        ...{ name: names.pipeline, dataset_name: names.dataset, working_dir: join(folder, 'work') },
        destination: { type: 'duckdb', path: file },
      },
      source: { name: 's', client, resources },
    };
    expect((await runPipeline(input)).failure).toBeUndefined();
  };
  const theirs = () => dlt('run_rest', { file, ...names, schema: 's', config: { client, resources } });
  const ids = async (table: string) =>
    (await read(`select id::integer as id from ${table} order by 1`)).map(({ id }) => id).join(' ');
  return {
    ours,
    theirs,
    next: () => {
      night += 1;
    },
    loaded: async () =>
      Object.fromEntries(await Promise.all(Object.keys(cursors).map(async (name) => [name, await ids(name)] as const))),
    /** Without what says nothing: the order of hashes. */
    state: async () => {
      const text = await sourcesText(read);
      return JSON.parse(text ?? '{}', (key, value) => (key === 'unique_hashes' ? [...value].sort() : value));
    },
    since: () => asked.slice(-4).map(({ path, query }) => `${path} ${query.get('since')}`),
  };
}

const everything = {
  keyed: '1 2 3 4 5 7 8 9 10',
  whole: '1 2 3 4 5 7 8 9 10',
  numbers: '1 2 3 4 5 7 8 9 10',
  late: '1 2 3 4 5 6 7 8 9 10',
};

describe('incremental state', () => {
  const dlt = useDlt('1.5');

  test.each([
    ['ours, dlt, ours', ['ours', 'theirs', 'ours']],
    ['dlt, ours, dlt', ['theirs', 'ours', 'theirs']],
  ] as const)('is continued by the other night by night: %s', async (_, turns) => {
    const mixed = await shop(dlt);
    const alone = await shop(dlt);
    for (const turn of turns) {
      await mixed[turn]();
      await alone.theirs();
      expect(mixed.since(), turn).toEqual(alone.since());
      expect(await mixed.loaded(), turn).toEqual(await alone.loaded());
      expect(await mixed.state(), turn).toEqual(await alone.state());
      mixed.next();
      alone.next();
    }
    expect(await mixed.loaded()).toEqual(everything);
  });
});
