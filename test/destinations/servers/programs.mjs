// Programs that a lane needs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

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

function listen(child) {
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => {
      said.text = `${said.text}${text}`.slice(-20_000);
    });
  return said;
}
