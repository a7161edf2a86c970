import { appendFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { png } from '../support/images.ts';
import { key, type Project, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { query, value } from '../support/published.ts';
import { type Server, useServer } from '../support/server.ts';

const archive = ({ cwd }: Project) => join(cwd, '.dezgo-elt', 'archive');
const pipeline = { archive: { keep: '7d' } };
const paginator = { type: 'page_number', base_page: 0, total_path: 'pages' };

/** A list in pages, each record with its children; what is new; values from a query; a source that is busy at first. */
const resources = (selector = 'data') => [
  {
    name: 'posts',
    primary_key: 'id',
    write_disposition: 'merge',
    endpoint: { path: 'posts', data_selector: selector, paginator },
  },
  {
    name: 'words',
    endpoint: { path: 'posts/{resources.posts.id}/words', data_selector: '$' },
    include_from_parent: ['id'],
  },
  {
    name: 'events',
    primary_key: 'id',
    endpoint: {
      path: 'events',
      data_selector: '$',
      params: { since: '{incremental.start_value}' },
      incremental: { cursor_path: 'at', initial_value: 10 },
    },
  },
  {
    name: 'details',
    endpoint: {
      path: 'details/{id}',
      data_selector: '$',
      params: {
        id: { type: 'values', from: [{ list: ['first'] }, { query: 'select id from data.posts order by id' }] },
      },
    },
  },
];

async function useBlog(): Promise<Server & { night: number }> {
  const blog = { night: 1 };
  let busy = true;
  const server = await useServer(({ path, query: params, headers }, response) => {
    const { night } = blog;
    if (path === '/posts') {
      const page = Number(params.get('page'));
      if (busy && page === 1) {
        busy = false;
        return void response.writeHead(503, { 'retry-after': '0' }).end('busy');
      }
      response.setHeader('set-cookie', 'session=1');
      return { pages: 2, data: [{ id: page + 10 * night, title: `night ${night}`, key: headers['x-key'] }] };
    }
    if (path === '/events') return [{ id: night, at: 10 * night + 1 }];
    return { path, night };
  });
  return Object.assign(blog, server);
}

const rows = async ({ file }: Project) => ({
  posts: await query(file, 'select id::integer as id, title from data.posts order by all'),
  words: await query(file, 'select path, night::integer as night from data.words order by all'),
  events: await query(file, 'select id::integer as id from data.events order by all'),
  details: await query(file, 'select path from data.details order by all'),
});

const replay = (project: Project, loadId: string) => project.run(['replay', loadId]);

describe('an archive of replies', () => {
  it('loads again what a run loaded, without the source, the secrets and what the dataset says now', async () => {
    const blog = await useBlog();
    const project = await smallProject(blog.url, { resources: resources(), pipeline });
    expect(await project.run()).toMatchObject({ code: 0, stderr: '' });
    const [first = ''] = await readdir(archive(project));
    const once = await rows(project);
    const log = join(archive(project), first, 'replies.log');
    expect((await stat(log)).mode & 0o777).toBe(0o600);
    const text = await readFile(log, 'latin1');
    expect(text).not.toContain(key);
    expect(text).not.toContain('session=1');
    expect(text).toContain('"status":503');

    // Into a file of its own: the same rows as then.
    const copy = { DESTINATION__DUCKDB__CREDENTIALS: join(project.cwd, 'copy.duckdb'), SHOP_KEY: '' };
    const asked = blog.asked.length;
    const replayed = await project.run(['replay', first], copy);
    expect(replayed).toMatchObject({ code: 0, stderr: '' });
    expect(replayed.stdout).toContain(`Replays load ${first}: nothing is asked of the source.`);
    expect(await rows({ ...project, file: join(project.cwd, 'copy.duckdb') })).toEqual(once);
    expect(blog.asked).toHaveLength(asked);

    // After another night: the present stays, and the next run goes on where it would have.
    blog.night = 2;
    expect(await project.run()).toMatchObject({ code: 0 });
    const state = 'select state from data._dlt_pipeline_state order by version desc limit 1';
    const before = await value(project.file, state);
    expect(await replay(project, first)).toMatchObject({ code: 0 });
    expect(await value(project.file, state)).toBe(before);
    const after = await rows(project);
    expect(after.posts).toHaveLength(4);
    expect(after.events.map(({ id }) => id)).toEqual([1, 1, 2]);
    blog.night = 3;
    expect(await project.run(['run', 'events'])).toMatchObject({ code: 0 });
    expect(blog.asked.at(-1)?.query.get('since')).toBe('21');
  });

  it('loads what a run got that failed, with a configuration that was corrected; what it did not ask for is named', async () => {
    const blog = await useBlog();
    const [posts, wrong] = [resources().slice(0, 1), resources('items').slice(0, 1)];
    const project = await smallProject(blog.url, { resources: wrong, pipeline });
    expect(await project.run()).toMatchObject({ code: 5 });
    const [first = ''] = await readdir(archive(project));
    const single = [
      {
        ...posts[0],
        endpoint: { path: 'posts', data_selector: 'data', paginator: 'single_page', params: { page: 0 } },
      },
    ];
    await writeConfig(project, smallConfig(blog.url, { resources: single, pipeline }));
    expect(await replay(project, first)).toMatchObject({ code: 0 });
    expect(await value(project.file, 'select count(*)::integer from data.posts')).toBe(1);

    await writeConfig(
      project,
      smallConfig(blog.url, { resources: posts.map((one) => ({ ...one, endpoint: 'entries' })), pipeline }),
    );
    const other = await replay(project, first);
    expect(other.code).toBe(5);
    expect(other.stderr).toContain(
      `GET /entries of \`posts\` is not, or not so often, in the archive of load ${first}.`,
    );
    expect(await replay(project, '1.000001')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`These are there, the newest first: ${first}.`),
    });
  });

  it('has files by their hash alone, and says where one is gone', async () => {
    const image = png(640, 512, 1);
    const { url } = await useServer((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(image);
    });
    const project = await smallProject(url, { resources: [{ name: 'pictures', endpoint: 'picture' }], pipeline });
    expect(await project.run()).toMatchObject({ code: 0 });
    const [first = ''] = await readdir(archive(project));
    const log = await readFile(join(archive(project), first, 'replies.log'), 'latin1');
    expect(log).toContain('"bytes":0');
    await rm(project.file);
    expect(await replay(project, first)).toMatchObject({ code: 0 });
    const [row] = await query(
      project.file,
      'select file, bytes::integer as bytes, width::integer as width from pictures',
    );
    expect(row).toMatchObject({ bytes: image.length, width: 640 });
    const stored = join(project.cwd, String(row?.file));
    expect((await readFile(stored)).equals(image)).toBe(true);
    await rm(stored);
    const gone = await replay(project, first);
    expect(gone.code).toBe(6);
    expect(gone.stderr).toMatch(
      /The archive of load .* cannot be read: the reply to GET \/picture: its file .* any more/,
    );
  });

  it('goes on behind what a killed run wrote of its last reply, and is removed when it is old enough', async () => {
    const blog = await useBlog();
    const project = await smallProject(blog.url, { resources: resources().slice(0, 1), pipeline });
    expect(await project.run()).toMatchObject({ code: 0 });
    const [first = ''] = await readdir(archive(project));
    const log = join(archive(project), first, 'replies.log');
    const whole = await readFile(log);
    await appendFile(log, whole.subarray(0, whole.length / 3));
    await rm(project.file);
    expect(await replay(project, first)).toMatchObject({ code: 0 });
    expect(await value(project.file, 'select count(*)::integer from data.posts')).toBe(2);

    await writeConfig(
      project,
      smallConfig(blog.url, { resources: resources().slice(0, 1), pipeline: { archive: { keep: '0s' } } }),
    );
    expect(await project.run()).toMatchObject({ code: 0 });
    expect(await readdir(archive(project))).toEqual([]);
  });
});
