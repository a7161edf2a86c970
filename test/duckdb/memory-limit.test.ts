import { expect, it, onTestFinished } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { tempFolder } from '../support/temp-folder.ts';

it('lets a statement have the memory that a limit refused it, once the limit is lifted', async () => {
  const database = await Database.open({ tempDirectory: await tempFolder(), memoryLimit: '30MB' });
  onTestFinished(() => database.close());
  const connection = await database.connect();
  await connection.run("set global temp_directory = ''"); // nothing is moved out to disk
  const fill = () =>
    connection.run('create or replace table t as select sha256(range::varchar) as s from range(500000)');

  await expect(fill()).rejects.toThrow('Out of Memory Error');
  await database.limitMemory(undefined);
  await fill();
  expect(await connection.row('select count(*)::integer as n from t')).toEqual({ n: 500_000 });
});
