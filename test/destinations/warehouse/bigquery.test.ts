import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import type {
  BigqueryAnswer,
  BigqueryClient,
  BigqueryJob,
} from '../../../src/destinations/warehouse/bigquery/bigquery-client.ts';
import { bigqueryClient } from '../../../src/destinations/warehouse/bigquery/bigquery-client.ts';
import { bigqueryDialect } from '../../../src/destinations/warehouse/bigquery/bigquery-dialect.ts';
import { bigqueryError, statementError } from '../../../src/destinations/warehouse/bigquery/bigquery-errors.ts';
import { BigqueryJobs } from '../../../src/destinations/warehouse/bigquery/bigquery-jobs.ts';
import { loadFile } from '../../../src/destinations/warehouse/bigquery/bigquery-load-job.ts';
import { BigqueryTransport } from '../../../src/destinations/warehouse/bigquery/bigquery-transport.ts';
import { serverValue, typesOf, valuesOf } from '../../../src/destinations/warehouse/bigquery/bigquery-values.ts';
import { StatementFailed } from '../../../src/load/asker.ts';
import { dataTypeOf, duckdbType } from '../../../src/schema/duckdb-type.ts';
import type { ColumnSchema } from '../../../src/schema/table-schema.ts';
import { type Loader, TestDestination } from '../../support/package.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { loaderInto, orders } from '../../support/warehouse-loader.ts';

const location = 'bigquery://shop';
const dialect = bigqueryDialect('EU');

interface Stub {
  readonly sent: string[];
  readonly answer?: BigqueryAnswer;
  /** What load jobs say to be sent, one after the other. */
  readonly refusals?: readonly Error[];
  readonly outputRows?: string;
  readonly statementType?: string;
}

/** Notes what it is sent. The project is empty. */
function recording({ sent, answer = {}, refusals = [], outputRows = '0', statementType }: Stub): BigqueryClient {
  const left = [...refusals];
  const facts = {
    statistics: {
      sessionInfo: { sessionId: 's' },
      load: { outputRows },
      query: { ...(statementType && { statementType }) },
    },
  };
  const job: BigqueryJob = {
    id: 'job',
    metadata: facts,
    getMetadata: async () => [facts],
    promise: async () => undefined,
    cancel: async () => undefined,
  };
  return {
    createQueryJob: async ({ query, createSession, connectionProperties, dryRun }) => {
      const where = createSession ? 'opens ' : connectionProperties === undefined ? '' : 'in session ';
      sent.push(
        `${where}${dryRun ? 'dry ' : ''}${query.replaceAll(/\s+/g, ' ')}`.replaceAll(/elt_\w+?_(?=\d+_)/g, 'elt_…_'),
      );
      return [job];
    },
    job: () => job,
    dataset: (dataset) => ({
      table: (table) => ({
        load: async () => {
          sent.push(`load into ${dataset}.${table}`.replaceAll(/elt_\w+?_(?=\d+_)/g, 'elt_…_'));
          const refused = left.shift();
          if (refused !== undefined) throw refused;
        },
      }),
    }),
    request: (_, done) => done(null, { jobComplete: true, numDmlAffectedRows: '0', ...answer }),
  };
}

function loaderNoting(sent: string[]): Loader {
  return loaderInto(async (dataset, pipeline) => {
    const client = recording({ sent });
    const folder = await tempFolder();
    const connect = async () => {
      const jobs = new BigqueryJobs(client, location, dataset);
      const loading = { pipeline, name: 'x1' };
      return new BigqueryTransport({ client, jobs, location, folder, dataset, region: 'EU', loading });
    };
    return { connect, dialect, wait: 0 };
  });
}

test('tables, views and staged rows come before the transaction, which is one session, and the load is the last row in it', async () => {
  const sent: string[] = [];
  const destination = await TestDestination.open(loaderNoting(sent));
  await destination.load({ tables: [orders] });

  const begin = sent.indexOf('in session begin transaction');
  const commit = sent.indexOf('in session commit transaction');
  const rows = sent.slice(begin + 1, commit);
  expect(begin).toBeGreaterThan(0);
  expect(rows.filter((sql) => !/^in session (select|insert|update|delete|merge) /.test(sql))).toEqual([]);
  expect(sent.slice(0, begin).filter((sql) => /^(in session )?(insert|update|delete|merge)/.test(sql))).toEqual([]);
  expect(sent.slice(commit - 1)).toEqual([
    expect.stringMatching(/^in session insert into `\w+`.`_dlt_loads` /),
    'in session commit transaction',
    'in session call bq.abort_session()',
    expect.stringMatching(/^drop table if exists [^;]*_rows`; drop table if exists [^;]*`elt_session_\w+`$/),
  ]);
  expect(sent.filter((sql) => /`orders`|staging|newest/.test(sql))).toMatchInlineSnapshot(`
    [
      "alter table \`dezgo_api_data\`.\`_dlt_pipeline_state\` set options (description = 'Where incremental resources go on; one row a change, the newest counts')",
      "create table if not exists \`dezgo_api_data\`.\`orders\` (\`id\` INT64 not null, \`raw\` JSON, \`at\` TIME, \`huge\` BIGNUMERIC, \`bytes\` BYTES, \`_dlt_load_id\` STRING not null, \`_dlt_id\` STRING not null)",
      "alter table \`dezgo_api_data\`.\`orders\` alter column \`_dlt_load_id\` set options (description = 'Load that wrote the row: load_id of _dlt_loads'), alter column \`_dlt_id\` set options (description = 'Unique id of the row')",
      "create schema if not exists \`dezgo_api_data_staging\`",
      "create or replace table \`dezgo_api_data_staging\`.\`elt_…_1_rows\` (\`id\` INT64, \`raw\` STRING, \`_dlt_load_id\` STRING, \`_dlt_id\` STRING) options (expiration_timestamp = timestamp_add(current_timestamp(), interval 1 day))",
      "load into dezgo_api_data_staging.elt_…_1_rows",
      "create or replace view \`dezgo_api_data\`.\`newest\` options (description = 'Made by dezgo-elt from pipeline.views, 8d74d53d') as select * from orders",
      "select id from \`dezgo_api_data_staging\`.\`elt_session_dezgo_api_pipeline\`",
      "in session create or replace table \`dezgo_api_data_staging\`.\`elt_session_dezgo_api_pipeline\` options (expiration_timestamp = timestamp_add(current_timestamp(), interval 7 day)) as select 's' as id",
      "in session insert into \`dezgo_api_data\`.\`orders\` (\`id\`, \`raw\`, \`_dlt_load_id\`, \`_dlt_id\`) select s.\`id\`, parse_json(s.\`raw\`, wide_number_mode => 'round'), s.\`_dlt_load_id\`, s.\`_dlt_id\` from \`dezgo_api_data_staging\`.\`elt_…_1_rows\` as s",
      "in session select max(inserted_at) as newest from \`dezgo_api_data\`.\`_dlt_version\`",
      "drop table if exists \`dezgo_api_data_staging\`.\`elt_…_1_rows\`; drop table if exists \`dezgo_api_data_staging\`.\`elt_session_dezgo_api_pipeline\`",
    ]
  `);
});

test('a session that a killed run left is ended before another has a transaction, and is noted until it ends', async () => {
  const sent: string[] = [];
  const client = recording({ sent, answer: { rows: [{ f: [{ v: "of the killed run's" }] }] } });
  const transport = new BigqueryTransport({
    ...{
      client,
      jobs: new BigqueryJobs(client, location, 'd'),
      location,
      dataset: 'd',
      folder: '/nowhere',
      region: 'EU',
    },
    loading: { pipeline: 'my-shop', name: 'x1' },
  });
  await transport.begin();
  await transport.close();
  expect(sent).toEqual([
    'create schema if not exists `d_staging`',
    'select id from `d_staging`.`elt_session_my_shop`',
    "call bq.abort_session('of the killed run\\'s')",
    'opens select 1',
    expect.stringMatching(
      /^in session create or replace table `d_staging`.`elt_session_my_shop` options \(.* interval 7 day\)\) as select 's' as id$/,
    ),
    'in session begin transaction',
    'in session call bq.abort_session()',
    'drop table if exists `d_staging`.`elt_session_my_shop`',
  ]);
});

test('a delete and an update say which rows', () => {
  const ids = { sql: 'select ? as `id`', values: ['x'] };
  expect(dialect.deleteIn('`d`.`t`', '_dlt_id', ids).sql).toBe(
    'delete from `d`.`t` where `_dlt_id` in (select ? as `id`)',
  );
  const set = { column: 'to', value: { sql: 'cast(? as TIMESTAMP)', values: ['2026-01-01'] } };
  expect(dialect.setIn('`d`.`t`', set, { column: '_dlt_id', ids }).sql).toBe(
    'update `d`.`t` set `to` = cast(? as TIMESTAMP) where `_dlt_id` in (select ? as `id`) and 1 = 1',
  );
});

test('keys that travel as text are compared as what they are', () => {
  const value = (column: string) => `cast(s.\`${column}\` as TIME)`;
  const merge = { target: 't', source: 'o', columns: ['at'], on: ['at'], value };
  expect(dialect.merge?.(merge).sql).toContain('on d.`at` = cast(s.`at` as TIME)');
  expect(dialect.update(merge).sql).toContain('on d.`at` = cast(s.`at` as TIME)');
});

test('neither a backquote in a name nor a quote or a backslash in a comment ends it', () => {
  expect(dialect.relation('d', 'a`b')).toBe('`d`.`a\\`b`');
  expect(dialect.comments('t', { table: "it's \\ \n", columns: new Map() })).toEqual([
    "alter table t set options (description = 'it\\'s \\\\ \\n')",
  ]);
});

describe('a file whose answer was lost', () => {
  const file = { path: '/nowhere', rows: 2, dataset: 'd', table: 'elt_1', region: 'EU' };
  const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const there = Object.assign(new Error('Already Exists: Job shop:EU.elt_1'), { code: 409 });

  test.each([
    ['is sent again', [lost]],
    ['is sent again, and the job that it began is waited for', [lost, there]],
    ['is not sent again where its job is there', [there]],
  ])('%s', async (_, refusals) => {
    const sent: string[] = [];
    await loadFile(recording({ sent, refusals, outputRows: '2' }), file);
    expect(sent).toHaveLength(refusals.includes(there) ? refusals.length : refusals.length + 1);
  });

  test('is an error where the job brought other rows', async () => {
    await expect(loadFile(recording({ sent: [], refusals: [there], outputRows: '0' }), file)).rejects.toThrow(
      '0 of 2 rows',
    );
  });

  test('is an error where nobody answers', async () => {
    const sent: string[] = [];
    await expect(loadFile(recording({ sent, refusals: [lost, lost, lost] }), file)).rejects.toBe(lost);
    expect(sent).toHaveLength(3);
  });
});

test.each(['DELETE', 'SCRIPT', 'CREATE_TABLE'])(
  'SQL of somebody else that is a %s is not run',
  async (statementType) => {
    const sent: string[] = [];
    const jobs = new BigqueryJobs(recording({ sent, statementType }), location, 'd');
    await expect(jobs.asked('whatever', [])).rejects.toMatchObject({ about: 'rights' });
    expect(sent).toEqual(['dry whatever']);
  },
);

type Hints = Omit<ColumnSchema, 'name'>;

test.each<[Hints, string, string, string]>([
  [{ data_type: 'text' }, 'STRING', 'STRING', 'VARCHAR'],
  [{ data_type: 'text', precision: 64 }, 'STRING(64)', 'STRING(64)', 'VARCHAR'],
  [{ data_type: 'bigint' }, 'INT64', 'INT64', 'BIGINT'],
  [{ data_type: 'double' }, 'FLOAT64', 'FLOAT64', 'DOUBLE'],
  [{ data_type: 'bool' }, 'BOOL', 'BOOL', 'BOOLEAN'],
  [{ data_type: 'timestamp' }, 'TIMESTAMP', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE'],
  [{ data_type: 'date' }, 'DATE', 'DATE', 'DATE'],
  [{ data_type: 'time' }, 'TIME', 'TIME', 'TIME'],
  [{ data_type: 'decimal' }, 'NUMERIC(38,9)', 'NUMERIC(38, 9)', 'DECIMAL(38,9)'],
  [{ data_type: 'decimal', precision: 38, scale: 18 }, 'BIGNUMERIC(38,18)', 'BIGNUMERIC(38, 18)', 'DECIMAL(38,18)'],
  [{ data_type: 'wei' }, 'BIGNUMERIC', 'BIGNUMERIC', 'DECIMAL(38,0)'],
  [{ data_type: 'binary' }, 'BYTES', 'BYTES', 'BLOB'],
  [{ data_type: 'json' }, 'JSON', 'JSON', 'JSON'],
])('makes %j a column as dlt does, and knows it again', (hints, native, told, type) => {
  expect(dialect.typeOf({ name: 'c', ...hints })).toBe(native);
  expect(dialect.duckdbTypeOf(told)).toBe(type);
  expect(duckdbType({ name: 'c', ...dataTypeOf(type) })).toBe(type);
});

test('values of answers are exact', () => {
  expect(serverValue('1767261600123456', { name: 'at', type: 'TIMESTAMP' })).toBe('2026-01-01T10:00:00.123456Z');
  expect(serverValue('-1', { name: 'at', type: 'TIMESTAMP' })).toBe('1969-12-31T23:59:59.999999Z');
  expect(serverValue('9007199254740993', { name: 'n', type: 'INTEGER' })).toBe(9007199254740993n);
  const fields = [
    { name: 'b', type: 'BYTES' },
    { name: 'l', type: 'STRING', mode: 'REPEATED' },
    { name: 'd', type: 'BIGNUMERIC' },
  ];
  expect(valuesOf(['AAE=', [{ v: 'x' }], '0.10'], fields, typesOf(fields)).map(String)).toEqual([
    '\\x00\\x01',
    '["x"]',
    '0.10',
  ]);
});

describe('what BigQuery says', () => {
  const said = (reason: string, message: string) => Object.assign(new Error(message), { errors: [{ reason }] });

  test.each([
    [said('backendError', 'Visibility check was unavailable.'), 'DestinationFailed', 'cannot be reached'],
    [said('authError', 'Invalid Credentials'), 'ConfigInvalid', 'does not let this account in'],
    [said('accessDenied', 'Access Denied: Dataset shop:d'), 'DestinationFailed', 'does not allow this'],
    [said('invalid', 'Value 1000 is out of range'), 'ContractViolated', 'cannot hold a value'],
    [
      said('notFound', 'Not found: Dataset shop:d was not found in location US'),
      'DestinationFailed',
      'not have something',
    ],
    [said('quotaExceeded', 'Quota exceeded'), 'DestinationFailed', 'has used its quota'],
    [
      said('invalidQuery', 'Transaction is aborted due to concurrent update against table t'),
      'DestinationLocked',
      'by another load at the same time',
    ],
  ])('%s is told as %s', (error, code, message) => {
    expect(bigqueryError(error, location)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('of SQL that somebody else wrote, it is the fault of the SQL', () => {
    const missing = statementError(said('notFound', 'Not found: Table shop:d.nowhere was not found'), location);
    expect(missing).toBeInstanceOf(StatementFailed);
    expect(missing).toMatchObject({ about: 'statement', missing: 'nowhere' });
    expect(statementError(said('backendError', 'Error.'), location)).toMatchObject({ code: 'DestinationFailed' });
  });
});

test.each([
  [Secret.found('private_key', 'no PEM', 'a test'), 'The private key of the destination cannot be read.'],
  [Secret.missing('private_key', [], true), 'The private key of the destination of a@b.example was not found.'],
])('an account without a key that can be read is told so, before anything is asked', async (private_key, message) => {
  const credentials = { project_id: 'shop', client_email: 'a@b.example', private_key, missing: undefined };
  const place = { credentials, region: 'EU', endpoint: undefined, location, dataset: 'data' };
  await expect(bigqueryClient(place)).rejects.toMatchObject({ code: 'ConfigInvalid', message });
});
