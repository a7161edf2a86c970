import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { foreignFile } from '../../../src/destinations/ducklake/foreign-file.ts';
import { type LakeSettings, lakeKind, lakeLocation } from '../../../src/destinations/ducklake/lake-kind.ts';
import { lakeStorage } from '../../../src/destinations/ducklake/lake-storage.ts';
import { Database } from '../../../src/duckdb/database.ts';
import { installExtension, loadExtensions } from '../../../src/duckdb/extensions.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const secret = (value: string) => Secret.found('key', value, 'a test');

function settings(parts: Partial<LakeSettings>): LakeSettings {
  return {
    type: 'ducklake',
    catalog: { type: 'duckdb', path: '/lake/models.ducklake' },
    data_path: '/lake/data',
    storage_credentials: {},
    ducklake_name: 'ducklake',
    metadata_schema: 'ducklake',
    extension_directory: undefined,
    files_dir: '/lake/files',
    ...parts,
  };
}

describe('where a lake is', () => {
  const credentials = {
    ...{ host: '::1', port: 5432, database: 'lake', username: 'elt', password: secret('hidden') },
    ...{ connect_timeout: 15_000, sslmode: 'prefer' as const },
    ...{ sslrootcert: undefined, sslcert: undefined, sslkey: undefined },
  };

  test('is told by its file, or by its server without the password', () => {
    expect(lakeLocation(settings({}))).toBe('/lake/models.ducklake');
    expect(lakeLocation(settings({ catalog: { type: 'postgres', credentials } }))).toBe(
      'ducklake:postgres://elt@[::1]:5432/lake?schema=ducklake',
    );
  });
});

describe('the data of a lake', () => {
  const keys = {
    aws_access_key_id: 'ID',
    aws_secret_access_key: secret("it's"),
    endpoint_url: 'http://127.0.0.1:9000',
  };

  test.each([
    ['a folder', '/lake/data', {}, '/lake/data/', [], undefined],
    [
      'S3',
      's3://bucket/lake',
      { ...keys, region_name: 'eu-west-1' },
      's3://bucket/lake/',
      ['httpfs'],
      "(type s3, key_id 'ID', secret 'it''s', region 'eu-west-1', endpoint '127.0.0.1:9000', use_ssl false, url_style 'path')",
    ],
    [
      'S3 with the keys that the machine has',
      's3://bucket/lake/',
      { profile_name: 'elt' },
      's3://bucket/lake/',
      ['httpfs', 'aws'],
      "(type s3, provider 'credential_chain', profile 'elt')",
    ],
    [
      'GCS',
      'gs://bucket/lake',
      { ...keys, endpoint_url: undefined },
      'gs://bucket/lake/',
      ['httpfs'],
      "(type gcs, key_id 'ID', secret 'it''s')",
    ],
    [
      'Azure',
      'az://box/lake',
      { azure_storage_account_name: 'acc', azure_storage_account_key: secret('k=') },
      'az://box/lake/',
      ['azure'],
      "(type azure, connection_string 'DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=k=')",
    ],
  ])('%s: what DuckDB needs for it', (_, data_path, storage_credentials, path, extensions, members) => {
    const storage = lakeStorage(settings({ data_path, storage_credentials }));
    expect(storage).toMatchObject({ path, extensions });
    expect(storage.secret).toBe(members === undefined ? undefined : `create or replace secret lake_data ${members}`);
  });

  test.each([
    ['an address that DuckDB has nothing for', 'ftp://host/lake', /^DuckLake cannot keep its data in ftp:/],
    ['GCS without an HMAC key', 'gs://bucket/lake', /HMAC key, and none is given/],
  ])('%s is refused', (_, data_path, message) => {
    expect(() => lakeStorage(settings({ data_path }))).toThrow(
      expect.objectContaining({ code: 'ConfigInvalid', exitCode: 2, message: expect.stringMatching(message) }),
    );
  });
});

test('integers of 128 bits are decimals in a lake, because Parquet rounds them', () => {
  expect(lakeKind.typeOf({ name: 'n', data_type: 'bigint', precision: 128 })).toBe('DECIMAL(38,0)');
  expect(lakeKind.typeOf({ name: 'n', data_type: 'bigint' })).toBe('BIGINT');
});

const uuid = '019a0b1c-2d3e-7f40-8a5b-6c7d8e9f0a1b';

test.each([
  ['a file of a load that came to nothing', `/lake/data/shop/orders/ducklake-${uuid}.parquet`, false],
  ['deletions of such a load', `s3://b/lake/shop/orders/ducklake-${uuid}-delete.parquet`, false],
  ['a file of a partition', `/lake/data/shop/orders/day=2/hour=3/ducklake-${uuid}.parquet`, false],
  ['a file of a dataset with another name in the file system', `/lake/${uuid}/orders/ducklake-${uuid}.parquet`, false],
  ['a file that somebody put there', '/lake/data/shop/orders/mine.parquet', true],
  ['a file of another lake', `/lake/data/other/orders/ducklake-${uuid}.parquet`, true],
  ['a file beside the tables', '/lake/data/mine.parquet', true],
])('%s is told from what is not of the lake', (_, path, isForeign) => {
  expect(foreignFile([path], ['shop'])).toBe(isForeign ? path : undefined);
});

describe('an extension', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await tempFolder();
  });

  test('that is not installed ends a run with 2 and the command that installs it', async () => {
    const database = await Database.open();
    const connection = await database.connect();
    await expect(loadExtensions(connection, ['ducklake'], folder)).rejects.toMatchObject({
      code: 'ExtensionMissing',
      exitCode: 2,
      message: expect.stringMatching(
        /^DuckDB's extension `ducklake` is not installed: there is no .+ducklake\.duckdb_extension\./,
      ),
      hint: 'Install it once, as the user that runs: dezgo-elt install-extension ducklake',
    });
    database.close();
  });

  test.each([
    ['that is not there', 'nowhere', /^There is no sqlite_scanner\.duckdb_extension in /],
    ['of another name', 'httpfs.duckdb_extension', /is not called sqlite_scanner\.duckdb_extension\.$/],
    [
      'that holds something else',
      'bad/sqlite_scanner.duckdb_extension',
      /is not installed: .*(?:metadata|not a DuckDB extension)/,
    ],
    ['that is too short, in a folder', 'short', /is not installed: .*too small to be a valid DuckDB extension/],
  ])('is not installed from a file %s', async (_, from, message) => {
    for (const name of ['bad', 'short']) await mkdir(join(folder, name));
    await writeFile(join(folder, 'httpfs.duckdb_extension'), 'x');
    await writeFile(join(folder, 'bad/sqlite_scanner.duckdb_extension'), Buffer.alloc(2000, 'x'));
    await writeFile(join(folder, 'short/sqlite_scanner.duckdb_extension.gz'), gzipSync('x'));
    const directory = join(folder, 'installed');
    await expect(installExtension('sqlite', { from: join(folder, from), directory })).rejects.toMatchObject({
      code: 'UsageInvalid',
      message: expect.stringMatching(message),
    });
  });
});
