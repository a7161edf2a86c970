// npm run test:destinations [-- NAME…]: starts the servers that the lanes need, runs the contract in them, and stops the servers.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defaultLanes, lanes } from './lanes.mjs';
import { Unavailable } from './servers/programs.mjs';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in lanes));
if (unknown.length > 0) {
  console.error(`There is no lane ${unknown.join(', ')}. There are: ${Object.keys(lanes).join(', ')}.`);
  process.exit(2);
}

const started = new Map();
const skipped = [];
let isStopped = false;
let suite;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, async () => {
    suite?.kill('SIGTERM');
    await stopAll();
    process.exit(130);
  });

try {
  process.exitCode = await test(asked.length > 0 ? asked : defaultLanes);
} finally {
  await stopAll();
}

/** @returns the exit code */
async function test(names) {
  const runnable = [];
  for (const name of names) if (await prepare(name)) runnable.push(name);
  const code = runnable.length === 0 ? 1 : await runSuite(runnable);
  for (const { name, why } of skipped)
    console.error(`\nNOT RUN: ${name}, because this machine lacks what it needs:\n  ${why}`);
  return asked.length > 0 && skipped.length > 0 ? code || 1 : code;
}

/** Whether it can be run here. */
async function prepare(name) {
  try {
    for (const start of lanes[name]) if (!started.has(start) && !isStopped) started.set(start, await start());
    return true;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    skipped.push({ name, why: error.message });
    return false;
  }
}

function runSuite(names) {
  const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const env = { ...process.env, TEST_DESTINATIONS: names.join() };
  for (const server of started.values()) Object.assign(env, server.env);
  suite = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', config], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  return new Promise((done) => suite.once('exit', (code) => done(code ?? 1)));
}

async function stopAll() {
  isStopped = true;
  const servers = [...started.values()];
  started.clear();
  await Promise.all(servers.map((server) => server.stop()));
}
