import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { copyParquet } from '../../../src/destinations/warehouse/redshift/copy-parquet.ts';
import { redshiftDialect } from '../../../src/destinations/warehouse/redshift/redshift-dialect.ts';
import { redshiftError } from '../../../src/destinations/warehouse/redshift/redshift-errors.ts';
import { stagingError } from '../../../src/destinations/warehouse/redshift/staging-errors.ts';
import type { ColumnSchema } from '../../../src/schema/table-schema.ts';

describe('the Redshift dialect', () => {
  test.each<[Omit<ColumnSchema, 'name'>, string, string]>([
    [{ data_type: 'text' }, 'character varying(65535)', 'VARCHAR'],
    [{ data_type: 'text', precision: 64 }, 'character varying(64)', 'VARCHAR'],
    [{ data_type: 'bigint', precision: 32 }, 'integer', 'INTEGER'],
    [{ data_type: 'timestamp', precision: 3 }, 'timestamp with time zone', 'TIMESTAMP WITH TIME ZONE'],
    [{ data_type: 'decimal' }, 'numeric(38,9)', 'DECIMAL(38,9)'],
    [{ data_type: 'wei' }, 'numeric(38,0)', 'DECIMAL(38,0)'],
    [{ data_type: 'binary' }, 'varbyte(1024000)', 'BLOB'],
    [{ data_type: 'json' }, 'super', 'JSON'],
  ])('makes %j a column as dlt does, and knows it again', (hints, native, type) => {
    expect(redshiftDialect.typeOf({ name: 'c', ...hints })).toBe(native);
    expect(redshiftDialect.duckdbTypeOf(native)).toBe(type);
  });

  test('names are in lower case, a column is added by itself, a backslash in a comment is one', () => {
    const relation = redshiftDialect.relation('Shop', 'Orders');
    const columns = ['A', 'b'].map((name) => ({ name, type: 'super', required: false }));
    expect(redshiftDialect.addColumns(relation, columns)).toEqual([
      'alter table "shop"."orders" add column "a" super',
      'alter table "shop"."orders" add column "b" super',
    ]);
    expect(redshiftDialect.comments(relation, { table: `it's C:\\`, columns: new Map() })).toEqual([
      `comment on table "shop"."orders" is 'it''s C:\\\\'`,
    ]);
  });

  test.each([
    ['JSON', 'super', 'cast(x as VARCHAR)', 'json_parse(s)'],
    ['TIME', 'time without time zone', 'cast(x as VARCHAR)', 'cast(s as time without time zone)'],
    ['HUGEINT', 'numeric(38,0)', 'cast(cast(x as DECIMAL(38,0)) as VARCHAR)', 'cast(s as numeric(38,0))'],
    ['DECIMAL(20,4)', 'numeric(20,4)', 'cast(x as VARCHAR)', 'cast(s as numeric(20,4))'],
    ['TINYINT', 'smallint', 'cast(x as SMALLINT)', 's'],
    ['BLOB', 'varbyte(1024000)', 'x', 's'],
  ])('%s comes out of Parquet as it went in', (type, native, written, read) => {
    const carrier = redshiftDialect.carrier({ type, native });
    expect([carrier.write('x'), carrier.read('s')]).toEqual([written, read]);
  });
});

describe('COPY', () => {
  const url = 's3://bucket/rows/elt_1.parquet';

  test.each([
    ['arn:aws:iam::1:role/r', `iam_role 'arn:aws:iam::1:role/r'`],
    ['default', 'iam_role default'],
  ])('is written as documented, with the role %s', (role, authorization) => {
    expect(copyParquet('"elt_1_rows"', url, { role, credentials: {} })).toBe(
      `copy "elt_1_rows" from '${url}' ${authorization} format as parquet`,
    );
  });

  test('is written as documented, with keys', () => {
    const credentials = {
      aws_access_key_id: 'AKIA',
      aws_secret_access_key: Secret.found('aws_secret_access_key', `a'b\\c`, ''),
      aws_session_token: Secret.found('aws_session_token', 'token', ''),
    };
    expect(copyParquet('"t"', url, { role: undefined, credentials })).toBe(
      `copy "t" from '${url}' credentials 'aws_access_key_id=AKIA;aws_secret_access_key=a''b\\\\c;token=token' format as parquet`,
    );
  });
});

test.each([
  ['1023', 'XX000'],
  ['Serializable isolation violation on table - 100, transactions forming the cycle are: 1, 2', 'XX000'],
  ['relation "orders" already exists', '42P07'],
])('what another load did meanwhile keeps the package: %s', (message, code) => {
  expect(redshiftError(Object.assign(new Error(message), { code }), 'redshift://h:5439/d')).toMatchObject({
    code: 'DestinationLocked',
  });
});

test.each([
  [
    'S3ServiceException:Access Denied,Status 403,Error AccessDenied',
    'DestinationFailed',
    /^redshift:.* could not read the staging bucket: S3S/,
  ],
  [
    'Not authorized to get credentials of role arn:aws:iam::1:role/r',
    'DestinationFailed',
    /could not read the staging bucket/,
  ],
  ['Something else', 'DestinationFailed', /failed: Something else\.$/],
])('what COPY says of a bucket is told with who has to be let in: %s', (message, code, said) => {
  const error = Object.assign(new Error(message), { code: 'XX000' });
  expect(redshiftError(error, 'redshift://h:5439/d')).toMatchObject({
    ...{ code, exitCode: 6 },
    message: expect.stringMatching(said),
  });
});

test.each([
  ['NoSuchBucket', 2, 'There is no bucket s3://b/rows.'],
  ['InvalidAccessKeyId', 2, 's3://b/rows does not let these credentials in: It says why.'],
  ['AccessDenied', 6, 's3://b/rows took no file: It says why.'],
  ['TimeoutError', 6, 's3://b/rows took no file: It says why.'],
])('a bucket that answers %s ends a run with %d', (name, exitCode, message) => {
  const error = Object.assign(new Error('It says why.'), { name });
  expect(stagingError(error, 's3://b/rows')).toMatchObject({ exitCode, message });
});

test('who is asked for a password is told where it belongs', () => {
  const asked = new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string');
  expect(redshiftError(asked, 'redshift://h:5439/d')).toMatchObject({
    hint: expect.stringMatching(/^Set DESTINATION__REDSHIFT__CREDENTIALS__PASSWORD .*`destination: \{ redshift: /),
  });
});
