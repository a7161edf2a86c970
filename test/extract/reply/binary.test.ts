import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/effects.ts';
import { FileStore } from '../../../src/files/file-store.ts';
import { images } from '../../support/images.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { client, collect, type EndpointParts, resource } from '../collect.ts';

const sha256 = (body: Uint8Array) => createHash('sha256').update(body).digest('hex');

async function reading(endpoint: EndpointParts, type: string, body: Buffer | string, status = 200) {
  const folder = await tempFolder();
  const files = new FileStore({ folder: join(folder, 'files'), base: folder }, 'a test');
  const headers = new Headers(type === '' ? {} : { 'content-type': type });
  const transport: Transport = async () => ({ status, headers, body: Buffer.from(body) });
  const read = await collect(resource(endpoint), { transport, files });
  await files.clear();
  return { ...read, folder, names: await readdir(folder, { recursive: true }) };
}

describe('a reply that is an image', () => {
  it.each(Object.entries(images))(
    'of type %s is a record with its size, and a file under its hash',
    async (type, body) => {
      const { records, folder, error } = await reading({}, `${type}; q=1`, body);
      expect(error).toBeUndefined();
      const hash = sha256(body);
      const extension = { 'image/jpeg': 'jpg' }[type] ?? type.slice(6);
      const file = `files/${hash.slice(0, 2)}/${hash}.${extension}`;
      expect(records).toEqual([{ content_type: type, bytes: body.length, sha256: hash, file, width: 37, height: 11 }]);
      expect(body.equals(await readFile(join(folder, file)))).toBe(true);
    },
  );

  it('is told by its bytes where its type is that of another image, and this is noted', async () => {
    const { records, outcome } = await reading({}, 'image/png', images['image/jpeg']);
    expect(records).toMatchObject([{ content_type: 'image/jpeg', file: expect.stringMatching(/\.jpg$/) }]);
    expect(outcome?.notes).toEqual(['what came as image/png is image/jpeg']);
  });

  it('stays in a column where the configuration says so', async () => {
    const { records, names } = await reading({ store: 'column' }, 'image/png', images['image/png']);
    const content = images['image/png'].toString('base64');
    expect(records).toMatchObject([{ content, sha256: sha256(images['image/png']), width: 37 }]);
    expect(records[0]).not.toHaveProperty('file');
    expect(names).toEqual([]);
  });
});

it.each([
  ['an SVG without numbers', 'image/svg+xml', '<svg width="wide" height="px"/>'],
  ['a PNM without its second number', 'image/x-portable-anymap', 'P6\n10 x\n255\n'],
  ['an icon without icons', 'image/icns', 'icnsicnsicnsicnsicnsicnsicns'],
])('%s has no size, and is kept', async (_, type, body) => {
  const { records, error } = await reading({ format: 'binary' }, type, body);
  expect(error).toBeUndefined();
  expect(records).toMatchObject([{ bytes: body.length, width: null, height: null }]);
});

it('a JPEG whose size stands behind half a megabyte of anything is not looked through', async () => {
  const [start, rest] = [images['image/jpeg'].subarray(0, 2), images['image/jpeg'].subarray(2)];
  const profile = Buffer.concat([Buffer.from([0xff, 0xe2, 0xff, 0xff]), Buffer.alloc(0xfffd)]);
  const read = (profiles: number) =>
    reading({ store: 'column' }, 'image/jpeg', Buffer.concat([start, ...Array(profiles).fill(profile), rest]));
  expect((await read(7)).records).toMatchObject([{ width: 37, height: 11 }]);
  expect((await read(9)).records).toMatchObject([{ width: null, height: null }]);
});

describe('a binary reply', () => {
  it.each([
    ['application/pdf', '%PDF-1.7', 'application/pdf', 'pdf'],
    ['audio/mpeg', 'ID3', 'audio/mpeg', 'mp3'],
    ['image/svg+xml', '<svg/>', 'image/svg+xml', 'svg'],
    ['image/tiff', 'II*\0', 'image/tiff', 'tiff'],
    ['model/gltf-binary; v=2', 'glTF', 'model/gltf-binary', 'glb'],
    ['../../x', 'abc', '../../x', 'bin'],
    ['', 'abc', 'application/octet-stream', 'bin'],
    ['application/octet-stream', images['image/gif'], 'image/gif', 'gif'],
  ])('of type %j is kept as what its type and its bytes say', async (type, body, content_type, extension) => {
    const { records, error } = await reading({ format: 'binary', data_selector: '$' }, type, body);
    expect(error).toBeUndefined();
    expect(records).toMatchObject([{ content_type, file: expect.stringMatching(`^files/[^.]*\\.${extension}$`) }]);
  });

  it('that is empty is none where `allow_empty` says so', async () => {
    const { records, outcome } = await reading({ format: 'binary', allow_empty: true }, 'image/png', '');
    expect(records).toEqual([]);
    expect(outcome?.status).toBe('ignored');
  });

  it('has no limit but one that is set', async () => {
    const { max_response_bytes: _, ...unlimited } = client;
    const headers = new Headers({ 'content-type': 'image/gif' });
    const limits: unknown[] = [];
    const transport: Transport = async ({ fileFor }) => {
      limits.push(fileFor?.({ status: 200, headers, first: images['image/gif'] })?.maxBytes);
      return { status: 204, headers, body: Buffer.alloc(0) };
    };
    const folder = await tempFolder();
    const files = new FileStore({ folder, base: folder }, 'a test');
    for (const one of [unlimited, client]) await collect(resource(), { transport, files, client: one });
    expect(limits).toEqual([Number.POSITIVE_INFINITY, client.max_response_bytes]);
  });
});

describe('what is no file', () => {
  const page = '<!doctype html><title>Down</title>';

  it.each<[string, EndpointParts, string, string, string, RegExp]>([
    ['a page', {}, 'image/png', page, 'says that it is image/png, but is an HTML page', /base_url/],
    ['JSON', {}, 'image/webp', '{"e":1}', 'says that it is image/webp, but is JSON: {"e":1}', /what it says/],
    ['text', {}, 'image/jpeg', 'too many', 'says that it is image/jpeg, but is text: too many', /Run again/],
    ['noise', {}, 'image/png', '\xff\xfe', 'says that it is image/png, but does not begin like one', /Run again/],
    ['nothing', {}, 'image/png', '', 'is empty', /allow_empty/],
    ['a page', { format: 'binary' }, 'text/html', page, 'is an HTML page', /base_url/],
    ['JSON', { format: 'binary' }, 'application/json', '[1]', 'is JSON: [1]', /leave `format` out/],
    ['nothing', { format: 'binary' }, 'image/png', ' ', 'is empty', /allow_empty/],
    ['an image', { format: 'json' }, 'image/png', '\x89PNG', 'is an image (image/png), not JSON', /format: binary/],
    [
      'an image',
      { data_selector: 'data' },
      'image/gif',
      'GIF89a',
      'is an image (image/gif), not JSON',
      /format: binary/,
    ],
    ['an image', {}, 'application/octet-stream', 'GIF89a', 'is an image (image/gif), not JSON', /format: binary/],
  ])('but %s is an error that says so, and leaves no file (%j, %s)', async (_, endpoint, type, body, what, hint) => {
    const { error, names } = await reading(endpoint, type, Buffer.from(body, 'latin1'));
    expect(error).toMatchObject({
      code: 'ReplyUnusable',
      exitCode: 5,
      message: expect.stringMatching(`^The reply to GET .*/models ${what.replace(/[()[\]{}]/g, '\\$&')}`),
      hint: expect.stringMatching(hint),
    });
    expect(names).toEqual([]);
  });

  it('for its status is the failure that its status stands for', async () => {
    const { error, names } = await reading({ format: 'binary' }, 'image/png', images['image/png'], 404);
    expect(error).toMatchObject({ message: expect.stringContaining('was not found (404)') });
    expect(names).toEqual([]);
  });

  it('is ignored with its rule, and its file with it', async () => {
    const rule = { content: 'IHDR', action: 'ignore' } as const;
    const { records, names } = await reading({ response_actions: [rule] }, 'image/png', images['image/png']);
    expect(records).toEqual([]);
    expect(names).toEqual(['files']);
  });
});
