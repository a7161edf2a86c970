// What lanes install for themselves, once: into a folder outside of the repository, which `npm ci` leaves alone.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './programs.mjs';

const cache =
  process.env.DEZGO_ELT_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'dezgo-elt-test');

/**
 * A folder that `make` fills, made anew where `what` changed; a half-made one is never used.
 *
 * @param {string} what all that it depends on
 * @param {(folder: string) => Promise<void>} make
 */
export async function installed(name, what, make) {
  const folder = join(cache, name);
  const label = join(folder, 'installed.txt');
  if (existsSync(label) && (await readFile(label, 'utf8')) === what) return folder;
  console.error(`Installing ${name} into ${cache} ...`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await make(folder);
  const draft = `${label}.next`;
  await writeFile(draft, what);
  await rename(draft, label);
  return folder;
}

/** A virtual environment of Python; its programs are in `bin`. */
export function pythonPackages(name, ...packages) {
  return installed(name, packages.join(' '), async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  });
}

/** Packages of npm, in the `node_modules` of the folder. */
export function npmPackages(name, ...packages) {
  return installed(name, packages.join(' '), async (folder) => {
    await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', ...packages]);
  });
}

/** A program written in Go; it is in `bin`. */
export function goProgram(name, ...packages) {
  return installed(name, packages.join(' '), async (folder) => {
    for (const one of packages)
      await run('go', ['install', one], { env: { ...process.env, GOBIN: join(folder, 'bin'), CGO_ENABLED: '0' } });
  });
}
