import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import { destinationOf } from '../../src/destinations/destination-kinds.ts';
import { checkFolders } from '../../src/run/check-folders.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { unusual } from '../support/unusual.ts';
import { withoutRoot } from '../support/without-root.ts';

/** What is wrong with the folders of a pipeline, tried as an ordinary user, and what is left behind. */
async function check(working_dir: string, path: string, prepare: (folder: string) => Promise<unknown> = async () => 0) {
  const folder = await tempFolder();
  await chmod(folder, 0o777);
  await prepare(folder);
  const before = await readdir(folder, { recursive: true });
  const input = {
    pipeline: { name: 'p', working_dir, destination: { path } },
    source: { name: 's', resources: [{ name: 't', data: () => [] }] },
  };
  const config = await resolveConfig(input, { cwd: folder, env: {} });
  const destination = destinationOf(config);
  const errors = await withoutRoot(() => checkFolders(config.pipeline.working_dir, destination));
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(before.sort());
  return errors.map(({ exitCode, message, hint }) => {
    expect({ exitCode, hint }).toEqual({ exitCode: 6, hint: expect.stringMatching(/./) });
    return message.replaceAll(folder, '');
  });
}

const locked = (name: string) => async (folder: string) => {
  await mkdir(join(folder, name));
  await chmod(join(folder, name), 0o555);
};

describe('folders that a run can write', () => {
  test.each([
    ['are there', 'w', 'd/p.duckdb'],
    ['have to be made first', 'deep/deeper/w', 'p.duckdb'],
    ['are made on the way to the working folder', 'demo/deeper/w', 'demo/p.duckdb'],
    ['are the working folder itself', 'demo', 'demo/p.duckdb'],
  ])('%s: nothing is wrong, and nothing stays behind', async (_, workingDir, path) => {
    const prepare = async (folder: string) => {
      for (const name of ['w', 'd']) {
        await mkdir(join(folder, name));
        await chmod(join(folder, name), 0o777);
      }
    };
    expect(await check(workingDir, path, prepare)).toEqual([]);
  });
});

describe('the working folder', () => {
  test.each([
    ['without the right to write', 'w', locked('w'), '/w: this user lacks the permission (EACCES).'],
    [
      'to be made in a folder without that right',
      'w/x/y',
      locked('w'),
      '/w/x/y: this user lacks the permission (EACCES).',
    ],
    ['that is a file', 'w', (folder: string) => writeFile(join(folder, 'w'), ''), '/w: a file, or'],
    [
      'that is a link to nowhere',
      'w',
      (folder: string) => symlink('no', join(folder, 'w')),
      '/w: there is no such file',
    ],
    [
      'that is a link to itself',
      'w',
      (folder: string) => symlink('w', join(folder, 'w')),
      '/w: symbolic links lead in a',
    ],
    ['where nobody can make one', '/proc/w', async () => 0, '/proc/w: there is no such file or folder (ENOENT).'],
    [
      'with too long a name',
      'x'.repeat(300),
      async () => 0,
      'the name is longer than the system allows (ENAMETOOLONG).',
    ],
    [
      'with packages that cannot be written',
      'w',
      async (folder: string) => {
        await mkdir(join(folder, 'w'));
        await chmod(join(folder, 'w'), 0o777);
        await locked('w/packages')(folder);
      },
      '/w/packages: this user lacks the permission (EACCES).',
    ],
    [
      'with a file where loaded packages belong',
      'w',
      async (folder: string) => {
        await mkdir(join(folder, 'w/packages'), { recursive: true });
        await writeFile(join(folder, 'w/packages/loaded'), '');
        for (const name of ['w', 'w/packages']) await chmod(join(folder, name), 0o777);
      },
      '/w/packages/loaded: a file, or',
    ],
  ])('%s is told', async (_, workingDir, prepare, message) => {
    expect(await check(workingDir, 'p.duckdb', prepare)).toEqual([expect.stringContaining(message)]);
  });
});

describe('the folder of the destination', () => {
  test.each([
    ['without the right to write', 'd/p.duckdb', locked('d'), 'No permission to open or write /d/p.duckdb.'],
    ['that is not there', 'd/p.duckdb', async () => 0, 'The folder /d of the file p.duckdb does not exist.'],
    [
      'that is a file',
      'd/p.duckdb',
      (folder: string) => writeFile(join(folder, 'd'), ''),
      'A part of the path /d/p.duckdb is a file',
    ],
    [
      'behind a link',
      'p.duckdb',
      (folder: string) => symlink('/proc/p.duckdb', join(folder, 'p.duckdb')),
      '/p.duckdb is a symbolic link to /proc/p.duckdb. ',
    ],
    ['for a FIFO', 'p.duckdb', (folder: string) => unusual['a FIFO'](join(folder, 'p.duckdb')), '/p.duckdb is a FIFO'],
    ['with too long a name for the copy', `${'x'.repeat(240)}.duckdb`, async () => 0, 'longer than the system allows'],
  ])('%s is told', async (_, path, prepare, message) => {
    expect(await check('w', path, prepare)).toEqual([expect.stringContaining(message)]);
  });
});
