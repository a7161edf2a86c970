import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { query } from '../support/published.ts';
import { columns, table, useShop } from './schema-shop.ts';

describe('a schema file that is wrong', () => {
  const wrong = `engine_version: 9
name: store
settings: { preferred_types: { a: text }, detections: [iso_timestamp, timestamp] }
tables:
  models:
    columns:
      a: { data_type: bignum }
      b: { data_type: decimal, precision: 40, scale: 2 }
      c: { data_typ: text }
    write_disposition: upsert
  models__x: { parent: model, columns: {} }
`;

  it('is refused with every problem at its place, by `validate` and by `run`', async () => {
    const { run, write, path } = await useShop({ models: [{ id: 1 }] });
    await write(wrong);
    for (const command of ['validate', 'run']) {
      const { code, stderr } = await run([command]);
      expect(code).toBe(2);
      const lines = stderr.split('\n').map((line) => line.trim().replace(`${path('import')}:`, ''));
      expect(lines).toEqual([
        'error: The schema file shop.schema.yaml has 9 problems:',
        expect.stringMatching(/^1:1 {2}engine_version {2}expected `11`/),
        expect.stringMatching(/^2:1 {2}name {2}expected `shop`, the name of the source, got `store`/),
        expect.stringMatching(/^3:13 {2}settings\.preferred_types {2}`preferred_types` is a key of dlt that is not/),
        expect.stringMatching(/^3:\d+ {2}settings\.detections\[1\] {2}expected `iso_timestamp`, got `timestamp`/),
        expect.stringMatching(/^7:12 {2}tables\.models\.columns\.a\.data_type {2}expected one of .*got `bignum`/),
        expect.stringMatching(/^8:\d+ {2}tables\.models\.columns\.b\.precision {2}expected 1 to 38 digits/),
        expect.stringMatching(/^9:12 {2}tables\.models\.columns\.c\.data_typ {2}unknown key, did you mean `data_type`/),
        expect.stringMatching(/^10:5 {2}tables\.models\.write_disposition {2}expected one of/),
        expect.stringMatching(/^11:16 {2}tables\.models__x\.parent {2}there is no table `model`/),
        expect.stringContaining('Correct what is listed'),
        '',
      ]);
    }
  });

  it.each([
    ['is no YAML', 'tables: {a: [', /:1:\d+ {2}\S/],
    ['is empty', '', /:1:1 {2}expected a mapping, got nothing|is required/],
    ['is a list', '- a', /expected a mapping, got a list/],
    [
      'nests a table in itself',
      'name: shop\ntables: { a: { parent: b, columns: {} }, b: { parent: a, columns: {} } }',
      /tables\.a\.parent {2}`a` would be nested in itself/,
    ],
    ['has another naming convention', 'name: shop\ntables: {}\nnormalizers: { names: direct }', /normalizers\.names/],
    [
      'has hints for columns of any table',
      'name: shop\ntables: {}\nsettings: { default_hints: { unique: [id] } }',
      /default_hints\.unique\[0\] {2}expected one of dlt's own columns/,
    ],
  ])('%s: exit 2, nothing published', async (_, text, message) => {
    const { run, write, file } = await useShop({ models: [{ id: 1 }] });
    await write(text);
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('is a folder: exit 2', async () => {
    const { run, path } = await useShop({ models: [{ id: 1 }] });
    await mkdir(path('import'), { recursive: true });
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain('shop.schema.yaml cannot be read: it is a folder (EISDIR)');
  });
});

describe('an exported schema, imported in a fresh folder', () => {
  const records = [{ id: 1, price: 1, note: 'x', at: '2024-01-02T03:04:05Z', parts: [{ n: 1, deep: [true] }] }];
  const strategies = ['upsert', 'scd2'];
  const replies = Object.fromEntries(strategies.map((strategy) => [strategy, records]));
  const hints = (strategy: string) => ({
    primary_key: 'id',
    write_disposition: { disposition: 'merge', strategy },
    description: 'Models',
    columns: { price: { data_type: 'decimal', precision: 18, scale: 4 }, gone: { data_type: 'time' } },
    nested_hints: { parts: { description: 'Parts', columns: { n: { data_type: 'bigint', precision: 32 } } } },
    max_table_nesting: 5,
  });

  it('makes the same tables from no other hints: upsert and scd2', async () => {
    const first = await useShop(replies, Object.fromEntries(strategies.map((strategy) => [strategy, hints(strategy)])));
    expect((await first.run()).code).toBe(0);
    const second = await useShop(replies);
    await second.write(await readFile(first.path('export'), 'utf8'));
    expect((await second.run()).stderr).toBe('');
    const structure = `select table_name, column_name, data_type, is_nullable, comment from duckdb_columns()
      where database_name = 'published' and schema_name = 'data' and not starts_with(table_name, '_') order by 1, 2`;
    expect(await query(second.file, structure)).toEqual(await query(first.file, structure));
    for (const name of strategies) {
      const rows = `select id, price, note from ${name}`;
      expect(await query(second.file, rows)).toEqual(await query(first.file, rows));
    }
    const [one, other] = [await first.read('export'), await second.read('export')];
    for (const name of Object.keys(one.tables)) {
      const { 'x-normalizer': _, columns: made, ...expected } = table(name, one);
      expect(table(name, other)).toMatchObject(expected);
      expect(Object.keys(table(name, other).columns).sort()).toEqual(Object.keys(made).sort());
    }
  });

  it('needs no file of the first run: import and export in one folder', async () => {
    const { run, answer, file, cwd, path } = await useShop({ models: records });
    const env = { PIPELINE__EXPORT_SCHEMA_PATH: join(cwd, 'schemas/import') };
    expect((await run(['run'], env)).code).toBe(0);
    expect(await readFile(path('import'), 'utf8')).not.toContain('x-normalizer');
    answer({ models: [{ id: 2, more: 1 }] });
    expect((await run(['run'], env)).stderr).toBe('');
    expect((await columns(file)).at(-1)).toEqual(['more', 'BIGINT', true, null]);
    expect(parse(await readFile(path('import'), 'utf8')).tables.models.columns.more).toMatchObject({
      data_type: 'bigint',
    });
  });
});
