// npm run test:destinations [-- NAME…]: starts the servers that the lanes need, runs the contract on them, and stops them.
// npm run test:live -- NAME…: the same with somebody's account instead of a server of ours.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultLanes, lanes } from './lanes.mjs';
import { Unavailable } from './servers/programs.mjs';

const { positionals: asked, values } = parseArgs({ allowPositionals: true, options: { live: { type: 'boolean' } } });
const isLive = values.live === true;
const root = fileURLToPath(new URL('../..', import.meta.url));
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));

/** What was started, by what started it. */
const started = new Map();
/** Lanes that this machine cannot run, and why. */
const skipped = new Map();
let suite;

const wrong = whatIsWrong();
if (wrong !== undefined) {
  console.error(wrong);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, async () => {
    suite?.kill('SIGTERM');
    await stopAll();
    process.exit(130);
  });
try {
  process.exitCode = await testAll(asked.length > 0 ? asked : defaultLanes);
} finally {
  await stopAll();
}

function whatIsWrong() {
  const unknown = asked.filter((name) => !Object.hasOwn(lanes, name));
  const known = Object.keys(lanes).join(', ');
  if (unknown.length > 0) return `There is no destination ${unknown.join(', ')} to test. There are: ${known}.`;
  if (!isLive) return undefined;
  if (asked.length === 0) return `Name what you have an account for: npm run test:live -- NAME. There are: ${known}.`;
  const lines = asked.flatMap((name) => {
    const { account } = lanes[name];
    if (account === undefined) return `${name} needs no account: npm run test:destinations -- ${name}`;
    const [variable] = account.split('=');
    return process.env[variable] ? [] : `${name} needs to know your account: ${account} npm run test:live -- ${name}`;
  });
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** @returns the exit code: a lane that was asked for by name and cannot be run is a failure */
async function testAll(names) {
  for (const name of names) await prepare(name);
  const runnable = names.filter((name) => !skipped.has(name));
  const code = runnable.length === 0 ? 1 : await runSuite(runnable);
  for (const [name, why] of skipped) console.error(`\nNOT RUN: ${name}. This machine lacks what it needs: ${why}`);
  return asked.length > 0 && skipped.size > 0 ? code || 1 : code;
}

async function prepare(name) {
  const { servers, clients = [] } = lanes[name];
  try {
    for (const start of isLive ? clients : [...clients, ...servers])
      if (!started.has(start)) started.set(start, await start());
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    skipped.set(name, error.message);
  }
}

function runSuite(names) {
  const env = { ...process.env, TEST_DESTINATIONS: names.join() };
  for (const { env: given } of started.values())
    Object.assign(env, given, given.NODE_OPTIONS && { NODE_OPTIONS: joined(env.NODE_OPTIONS, given.NODE_OPTIONS) });
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', config];
  suite = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  return new Promise((done) => suite.once('exit', (code) => done(code ?? 1)));
}

/** What each of them preloads. */
function joined(...options) {
  return [...new Set(options.join(' ').trim().split(/\s+/))].join(' ');
}

async function stopAll() {
  const servers = [...started.values()];
  started.clear();
  await Promise.all(servers.map((server) => server.stop()));
}
