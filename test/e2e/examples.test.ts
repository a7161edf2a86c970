import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { yamlProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { projectRoot } from '../support/repository.ts';
import { type Answering, useServer } from '../support/server.ts';

/** The configurations of the page, by the name of their pipeline. */
const examples = new Map(
  [...readFileSync(join(projectRoot, 'docs/rest-apis.md'), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
    ([, yaml = '']) => [/^pipeline: \{ name: (\w+) \}/.exec(yaml)?.[1] ?? '', yaml],
  ),
);

/** A project with an example whose hosts are all played by one server. */
async function exampleOf(
  name: string,
  answering: Answering,
  env: Record<string, string> = {},
  changed: (yaml: string) => string = (yaml) => yaml,
) {
  const { url, asked } = await useServer(answering);
  const project = await yamlProject();
  const yaml = (examples.get(name) ?? '').replace(/https:\/\/\w+\.example\.com/g, url);
  await writeFile(join(project.cwd, 'pipeline.config.yaml'), changed(yaml));
  const file = join(project.cwd, `${name}.duckdb`);
  return {
    asked,
    folder: project.cwd,
    run: (args: readonly string[] = ['run']) => project.run(args, { PIPELINE__DATASET_NAME: 'data', ...env }),
    rows: (sql: string) => query(file, sql),
  };
}

describe('the examples of REST APIs', () => {
  it('load a list of pages that are counted, and one that a cursor leads through', async () => {
    const { run, rows, asked } = await exampleOf(
      'orders',
      ({ path, query: parameters }) => {
        if (path === '/v1/orders') {
          const page = Number(parameters.get('page'));
          return { data: [{ id: page * 2 }, { id: page * 2 + 1 }], pages: 3 };
        }
        return parameters.has('after') ? { data: [{ id: 'b' }], next: null } : { data: [{ id: 'a' }], next: 'x' };
      },
      { SOURCES__SHOP__API_KEY: 'KEY-0123456789' },
    );
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(await rows('select id from orders order by id')).toEqual(
      [2, 3, 4, 5, 6, 7].map((id) => ({ id: BigInt(id) })),
    );
    expect(await rows('select id from refunds order by id')).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(asked.every(({ headers }) => headers['x-api-key'] === 'KEY-0123456789')).toBe(true);
  });

  it('load children and grandchildren, with what they take from their parents', async () => {
    const answers: Record<string, unknown> = {
      '/api/posts': {
        items: [
          { id: 1, author: { name: 'Ann' } },
          { id: 2, author: { name: 'Bob' } },
        ],
      },
      '/api/posts/1/comments': [{ id: 11 }, { id: 12 }],
      '/api/posts/2/comments': [{ id: 21 }],
      '/api/comments/11/reactions': [{ emoji: 'a' }],
      '/api/comments/12/reactions': [],
      '/api/comments/21/reactions': [{ emoji: 'b' }, { emoji: 'c' }],
    };
    const { run, rows } = await exampleOf('blog', ({ path }) => answers[path]);
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(await rows('select id::int as id, _posts_id::int as post, post_author from comments order by id')).toEqual([
      { id: 11, post: 1, post_author: 'Ann' },
      { id: 12, post: 1, post_author: 'Ann' },
      { id: 21, post: 2, post_author: 'Bob' },
    ]);
    expect(await rows('select emoji from reactions order by emoji')).toEqual(
      ['a', 'b', 'c'].map((emoji) => ({ emoji })),
    );
  });

  it('start jobs and ask for them, in one run, until all are done', async () => {
    const polls = new Map<string, number>();
    const { run, rows, asked } = await exampleOf(
      'renders',
      ({ path, method, body }) => {
        if (method === 'POST') return { id: `r-${JSON.parse(body).scene}`, status: 'queued' };
        const id = path.slice('/v1/renders/'.length);
        polls.set(id, (polls.get(id) ?? 0) + 1);
        return { id, status: (polls.get(id) ?? 0) > (id === 'r-harbour' ? 2 : 1) ? 'done' : 'running' };
      },
      { SOURCES__STUDIO__TOKEN: 'TOKEN-0123456789' },
      (yaml) => yaml.replace('every: 2s', 'every: 20ms'),
    );
    expect(await run(['run', 'orders', 'renders', '--allow-paid'])).toMatchObject({ code: 0 });
    expect(await rows('select id, status from renders order by id')).toEqual([
      { id: 'r-harbour', status: 'done' },
      { id: 'r-station', status: 'done' },
    ]);
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(2);
    expect(asked).toHaveLength(2 + 3 + 2);
  });

  it('send files as parts of a form and as base64, and nothing where one is missing', async () => {
    const { run, rows, asked, folder } = await exampleOf(
      'upscales',
      ({ path, body }) => ({ path, size: body.length }),
      { SOURCES__STUDIO__TOKEN: 'TOKEN-0123456789' },
    );
    const missing = expect.stringContaining(
      `\`captions\` cannot send the file ${join(folder, 'images/harbour.png')}: `,
    );
    expect(await run(['validate'])).toMatchObject({ code: 2, stderr: missing });
    expect(await run()).toMatchObject({ code: 2, stderr: missing });
    await mkdir(join(folder, 'images'));
    for (const name of ['harbour', 'station']) await writeFile(join(folder, `images/${name}.png`), `PNG of ${name}`);
    expect(asked).toEqual([]);
    expect(await run(['run', 'upscales', 'captions', '--allow-paid'])).toMatchObject({ code: 0 });
    const [captions, ...upscales] = asked.toSorted((a, b) => a.path.localeCompare(b.path));
    expect(captions?.headers['content-type']).toBe('application/json');
    expect(upscales.map(({ headers }) => headers['content-type']?.split(';')[0])).toEqual([
      'multipart/form-data',
      'multipart/form-data',
    ]);
    expect(upscales[1]?.body).toContain('filename="station.png"\r\nContent-Type: image/png\r\n\r\nPNG of station\r\n');
    expect(JSON.parse(captions?.body ?? '')).toEqual({
      images: [btoa('PNG of harbour'), `data:image/png;base64,${btoa('PNG of station')}`],
    });
    expect(await rows('select count(*)::int as n from upscales')).toEqual([{ n: 2 }]);
  });

  it('ask a second time only for what is new, and for all with --full-refresh', async () => {
    const tickets = [
      { id: 1, updated_at: '2026-01-05T00:00:00Z' },
      { id: 2, updated_at: '2026-01-06T00:00:00Z' },
    ];
    const { run, rows, asked } = await exampleOf('tickets', () => ({ tickets }));
    const since = () => asked.at(-1)?.query.get('updated_since');
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(since()).toBe('2026-01-01T00:00:00Z');
    tickets.push({ id: 3, updated_at: '2026-01-07T00:00:00Z' });
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(since()).toBe('2026-01-06T00:00:00Z');
    expect(await rows('select count(*)::int as n from tickets')).toEqual([{ n: 3 }]);
    expect(await run(['run', '--full-refresh'])).toMatchObject({ code: 0, stderr: '' });
    expect(since()).toBe('2026-01-01T00:00:00Z');
  });

  it('go through the pages of a GraphQL query', async () => {
    const { run, rows } = await exampleOf('products', ({ body }) => {
      const { variables } = JSON.parse(body);
      const [nodes, pageInfo] =
        variables.after === null
          ? [[{ id: 'p1', title: 'One' }], { endCursor: 'c1', hasNextPage: true }]
          : [[{ id: 'p2', title: variables.after }], { endCursor: 'c2', hasNextPage: false }];
      return { data: { products: { nodes, pageInfo } } };
    });
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(await rows('select id, title from products order by id')).toEqual([
      { id: 'p1', title: 'One' },
      { id: 'p2', title: 'c1' },
    ]);
  });

  it('get a token by the credentials of a client', async () => {
    const { run, rows, asked } = await exampleOf(
      'members',
      ({ path, headers }) => {
        if (path === '/token') return { access_token: 'TOKEN-0123456789', expires_in: 3600 };
        return headers.authorization === 'Bearer TOKEN-0123456789' ? [{ id: 7 }] : undefined;
      },
      { SOURCES__CLUB__CLIENT_ID: 'club-client', SOURCES__CLUB__CLIENT_SECRET: 'SECRET-0123456789' },
    );
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(await rows('select id::int as id from members')).toEqual([{ id: 7 }]);
    expect(asked[0]?.body).toContain('scope=members.read');
  });
});
