import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { connectPostgres } from '../../../src/destinations/warehouse/wire/postgres-client.ts';
import { postgresError, statementError } from '../../../src/destinations/warehouse/wire/postgres-errors.ts';
import { postgresLocation } from '../../../src/destinations/warehouse/wire/postgres-location.ts';
import { StatementFailed } from '../../../src/load/asker.ts';

const PASSWORD = 'correct horse battery staple';

const credentials = {
  host: '127.0.0.1',
  port: 1,
  database: 'shop',
  username: 'loader',
  password: Secret.found('password', PASSWORD, 'here'),
  connect_timeout: 300,
  sslmode: 'disable',
  sslrootcert: undefined,
  sslcert: undefined,
  sslkey: undefined,
} as const;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A server that is none; answers its port. */
function server(answer: (socket: Socket) => void): Promise<number> {
  return new Promise((resolve) => {
    const sockets: Socket[] = [];
    const listening = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      answer(socket);
    }).listen(0, '127.0.0.1', () => {
      const address = listening.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
    ends.push(() => {
      for (const socket of sockets) socket.destroy();
      listening.close();
    });
  });
}

describe('a server that cannot be reached, or is none, is an error that says so and holds no password', () => {
  test.each<[string, ((socket: Socket) => void) | undefined, 'disable' | 'prefer', RegExp]>([
    ['nobody listens', undefined, 'disable', /refused the connection/],
    ['it closes at once', (socket) => socket.destroy(), 'disable', /ended the connection|broke off/],
    ['it says nothing', () => undefined, 'disable', /does not answer/],
    ['it says nothing of encryption', () => undefined, 'prefer', /does not answer/],
    ['it speaks HTTP', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'prefer', /does not speak as/],
    [
      'it sends what nobody knows',
      (socket) => socket.on('data', () => socket.write(Buffer.from([33, 0, 0, 0, 4]))),
      'disable',
      /does not speak as/,
    ],
  ])('%s', async (_, answer, sslmode, said) => {
    const port = answer === undefined ? 1 : await server(answer);
    const there = { ...credentials, port, sslmode };
    const place = { location: postgresLocation(there), credentials: there, dataset: 'd', settings: '' };
    const failed = await connectPostgres(place).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: 'DestinationFailed', message: expect.stringMatching(said), exitCode: 6 });
    expect(JSON.stringify(failed)).not.toContain(PASSWORD);
    expect(String(failed instanceof Error && failed.stack)).not.toContain(PASSWORD);
  });
});

describe('what a server says', () => {
  const said = (code: string, message = 'words') => Object.assign(new Error(message), { code });

  test.each([
    ['28P01', 'ConfigInvalid', 2],
    ['28000', 'ConfigInvalid', 2],
    ['3D000', 'ConfigInvalid', 2],
    ['42501', 'DestinationFailed', 6],
    ['25006', 'DestinationFailed', 6],
    ['53100', 'DestinationFailed', 6],
    ['53300', 'DestinationFailed', 6],
    ['55P03', 'DestinationLocked', 6],
    ['57P01', 'DestinationFailed', 6],
    ['22003', 'ContractViolated', 7],
    ['23505', 'ContractViolated', 7],
    ['XX000', 'DestinationFailed', 6],
  ])('%s is %s, exit %i, with what to do', (code, is, exitCode) => {
    const error = postgresError(said(code), 'postgres://h:1/d');
    expect(error).toMatchObject({ code: is, exitCode, hint: expect.stringMatching(/\w/) });
    expect(error).toMatchObject({ message: expect.stringMatching(/^postgres:\/\/h:1\/d .*: words\.$/) });
  });

  test.each([
    ['42P01', 'relation "models" does not exist', 'statement', 'models'],
    ['42703', 'column "x" does not exist', 'statement', undefined],
    ['2201B', 'invalid regular expression', 'statement', undefined],
    ['25006', 'cannot execute DELETE in a read-only transaction', 'rights', undefined],
    ['22012', 'division by zero', 'value', undefined],
  ])('of SQL that somebody else wrote, %s is the fault of its SQL or its values', (code, message, about, missing) => {
    const error = statementError(said(code, message), 'postgres://h:1/d');
    expect(error).toBeInstanceOf(StatementFailed);
    expect(error).toMatchObject({ message, about, missing });
  });
});

test('a location tells where, and neither who nor with which password', () => {
  const at = (host: string, database = 'shop') => postgresLocation({ ...credentials, host, database, port: 5432 });
  expect([at('db.example'), at('::1'), at('/var/run/postgresql'), at('db', 'a/b?c')]).toEqual([
    'postgres://db.example:5432/shop',
    'postgres://[::1]:5432/shop',
    'postgres://%2Fvar%2Frun%2Fpostgresql:5432/shop',
    'postgres://db:5432/a%2Fb%3Fc',
  ]);
});
