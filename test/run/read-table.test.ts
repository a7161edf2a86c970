import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import type { PipelineConfig } from '../../src/config/pipeline-config.ts';
import { destinationOf } from '../../src/destinations/destination-kinds.ts';
import { PipelineError } from '../../src/errors.ts';
import { readTable } from '../../src/read-table.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A live file with what `sql` puts into the dataset `data`. */
async function published(...sql: string[]): Promise<PipelineConfig> {
  const folder = await tempFolder();
  const path = join(folder, 'file.duckdb');
  await withDuckdbFile(path, async (connection) => {
    await connection.run('create schema data');
    for (const statement of sql) await connection.run(statement);
  });
  return configFor(folder, path);
}

function configFor(folder: string, path: string): Promise<PipelineConfig> {
  return resolveConfig({
    pipeline: {
      name: 'p',
      dataset_name: 'data',
      working_dir: join(folder, '.dezgo-elt'),
      destination: { type: 'duckdb', path },
    },
    source: { name: 's', resources: [{ name: 'unused', data: () => [] }] },
  });
}

async function rowsOf(config: PipelineConfig, table: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of readTable(config, table)) rows.push(row);
  return rows;
}

describe('readTable(config, name)', () => {
  it('gives every type as a value of the language', async () => {
    const config = await published(`
      create table data.types as select
        42 as small, 9007199254740991 as safe, 9007199254740993 as big,
        cast('123456789012345678901234567890' as hugeint) as huge,
        1.5::double as fraction, cast('4.2729' as decimal(18, 4)) as money, true as flag, 'text' as words,
        timestamptz '2023-11-08 05:22:53.569999+00' as moment, timestamp '1969-12-31 23:59:59.999' as wall,
        date '2024-02-29' as day, time '12:30:00' as clock, '\\xAB'::blob as bytes,
        '{"a": [1, null], "big": 12345678901234567890}'::json as document, null::varchar as nothing`);
    expect(await rowsOf(config, 'types')).toEqual([
      {
        small: 42,
        safe: 9007199254740991,
        big: 9007199254740993n,
        huge: 123456789012345678901234567890n,
        fraction: 1.5,
        money: '4.2729',
        flag: true,
        words: 'text',
        moment: new Date('2023-11-08T05:22:53.569Z'),
        wall: new Date('1969-12-31T23:59:59.999Z'),
        day: '2024-02-29',
        clock: '12:30:00',
        bytes: new Uint8Array([0xab]),
        document: { a: [1, null], big: 12345678901234567890n },
        nothing: null,
      },
    ]);
  });

  it('gives a timestamp that no Date can hold as text', async () => {
    const config = await published(
      "create table data.ends as select 'infinity'::timestamptz as never, timestamp '290000-01-01' as late",
    );
    expect(await rowsOf(config, 'ends')).toEqual([{ never: 'infinity', late: expect.stringMatching(/^290000-01-01/) }]);
  });

  it('streams more rows than one chunk, in the order of the table', async () => {
    const config = await published('create table data.many as select range as n from range(10000)');
    const rows = await rowsOf(config, 'many');
    expect(rows).toHaveLength(10_000);
    expect(rows.at(0)).toEqual({ n: 0 });
    expect(rows.at(-1)).toEqual({ n: 9999 });
  });

  it('throws where a view fails half-way, instead of ending', async () => {
    const config = await published(
      "create view data.half as select if(range = 300000, error('no'), range::varchar) as n from range(400000)",
    );
    await expect(rowsOf(config, 'half')).rejects.toMatchObject({
      code: 'DestinationUnreadable',
      message: expect.stringMatching(/^Reading ended after \d+ of 400000 rows\.$/),
    });
  });

  it('frees the file when the consumer stops early', async () => {
    const config = await published('create table data.many as select range as n from range(100000)');
    for await (const { n } of readTable(config, 'many')) if (n === 3) break;
    await withDuckdbFile(destinationOf(config).location, (connection) => connection.run('drop table data.many'));
    await expect(rowsOf(config, 'many')).rejects.toMatchObject({ code: 'UsageInvalid' });
  });

  it('frees the file when the consumer throws', async () => {
    const config = await published('create table data.many as select range as n from range(100000)');
    const stumble = async () => {
      for await (const _ of readTable(config, 'many')) throw new Error('stumbled');
    };
    await expect(stumble()).rejects.toThrow('stumbled');
    await withDuckdbFile(destinationOf(config).location, (connection) => connection.run('drop table data.many'));
  });

  it('reads a table whose name needs quotes', async () => {
    const config = await published('create table data."odd ""name" as select 1 as "a b"');
    expect(await rowsOf(config, 'odd "name')).toEqual([{ 'a b': 1 }]);
  });

  it('names the tables that there are when the one asked for is not', async () => {
    const config = await published(
      'create table data.models as select 1 as id',
      'create table data.jobs as select 1 as id',
    );
    const error: unknown = await rowsOf(config, 'modles').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PipelineError);
    expect(error).toMatchObject({
      message: 'There is no table `modles` in the dataset data.',
      hint: 'It has these: jobs, models.',
    });
  });

  it('says that the file is not there', async () => {
    const folder = await tempFolder();
    const config = await configFor(folder, join(folder, 'none.duckdb'));
    await expect(rowsOf(config, 'models')).rejects.toMatchObject({ code: 'DestinationFailed' });
  });
});
