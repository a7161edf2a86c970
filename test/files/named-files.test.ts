import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { lineAppender } from '../../src/files/line-appender.ts';
import { replaceFile } from '../../src/files/replaced-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a file of DuckDB that a user named by mistake is neither replaced nor written into', async () => {
  const path = join(await tempFolder(), 'live.duckdb');
  (await DuckDBInstance.create(path)).closeSync();
  const before = await readFile(path);
  await expect(replaceFile(path, '{}')).rejects.toThrow('it is a DuckDB file');
  expect(() => lineAppender(path, 0o600)('{}\n')).toThrow('it is a DuckDB file');
  expect(await readFile(path)).toEqual(before);
});

test.each([
  ['', '1\n2\n'],
  ['0\n', '0\n1\n2\n'],
  ['{"half', '{"half\n1\n2\n'],
])('lines are added to what holds %j as lines of their own', async (before, after) => {
  const path = join(await tempFolder(), 'log');
  await writeFile(path, before);
  const append = lineAppender(path, 0o600);
  append('1\n');
  append('2\n');
  expect(await readFile(path, 'utf8')).toBe(after);
});
