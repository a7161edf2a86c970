import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { projectRoot } from '../support/repository.ts';
import { tempFolder } from '../support/temp-folder.ts';

it('the shipped configuration makes of recorded replies the tables that it always made, without a key and a source', async () => {
  const cwd = await tempFolder();
  const recording = join(projectRoot, 'test/fixtures/recordings/sandbox');
  const config = join(projectRoot, 'pipeline.config.yaml');
  const { code, stdout, stderr } = await runCli(['test', recording, '-c', config], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('As expected: 7 tables, 62 rows, 52 columns, from 6 replies');
  expect(await readdir(cwd)).toEqual([]);
});
