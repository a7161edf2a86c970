import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { missingSecrets } from '../../src/config/missing-secrets.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { failure } from './loading.ts';

async function loading(destination: string, secrets: string) {
  const config = `pipeline: { name: shop, destination: ${destination} }
source: { name: shop_api, client: { base_url: "https://api.example.com/", auth: { type: bearer, token: { secret: api_key } } }, resources: [orders] }
`;
  const cwd = await tempFolder({ 'pipeline.config.yaml': config, 'secrets.yaml': secrets });
  await chmod(path.join(cwd, 'secrets.yaml'), 0o600);
  return loadConfig('pipeline.config.yaml', { cwd, env: {} });
}

/** What is said of keys in secrets.yaml, without the folder. */
async function said(destination: string, secrets: string): Promise<string[]> {
  const config = await loading(destination, secrets);
  const warnings = config.warnings.flatMap(({ at = '', message }) =>
    at.includes('secrets.yaml') ? [`${at.split(' ')[0]} ${message}`] : [],
  );
  const missing = (await missingSecrets(config)).flatMap(({ message }) => /\(did you.*?\)/.exec(message) ?? []);
  return [...warnings, ...missing];
}

const server = 'host: h, database: d, username: u';
const postgres = `{ type: postgres, credentials: { ${server} } }`;
const key = 'sources: { shop_api: { api_key: k } }\n';
const idle = 'is asked for by nothing here and is ignored';

test.each<[string, string, string[]]>([
  [
    postgres,
    `${key}destination: { postgres: { credentials: { pasword: p } } }`,
    [
      `\`destination.postgres.credentials.pasword\` ${idle}, did you mean \`destination.postgres.credentials.password\`?`,
    ],
  ],
  [
    postgres,
    `${key}destination: { postgres: { credentails: { password: p } } }`,
    [
      `\`destination.postgres.credentails.password\` ${idle}, did you mean \`destination.postgres.credentials.password\`?`,
    ],
  ],
  [
    postgres,
    `${key}destination: { postgres: { credentials: { zzz: p } } }`,
    [`\`destination.postgres.credentials.zzz\` ${idle}`],
  ],
  [
    'postgres',
    `${key}destination: { postgress: { credentials: "postgresql://u:p@h/d" } }`,
    [`\`destination.postgress\` ${idle}, did you mean \`postgres\`?`, '(did you mean it by `destination.postgress`?)'],
  ],
  [
    postgres,
    `${key}destinations: { postgres: { credentials: { password: p } } }`,
    [`\`destinations\` ${idle}, did you mean \`destination\`?`],
  ],
  [postgres, 'sources: { shop_api: { api_kye: k } }', ['(did you mean it by `sources.shop_api.api_kye`?)']],
  [
    postgres,
    'sources: { shop_apy: { api_key: k } }',
    [`\`sources.shop_apy\` ${idle}, did you mean \`shop_api\`?`, '(did you mean it by `sources.shop_apy`?)'],
  ],
])('a key of secrets.yaml that is mistyped is named: %s, %s', async (destination, secrets, expected) => {
  expect(await said(destination, secrets)).toEqual(expected);
});

test.each([
  [
    postgres,
    `${key}destination: { postgres: { credentials: { password: p, sslmode: require } }, snowflake: { x: y } }`,
  ],
  [
    '{ type: postgres, credentials: { host: h, database: d, username: u, password: { secret: own } } }',
    `${key}destination: { postgres: { credentials: { own: p } } }`,
  ],
  ['duckdb', 'sources: { shop_api: { api_key: k, other: o }, elsewhere: { api_key: k } }\nnotes: mine'],
])('what is asked for, or can be for another pipeline, is not: %s, %s', async (destination, secrets) => {
  expect(await said(destination, secrets)).toEqual([]);
});

test('what is missing of the destination is told with the key that was mistyped for it', async () => {
  const secrets = `${key}destination: { postgres: { credentials: { databse: d } } }`;
  const { message } = await failure(loading('{ type: postgres, credentials: { host: h, username: u } }', secrets));
  expect(message).toContain('credentials  needs `database`');
  expect(message).toMatch(/credentials\.databse` in .* did you mean `destination\.postgres\.credentials\.database`/);
});
