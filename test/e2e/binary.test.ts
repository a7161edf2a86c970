import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { resultOf, startCli } from '../support/cli.ts';
import { images, png } from '../support/images.ts';
import { smallProject } from '../support/project.ts';
import { query, value } from '../support/published.ts';
import { type Answering, useServer } from '../support/server.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const fileOf = (bytes: Uint8Array, extension = 'png') =>
  `files/${sha256(bytes).slice(0, 2)}/${sha256(bytes)}.${extension}`;
const [first, second] = [png(640, 512, 1), png(1024, 1024, 2)];
const pdf = Buffer.from('%PDF-1.7\n');

const resources = [
  { name: 'jobs', primary_key: 'id', write_disposition: 'merge', endpoint: { path: 'jobs', data_selector: '$' } },
  {
    name: 'images',
    primary_key: 'id',
    write_disposition: 'merge',
    endpoint: {
      path: 'images/{id}',
      params: { id: { type: 'values', from: [{ list: ['a', 'b', 'same', 'gone'] }] } },
      response_actions: [{ status_code: 404, action: 'ignore' }],
    },
  },
  {
    name: 'thumbs',
    endpoint: { path: 'images/{resources.jobs.image}', format: 'binary', store: 'column' },
  },
  { name: 'papers', endpoint: { path: 'paper', format: 'binary' } },
  // Whichever comes: a job in JSON for one prompt, the image itself for the other.
  {
    name: 'generated',
    primary_key: 'id',
    write_disposition: 'merge',
    endpoint: {
      path: 'generate/{prompt}',
      method: 'POST',
      params: { prompt: { type: 'values', from: [{ list: ['later', 'now'] }] } },
      data_selector: '$',
    },
    processing_steps: [{ set: { id: { sql: 'coalesce(id, sha256)' } } }],
  },
];

/** A connection that is cut once, a redirect, a body gzip’d on its way, and one image under two names. */
function answering(): Answering {
  let cuts = 0;
  return ({ path }, response) => {
    const send = (type: string, body: Buffer) =>
      response.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body);
    if (path === '/jobs') return [{ id: 1, image: 'a' }];
    if (path === '/paper') return send('application/pdf', pdf);
    if (path === '/generate/now') return send('image/png', second);
    if (path === '/generate/later') return { id: 'job-1', status: 'queued' };
    if (path === '/images/b') return response.writeHead(302, { location: '/moved' }).end();
    if (path === '/moved')
      return response
        .writeHead(200, { 'content-type': 'image/jpeg', 'content-encoding': 'gzip' })
        .end(gzipSync(images['image/jpeg']));
    if (path !== '/images/a' && path !== '/images/same') return undefined;
    cuts += 1;
    if (cuts > 1) return send('image/png', first);
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': first.length });
    return new Promise((done) => response.write(first.subarray(0, 60), () => done(response.destroy())));
  };
}

test('images and other files are rows that name them, each file once, and a run that finds them again changes none', async () => {
  const { url } = await useServer(answering());
  const { run, file, cwd } = await smallProject(url, { resources });
  const stdout = expect.stringContaining('files of images in files/: 3');
  expect(await run()).toMatchObject({ code: 0, stderr: '', stdout });
  const jpeg = images['image/jpeg'];
  const rows = await query(
    file,
    'select id, content_type, bytes::integer as bytes, sha256, width::integer as width, height::integer as height, file from images order by id',
  );
  const ofFirst = {
    content_type: 'image/png',
    bytes: first.length,
    sha256: sha256(first),
    width: 640,
    height: 512,
    file: fileOf(first),
  };
  expect(rows).toEqual([
    { id: 'a', ...ofFirst },
    {
      id: 'b',
      content_type: 'image/jpeg',
      bytes: jpeg.length,
      sha256: sha256(jpeg),
      width: 37,
      height: 11,
      file: fileOf(jpeg, 'jpg'),
    },
    { id: 'same', ...ofFirst },
  ]);
  expect(
    await query(
      file,
      `select j.id::integer as id, sha256(t.content) = t.sha256 as whole from jobs j join thumbs t on t._jobs_image = j.image`,
    ),
  ).toEqual([{ id: 1, whole: true }]);
  expect(await query(file, 'select content_type, file from papers')).toEqual([
    { content_type: 'application/pdf', file: fileOf(pdf, 'pdf') },
  ]);
  expect(await query(file, 'select id, status, file, prompt from generated order by id')).toEqual(
    [
      { id: sha256(second), status: null, file: fileOf(second), prompt: 'now' },
      { id: 'job-1', status: 'queued', file: null, prompt: null },
    ].sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  const kept = await filesIn(cwd);
  expect(Object.keys(kept).sort()).toEqual(
    [fileOf(first), fileOf(second), fileOf(jpeg, 'jpg'), fileOf(pdf, 'pdf')].map((name) => name.slice(6)).sort(),
  );
  for (const [name, { bytes }] of Object.entries(kept)) expect(name).toContain(sha256(bytes));

  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  expect(await value(file, 'select count(*) from images')).toBe(3);
  expect(await filesIn(cwd)).toEqual(kept);
});

/** Below `files/`; they may come and go meanwhile. */
async function namesIn(cwd: string): Promise<string[]> {
  const folder = join(cwd, 'files');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ name, parentPath }) => join(parentPath, name).slice(folder.length + 1));
}

async function filesIn(cwd: string) {
  const names = await namesIn(cwd);
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => {
        const path = join(cwd, 'files', name);
        return [name, { bytes: await readFile(path), ino: (await stat(path)).ino }] as const;
      }),
    ),
  );
}

describe('a run that is killed', () => {
  test('while a file comes leaves no half of it under its name, and the next run removes what there is', async () => {
    let isSlow = true;
    let begun = () => {};
    const body = Buffer.concat([first, Buffer.alloc(500_000, 7)]);
    const started = new Promise<void>((done) => {
      begun = done;
    });
    const { url } = await useServer((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': body.length });
      if (!isSlow) return response.end(body);
      return new Promise((done) => response.write(body.subarray(0, 400_000), () => done(begun())));
    });
    const project = await smallProject(url, { resources: [{ name: 'image', endpoint: 'image' }] });
    const child = startCli(['run'], project);
    const ended = resultOf(child);
    await started;
    while ((await namesIn(project.cwd)).length === 0) await new Promise(setImmediate);
    child.kill('SIGKILL');
    await ended;
    expect(await namesIn(project.cwd)).toEqual([expect.stringMatching(/^\.drafts\//)]);

    isSlow = false;
    expect(await project.run()).toMatchObject({ code: 0 });
    expect(await readdir(join(project.cwd, 'files'))).toEqual([sha256(body).slice(0, 2)]);
    expect(await value(project.file, 'select bytes from image')).toBe(body.length);
  });
});
