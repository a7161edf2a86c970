import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { Secret } from '../../src/config/secret.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { problems } from './loading.ts';

const withDestination = (destination: string) =>
  `pipeline: { name: shop, destination: ${destination} }\nsource: { name: shop_api, client: { base_url: "https://api.example.com/" }, resources: [orders] }\n`;

async function loaded(destination: string, env = {}, files = {}) {
  const cwd = await tempFolder({ 'pipeline.config.yaml': withDestination(destination), ...files });
  return loadConfig('pipeline.config.yaml', { cwd, env });
}

const parts = { project_id: 'my-shop', client_email: 'loader@my-shop.example', private_key: 'a key of several lines' };
const keyFile = JSON.stringify({ type: 'service_account', ...parts, token_uri: 'https://oauth2.example.com/token' });
const all = 'DESTINATION__BIGQUERY__CREDENTIALS';

test.each<[string, string, Record<string, string>, Record<string, string>]>([
  ['the JSON of a key file in a variable', 'bigquery', { [all]: keyFile }, {}],
  [
    'parts in variables, as dlt calls them',
    'bigquery',
    {
      [`${all}__PROJECT_ID`]: parts.project_id,
      [`${all}__CLIENT_EMAIL`]: parts.client_email,
      [`${all}__PRIVATE_KEY`]: parts.private_key,
    },
    {},
  ],
  [
    'the configuration, and the key in a variable',
    `{ type: bigquery, credentials: { project_id: my-shop, client_email: ${parts.client_email} } }`,
    { [`${all}__PRIVATE_KEY`]: parts.private_key },
    {},
  ],
  [
    'secrets.yaml',
    'bigquery',
    {},
    { 'secrets.yaml': `destination: { bigquery: { credentials: ${JSON.stringify(parts)} } }\n` },
  ],
  [
    'secrets.toml of dlt',
    'bigquery',
    {},
    {
      '.dlt/secrets.toml': `[destination.bigquery.credentials]\n${Object.entries(parts)
        .map(([name, value]) => `${name} = "${value}"`)
        .join('\n')}\n`,
    },
  ],
])('credentials of BigQuery come from %s, and are not printed', async (_, destination, env, files) => {
  const config = await loaded(destination, env, files);
  const settings = config.pipeline.destination;
  if (settings.type !== 'bigquery') throw new Error(settings.type);
  const { project_id, client_email, private_key } = settings.credentials;
  expect({ project_id, client_email, private_key: private_key.reveal() }).toEqual(parts);
  expect(settings).toMatchObject({ location: 'US' });
  expect(JSON.stringify(config)).not.toContain(parts.private_key);
});

test('without a key whoever runs it signs in, and without a project all places are told', async () => {
  const { pipeline } = await loaded('{ type: bigquery, location: EU, credentials: { project_id: my-shop } }');
  if (pipeline.destination.type !== 'bigquery') throw new Error(pipeline.destination.type);
  const { credentials, location } = pipeline.destination;
  expect({ location, key: await credentials.private_key.revealed(), missing: credentials.missing }).toEqual({
    location: 'EU',
  });

  const nowhere = (await loaded('bigquery')).pipeline.destination;
  const missing = nowhere.type === 'bigquery' ? nowhere.credentials.missing : undefined;
  expect(missing).toBeInstanceOf(Secret);
  expect(() => missing?.reveal()).toThrow(/environment DESTINATION__BIGQUERY__CREDENTIALS;/);
});

test.each([
  ['{ type: bigquery, credentials: "a password" }', 'expected the JSON of the key file of a service account'],
  ['{ type: bigquery, credentials: { client_email: a@b } }', 'needs `project_id`'],
  ['{ type: bigquery, credentials: { project_id: shop, private_key: a key } }', 'needs `client_email`'],
  ['{ type: bigquery, location: "E U" }', 'location'],
])('%s is a problem', async (destination, message) => {
  expect((await problems(withDestination(destination))).join('\n')).toContain(message);
});
