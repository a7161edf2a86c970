// Programs that a lane needs: run to their end, or started and stopped again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** This machine lacks what a lane needs; the message says what. */
export class Unavailable extends Error {}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote
 * @throws Unavailable: it is not there, or it failed
 */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const said = listen(child);
  const code = await new Promise((done) => child.once('error', done).once('close', done));
  if (code === 0) return said.text;
  const why = code instanceof Error ? code.message : `it ended with ${code}: ${said.text.trim().slice(-2000)}`;
  throw new Unavailable(`${program} ${args.slice(0, 3).join(' ')}: ${why}`);
}

/**
 * Starts a program, and waits until it answers.
 *
 * @param {() => Promise<boolean>} isReady
 * @returns a function that stops it
 */
export async function start(program, args, isReady, { seconds = 120, ...options } = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const said = listen(child);
  let failure;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it ended with ${code ?? signal}`;
  });
  const stop = async () => {
    if (failure !== undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const late = sleep(5_000, 'late', { ref: false });
    if ((await Promise.race([gone, late])) === 'late') child.kill('SIGKILL');
    await gone;
  };
  for (const end = Date.now() + seconds * 1000; ; await sleep(100)) {
    if (failure !== undefined) throw new Unavailable(`${program}: ${failure}: ${said.text.trim().slice(-2000)}`);
    if (await isReady().catch(() => false)) return stop;
    if (Date.now() < end) continue;
    await stop();
    throw new Unavailable(`${program} did not answer within ${seconds} s: ${said.text.trim().slice(-2000)}`);
  }
}

/** Whether somebody listens on the port. */
export function isListening(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true));
    socket.once('error', () => done(false)).once('connect', () => socket.destroy());
  });
}

function listen(child) {
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => {
      said.text = `${said.text}${text}`.slice(-20_000);
    });
  return said;
}
