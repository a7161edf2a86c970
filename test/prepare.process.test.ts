import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './support/repository.ts';
import { tempFolder } from './support/temp-folder.ts';

/** What npm runs after an install, in a clone of which only `files` are there. */
async function prepare(...files: readonly string[]) {
  const clone = await tempFolder();
  await mkdir(join(clone, 'src'));
  await mkdir(join(clone, 'dist', 'bin'), { recursive: true });
  await copyFile(join(projectRoot, 'src/prepare.mjs'), join(clone, 'src/prepare.mjs'));
  for (const file of files) await writeFile(join(clone, file), '');
  const { status, stderr } = spawnSync(process.execPath, ['src/prepare.mjs'], { cwd: clone, encoding: 'utf8' });
  return { status, stderr };
}

test('an installation without development packages serves where the program was built before', async () => {
  expect(await prepare('dist/bin/cli.js')).toEqual({ status: 0, stderr: '' });
});

test('elsewhere it fails, and says how to come to one', async () => {
  const { status, stderr } = await prepare();
  expect(status).toBe(1);
  expect(stderr).toMatch(/is not built.*\n.*`npm ci`.*`npm prune --omit=dev`/);
});
