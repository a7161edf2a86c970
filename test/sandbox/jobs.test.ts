import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { sandboxJobs } from '../../src/sandbox/ids.ts';
import type { Sandbox } from '../../src/sandbox/stand-in-api.ts';
import { projectRoot } from '../support/repository.ts';
import { bodyOf, order, request, useSandbox } from '../support/sandbox.ts';

async function statuses(sandbox: Sandbox, id: string, times: number): Promise<string[]> {
  const seen: string[] = [];
  for (let i = 0; i < times; i += 1) seen.push((await bodyOf(await request(sandbox, `/jobs/${id}`))).status);
  return seen;
}

describe('a job', () => {
  test('advances from queued over processing to completed as it is asked for', async () => {
    const sandbox = await useSandbox();
    const { id, status, result } = await bodyOf(await order(sandbox, '/images/generate', { prompt: 'a cat' }));
    expect({ status, result }).toEqual({ status: 'queued', result: null });
    expect(await statuses(sandbox, id, 4)).toEqual(['queued', 'processing', 'completed', 'completed']);
  });

  test('is started by the order of the shipped configuration', async () => {
    const sandbox = await useSandbox();
    const { source } = await loadConfig(join(projectRoot, 'pipeline.config.yaml'), { env: {} });
    const { endpoint } = source.resources.find(({ name }) => name === 'images_generate') ?? {};
    const json: { model: string } = JSON.parse(JSON.stringify(endpoint?.json));
    const { status, model } = await bodyOf(await order(sandbox, '/images/generate', json));
    expect({ status, model }).toEqual({ status: 'queued', model: json.model });
  });

  test('advances to failed when its prompt asks for it, with an error and no result', async () => {
    const sandbox = await useSandbox();
    const { id } = await bodyOf(await order(sandbox, '/images/generate', { prompt: 'a lighthouse, sandbox:fail' }));
    expect(await statuses(sandbox, id, 3)).toEqual(['queued', 'processing', 'failed']);
    const job = await bodyOf(await request(sandbox, `/jobs/${id}`));
    expect(job).toMatchObject({ error: { title: 'Generation failed' }, result: null });
  });

  test('lists its images once it is completed, and each is then a PNG', async () => {
    const sandbox = await useSandbox();
    const { id } = await bodyOf(
      await order(sandbox, '/images/generate', { prompt: 'a cat', n: 3, width: 640, height: 512 }),
    );
    await statuses(sandbox, id, 2);
    const { result } = await bodyOf(await request(sandbox, `/jobs/${id}`));
    expect(result.images).toHaveLength(3);
    expect(result.images[1]).toMatchObject({ index: 1, format: 'png', width: 640, height: 512 });
    expect(new Set(result.images.map((image: { id: string }) => image.id)).size).toBe(3);
    for (const image of result.images) {
      const reply = await fetch(image.url, { headers: { 'x-dezgo-key': sandbox.key } });
      expect(reply.headers.get('content-type')).toBe('image/png');
      expectPng(Buffer.from(await reply.arrayBuffer()));
    }
  });

  test('has no image before it is completed', async () => {
    const sandbox = await useSandbox();
    const [image] = (await bodyOf(await request(sandbox, `/jobs/${sandboxJobs.completed}`))).result.images;
    const ofQueuedJob = image.id.replace(/2$/, '5');
    expect((await request(sandbox, `/images/${ofQueuedJob}`)).status).toBe(404);
    await statuses(sandbox, sandboxJobs.queued, 3);
    expect((await request(sandbox, `/images/${ofQueuedJob}`)).status).toBe(200);
  });

  test('is there from the start under the ids of sandboxJobs', async () => {
    const sandbox = await useSandbox();
    expect(await statuses(sandbox, sandboxJobs.completed, 1)).toEqual(['completed']);
    expect(await statuses(sandbox, sandboxJobs.failed, 1)).toEqual(['failed']);
    expect(await statuses(sandbox, sandboxJobs.running, 2)).toEqual(['processing', 'completed']);
    expect(await statuses(sandbox, sandboxJobs.queued, 3)).toEqual(['queued', 'processing', 'completed']);
  });

  test.each(['expired', 'unknown'] as const)('is a 404 problem when it is %s', async (name) => {
    const sandbox = await useSandbox();
    const reply = await request(sandbox, `/jobs/${sandboxJobs[name]}`);
    expect(reply.status).toBe(404);
    expect(await bodyOf(reply)).toMatchObject({ title: 'Not Found' });
  });

  test('expires with its images when 30 days have passed', async () => {
    let now = Date.UTC(2026, 0, 1);
    const sandbox = await useSandbox({ now: () => now });
    const [image] = (await bodyOf(await request(sandbox, `/jobs/${sandboxJobs.completed}`))).result.images;
    expect((await request(sandbox, `/images/${image.id}`)).status).toBe(200);
    now += 30 * 24 * 60 * 60 * 1000;
    expect((await request(sandbox, `/jobs/${sandboxJobs.completed}`)).status).toBe(404);
    expect((await request(sandbox, `/images/${image.id}`)).status).toBe(404);
  });
});

describe('a generation', () => {
  test.each(['/text2image', '/text2image_sdxl', '/text2image_sdxl_lightning', '/text2image_flux', '/controlnet'])(
    'at %s answers with a PNG',
    async (path) => {
      const sandbox = await useSandbox();
      const reply = await order(sandbox, path, { prompt: 'a cat' });
      expect(reply.headers.get('content-type')).toBe('image/png');
      expectPng(Buffer.from(await reply.arrayBuffer()));
    },
  );

  test('at /images/generate answers with the PNG itself when the caller accepts images only', async () => {
    const sandbox = await useSandbox();
    const headers = { accept: 'image/png', 'content-type': 'application/json' };
    const reply = await request(sandbox, '/images/generate', { method: 'POST', headers, body: '{"prompt":"a cat"}' });
    expect(reply.headers.get('content-type')).toBe('image/png');
    expect(reply.headers.get('x-dezgo-job-amount-usd')).toBe('0.0019');
  });

  test('takes a form and multipart too', async () => {
    const sandbox = await useSandbox();
    expect(
      (await request(sandbox, '/text2image', { method: 'POST', body: new URLSearchParams({ prompt: 'a cat' }) }))
        .status,
    ).toBe(200);
    const form = new FormData();
    form.set('image', new Blob([new Uint8Array([1, 2, 3])]), 'in.png');
    expect((await request(sandbox, '/upscale', { method: 'POST', body: form })).status).toBe(200);
  });

  test.each([
    ['no prompt', {}, 400],
    ['an empty prompt', { prompt: '' }, 400],
    ['n that is no count', { prompt: 'x', n: 0 }, 400],
    ['n that is no number', { prompt: 'x', n: 'many' }, 400],
    ['a width that is no number', { prompt: 'x', width: 'wide' }, 400],
    ['half an image', { prompt: 'x', n: 1.5 }, 400],
    ['another format', { prompt: 'x', format: 'webp' }, 400],
    ['an unknown model', { prompt: 'x', model: 'nowhere' }, 404],
  ])('with %s is refused and costs nothing', async (_, body, status) => {
    const sandbox = await useSandbox();
    const reply = await order(sandbox, '/images/generate', body);
    expect(reply.status).toBe(status);
    expect(await bodyOf(reply)).toEqual({ title: expect.any(String), detail: expect.any(String) });
    expect((await bodyOf(await request(sandbox, '/account/tx/last'))).index).toBe(6);
  });

  test.each([
    ['broken JSON', '{"prompt":', 'application/json'],
    ['a JSON list', '["prompt"]', 'application/json'],
    ['plain text', 'prompt', 'text/plain'],
  ])('with %s as its body is a 400', async (_, body, type) => {
    const sandbox = await useSandbox();
    expect(
      (await request(sandbox, '/text2image', { method: 'POST', headers: { 'content-type': type }, body })).status,
    ).toBe(400);
  });
});

/** Every chunk has its checksum, and the rows of pixels, a bit each, unpack. */
function expectPng(bytes: Buffer): void {
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const names: string[] = [];
  for (let at = 8; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    names.push(bytes.toString('latin1', at + 4, at + 8));
    expect(bytes.readUInt32BE(end)).toBe(crc32(bytes.subarray(at + 4, end)));
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    if (names.at(-1) === 'IDAT')
      expect(inflateSync(bytes.subarray(at + 8, end)).length).toBe(height * (1 + Math.ceil(width / 8)));
    at = end + 4;
  }
  expect(names).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
}
