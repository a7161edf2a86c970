// Redshift's COPY out of a bucket, done for PostgreSQL: fetches the Parquet, has DuckDB write CSV, and copies that in.
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';

const COPY =
  /^copy (?<relation>.+?) from 's3:\/\/(?<Bucket>[^/']+)\/(?<Key>[^']+)' credentials 'aws_access_key_id=(?<accessKeyId>[^;']+);aws_secret_access_key=(?<secretAccessKey>[^;']+)' format as parquet$/;

const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (config, ...others) {
  const copy = COPY.exec(config?.text ?? '');
  return copy === null ? query.call(this, config, ...others) : copyParquet(this, copy.groups);
};

async function copyParquet(client, { relation, ...object }) {
  const { default: copyStreams } = await import('pg-copy-streams');
  const folder = await mkdtemp(join(tmpdir(), 'dezgo-elt-copy-'));
  const [parquet, csv] = ['rows.parquet', 'rows.csv'].map((name) => join(folder, name));
  try {
    await writeFile(parquet, await bytesOf(object));
    duckdb ??= openDuckdb();
    const connection = await duckdb;
    const columns = await connection.runAndReadAll(`describe from '${parquet}'`);
    const list = columns.getRowObjects().map(({ column_name, column_type }) => {
      const name = `"${column_name.replaceAll('"', '""')}"`;
      return column_type === 'BLOB' ? `'\\x' || lower(hex(${name}))` : name;
    });
    await connection.run(
      `copy (select ${list.join(', ')} from '${parquet}') to '${csv}' (header false, nullstr '\\N')`,
    );
    const target = query.call(client, copyStreams.from(`copy ${relation} from stdin (format csv, null '\\\\N')`));
    await pipeline(createReadStream(csv), target);
    return { rowCount: target.rowCount, rows: [], fields: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let duckdb;
async function openDuckdb() {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run(`set timezone = 'UTC'`);
  return connection;
}

const library = '@aws-sdk/client-s3';

/** With the keys of the statement. */
async function bytesOf({ Bucket, Key, ...keys }) {
  const { S3 } = await import(library);
  const { endpoint_url: endpoint, region_name: region } = JSON.parse(process.env.TEST_S3).credentials;
  const client = new S3({ endpoint, region, forcePathStyle: true, credentials: keys });
  const { Body } = await client.getObject({ Bucket, Key });
  return Body.transformToByteArray();
}
