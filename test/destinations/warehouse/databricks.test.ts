import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { databricksRelations } from '../../../src/destinations/warehouse/databricks/databricks-relations.ts';
import type { DatabricksRow } from '../../../src/destinations/warehouse/databricks/databricks-sdk.ts';
import { DatabricksSession } from '../../../src/destinations/warehouse/databricks/databricks-session.ts';
import { DatabricksTransport } from '../../../src/destinations/warehouse/databricks/databricks-transport.ts';
import { DatabricksVolume } from '../../../src/destinations/warehouse/databricks/databricks-volume.ts';
import { fragment } from '../../../src/load/staging/sql-fragment.ts';
import { useNock } from '../../extract/http/nock-guard.ts';
import { tempFolder } from '../../support/temp-folder.ts';

useNock();

/** A session that answers a statement by what it begins with, and keeps what it was asked. */
function sessionAnswering(answers: Readonly<Record<string, readonly DatabricksRow[]>>) {
  const asked: string[] = [];
  const executeStatement = async (sql: string) => {
    asked.push(sql);
    const rows = Object.entries(answers).find(([begin]) => sql.startsWith(begin))?.[1] ?? [];
    const ended = async () => undefined;
    return { fetchChunk: async () => [...rows], hasMoreRows: async () => false, cancel: ended, close: ended };
  };
  const ended = async () => undefined;
  const parts = {
    client: { connect: ended, openSession: never, close: ended },
    session: { executeStatement, close: ended },
  };
  return { asked, session: new DatabricksSession({ ...parts, location: 'databricks://host/main' }) };
}

const never = () => Promise.reject(new Error('nobody opens another one'));

const credentials = {
  ...{ server_hostname: 'host.invalid', http_path: '/sql', catalog: 'main', connect_timeout: 1000 },
  ...{ access_token: Secret.found('access_token', 'invented', 'a test'), client_id: undefined, missing: undefined },
  client_secret: Secret.found('client_secret', 'invented', 'a test'),
};
const volumeIn = (volume: string | undefined) =>
  new DatabricksVolume({ credentials, dataset: 'Shop', volume, root: '/Volumes' }, undefined);

describe('what is in a dataset', () => {
  test('Unity Catalog tells in one answer, with what may be null', async () => {
    const column = { table_name: 'models', table_type: 'MANAGED', table_comment: 'of Dezgo', column_comment: '' };
    const { asked, session } = sessionAnswering({
      'show schemas like': [{ databaseName: 'information_schema' }],
      select: [
        { ...column, column_name: 'id', full_data_type: 'BIGINT', is_nullable: 'NO' },
        { ...column, column_name: 'price', full_data_type: 'decimal(38, 9)', is_nullable: 'YES' },
        { ...column, table_name: 'newest', table_type: 'VIEW', column_name: 'id', full_data_type: 'bigint' },
      ],
    });
    for (let times = 0; times < 2; times += 1)
      expect(await databricksRelations(session, 'Shop')).toEqual([
        {
          ...{ name: 'models', isView: false, comment: 'of Dezgo' },
          columns: [
            { name: 'id', native: 'bigint', nullable: false, comment: null },
            { name: 'price', native: 'decimal(38,9)', nullable: true, comment: null },
          ],
        },
        {
          ...{ name: 'newest', isView: true, comment: 'of Dezgo' },
          columns: [{ name: 'id', native: 'bigint', nullable: true, comment: null }],
        },
      ]);
    expect(asked).toHaveLength(3);
    expect(asked[1]).toContain("where t.table_schema = 'shop'");
  });

  test('an older catalog is asked for each table', async () => {
    const { asked, session } = sessionAnswering({
      'show tables in': [{ tableName: 'models', isTemporary: false }],
      'describe table extended': [
        { col_name: 'id', data_type: 'bigint', comment: 'its number' },
        { col_name: '', data_type: '', comment: '' },
        { col_name: '# Detailed Table Information', data_type: '', comment: '' },
        { col_name: 'Type', data_type: 'MANAGED', comment: '' },
      ],
    });
    expect(await databricksRelations(session, 'shop')).toEqual([
      {
        ...{ name: 'models', isView: false, comment: null },
        columns: [{ name: 'id', native: 'bigint', nullable: true, comment: 'its number' }],
      },
    ]);
    expect(asked.at(-1)).toBe('describe table extended `shop`.`models`');
  });
});

describe('files of a load', () => {
  const given = () => nock('https://host.invalid', { reqheaders: { authorization: 'Bearer invented' } });

  test('go into the volume of the dataset, and away again', async () => {
    const file = join(await tempFolder(), 'rows.parquet');
    await writeFile(file, 'PAR1');
    const path = '/api/2.0/fs/files/Volumes/main/shop/_dlt_staging_load_volume/1.parquet';
    given().put(path, 'PAR1').query({ overwrite: 'true' }).reply(204).delete(path).reply(404);
    const volume = volumeIn(undefined);
    expect(await volume.put('1.parquet', file)).toBe('/Volumes/main/shop/_dlt_staging_load_volume/1.parquet');
    await volume.delete('1.parquet');
    expect(volume.creation).toBe('create volume if not exists `shop`.`_dlt_staging_load_volume`');
  });

  test.each([
    [401, 'a.b.c', 2, '`credentials`'],
    [403, 'a.b.c', 6, '`write volume`'],
    [404, 'a.b.c', 2, '`staging_volume_name`'],
    [404, undefined, 6, 'doctor'],
    [500, 'a.b.c', 6, 'doctor'],
  ])('that are answered with %i in %s end a run with %i', async (status, named, exitCode, words) => {
    const file = join(await tempFolder(), 'rows.parquet');
    await writeFile(file, 'PAR1');
    given()
      .put(/1\.parquet/)
      .query(true)
      .reply(status, '{"error_code":"X","message":"so it is"}');
    await expect(volumeIn(named).put('1.parquet', file)).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(`HTTP ${status}, so it is.`),
      hint: expect.stringMatching(new RegExp(`${words}.* What was extracted is kept`)),
    });
  });
});

test('files that an attempt left which was killed are deleted when its load turns out to be there', async () => {
  const there = new Set(['1', '2', '3'].map((number) => `shop_7.5_${number}.parquet`));
  const path = /_dlt_staging_load_volume\/(.*)$/;
  const nameIn = (uri: string) => decodeURIComponent(path.exec(uri)?.[1] ?? '');
  const files = () => nock('https://host.invalid');
  files()
    .head(path)
    .times(4)
    .reply((uri) => [there.has(nameIn(uri)) ? 200 : 404]);
  files()
    .delete(path)
    .times(3)
    .reply((uri) => [there.delete(nameIn(uri)) ? 204 : 404]);
  const { session } = sessionAnswering({});
  const place = { session, volume: volumeIn(undefined), folder: '', loadId: '7.5', dataset: 'shop' };
  await new DatabricksTransport(place).close();
  expect([...there]).toEqual([]);
});

test.each([
  ['as a warehouse says it', { 'merge into': [{ num_affected_rows: '3' }] }, 'merge into x', 3],
  [
    'by the history of the table, where the answer to an insert says nothing',
    { 'describe history': [{ operationMetrics: '{"numOutputRows":"7"}' }] },
    'insert into `d`.`t` (`a`) select s.`a` from x as s where 1 = 1',
    7,
  ],
  [
    'in the version before, where a table was emptied without being read',
    { delete: [{ num_affected_rows: '-1' }], describe: [{ version: '5' }], select: [{ rows: '4' }] },
    'delete from `d`.`t`',
    4,
  ],
  ['as none of a statement without rows', {}, 'create table x', 0],
])('rows are counted %s', async (_, answers, sql, rows) => {
  const { session } = sessionAnswering(answers);
  const place = { session, volume: volumeIn(undefined), folder: '', loadId: '1', dataset: 'd' };
  expect(await new DatabricksTransport(place).execute(fragment(sql))).toBe(rows);
});
