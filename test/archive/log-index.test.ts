import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { keptBytes } from '../../src/archive/kept-reply.ts';
import { endOfLog, entriesOf } from '../../src/archive/log-index.ts';
import { tempFolder } from '../support/temp-folder.ts';

const plain = { text: (text: string) => text, body: (bytes: Buffer) => bytes };

function kept(url: string, body = 'a reply'): Promise<Buffer> {
  const asked = { pipeline: 'shop', resource: 'orders', request: { method: 'GET', url, body: null }, at: 1 };
  return keptBytes(asked, { status: 200, headers: new Headers(), body: Buffer.from(body) }, plain);
}

async function logOf(bytes: Buffer) {
  const path = join(await tempFolder(), 'replies.log');
  await writeFile(path, bytes);
  const file = await open(path);
  onTestFinished(() => file.close());
  const urls: string[] = [];
  for await (const { head } of entriesOf(file)) urls.push(head.request.url.slice(0, 20));
  return { urls, end: await endOfLog(file) };
}

it('a reply to a URL of any length is found in a log, and those behind it', async () => {
  const [short, long] = await Promise.all([
    kept('http://a.test/'),
    kept(`http://a.test/b?cursor=${'x'.repeat(1_000_000)}`),
  ]);
  const all = Buffer.concat([short, long, short]);
  expect(await logOf(all)).toEqual({
    urls: ['http://a.test/', 'http://a.test/b?curs', 'http://a.test/'],
    end: all.length,
  });
  const cut = all.subarray(0, short.length + 500_000);
  expect(await logOf(cut)).toEqual({ urls: ['http://a.test/'], end: short.length });
});

it.each(['-150', '"7"', 'null', '1e300', '{}', '0.5'])(
  'a log in which a length is %s ends before it',
  async (bytes) => {
    const one = await kept('http://a.test/');
    const broken = Buffer.from(one.toString().replace(/"bytes":\d+/, `"bytes":${bytes}`));
    expect(await logOf(Buffer.concat([one, broken, one]))).toEqual({ urls: ['http://a.test/'], end: one.length });
  },
);
