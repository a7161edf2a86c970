import { cp, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../../src/config/load-config.ts';
import { destinationOf } from '../../../src/destinations/destination-kinds.ts';
import type { PlainRow } from '../../../src/duckdb/plain-rows.ts';
import type { QueryValue } from '../../../src/duckdb/query-stream.ts';
import { realEffects } from '../../../src/effects.ts';
import { type ConfigFileInput, dataset } from '../../../src/index.ts';
import { runPipeline } from '../../../src/pipeline.ts';
import { tempFolder } from '../../support/temp-folder.ts';

type Resources = ConfigFileInput['source']['resources'];

async function place(settings: object = {}) {
  const folder = await tempFolder();
  const dataset = join(folder, 'bucket', 'data');
  const input = (resources: Resources, name = 'shop'): ConfigFileInput => ({
    pipeline: {
      name,
      dataset_name: 'data',
      destination: { type: 'filesystem', bucket_url: join(folder, 'bucket'), ...settings },
      working_dir: join(folder, `working-${name}`),
    },
    source: { name: 'shop', resources },
  });
  const run = (resources: Resources, name?: string) =>
    runPipeline(input(resources, name), { effects: { ...realEffects, env: {} } });
  const opened = async () => destinationOf(await resolveConfig(input([{ name: 'orders', data: () => [] }]), {}));
  const rows = async (table: string): Promise<PlainRow[]> => {
    const found: PlainRow[] = [];
    for await (const row of (await opened()).rows(table)) found.push(row);
    return found;
  };
  const ids = async (table: string) => (await rows(table)).map(({ id }) => id);
  const files = async (table: string) => (await readdir(join(dataset, table))).sort();
  return { dataset, input, run, opened, rows, ids, files };
}

const orders = (...records: readonly object[]) => ({ name: 'orders', data: () => records });
const models = (...records: readonly object[]) =>
  ({ name: 'models', write_disposition: 'replace', data: () => records }) as const;

describe('a dataset of files', () => {
  test('loads add files, replace takes the place of those before, and readers see both with every column', async () => {
    const { dataset, run, opened, rows, ids, files } = await place({ manifest: true });
    const big = 2n ** 127n - 1n;
    const first = await run([
      orders({ id: 1, price: 3, at: '2026-01-05T09:03:00Z', tags: ['a'] }),
      models({ id: 'x' }),
    ]);
    const second = await run([orders({ id: 2, price: 'cheap', big, tags: ['b', 'c'] }), models({ id: 'y' })]);
    expect([first.failure, second.failure]).toEqual([undefined, undefined]);

    expect(await rows('orders')).toMatchObject([
      { id: 1, price: 3, price__v_text: null, big: null, at: new Date('2026-01-05T09:03:00Z') },
      { id: 2, price: null, price__v_text: 'cheap', big },
    ]);
    expect((await rows('orders__tags')).map(({ value }) => value)).toEqual(['a', 'b', 'c']);
    expect(await ids('models')).toEqual(['y']);
    expect(await files('models')).toHaveLength(1);
    expect(await readdir(join(dataset, '_elt_replaced')).catch(() => [])).toEqual([]);
    expect(await readdir(dataset)).not.toContain('.elt-drafts');

    const [newest = ''] = (await files('_elt_manifest')).slice(-1);
    const manifest = JSON.parse(await readFile(join(dataset, '_elt_manifest', newest), 'utf8'));
    expect(manifest.tables).toMatchObject({
      orders: [{ rows: 1 }, { rows: 1 }],
      models: [{ path: `models/${(await files('models'))[0]}`, rows: 1 }],
    });

    const destination = await opened();
    expect((await destination.summary(1))?.tables).toMatchObject([
      { name: 'models', rows: 1 },
      { name: 'orders', rows: 2 },
      { name: 'orders__tags', rows: 3, loadedAt: null },
    ]);
    const reader = await destination.reader();
    try {
      const { batches } = await reader.query('select count(*) from orders join data.models on true');
      for await (const [row] of batches()) expect(row).toEqual([2n]);
      await expect(reader.query(`from read_text('/etc/hostname')`)).rejects.toMatchObject({ code: 'QueryFailed' });
    } finally {
      reader.close();
    }
  });

  test('a query finds the rows of each table it asks, however it names it', async () => {
    const { input, run } = await place();
    await run([orders({ id: 1, tags: ['a', 'b'] }, { id: 2 }), models({ id: 'x' }, { id: 'y' })]);
    const config = input([orders()]);
    const views = {
      paid: { sql: 'select count(*) as n from orders where id < 3' },
      twice: { sql: 'select n from PAID union all select n from paid' },
      indirect: { sql: `select count(*) as n from query_table('or' || 'ders')` },
    };
    const asked = dataset({ ...config, pipeline: { ...config.pipeline, views } });
    const counts: readonly [string, ...QueryValue[]][] = [
      ['select count(*) as n from orders where id < ?', 3],
      ['select count(*) as n from orders where id < $1 or id < $1', 3],
      ['select count(*) as n from "ORDERS" where id < ?', 3],
      ['with paid as (from Orders where id < ?) select count(*) as n from paid', 3],
      ['select max(n) as n from twice where n < ?', 3],
      ['select n from INDIRECT where n < ?', 3],
      ['select count(*) as n from query_table(?)', 'orders'],
      ['select count(*) as n from query(?)', 'from orders'],
      [
        `select count(*) as n from json_execute_serialized_sql(json_serialize_sql('from destination.data.or' || 'ders'))`,
      ],
      ['select count(*) as n from (pivot orders on id in (1, 2) using count(*) group by _dlt_id)'],
    ];
    for (const [sql, ...values] of counts)
      expect([sql, await asked.sql(sql, values).rows()]).toEqual([sql, [{ n: 2 }]]);
    expect(await asked.table('orders').where({ id: 2 }).rows()).toHaveLength(1);
    await asked.close();
  });

  test('what has no marker is not there: files of a killed run, and what a run that was killed later had replaced', async () => {
    const { dataset, run, ids, files, opened } = await place();
    await run([orders({ id: 1 }), models({ id: 'x' })]);
    const [file = ''] = await files('models');
    await cp(join(dataset, 'models', file), join(dataset, 'models', '9999999999.000000.0a1b2c3d4e-1.parquet'));
    await writeFile(join(dataset, 'models', 'notes.txt'), 'of somebody');
    await cp(join(dataset, 'models', file), join(dataset, 'old.parquet'));
    expect(await ids('models')).toEqual(['x']);
    expect(await (await opened()).examine()).toMatchObject([{ level: 'ok' }, { level: 'warn', subject: 'leftovers' }]);

    await run([models({ id: 'y' })]);
    const loadId = (await files('_dlt_loads')).at(-1)?.slice('shop__'.length, -'.jsonl'.length);
    await cp(join(dataset, 'old.parquet'), join(dataset, 'models', file)); // as if nobody had come to delete it
    await mkdir(join(dataset, '_elt_replaced'), { recursive: true });
    await writeFile(join(dataset, '_elt_replaced', `${loadId}.json`), JSON.stringify({ files: [`models/${file}`] }));
    expect(await ids('models')).toEqual(['y']);
    await run([orders({ id: 2 })]);
    expect(await files('models')).not.toContain(file);
    expect(await files('models')).toContain('notes.txt');
  });

  test('halves of files that a killed run left in the folder go when they are a day old', async () => {
    const { dataset, opened } = await place();
    for (const name of ['old', 'new']) await mkdir(join(dataset, '.elt-drafts', name), { recursive: true });
    await utimes(join(dataset, '.elt-drafts', 'old'), 1, 1);
    await (await opened()).check('');
    expect(await readdir(join(dataset, '.elt-drafts'))).toEqual(['new']);
  });

  test('a load that began before the newest one, and ends after it, is what comes last', async () => {
    const { dataset, run, rows, ids, files } = await place({ manifest: true });
    await run([orders({ id: 0 })]);
    const overtaken = async function* () {
      yield { id: 1, old: 'x' };
      await run([orders({ id: 2, young: 'y' }), models({ id: 'x' })], 'other');
    };
    const names = { name: 'names', data: () => [{ at: 7 }] };
    expect((await run([{ name: 'orders', data: overtaken }, names])).failure).toBeUndefined();
    expect(await rows('orders')).toMatchObject([{ old: null }, { old: 'x' }, { young: 'y' }]);
    expect(await ids('models')).toEqual(['x']);
    expect(await files('_elt_late')).toHaveLength(1);
    const [newest = ''] = (await files('_elt_manifest')).slice(-1);
    expect(await readFile(join(dataset, '_elt_manifest', newest), 'utf8')).toContain('names/');

    await run([orders({ id: 3, old: 'z' })]);
    expect((await rows('orders')).at(-1)).toMatchObject({ id: 3, old: 'z', young: null });
  });

  test('a load that cannot be published waits, and is loaded first by the next run', async () => {
    const { dataset, run, ids } = await place();
    await run([orders({ id: 1 })]);
    await rename(join(dataset, 'orders'), join(dataset, 'aside'));
    await writeFile(join(dataset, 'orders'), 'in the way');
    expect((await run([orders({ id: 2 })])).failure).toMatchObject({ code: 'DestinationFailed' });
    await rm(join(dataset, 'orders'));
    await rename(join(dataset, 'aside'), join(dataset, 'orders'));
    expect((await run([orders({ id: 3 })])).failure).toBeUndefined();
    expect(await ids('orders')).toEqual([1, 2, 3]);
  });

  test('expectations are asked of all that would be published', async () => {
    const { run, ids } = await place();
    const counted = (...records: readonly object[]) => ({ ...orders(...records), expectations: [{ unique: 'id' }] });
    expect((await run([counted({ id: 1 })])).failure).toBeUndefined();
    expect((await run([counted({ id: 1 })])).failure).toMatchObject({ code: 'ExpectationFailed' });
    expect(await ids('orders')).toEqual([1]);
  });

  test('merges, layouts and buckets that are none are problems of the configuration', async () => {
    const { input } = await place({ layout: '{table_name}/{owner}' });
    const merged = { ...orders(), write_disposition: 'merge', primary_key: 'id' } as const;
    await expect(resolveConfig(input([merged]), {})).rejects.toThrow(
      /no placeholder \{owner\}[\s\S]*`merge` is not possible: .*`write_disposition: replace`.*ducklake/,
    );
    const { input: elsewhere } = await place({ bucket_url: 'hdfs://shop' });
    await expect(resolveConfig(elsewhere([orders()]), {})).rejects.toThrow('`hdfs://` is not known');
  });
});
