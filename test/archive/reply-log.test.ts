import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ReplyLog } from '../../src/archive/reply-log.ts';
import { tempFolder } from '../support/temp-folder.ts';

const LOAD = '1750000000.1';
const asker = {
  resource: 'orders',
  isPaid: false,
  mask: { text: (text: string) => text, body: (bytes: Buffer) => bytes },
  isAnswer: () => true,
};
const request = { method: 'GET', url: 'http://a.test/', headers: new Headers(), timeout: 300_000, maxBytes: 1000 };

it.each([
  ['the folder of all archives', 'archive'],
  ['the folder of the load', `archive/${LOAD}`],
  ['the log', `archive/${LOAD}/replies.log`],
] as const)('a link to nowhere in the place of %s is told at the end, and nothing waits for it', async (_, name) => {
  const workingDir = await tempFolder();
  await mkdir(join(workingDir, name, '..'), { recursive: true });
  await symlink('/dev/null/nowhere', join(workingDir, name));
  const log = new ReplyLog({ workingDir, pipeline: 'shop', now: () => 1 });
  const reply = { status: 200, headers: new Headers(), body: Buffer.from('a reply') };
  const send = log.over(async () => reply, asker);
  expect(await send(request)).toBe(reply);
  await log.begin(LOAD, { resources: ['orders'], starts: {} });
  expect(await send(request)).toBe(reply);
  log.keepValues('orders', []);
  expect(await log.end()).toMatch(/archive.*: .*\((EEXIST|ENOENT|ENOTDIR)\)/);
});
