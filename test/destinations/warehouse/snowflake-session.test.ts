import { generateKeyPairSync } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { privateKeyOf } from '../../../src/destinations/warehouse/snowflake/snowflake-key.ts';
import { SnowflakeSession } from '../../../src/destinations/warehouse/snowflake/snowflake-session.ts';
import { SnowflakeValues } from '../../../src/destinations/warehouse/snowflake/snowflake-values.ts';
import { fragment } from '../../../src/load/staging/sql-fragment.ts';
import { answering } from '../../support/snowflake-connection.ts';

test('a statement that the driver never answers ends with the limit', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const connection = { ...answering([]), execute: () => answering([]).execute(never) };
    const session = new SnowflakeSession({ connection, location: 'snowflake://account/db', limit: 5000 });
    const asked = session.run(fragment('select 1'));
    const told = expect(asked).rejects.toMatchObject({
      exitCode: 6,
      message: 'snowflake://account/db did not finish a statement within 5 s.',
      hint: expect.stringContaining('`statement_timeout`'),
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await told;
  } finally {
    vi.useRealTimers();
  }
});

const never = { sqlText: '', rowMode: 'array', fetchAsString: [], complete: () => undefined } as const;

test('a session that is already over ends', async () => {
  const destroy = () => {
    throw new Error('Unable to perform operation using terminated connection.');
  };
  const connection = { ...answering([]), destroy };
  await new SnowflakeSession({ connection, location: 'x', limit: 5000 }).end();
});

test('a run that is told to stop does not wait for the driver', async () => {
  const stop = new AbortController();
  const connection = { ...answering([]), execute: () => answering([]).execute(never) };
  const session = new SnowflakeSession({ connection, location: 'x', limit: 5000, signal: stop.signal });
  const asked = session.run(fragment('select 1'));
  stop.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
});

test('numbers, times, bytes and JSON are read as what they are', () => {
  const columns = [
    ['N', 'fixed', 19, 0],
    ['D', 'fixed', 18, 4],
    ['F', 'real'],
    ['T', 'timestamp_tz'],
    ['B', 'binary'],
    ['V', 'variant'],
    ['mixedCase', 'text'],
  ] as const;
  const values = new SnowflakeValues(
    columns.map(([name, type, precision, scale]) => ({
      getName: () => name,
      getType: () => type,
      getPrecision: () => precision,
      getScale: () => scale,
    })),
  );
  expect(values.columns.map(({ name, type }) => `${name} ${type.alias ?? type}`)).toEqual([
    'n BIGINT',
    'd DECIMAL(18,4)',
    'f DOUBLE',
    't TIMESTAMP WITH TIME ZONE',
    'b BLOB',
    'v JSON',
    'mixedCase VARCHAR',
  ]);
  const row = ['9223372036854775807', '0.5000', '-inf', '2026-01-31 09:30:00.500000+0200', '00ff', '{"a":1}', 'x'];
  expect(values.read(row).map(String)).toEqual([
    '9223372036854775807',
    '0.5000',
    '-Infinity',
    '2026-01-31 07:30:00.5+00',
    '\\x00\\xFF',
    '{"a":1}',
    'x',
  ]);
});

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const encrypted = privateKey
  .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'pass' })
  .toString();

test.each([
  ['PEM', pem, undefined],
  ['PEM in one line', pem.replaceAll('\n', '\\n'), undefined],
  ['its base64', Buffer.from(pem).toString('base64'), undefined],
  ['bytes in base64', privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'), undefined],
  ['encrypted', encrypted, 'pass'],
  ['encrypted, in base64', Buffer.from(encrypted).toString('base64'), 'pass'],
])('a private key is read: %s', async (_, written, passphrase) => {
  expect(await privateKeyOf(credentials(written, passphrase))).toBe(pem);
});

test.each([
  ['no key', 'abc', undefined],
  ['another passphrase', encrypted, 'other'],
  ['none', encrypted, undefined],
])('one that cannot be read is a mistake of the configuration: %s', async (_, written, passphrase) => {
  await expect(privateKeyOf(credentials(written, passphrase))).rejects.toMatchObject({
    exitCode: 2,
    message: 'The private key of the destination cannot be read.',
  });
});

function credentials(written: string, passphrase: string | undefined) {
  const secret = (key: string, value: string | undefined) =>
    value === undefined ? Secret.missing(key, [], true) : Secret.found(key, value, 'a test');
  return {
    private_key: secret('private_key', written),
    private_key_path: undefined,
    private_key_passphrase: secret('private_key_passphrase', passphrase),
  };
}
