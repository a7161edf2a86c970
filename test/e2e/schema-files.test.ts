import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Project, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';

type Hints = Record<string, unknown>;

interface Document {
  [key: string]: unknown;
  tables: Record<string, Hints & { columns: Record<string, Hints> }>;
  settings: Hints;
  normalizers: { json: Hints };
}

interface Shop extends Project {
  /** What the source answers from now on. */
  answer(records: unknown): void;
  configure(resource: object): Promise<void>;
  path(kind: 'import' | 'export'): string;
  read(kind: 'import' | 'export'): Promise<Document>;
  /** Changes the imported file by hand. */
  edit(change: (document: Document) => void): Promise<void>;
  write(text: string): Promise<void>;
}

const models = { name: 'models', endpoint: { path: 'models', data_selector: '$' } };
const folders = { import_schema_path: 'schemas/import', export_schema_path: 'schemas/export' };

async function useShop(records: unknown, resource: object = {}): Promise<Shop> {
  let current = records;
  const { url } = await useServer((_, response) => {
    if (typeof current !== 'string') return current;
    response.setHeader('content-type', 'application/json');
    return response.end(current);
  });
  const project = await smallProject(url, { resources: [{ ...models, ...resource }], pipeline: folders });
  const path = (kind: 'import' | 'export') => join(project.cwd, 'schemas', kind, 'shop.schema.yaml');
  const read = async (kind: 'import' | 'export') => parse(await readFile(path(kind), 'utf8'));
  const write = async (text: string) => {
    await mkdir(dirname(path('import')), { recursive: true });
    await writeFile(path('import'), text);
  };
  return {
    ...project,
    path,
    read,
    write,
    answer: (next) => {
      current = next;
    },
    configure: (hints) =>
      writeConfig(project, smallConfig(url, { resources: [{ ...models, ...hints }], pipeline: folders })),
    edit: async (change) => {
      const document = await read('import');
      change(document);
      await write(stringify(document));
    },
  };
}

const loadedOnce = shared(async () => {
  const { run, cwd } = await useShop([{ id: 1 }]);
  expect((await run()).code).toBe(0);
  return cwd;
});

/** After a first run that brought `{ id: 1 }`, on which nothing but the address of the source is another. */
async function useLoadedShop(): Promise<Shop> {
  const shop = await useShop([{ id: 1 }]);
  await cp(await loadedOnce(), shop.cwd, { recursive: true });
  await shop.configure({});
  return shop;
}

const table = (name: string, { tables }: Document) => {
  tables[name] ??= { columns: {} };
  return tables[name];
};

/** Name, type, whether null is allowed, description. */
async function columns(file: string): Promise<unknown[][]> {
  const rows = await query(
    file,
    `select column_name, data_type, is_nullable, comment from duckdb_columns() where database_name = 'published'
     and table_name = 'models' and not starts_with(column_name, '_dlt') order by column_index`,
  );
  return rows.map((row) => Object.values(row));
}

describe('export_schema_path', () => {
  it('gets the schema of the live file after a load, as `dezgo-elt schema` prints it', async () => {
    const { run, path } = await useShop([{ id: 1, tags: ['a'] }]);
    expect((await run()).code).toBe(0);
    const printed = (await run(['schema'])).stdout;
    expect(await readFile(path('export'), 'utf8')).toBe(printed);
    expect(parse(printed).tables.models__tags.columns.value).toEqual({ data_type: 'text', nullable: true });
  });

  it('is written again when the schema changed or the file is gone, and only then', async () => {
    const { run, answer, path, read } = await useLoadedShop();
    const { ino } = await stat(path('export'));
    answer([{ id: 2 }]);
    await run();
    expect((await stat(path('export'))).ino).toBe(ino);
    answer([{ id: 3, name: 'x' }]);
    await run();
    expect(table('models', await read('export')).columns.name).toEqual({ data_type: 'text', nullable: true });
    await rm(path('export'));
    await run();
    expect((await read('export')).version).toBe(2);
    expect(await readdir(dirname(path('export')))).toEqual(['shop.schema.yaml']);
  });

  it('gets nothing from a run that publishes nothing', async () => {
    const { run, path } = await useShop('not JSON');
    expect((await run()).code).toBe(5);
    await expect(stat(path('export'))).rejects.toThrow('ENOENT');
  });

  it('that cannot be a folder fails before anything is requested, exit 2', async () => {
    const { run, cwd } = await useShop([{ id: 1 }]);
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
    const { run, read } = await useShop([{ id: 1, name: 'a', price: 1.5 }], {
      columns: { price: { data_type: 'decimal', precision: 18, scale: 4 } },
      primary_key: 'id',
      write_disposition: 'merge',
    });
    expect((await run()).code).toBe(0);
    const document = await read('import');
    expect(document).toMatchObject({ version: 1, previous_hashes: [] });
    expect(table('models', document)).toEqual({
      resource: 'models',
      write_disposition: 'merge',
      columns: {
        price: { data_type: 'decimal', precision: 18, scale: 4 },
        id: { nullable: false, primary_key: true },
      },
    });
  });

  it('gets none from a run whose extraction failed', async () => {
    const { run, path } = await useShop('not JSON');
    expect((await run()).code).toBe(5);
    await expect(stat(path('import'))).rejects.toThrow('ENOENT');
  });

  it('is left as it is by later runs', async () => {
    const { run, answer, path } = await useLoadedShop();
    const before = await readFile(path('import'), 'utf8');
    answer([{ id: 2, name: 'x' }]);
    expect((await run()).code).toBe(0);
    expect(await readFile(path('import'), 'utf8')).toBe(before);
  });
});

describe('a schema file changed by hand', () => {
  it('gives types, keys, write disposition, descriptions and other hints, also of nested tables', async () => {
    const { run, answer, edit, file, read } = await useShop([{ id: 1, name: 'old', parts: [{ a: 1 }] }]);
    await run();
    await edit((document) => {
      const root = table('models', document);
      Object.assign(root, { write_disposition: 'merge', description: 'All models', 'x-owner': 'us' });
      Object.assign(root.columns, {
        id: { primary_key: true, nullable: false },
        seen: { data_type: 'date', description: 'when' },
        price: { data_type: 'decimal', precision: 20, scale: 10 },
      });
      Object.assign(table('models__parts', document), {
        parent: 'models',
        columns: { b: { data_type: 'bigint', precision: 16 } },
      });
    });
    answer('[{"id":1,"name":"new","seen":"2024-01-02","price":1234567890.0123456789,"parts":[{"a":1,"b":2}]}]');
    expect((await run()).stderr).toBe('');
    expect(await columns(file)).toEqual([
      ['id', 'BIGINT', false, null],
      ['name', 'VARCHAR', true, null],
      ['seen', 'DATE', true, 'when'],
      ['price', 'DECIMAL(20,10)', true, null],
    ]);
    expect(await query(file, 'select id::int as id, name, price::varchar as price from models')).toEqual([
      { id: 1, name: 'new', price: '1234567890.0123456789' },
    ]);
    expect(await query(file, 'select typeof(b) as type, b from models__parts')).toEqual([{ type: 'SMALLINT', b: 2 }]);
    expect(table('models', await read('export'))).toMatchObject({ description: 'All models', 'x-owner': 'us' });
  });

  it('holds for every later run', async () => {
    const { run, answer, edit, file } = await useLoadedShop();
    await edit((document) => {
      table('models', document).write_disposition = 'replace';
    });
    for (const id of [2, 3]) {
      answer([{ id }]);
      expect((await run()).code).toBe(0);
      expect(await query(file, 'select id::int as id from models')).toEqual([{ id }]);
    }
  });

  it('says less than the configuration, hint by hint; keys are not mixed', async () => {
    const { run, edit, configure, file, read } = await useShop([{ id: 1, sku: 'x' }]);
    await run();
    await edit((document) => {
      const root = table('models', document);
      Object.assign(root, { write_disposition: 'replace', description: 'of the file' });
      root.columns.id = { primary_key: true, nullable: false };
      root.columns.later = { data_type: 'date', description: 'of the file' };
    });
    const later = { data_type: 'timestamp' };
    await configure({ write_disposition: 'merge', primary_key: 'sku', columns: { later } });
    expect((await run()).stderr).toBe('');
    expect((await columns(file)).at(-1)).toEqual(['later', 'TIMESTAMP WITH TIME ZONE', true, 'of the file']);
    const root = table('models', await read('export'));
    expect(root).toMatchObject({ write_disposition: 'merge', description: 'of the file' });
    expect(root.columns.sku).toMatchObject({ primary_key: true, nullable: false });
    expect(root.columns.id).not.toHaveProperty('primary_key');
  });

  it('sets what holds for all tables: contract and nesting', async () => {
    const { run, answer, edit, file } = await useLoadedShop();
    await edit(({ settings, normalizers }) => {
      settings.schema_contract = { columns: 'discard_value' };
      normalizers.json.config = { max_nesting: 0 };
    });
    answer([{ id: 2, more: 'left out', deep: { a: [1] } }]);
    const { stdout } = await run();
    expect(stdout).toContain('left out by the schema contract: 2');
    expect((await columns(file)).map(([name]) => name)).toEqual(['id']);
  });

  it('may not ask for another type of a column that exists: exit 2 with every place, nothing requested', async () => {
    const { run, edit, file } = await useShop([{ id: 1, name: 'a', at: '2024-01-02T03:04:05Z' }]);
    await run();
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
    const { run, answer, edit, file } = await useShop([{ id: 1, price: 2 }]);
    await run();
    await edit((document) => {
      Object.assign(table('models', document).columns, { price: { data_type: 'bigint', description: 'USD' } });
    });
    for (const price of [0.5, 0.25]) {
      answer([{ id: 2, price }]);
      expect((await run()).stderr).toBe('');
    }
    expect((await columns(file)).at(-1)).toEqual(['price', 'DOUBLE', true, 'USD']);
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
    const { run, write, path } = await useShop([{ id: 1 }]);
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
    const { run, write, file } = await useShop([{ id: 1 }]);
    await write(text);
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('is a folder: exit 2', async () => {
    const { run, path } = await useShop([{ id: 1 }]);
    await mkdir(path('import'), { recursive: true });
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain('shop.schema.yaml cannot be read: it is a folder (EISDIR)');
  });
});

describe('an exported schema, imported in a fresh folder', () => {
  const records = [{ id: 1, price: 1, note: 'x', at: '2024-01-02T03:04:05Z', parts: [{ n: 1, deep: [true] }] }];
  const hints = {
    primary_key: 'id',
    write_disposition: { disposition: 'merge', strategy: 'upsert' },
    description: 'Models',
    columns: { price: { data_type: 'decimal', precision: 18, scale: 4 }, gone: { data_type: 'time' } },
    nested_hints: { parts: { description: 'Parts', columns: { n: { data_type: 'bigint', precision: 32 } } } },
    max_table_nesting: 5,
  };

  it.each(['upsert', 'scd2'])('makes the same tables from no other hints: %s', async (strategy) => {
    const first = await useShop(records, { ...hints, write_disposition: { disposition: 'merge', strategy } });
    expect((await first.run()).code).toBe(0);
    const second = await useShop(records);
    await second.write(await readFile(first.path('export'), 'utf8'));
    expect((await second.run()).stderr).toBe('');
    const structure = `select table_name, column_name, data_type, is_nullable, comment from duckdb_columns()
      where database_name = 'published' and schema_name = 'data' and not starts_with(table_name, '_') order by 1, 2`;
    expect(await query(second.file, structure)).toEqual(await query(first.file, structure));
    const rows = 'select id, price, note from models';
    expect(await query(second.file, rows)).toEqual(await query(first.file, rows));
    const [one, other] = [await first.read('export'), await second.read('export')];
    for (const name of Object.keys(one.tables)) {
      const { 'x-normalizer': _, columns: made, ...expected } = table(name, one);
      expect(table(name, other)).toMatchObject(expected);
      expect(Object.keys(table(name, other).columns).sort()).toEqual(Object.keys(made).sort());
    }
  });

  it('needs no file of the first run: import and export in one folder', async () => {
    const { run, answer, file, cwd, path } = await useShop(records);
    const env = { PIPELINE__EXPORT_SCHEMA_PATH: join(cwd, 'schemas/import') };
    expect((await run(['run'], env)).code).toBe(0);
    expect(await readFile(path('import'), 'utf8')).not.toContain('x-normalizer');
    answer([{ id: 2, more: 1 }]);
    expect((await run(['run'], env)).stderr).toBe('');
    expect((await columns(file)).at(-1)).toEqual(['more', 'BIGINT', true, null]);
    expect(parse(await readFile(path('import'), 'utf8')).tables.models.columns.more).toMatchObject({
      data_type: 'bigint',
    });
  });
});
