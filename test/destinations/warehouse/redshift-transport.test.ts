import { describe, expect, test } from 'vitest';
import { redshiftDialect } from '../../../src/destinations/warehouse/redshift/redshift-dialect.ts';
import { redshiftSettings } from '../../../src/destinations/warehouse/redshift/redshift-settings.ts';
import { RedshiftTransport } from '../../../src/destinations/warehouse/redshift/redshift-transport.ts';
import type { StagedRows } from '../../../src/destinations/warehouse/warehouse-transport.ts';
import { connectPostgres } from '../../../src/destinations/warehouse/wire/postgres-client.ts';
import { postgresLocation } from '../../../src/destinations/warehouse/wire/postgres-location.ts';
import { Database } from '../../../src/duckdb/database.ts';
import { fragment } from '../../../src/load/staging/sql-fragment.ts';
import { whenDone } from '../../support/shared.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type Answer, recordingServer } from './recording-server.ts';

const FOUND = /from pg_class/;

/** A session of a load, with a server that does nothing, and a bucket that tells what lies in it. */
async function loading(answer: (sql: string) => Answer | undefined = () => undefined) {
  const { port, statements } = await recordingServer(answer);
  const credentials = {
    ...{ host: '127.0.0.1', port, database: 'd', username: 'u', password: undefined, connect_timeout: 10_000 },
    ...{ sslrootcert: undefined, sslcert: undefined, sslkey: undefined },
    sslmode: 'disable',
  } as const;
  const dataset = 'Shop';
  const location = postgresLocation(credentials, 'redshift');
  const place = { location, credentials, dataset, settings: redshiftSettings(dataset) };
  const folder = await tempFolder();
  const database = await Database.open({ tempDirectory: folder, threads: 1 });
  const files: string[] = [];
  const bucket = {
    whileThere: async <T>(name: string, path: string, work: (url: string) => Promise<T>) => {
      files.push(path);
      return work(`s3://bucket/rows/${name}`);
    },
    close: () => {},
  };
  const access = { role: 'arn:aws:iam::1:role/r', credentials: {} };
  const transport = new RedshiftTransport(
    { client: await connectPostgres(place), place, folder },
    { bucket, access, dataset, loadId: '1767225600.5', wait: 600_000 },
  );
  whenDone(async () => {
    await transport.close();
    database.close();
  });
  const connection = await database.connect();
  const staged = (select: string, ...columns: StagedRows['columns'][number][]): StagedRows => ({
    ...{ label: '1_rows', table: 'orders', columns, select: fragment(select), connection },
  });
  const settings = statements.splice(0);
  return { transport, statements, settings, staged, files };
}

const id = { name: 'id', type: 'bigint' };
const word = { name: 'Word', type: 'character varying(65535)' };

describe('a session that loads into Redshift', () => {
  test('sends what is documented, and locks before it has seen anything', async () => {
    const found = { columns: ['found'], rows: [['1']] };
    const { transport, statements, settings, staged, files } = await loading((sql) =>
      FOUND.test(sql) ? found : undefined,
    );
    await transport.begin();
    const relation = await transport.stage(staged(`select 1::bigint as id, 'one' as "Word"`, id, word));
    const orders = redshiftDialect.relation('Shop', 'orders');
    await transport.execute(fragment(`insert into ${orders} (id, word) select s.id, s.word from ${relation} as s`));
    await transport.commit();

    expect(settings).toEqual([
      `set search_path to "shop"; set timezone to 'UTC'; set datestyle to 'ISO, YMD'; set extra_float_digits to 2`,
    ]);
    expect(statements.map((sql) => sql.replaceAll(/\s+/g, ' '))).toEqual([
      'select 1 as found from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2',
      'begin',
      'set statement_timeout to 600000',
      'lock table "shop"."_dlt_loads"',
      'reset statement_timeout',
      'create temp table "elt_1_rows" ("id" bigint, "word" character varying(65535))',
      `copy "elt_1_rows" from 's3://bucket/rows/elt_Shop_1767225600.5_1_rows.parquet' iam_role 'arn:aws:iam::1:role/r' format as parquet`,
      'insert into "shop"."orders" (id, word) select s.id, s.word from "elt_1_rows" as s',
      'commit',
    ]);
    expect(files).toHaveLength(1);
  });

  test('locks nothing where nothing is yet, and copies no file without rows', async () => {
    const { transport, statements, staged, files } = await loading((sql) =>
      FOUND.test(sql) ? { columns: ['found'], rows: [] } : undefined,
    );
    await transport.begin();
    await transport.stage(staged('select 1::bigint as id where false', id));
    expect(statements.slice(1)).toEqual(['begin', 'create temp table "elt_1_rows" ("id" bigint)']);
    expect(files).toEqual([]);
  });

  test('a lock that does not come in time is of another load', async () => {
    const { transport } = await loading((sql) => {
      if (FOUND.test(sql)) return { columns: ['found'], rows: [['1']] };
      return sql.startsWith('lock') ? { error: '57014' } : undefined;
    });
    await expect(transport.begin()).rejects.toMatchObject({ code: 'DestinationLocked', exitCode: 6 });
  });

  test('a text that is too long is refused before it is sent', async () => {
    const { transport, staged, files } = await loading();
    const long = transport.stage(staged(`select repeat('ä', 32768) as "Word"`, word));
    await expect(long).rejects.toMatchObject({
      ...{ code: 'ContractViolated', exitCode: 7, facts: { column: 'Word', bytes: 65_536, limit: 65_535 } },
      message: 'A value of `orders.Word` has 65536 bytes, and Redshift takes 65535 in a text, and in JSON on its way.',
    });
    expect(files).toEqual([]);
  });
});
