import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Effects, isAlive, realEffects } from '../../src/effects.ts';
import { runHookCommand } from '../../src/notify/hook-command.ts';
import { patienceFor } from '../../src/notify/patience.ts';
import { tempFolder } from '../support/temp-folder.ts';

const node = (script: string) => [process.execPath, '-e', script];

async function run(command: readonly string[], timeout = 300_000, input = '{}\n') {
  const folder = await tempFolder();
  const reason = await runHookCommand({ command, input, folder, timeout }, realEffects);
  return { folder, reason };
}

test('a command gets the message on its standard input, in the folder of the configuration, and no shell reads it', async () => {
  const script = `let all = ''; process.stdin.on('data', (d) => { all += d; }).on('end', () => require('fs').writeFileSync('got', all + process.argv[1]));`;
  const { folder, reason } = await run([...node(script), '$HOME; `id`'], 300_000, '{"text":"it failed"}\n');
  expect(reason).toBeUndefined();
  expect(await readFile(join(folder, 'got'), 'utf8')).toBe('{"text":"it failed"}\n$HOME; `id`');
});

test.each([
  ['ends with 1 and says why', node('console.error("no such list"); process.exit(1)'), 'it ended with 1: no such list'],
  ['ends itself', node('process.kill(process.pid, "SIGTERM")'), 'it was ended by SIGTERM'],
  ['is not there', ['no-such-program-here'], 'there is no program `no-such-program-here`'],
  ['is a folder', ['/'], '`/` could not be started: this user lacks the permission (EACCES)'],
  ['has a name that cannot be', ['a\0b'], expect.stringMatching(/could not be started/)],
  [
    'closes its input and writes 200 MB',
    ['sh', '-c', 'exec 0<&-; head -c 100000000 /dev/zero; head -c 100000000 /dev/zero >&2'],
    undefined,
  ],
])('of a command that %s', async (_, command, reason) => {
  expect((await run(command, 300_000, 'x'.repeat(1_000_000))).reason).toEqual(reason);
});

test('a command that hangs and heeds no SIGTERM is killed when its time is up, with what it started', async () => {
  const script = `trap '' TERM; sleep 600 & echo $$ $! > pids; wait; sleep 600`;
  const folder = await tempFolder();
  const pidsOf = () => (existsSync(join(folder, 'pids')) ? readFileSync(join(folder, 'pids'), 'utf8') : '');
  const sleep = () => expect.poll(pidsOf).toMatch(/\n$/); // its time is up when it has started both
  const command = ['sh', '-c', script];
  const told = runHookCommand({ command, input: '', folder, timeout: 1500 }, { ...realEffects, sleep });
  expect(await told).toBe('it was not done within 1.5 s and was killed');
  const pids = pidsOf().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  await expect.poll(() => pids.some(isRunning)).toBe(false);
});

test('a command is killed before its time is up where the run that tells it was stopped, five seconds after that', async () => {
  const stop = new AbortController();
  const sleep: Effects['sleep'] = (milliseconds, signal) => realEffects.sleep(milliseconds / 100, signal);
  const { over: signal, end } = patienceFor(stop.signal, { sleep });
  const folder = await tempFolder();
  const told = runHookCommand({ command: ['sleep', '600'], input: '', folder, timeout: 600_000, signal }, realEffects);
  stop.abort();
  expect(await told).toBe('the run was stopped, and 5 s more were not enough');
  end();
});

/** Where nobody collects what has ended, it stays as a zombie. */
function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
