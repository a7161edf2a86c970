import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { Secret } from '../../src/config/secret.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { problems } from './loading.ts';

const withDestination = (destination: string) =>
  `pipeline: { name: shop, destination: ${destination} }\nsource: { name: shop_api, client: { base_url: "https://api.example.com/" }, resources: [orders] }\n`;

async function credentialsOf(destination: string, env = {}) {
  const cwd = await tempFolder({ 'pipeline.config.yaml': withDestination(destination) });
  const { pipeline } = await loadConfig('pipeline.config.yaml', { cwd, env });
  if (pipeline.destination.type !== 'snowflake') throw new Error(pipeline.destination.type);
  const entries = Object.entries(pipeline.destination.credentials).flatMap(([key, value]) => {
    const shown = value instanceof Secret ? (value.isMissing ? undefined : value.reveal()) : value;
    return shown === undefined ? [] : [[key, shown]];
  });
  return { cwd, credentials: Object.fromEntries(entries) };
}

describe('where an account of Snowflake is', () => {
  const variables = 'DESTINATION__SNOWFLAKE__CREDENTIALS';
  const parts = {
    host: 'org-account',
    database: 'SHOP',
    username: 'loader',
    password: 'p@ss',
    warehouse: 'LOADING',
    role: 'WRITER',
    connect_timeout: 60_000,
  };
  const string = 'snowflake://loader:p%40ss@org-account/SHOP?warehouse=LOADING&role=WRITER';

  test.each<[string, string, Record<string, string>]>([
    ['in a connection string', `{ type: snowflake, credentials: "${string}" }`, {}],
    ['in one with a schema', `{ type: snowflake, credentials: "${string.replace('SHOP', 'SHOP/data')}" }`, {}],
    [
      'in parts',
      '{ type: snowflake, credentials: { host: org-account, database: SHOP, username: loader, password: "p@ss", warehouse: LOADING, role: WRITER } }',
      {},
    ],
    ['in a variable', 'snowflake', { [variables]: string }],
    [
      'in variables, over parts of the string',
      'snowflake',
      { [variables]: string.replace('LOADING', 'OTHER'), [`${variables}__WAREHOUSE`]: 'LOADING' },
    ],
  ])('%s', async (_, destination, env) => {
    expect((await credentialsOf(destination, env)).credentials).toEqual(parts);
  });

  test('a key stands in a variable, in a connection string, or in a file beside the configuration', async () => {
    const bare = 'snowflake://loader@org-account/SHOP';
    const inVariable = await credentialsOf('snowflake', { [variables]: bare, [`${variables}__PRIVATE_KEY`]: 'abc' });
    expect(inVariable.credentials).toMatchObject({ private_key: 'abc' });
    const inString = await credentialsOf('snowflake', { [variables]: `${bare}?private_key=ab%2Bc&token=t` });
    expect(inString.credentials).toMatchObject({ private_key: 'ab+c', token: 't' });
    const { cwd, credentials } = await credentialsOf(
      `{ type: snowflake, credentials: "${bare}?private_key_path=k.p8" }`,
    );
    expect(credentials).toMatchObject({ private_key_path: join(cwd, 'k.p8') });
  });

  test.each([
    ['"postgresql://u:p@h/d"', 'expected a connection string that begins with `snowflake://`'],
    ['"snowflake://u:p@account"', 'needs `database`'],
    ['{ host: account }', 'needs `database` and `username`'],
    [
      '"snowflake://u:p@account/db?warehous=w"',
      'unknown parameter `warehous` of a connection string, did you mean `warehouse`?',
    ],
  ])('%s is a problem', async (credentials, problem) => {
    const text = withDestination(`{ type: snowflake, credentials: ${credentials} }`);
    expect(JSON.stringify(await problems(text))).toContain(problem);
  });
});
