import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import { dataset } from '../../src/dataset/dataset.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface ModelsRow {
  readonly id: string;
  readonly price: string | null;
  readonly size: number | bigint | null;
  readonly seen_at: Date | string | null;
  readonly 'odd "name"': boolean | null;
}

interface Tables {
  readonly models: ModelsRow;
  readonly cheap: Pick<ModelsRow, 'id'>;
}

async function published() {
  const folder = await tempFolder();
  const path = join(folder, 'file.duckdb');
  await withDuckdbFile(path, async (connection) => {
    await connection.run('create schema data');
    await connection.run('use file.data');
    await connection.run(
      'create table models (id varchar not null, price decimal(18, 4), size hugeint, seen_at timestamptz, "odd ""name""" boolean)',
    );
    await connection.run("comment on column models.id is 'its name'");
    await connection.run(`insert into models values
      ('a', 0.5, 1, '2024-01-01 00:00:00+00', true), ('b', 1.25, 9007199254740993, '2024-01-02 00:00:00+00', false),
      ('it''s', null, null, null, null)`);
    await connection.run('create view cheap as select id from data.models where price < 1');
    await connection.run('checkpoint file');
  });
  const config = await resolveConfig({
    pipeline: {
      name: 'p',
      dataset_name: 'data',
      working_dir: join(folder, '.w'),
      destination: { type: 'duckdb', path },
    },
    source: { name: 's', resources: [{ name: 'unused', data: () => [] }] },
  });
  return { folder, path, config };
}

const asked = shared(async () => dataset<Tables>((await published()).config));

describe('dataset(config)', () => {
  it('tells tables and views with their columns', async () => {
    const models = await asked();
    const tables = await models.tables();
    expect(tables.map(({ name }) => name)).toEqual(['models', 'cheap']);
    expect(tables[0]?.columns[0]).toEqual({ name: 'id', type: 'VARCHAR', nullable: false, comment: 'its name' });
  });

  it('selects, filters, orders and limits, with values as parameters', async () => {
    const models = (await asked()).table('models');
    const ids = async (query: { rows(): Promise<{ readonly id: string }[]> }) =>
      (await query.rows()).map(({ id }) => id);
    expect(await models.select('id', 'size').orderBy('size', 'desc').limit(2).rows()).toEqual([
      { id: 'b', size: 9007199254740993n },
      { id: 'a', size: 1 },
    ]);
    expect(await ids(models.where({ id: "it's" }))).toEqual(["it's"]);
    expect(await ids(models.where({ price: null }))).toEqual(["it's"]);
    expect(await ids(models.where({ id: ['a', "it's", "'; drop table models; --"] }).orderBy('id', 'desc'))).toEqual([
      "it's",
      'a',
    ]);
    expect(await ids(models.where({ id: [] }))).toEqual([]);
    expect(await ids(models.where({ 'odd "name"': true }))).toEqual(['a']);
    expect(await ids(models.where({ size: 9007199254740993n }))).toEqual(['b']);
    expect(await ids(models.where({ seen_at: new Date('2024-01-02T00:00:00Z') }))).toEqual(['b']);
    expect(
      await ids(
        models
          .where('price > ? or id = ? -- both', ['0.75', 'a'])
          .where({ id: ['a', 'b'] })
          .orderBy('id'),
      ),
    ).toEqual(['a', 'b']);
    expect(await models.limit(0).rows()).toEqual([]);
    expect(await (await asked()).table('cheap').rows()).toEqual([{ id: 'a' }]);
  });

  it('asks any SQL, and streams', async () => {
    const models = await asked();
    let sum = 0;
    for await (const { n } of models.sql<{ n: number }>('select n from range(100000) r(n) where n % ? = 0', [1])) {
      sum += n;
      if (n === 50_000) break;
    }
    expect(sum).toBe((50_000 * 50_001) / 2);
    expect(
      await models
        .sql(
          'select ?::timestamptz as at, ? as bytes, ? as nothing, 1 as a, 2 as a, \'{"n": 12345678901234567890}\'::json as j',
          [new Date(0), new Uint8Array([1, 2]), undefined],
        )
        .rows(),
    ).toEqual([
      { at: new Date(0), bytes: new Uint8Array([1, 2]), nothing: null, a: 1, a_1: 2, j: { n: 12345678901234567890n } },
    ]);
  });

  it('refuses what does more than read, and names what there is', async () => {
    const models = await asked();
    await expect(models.sql('delete from models').rows()).rejects.toMatchObject({ code: 'QueryFailed', exitCode: 2 });
    await expect(models.sql('from modles').rows()).rejects.toMatchObject({
      hint: 'The dataset has these tables: cheap, models.',
    });
    await expect(models.sql("from read_text('file.duckdb')").rows()).rejects.toMatchObject({ code: 'QueryFailed' });
    await expect(models.sql('select ?', [{}]).rows()).rejects.toMatchObject({ code: 'UsageInvalid' });
    await expect(models.sql('select ?', []).rows()).rejects.toMatchObject({ code: 'QueryFailed' });
    expect(() => models.table('models').limit(-1)).toThrow('is no number of rows');
  });

  it('answers each question from the newest file', async () => {
    const { folder, path, config } = await published();
    const models = dataset(config);
    const count = async () => (await models.sql('select count(*) as n from models').rows())[0]?.n;
    expect(await count()).toBe(3);
    const next = join(folder, 'next.duckdb');
    await withDuckdbFile(next, (connection) =>
      connection.run('create schema data; create table data.models as select 1 as id; checkpoint file'),
    );
    await rename(next, path);
    expect(await count()).toBe(1);
  });

  it('is closed with its scope, and so are loops that are still open', async () => {
    const { config } = await published();
    const models = dataset(config);
    const open = models.sql('from range(10000000)')[Symbol.asyncIterator]();
    await open.next();
    await models[Symbol.asyncDispose]();
    await open.return(undefined);
    await expect(models.tables()).rejects.toThrow('The dataset was closed.');
  });
});
