import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FileTarget, HttpRequest, ReplyStart, Transport } from '../../../src/effects.ts';
import { fetchTransport } from '../../../src/extract/http/fetch-transport.ts';
import { NetworkFailure } from '../../../src/extract/http/network-failure.ts';
import { ReplyTooLarge, withBuffers, withFiles } from '../../../src/extract/http/transport.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { withoutRoot } from '../../support/without-root.ts';
import { serve } from '../http-server.ts';

const bytes = randomBytes(1_500_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');

function request(url: string, fileFor: (start: ReplyStart) => FileTarget | undefined): HttpRequest {
  return { method: 'GET', url, headers: new Headers(), timeout: 300_000, maxBytes: 1000, fileFor };
}

async function target(maxBytes = Number.POSITIVE_INFINITY) {
  const folder = await tempFolder();
  return { folder, path: join(folder, 'drafts', '1'), maxBytes };
}

const overHttp = withFiles(withBuffers(fetchTransport({})));

describe('a body that is to be a file', () => {
  it.each<[string, Record<string, string>, Buffer]>([
    ['as it is', { 'content-length': String(bytes.length) }, bytes],
    ['in chunks', {}, bytes],
    ['gzip’d on its way', { 'content-encoding': 'gzip' }, gzipSync(bytes)],
  ])(
    'is written as it comes, %s, and hashed, whatever the limit of what is kept in memory',
    async (_, headers, sent) => {
      const { url } = await serve((_, response) => response.writeHead(200, headers).end(sent));
      const { path, maxBytes } = await target();
      const starts: ReplyStart[] = [];
      const reply = await overHttp(
        request(url, (start) => {
          starts.push(start);
          return { path, maxBytes };
        }),
      );
      expect(reply.file).toEqual({ path, bytes: bytes.length, sha256 });
      expect(bytes.equals(await readFile(path))).toBe(true);
      expect(bytes.indexOf(reply.body)).toBe(0);
      expect(starts).toEqual([{ status: 200, headers: expect.any(Headers), first: bytes.subarray(0, 512) }]);
    },
  );

  it('of a transport that knows no files is written all the same', async () => {
    const { path, maxBytes } = await target();
    const own: Transport = async () => ({ status: 200, headers: new Headers(), body: new Uint8Array(bytes) });
    expect((await withFiles(withBuffers(own))(request('http://any/', () => ({ path, maxBytes })))).file).toMatchObject({
      sha256,
    });
    expect(bytes.equals(await readFile(path))).toBe(true);
  });

  it('stays in memory, within its limit, where nothing is named for it', async () => {
    const { url } = await serve((_, response) => response.end('short'));
    expect(await overHttp(request(url, () => undefined))).toMatchObject({ body: Buffer.from('short') });
    const large = await serve((_, response) => response.end(bytes));
    await expect(overHttp(request(large.url, () => undefined))).rejects.toBeInstanceOf(ReplyTooLarge);
  });

  it('leaves nothing behind where it is cut short or larger than it may be', async () => {
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': String(bytes.length) });
      response.write(bytes.subarray(0, 100_000), () => response.destroy());
    });
    const { folder, path, maxBytes } = await target();
    await expect(overHttp(request(cut.url, () => ({ path, maxBytes })))).rejects.toBeInstanceOf(NetworkFailure);
    const large = await serve((_, response) => response.end(bytes));
    const limited = request(large.url, () => ({ path, maxBytes: 1_000_000 }));
    await expect(overHttp(limited)).rejects.toMatchObject({ limit: 1_000_000 });
    expect(await readdir(join(folder, 'drafts'))).toEqual([]);
  });

  it('that cannot be written is a failure of the destination, which is not tried again', async () => {
    const { url, requests } = await serve((_, response) => response.end(bytes));
    const { folder } = await target();
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o500);
    const path = join(locked, 'drafts', '1');
    await withoutRoot(() =>
      expect(overHttp(request(url, () => ({ path, maxBytes: 1e9 })))).rejects.toMatchObject({
        code: 'DestinationFailed',
        exitCode: 6,
        message: `What is downloaded cannot be written to ${path}: this user lacks the permission (EACCES).`,
      }),
    );
    expect(requests).toHaveLength(1);
  });
});
