import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { query } from '../support/published.ts';
import { shared } from '../support/shared.ts';
import { columns, type Shop, table, useShop } from './schema-shop.ts';

const record = { id: 1, name: 'a', at: '2024-01-02T03:04:05Z' };

const loadedOnce = shared(async () => {
  const { run, cwd } = await useShop({ models: [record] });
  expect((await run()).code).toBe(0);
  return cwd;
});

/** After a first run that brought `record`, on which nothing but the address of the source is another. */
async function useLoadedShop(): Promise<Shop> {
  const shop = await useShop({ models: [record] });
  await cp(await loadedOnce(), shop.cwd, { recursive: true });
  await shop.configure({});
  return shop;
}

/** A run whose only request gets what is no JSON. */
const failed = shared(async () => {
  const shop = await useShop({ models: 'not JSON' });
  expect((await shop.run()).code).toBe(5);
  return shop;
});

/** What the files are after runs that follow the first: nothing new, a new column, the exported file gone. */
const unedited = shared(async () => {
  const shop = await useLoadedShop();
  const files = async () => ({
    imported: await readFile(shop.path('import'), 'utf8'),
    exported: await shop.read('export'),
    inode: (await stat(shop.path('export'))).ino,
  });
  const seen = [await files()];
  for (const next of [{ id: 2 }, { id: 3, more: 'x' }, { id: 3, more: 'x' }]) {
    if (seen.length === 3) await rm(shop.path('export'));
    shop.answer({ models: [next] });
    expect((await shop.run()).code).toBe(0);
    seen.push(await files());
  }
  return { shop, seen };
});

/** Resources that have nothing to do with one another: a first run, changes of the files by hand, and two more. */
const edited = shared(async () => {
  const shop = await useShop(
    {
      typed: [{ id: 1, name: 'old', parts: [{ a: 1 }] }],
      hinted: [{ id: 1, name: 'a', price: 1.5 }],
      replaced: [{ id: 1, tags: ['a'] }],
      configured: [{ id: 1, sku: 'x' }],
      widened: [{ id: 1, price: 2 }],
    },
    {
      hinted: {
        columns: { price: { data_type: 'decimal', precision: 18, scale: 4 } },
        primary_key: 'id',
        write_disposition: 'merge',
      },
    },
  );
  expect((await shop.run()).code).toBe(0);
  const imported = await shop.read('import');
  await shop.edit((document) => {
    const typed = table('typed', document);
    Object.assign(typed, { write_disposition: 'merge', description: 'All models', 'x-owner': 'us' });
    Object.assign(typed.columns, {
      id: { primary_key: true, nullable: false },
      seen: { data_type: 'date', description: 'when' },
      price: { data_type: 'decimal', precision: 20, scale: 10 },
    });
    Object.assign(table('typed__parts', document), {
      parent: 'typed',
      columns: { b: { data_type: 'bigint', precision: 16 } },
    });
    table('replaced', document).write_disposition = 'replace';
    const configured = table('configured', document);
    Object.assign(configured, { write_disposition: 'replace', description: 'of the file' });
    configured.columns.id = { primary_key: true, nullable: false };
    configured.columns.later = { data_type: 'date', description: 'of the file' };
    table('widened', document).columns.price = { data_type: 'bigint', description: 'USD' };
  });
  const later = { data_type: 'timestamp' };
  await shop.configure({ configured: { write_disposition: 'merge', primary_key: 'sku', columns: { later } } });
  const typed = '[{"id":1,"name":"new","seen":"2024-01-02","price":1234567890.0123456789,"parts":[{"a":1,"b":2}]}]';
  const replaced: unknown[] = [];
  for (const [id, price] of [
    [2, 0.5],
    [3, 0.25],
  ]) {
    shop.answer({ typed, replaced: [{ id }], widened: [{ id: 2, price }] });
    expect(await shop.run()).toMatchObject({ code: 0, stderr: '' });
    replaced.push(await query(shop.file, 'select id::int as id from replaced'));
  }
  return { ...shop, imported, exported: await shop.read('export'), replaced };
});

describe('export_schema_path', () => {
  it('gets the schema of the live file after a load, as `dezgo-elt schema` prints it', async () => {
    const { run, path } = await edited();
    const printed = (await run(['schema'])).stdout;
    expect(await readFile(path('export'), 'utf8')).toBe(printed);
    expect(parse(printed).tables.replaced__tags.columns.value).toEqual({ data_type: 'text', nullable: true });
  });

  it('is written again when the schema changed or the file is gone, and only then', async () => {
    const { shop, seen } = await unedited();
    const [first, same, changed, again] = seen;
    expect(same?.inode).toBe(first?.inode);
    expect(changed?.exported.tables.models?.columns.more).toEqual({ data_type: 'text', nullable: true });
    expect(again?.exported.version).toBe(2);
    expect(await readdir(dirname(shop.path('export')))).toEqual(['shop.schema.yaml']);
  });

  it('gets nothing from a run that publishes nothing', async () => {
    const { path } = await failed();
    await expect(stat(path('export'))).rejects.toThrow('ENOENT');
  });

  it('that cannot be a folder fails before anything is requested, exit 2', async () => {
    const { run, cwd } = await useShop({ models: [{ id: 1 }] });
    await writeFile(join(cwd, 'schemas'), 'a file');
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain(
      'schemas/export for schema files cannot be written: a file, or a link that leads nowhere, is where a folder should be (ENOTDIR)',
    );
    expect(stderr).toContain('pipeline.export_schema_path');
  });
});

describe('import_schema_path without a file', () => {
  it('gets a bare one from the first extraction: hints, without the columns that records brought', async () => {
    const { imported } = await edited();
    expect(imported).toMatchObject({ version: 1, previous_hashes: [] });
    expect(table('hinted', imported)).toEqual({
      resource: 'hinted',
      write_disposition: 'merge',
      columns: {
        price: { data_type: 'decimal', precision: 18, scale: 4 },
        id: { nullable: false, primary_key: true },
      },
    });
  });

  it('gets none from a run whose extraction failed', async () => {
    const { path } = await failed();
    await expect(stat(path('import'))).rejects.toThrow('ENOENT');
  });

  it('is left as it is by later runs', async () => {
    const { seen } = await unedited();
    const [first, ...later] = seen.map(({ imported }) => imported);
    expect(later).toEqual([first, first, first]);
  });
});

describe('a schema file changed by hand', () => {
  it('gives types, keys, write disposition, descriptions and other hints, also of nested tables', async () => {
    const { file, exported } = await edited();
    expect(await columns(file, 'typed')).toEqual([
      ['id', 'BIGINT', false, null],
      ['name', 'VARCHAR', true, null],
      ['seen', 'DATE', true, 'when'],
      ['price', 'DECIMAL(20,10)', true, null],
    ]);
    expect(await query(file, 'select id::int as id, name, price::varchar as price from typed')).toEqual([
      { id: 1, name: 'new', price: '1234567890.0123456789' },
    ]);
    expect(await query(file, 'select typeof(b) as type, b from typed__parts')).toEqual([{ type: 'SMALLINT', b: 2 }]);
    expect(table('typed', exported)).toMatchObject({ description: 'All models', 'x-owner': 'us' });
  });

  it('holds for every later run', async () => {
    const { replaced } = await edited();
    expect(replaced).toEqual([[{ id: 2 }], [{ id: 3 }]]);
  });

  it('says less than the configuration, hint by hint; keys are not mixed', async () => {
    const { file, exported } = await edited();
    expect((await columns(file, 'configured')).at(-1)).toEqual([
      'later',
      'TIMESTAMP WITH TIME ZONE',
      true,
      'of the file',
    ]);
    const root = table('configured', exported);
    expect(root).toMatchObject({ write_disposition: 'merge', description: 'of the file' });
    expect(root.columns.sku).toMatchObject({ primary_key: true, nullable: false });
    expect(root.columns.id).not.toHaveProperty('primary_key');
  });

  it('sets what holds for all tables: contract and nesting', async () => {
    const { run, answer, edit, file } = await useLoadedShop();
    const before = await columns(file);
    await edit(({ settings, normalizers }) => {
      settings.schema_contract = { columns: 'discard_value' };
      normalizers.json.config = { max_nesting: 0 };
    });
    answer({ models: [{ id: 2, more: 'left out', deep: { a: [1] } }] });
    const { stdout } = await run();
    expect(stdout).toContain('left out by the schema contract: 2');
    expect(await columns(file)).toEqual(before);
  });

  it('may not ask for another type of a column that exists: exit 2 with every place, nothing requested', async () => {
    const { run, edit, file } = await useLoadedShop();
    await edit((document) => {
      Object.assign(table('models', document).columns, {
        name: { data_type: 'bigint' },
        at: { data_type: 'timestamp', precision: 3, timezone: false },
        id: { data_type: 'bigint' },
      });
    });
    const { code, stderr, stdout } = await run();
    expect(code).toBe(2);
    expect(stdout).toContain('models: not executed');
    const lines = stderr.split('\n');
    expect(lines[0]).toBe('error: The schema file shop.schema.yaml has 2 problems:');
    expect(lines[1]).toMatch(
      /shop\.schema\.yaml:\d+:\d+ {2}tables\.models\.columns\.name\.data_type {2}asks for BIGINT, but the column exists with the type VARCHAR.*write `data_type: text`/,
    );
    expect(lines[2]).toMatch(/columns\.at\.data_type {2}asks for TIMESTAMP_MS, but .*TIMESTAMP WITH TIME ZONE/);
    expect(await query(file, 'select count(*)::int as loads from _dlt_loads')).toEqual([{ loads: 1 }]);
  });

  it('is no hindrance when a column widened after the file was imported', async () => {
    const { file } = await edited();
    expect((await columns(file, 'widened')).at(-1)).toEqual(['price', 'DOUBLE', true, 'USD']);
  });

  it('with a merge needs a key', async () => {
    const { run, edit } = await useLoadedShop();
    await edit((document) => {
      table('models', document).write_disposition = 'merge';
    });
    for (const command of ['validate', 'run']) {
      const { code, stderr } = await run([command]);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /:\d+:\d+ {2}tables\.models\.write_disposition {2}`merge` needs a `primary_key` or a `merge_key`/,
      );
    }
  });
});
