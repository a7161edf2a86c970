import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './installed.mjs';
import { freePort, isListening, run, start } from './programs.mjs';

/** Compiled, the parser of SQL takes a tenth of the time, of which nearly all is its own. */
const parser = ['sqlglot==30.11.0', 'sqlglotc==30.11.0'];
const packages = ['bqemulator==1.4.0', ...parser, 'numpy', 'duckdb==1.5.5', 'duckdb-extension-spatial==1.5.5'];

/** An emulator of BigQuery, which keeps everything in memory. It lets everybody in. */
export async function startBigquery() {
  const emulator = await emulatorFolder();
  const home = await mkdtemp(join(await realpath(tmpdir()), 'dezgo-elt-bigquery-'));
  const [port, other] = [await freePort(), await freePort()];
  const args = ['start', '--rest-port', String(port), '--grpc-port', String(other), '--project', 'test'];
  const env = { ...process.env, HOME: join(emulator, 'home') };
  const remove = () => rm(home, { recursive: true, force: true });
  try {
    const program = fileURLToPath(new URL('patched_bqemulator.py', import.meta.url));
    const stop = await start(join(emulator, 'bin', 'python'), [program, ...args], () => isListening(port), {
      ...{ env, cwd: home, seconds: 300 },
    });
    return {
      env: { TEST_BIGQUERY: `http://127.0.0.1:${port}`, TEST_BIGQUERY_PROJECT: 'test' },
      stop: () => stop().finally(remove),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** With DuckDB's extension for shapes in its home, without which it does not start. */
function emulatorFolder() {
  return installed('bqemulator', packages.join(' '), async (folder) => {
    const pip = join(folder, 'bin', 'pip');
    await run('python3', ['-m', 'venv', folder]);
    await run(pip, ['install', '--quiet', '--disable-pip-version-check', ...packages]);
    const [python] = (await readdir(join(folder, 'lib'))).filter((name) => name.startsWith('python'));
    const inside = join(
      'site-packages',
      'duckdb_extension_spatial',
      'extensions',
      'v1.5.5',
      'spatial.duckdb_extension',
    );
    const sql = `install '${join(folder, 'lib', python ?? '', inside)}'`;
    const env = { ...process.env, HOME: join(folder, 'home') };
    await mkdir(env.HOME, { recursive: true });
    await run(join(folder, 'bin', 'python'), ['-c', `import duckdb; duckdb.connect().execute("${sql}")`], { env });
  });
}
