// npm run test:browser [-- --if-possible]: the dashboard in Chromium of this machine. Where there is none, root of a Debian gets it
// from the system's packages, and everybody else is told; with --if-possible that is no failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const isOptional = process.argv.includes('--if-possible');
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const chromium = process.env.CHROMIUM ?? found() ?? installed();
if (chromium === undefined) {
  console.error(
    'NOT RUN: browser. There is no Chromium here: install it (apt-get install chromium), or name one in CHROMIUM.',
  );
  process.exit(isOptional ? 0 : 1);
}
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', config], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CHROMIUM: chromium },
});
process.exitCode = status ?? 1;

function found() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places].find((path) =>
    existsSync(path),
  );
}

/** Two minutes at most. */
function installed() {
  if (process.getuid?.() !== 0) return undefined;
  const apt = (...args) =>
    spawnSync('timeout', ['120', 'apt-get', ...args], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  const install = () => apt('install', '-y', '--no-install-recommends', 'chromium').status === 0;
  if (!install()) {
    apt('update');
    install();
  }
  return found();
}
