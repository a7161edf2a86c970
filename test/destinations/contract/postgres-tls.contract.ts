import { expect, test } from 'vitest';
import type { PostgresCredentials } from '../../../src/config/grammar/postgres-credentials.ts';
import { Secret } from '../../../src/config/secret.ts';
import { connectPostgres } from '../../../src/destinations/warehouse/wire/postgres-client.ts';

const url = new URL(process.env.TEST_POSTGRES ?? 'postgresql://nobody@127.0.0.1:9/none');
const authority = process.env.TEST_POSTGRES_CA;

async function isEncrypted(parts: Partial<PostgresCredentials>): Promise<unknown> {
  const client = await connectPostgres({
    location: 'the server',
    dataset: 'public',
    settings: 'select 1',
    credentials: {
      ...{ host: '127.0.0.1', port: Number(url.port), database: 'postgres', username: url.username },
      password: Secret.found('password', decodeURIComponent(url.password), 'here'),
      ...{ connect_timeout: 10_000, sslmode: 'verify-full', sslrootcert: undefined },
      ...{ sslcert: undefined, sslkey: undefined },
      ...parts,
    },
  });
  const { rows } = await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
  await client.end();
  return rows[0]?.ssl;
}

// The certificate is for 127.0.0.1, by an authority that this machine does not know.
test.each<readonly [string, Partial<PostgresCredentials>, unknown]>([
  ['verify-full', { sslrootcert: authority }, 't'],
  ['verify-ca with another name', { sslrootcert: authority, sslmode: 'verify-ca', host: 'localhost' }, 't'],
  ['require with another name and authority', { sslmode: 'require', host: 'localhost' }, 't'],
  ['prefer', { sslmode: 'prefer' }, 't'],
  ['disable', { sslmode: 'disable' }, 'f'],
])('%s lets the server in', async (_, parts, encrypted) => {
  expect(await isEncrypted(parts)).toBe(encrypted);
});

test.each<readonly [string, Partial<PostgresCredentials>, object]>([
  [
    'another name',
    { sslrootcert: authority, host: 'localhost' },
    { exitCode: 6, hint: /the host as its certificate does/ },
  ],
  ['an unknown authority', {}, { exitCode: 6, hint: /credentials\.sslrootcert/ }],
  ['an unknown authority, by verify-ca', { sslmode: 'verify-ca' }, { exitCode: 6, hint: /credentials\.sslrootcert/ }],
  [
    'a file that is not there',
    { sslrootcert: '/nowhere/ca.crt' },
    { exitCode: 2, message: /^The file .+`credentials\.sslrootcert`/ },
  ],
])('%s is refused', async (_, parts, expected) => {
  const patterns = Object.entries(expected).map(([key, value]) => [
    key,
    value instanceof RegExp ? expect.stringMatching(value) : value,
  ]);
  await expect(isEncrypted(parts)).rejects.toMatchObject(Object.fromEntries(patterns));
});
