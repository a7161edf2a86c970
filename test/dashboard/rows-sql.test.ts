import { expect, test } from 'vitest';
import { loadConfigText } from '../../src/config/load-config.ts';
import { rowsSql } from '../../src/dashboard/rows-sql.ts';
import { destinationOf } from '../../src/destinations/destination-kinds.ts';

const filters = [{ column: 'name', operator: '=', value: "o'b" }];
const order = { column: 'id', isDescending: true };

test.each([
  ['duckdb', {}, `select * from "models"\nwhere "name" = 'o''b'\norder by "id" desc\nlimit 100 offset 200`],
  [
    'bigquery',
    { project_id: 'shop' },
    "select * from `models`\nwhere `name` = 'o\\'b'\norder by `id` desc\nlimit 100 offset 200",
  ],
  [
    'snowflake',
    { host: 'a-b', username: 'u', database: 'd', password: 'p' },
    `select * from "MODELS"\nwhere "NAME" = 'o''b'\norder by "ID" desc\nlimit 100 offset 200`,
  ],
  [
    'databricks',
    { server_hostname: 'h', http_path: '/p', catalog: 'c', access_token: 't' },
    "select * from `models`\nwhere `name` = 'o\\'b'\norder by `id` desc\nlimit 100 offset 200",
  ],
])('rows are asked of %s in its own SQL', async (type, credentials, sql) => {
  const destination = type === 'duckdb' ? type : { type, credentials };
  const pipeline = { name: 'shop', destination };
  const source = { name: 'shop', client: { base_url: 'http://127.0.0.1:9/' }, resources: ['models'] };
  const config = await loadConfigText(JSON.stringify({ pipeline, source }), '/nowhere', { env: {} });
  const words = await destinationOf(config).words();
  expect(rowsSql({ table: 'models', filters, order, limit: 100, offset: 200 }, words)).toBe(sql);
});
