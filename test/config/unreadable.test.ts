import { chmod, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { checkSchemaFiles } from '../../src/schema-files/check-schema-files.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Unusual, unusual } from '../support/unusual.ts';
import { withoutRoot } from '../support/without-root.ts';
import { failure, withResources } from './loading.ts';

const config = withResources('- a');
const importing = config.replace('name: shop }', 'name: shop, import_schema_path: schemas }');

/** What reads a file that a person wrote: where that file is, and how it is read. */
const readers: Readonly<Record<string, readonly [file: string, read: (folder: string) => Promise<unknown>]>> = {
  'the configuration': ['c.yaml', (cwd) => loadConfig('c.yaml', { cwd, env: {} })],
  'the secrets beside it': ['secrets.yaml', (cwd) => loadConfig('good.yaml', { cwd, env: {} })],
  'the secrets that --secrets names': [
    's.yaml',
    (cwd) => loadConfig('good.yaml', { cwd, env: {}, secretsFile: 's.yaml' }),
  ],
  'the schema file': [
    'schemas/shop_api.schema.yaml',
    async (cwd) => checkSchemaFiles(await loadConfig('importing.yaml', { cwd, env: {} })),
  ],
};

const contents: Readonly<Record<string, readonly [make: (file: string) => Promise<unknown>, reason: string]>> = {
  '100 MB': [async (file) => truncate(file, 100_000_000), 'it is larger than 10 MB'],
  'text in UTF-16': [(file) => writeFile(file, `\ufeff${config}`, 'utf16le'), 'it is text in UTF-16: save it as UTF-8'],
  'text in Latin-1': [(file) => writeFile(file, 'a: 1\nb: caf\xe9', 'latin1'), 'line 2 is not text in UTF-8'],
  'a program': [(file) => writeFile(file, '\x7fELF\0\0\0'), 'it holds null characters: it is no text, or not in UTF-8'],
};

const places: readonly (readonly [what: Unusual, reason: string])[] = [
  ['a folder', 'it is a folder (EISDIR)'],
  ['a file without rights', 'this user lacks the permission (EACCES)'],
  ['a link to itself', 'symbolic links lead in a circle (ELOOP)'],
  ['a link to a device', 'it is larger than 10 MB'],
];

async function newFolder(): Promise<string> {
  const cwd = await tempFolder({ 'good.yaml': config, 'importing.yaml': importing });
  await mkdir(path.join(cwd, 'schemas'));
  for (const folder of [cwd, path.join(cwd, 'schemas')]) await chmod(folder, 0o777);
  return cwd;
}

describe.each(Object.entries(readers))('%s is refused with exit 2, the path and the reason', (_, [name, read]) => {
  test.each(Object.entries(contents))('when it holds %s', async (_, [make, reason]) => {
    const cwd = await newFolder();
    const file = path.join(cwd, name);
    await writeFile(file, '');
    await make(file);
    await expectRefusal(read(cwd), file, reason);
  });

  test.each(places)('when %s is in its place', async (what, reason) => {
    const cwd = await newFolder();
    const file = path.join(cwd, name);
    await withoutRoot(async () => {
      await unusual[what](file);
      await expectRefusal(read(cwd), file, reason);
    });
  });
});

test('a FIFO that nobody writes to is refused wherever it is read', async () => {
  const reading = Object.values(readers).map(async ([name, read]) => {
    const cwd = await newFolder();
    const file = path.join(cwd, name);
    await unusual['a FIFO'](file);
    await expectRefusal(read(cwd), file, 'nothing comes out of it');
  });
  await Promise.all(reading);
});

async function expectRefusal(reading: Promise<unknown>, file: string, reason: string): Promise<void> {
  const error = await failure(reading);
  expect(error.exitCode).toBe(2);
  expect(error.message).toContain(`${file} cannot be read: ${reason}`);
  expect(error.hint).not.toBe('');
}

test.each([
  ['below a file', 'good.yaml/c.yaml', 'is where a folder should be (ENOTDIR)'],
  ['with too long a name', 'x'.repeat(300), 'the name is longer than the system allows (ENAMETOOLONG)'],
])('a configuration %s is refused', async (_, name, reason) => {
  const error = await failure(loadConfig(name, { cwd: await newFolder(), env: {} }));
  expect(error).toMatchObject({ code: 'ConfigNotFound', message: expect.stringContaining(reason) });
});

test('no secrets at all can be asked for with /dev/null', async () => {
  const cwd = await newFolder();
  await symlink('/dev/null', path.join(cwd, 'secrets.yaml'));
  expect((await loadConfig('good.yaml', { cwd, env: {} })).secrets).toEqual([]);
});
