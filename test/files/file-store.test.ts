import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bodyInFile } from '../../src/extract/http/body-in-file.ts';
import { FileStore } from '../../src/files/file-store.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { withoutRoot } from '../support/without-root.ts';

async function storeIn(folder: string, owner = 'a run') {
  return new FileStore({ folder: join(folder, 'files'), base: join(folder, 'data') }, owner);
}

test('a file is kept once under its hash, named from where rows begin, and made anew where it is not whole', async () => {
  const folder = await tempFolder();
  const store = await storeIn(folder);
  const bytes = randomBytes(1000);
  const keep = async () => store.keep((await bodyInFile(store.draft(), [bytes])).file, 'png');
  const name = await keep();
  expect(name).toMatch(/^\.\.\/files\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.png$/);
  const path = join(folder, 'data', name);
  const { ino } = await stat(path);
  expect(await keep()).toBe(name);
  expect((await stat(path)).ino).toBe(ino);
  await writeFile(path, 'half');
  expect(await keep()).toBe(name);
  expect(bytes.equals(await readFile(path))).toBe(true);
});

test('what a killed run left is removed, and what another one is writing stays', async () => {
  const folder = await tempFolder();
  const [dead, other] = [await storeIn(folder), await storeIn(folder, 'another')];
  for (const store of [dead, other]) await bodyInFile(store.draft(), [Buffer.from('x')]);
  const { file } = await bodyInFile(dead.draft(), [Buffer.from('kept')]);
  const name = await dead.keep(file, 'bin');
  await (await storeIn(folder)).clear();
  expect(await readFile(join(folder, 'data', name), 'utf8')).toBe('kept');
  expect(await readdir(join(folder, 'files', '.drafts'))).toHaveLength(1);
  await other.clear();
  expect(await readdir(join(folder, 'files'))).toEqual([file.sha256.slice(0, 2)]);
});

test('a folder that takes no files is told before anything is asked for, and leaves nothing', async () => {
  const folder = await tempFolder();
  const store = await storeIn(folder);
  await store.requireWritable();
  expect(await readdir(folder)).toEqual([]);
  await mkdir(join(folder, 'files'), { mode: 0o500 });
  await chmod(join(folder, 'files'), 0o500);
  const closed = await storeIn(folder);
  await withoutRoot(() =>
    expect(closed.requireWritable()).rejects.toMatchObject({
      code: 'DestinationFailed',
      message: `What is downloaded cannot be written to ${join(folder, 'files')}: this user lacks the permission (EACCES).`,
      hint: 'Make room there and let this user write, or name another folder in `pipeline.destination.files_dir`; then run again.',
    }),
  );
});
