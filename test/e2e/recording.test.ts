import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { png } from '../support/images.ts';
import { key, type Project, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { type Server, useServer } from '../support/server.ts';

const image = png(640, 512, 1);
const paginator = { type: 'page_number', base_page: 0, total_path: 'pages' };

const resources = (price: object = { data_type: 'decimal', precision: 18, scale: 4 }) => [
  {
    name: 'posts',
    primary_key: 'id',
    write_disposition: 'merge',
    endpoint: { path: 'posts', data_selector: 'data', paginator },
    columns: { price },
  },
  {
    name: 'events',
    endpoint: {
      path: 'events',
      data_selector: '$',
      params: { since: '{incremental.start_value}', until: '{incremental.end_value}' },
      incremental: { cursor_path: 'at', initial_value: 'now - 30d', end_value: 'now' },
    },
    processing_steps: [{ set: { seen: { sql: 'now()' } } }],
  },
  { name: 'details', endpoint: { path: 'details/{id}', data_selector: '$', params: { id: ids('DETAIL_IDS') } } },
  { name: 'pictures', endpoint: 'picture' },
  { name: 'lines', endpoint: { path: 'lines', format: 'csv' } },
];

function ids(env: string) {
  return { type: 'values', from: [{ env }] };
}

async function useBlog(): Promise<Server> {
  let busy = true;
  let tokens = 0;
  return useServer(({ path, query, headers }, response) => {
    const page = Number(query.get('page'));
    if (path === '/picture') return void response.writeHead(200, { 'content-type': 'image/png' }).end(image);
    if (path === '/lines') return void response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b\n1,x\n');
    if (path === '/events') return [{ id: 1, at: query.get('since') }];
    if (path === '/token') {
      tokens += 1;
      return { access_token: `granted-${tokens}`, expires_in: 3600 };
    }
    if (path !== '/posts') return { path };
    if (headers.authorization === 'Bearer granted-1') return void response.writeHead(401).end();
    if (busy && page === 1) {
      busy = false;
      return void response.writeHead(503, { 'retry-after': '0', 'set-cookie': 'session=1' }).end('busy');
    }
    const row = `{"id": ${page}, "price": 1.50, "big": 12345678901234567890123, "tags": ["a", "b"], "key": "${headers['x-key']}",
      "made": "2026-01-01T00:00:00.123456Z", "lines": [{"parts": [{"n": 1}]}]}`;
    response.setHeader('content-type', 'application/json');
    return void response.end(`{"pages": 2, "data": [${row}]}`);
  });
}

const recorded = (project: Project, ...path: string[]) => readFile(join(project.cwd, 'rec', ...path), 'utf8');

describe('a recording', () => {
  it('keeps replies and tables as people read them, and nothing else; a test runs without source, secrets, values and clock of then', async () => {
    const blog = await useBlog();
    const env = { DETAIL_IDS: 'first,second' };
    const project = await smallProject(blog.url, { resources: resources() }, env);
    const made = await project.run(['record', 'rec']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('Recorded 8 replies in rec, and what they become:');
    expect(made.stdout).toContain('not compared (`ignore` in recording.json): events.seen');
    expect(await readdir(project.cwd)).toEqual(['pipeline.config.yaml', 'rec']);

    const [posts = '', busy = ''] = [
      await recorded(project, 'replies', '0001.json'),
      await recorded(project, 'replies', '0002.json'),
    ];
    expect(JSON.parse(posts)).toEqual({
      resource: 'posts',
      method: 'GET',
      url: `${blog.url}/posts?page=0`,
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '0001.body.json',
    });
    expect(JSON.parse(busy)).toMatchObject({ status: 503, headers: { 'retry-after': '0' }, body: '0002.body.txt' });
    const names = await readdir(join(project.cwd, 'rec'), { recursive: true });
    const all = await Promise.all(
      names.map(async (name) =>
        (await stat(join(project.cwd, 'rec', name))).isFile() ? readFile(join(project.cwd, 'rec', name)) : '',
      ),
    );
    expect(all.join('')).not.toMatch(new RegExp(`${key}|session=1`));
    expect(all.some((bytes) => image.equals(Buffer.from(bytes)))).toBe(true);
    expect(await recorded(project, 'replies', '0001.body.json')).toContain(
      '"price": 1.50,\n      "big": 12345678901234567890123,',
    );
    expect((await recorded(project, 'expected', 'posts.jsonl')).split('\n')[1]).toBe(
      '{"id":1,"price":1.5,"big":12345678901234567890123,"key":"***","made":"2026-01-01T00:00:00.123456Z"}',
    );
    expect(await recorded(project, 'expected', 'posts__lines__parts.jsonl')).toBe(
      '{"_dlt_parent_id":"0/0","_dlt_list_idx":0,"n":1}\n{"_dlt_parent_id":"1/0","_dlt_list_idx":0,"n":1}\n',
    );

    const asked = blog.asked.length;
    const again = await project.run(['test', 'rec'], { DETAIL_IDS: 'other', SHOP_KEY: '' });
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/^As expected: 8 tables, 15 rows, \d+ columns, from 8 replies\n$/);
    expect(blog.asked).toHaveLength(asked);
    expect(await readdir(project.cwd)).toEqual(['pipeline.config.yaml', 'rec']);
  });

  it('shows what another configuration makes of the replies, until that is what is expected', async () => {
    const blog = await useBlog();
    const auth = {
      type: 'oauth2_client_credentials',
      access_token_url: `${blog.url}/token`,
      client_id: 'me',
      client_secret: { secret: 'client_secret', env: 'SHOP_KEY' },
    };
    const project = await smallProject(blog.url, { resources: resources().slice(0, 1), client: { auth } });
    expect(await project.run(['record', 'rec'])).toMatchObject({ code: 0 });
    const asked = blog.asked.length;
    await writeConfig(
      project,
      smallConfig('https://api.example.com', {
        resources: resources({ data_type: 'text' }).slice(0, 1),
        client: { auth },
      }),
    );
    const other = await project.run(['test', 'rec']);
    expect(other.code).toBe(1);
    expect(other.stdout).toBe(
      [
        `Recorded from ${blog.url}/, and taken for what this configuration asks.`,
        'posts:',
        '  column price: DECIMAL(18,4) → VARCHAR',
        '  0  price: 1.5 → "1.5"',
        '  1  price: 1.5 → "1.5"',
        '',
        'Compared: 4 tables, 10 rows, 13 columns, from 4 replies. If this is how it should be: dezgo-elt test rec --update',
        '',
      ].join('\n'),
    );
    expect(await project.run(['test', 'rec', '--update'])).toMatchObject({ code: 0 });
    expect(await project.run(['test', 'rec'])).toMatchObject({ code: 0 });
    expect(blog.asked).toHaveLength(asked);

    await writeConfig(project, smallConfig(blog.url, { resources: [{ name: 'posts', endpoint: 'entries' }] }));
    const missing = await project.run(['test', 'rec']);
    expect(missing.code).toBe(5);
    expect(missing.stderr).toContain('GET /entries of `posts` is not, or not so often, in the recording');
  });

  it('keeps what a run got that failed, and takes the place of nothing that is no recording', async () => {
    const blog = await useBlog();
    const [posts] = resources();
    const wrong = { ...posts, endpoint: { path: 'posts', data_selector: 'items', paginator: 'single_page' } };
    const right = { ...posts, endpoint: { ...wrong.endpoint, data_selector: 'data' } };
    const project = await smallProject(blog.url, { resources: [wrong] });
    const failed = await project.run(['record', 'rec']);
    expect(failed.code).toBe(5);
    expect(failed.stdout).toContain('test rec --update');
    expect((await project.run(['test', 'rec'])).code).toBe(5);
    await writeConfig(project, smallConfig(blog.url, { resources: [right] }));
    expect((await project.run(['test', 'rec'])).stdout).toContain('posts:\n  the table is not expected; it has 1 row');
    expect(await project.run(['test', 'rec', '--update'])).toMatchObject({ code: 0 });

    const body = join(project.cwd, 'rec', 'replies', '0001.body.json');
    await writeFile(body, (await readFile(body, 'utf8')).replace('"price": 1.50', '"price": 2.25'));
    expect((await project.run(['test', 'rec'])).stdout).toContain('posts:\n  0  price: 1.5 → 2.25\n');

    await writeConfig(project, smallConfig(blog.url, { resources: [wrong] }));
    expect((await project.run(['record', 'rec'])).code).toBe(5);
    expect(await readdir(join(project.cwd, 'rec.failed'))).toEqual(['recording.json', 'replies']);
    expect(await recorded(project, 'expected', 'posts.jsonl')).not.toBe('');

    await rm(join(project.cwd, 'rec', 'recording.json'));
    expect(await project.run(['test', 'rec'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no recording: recording.json'),
    });
    expect(await project.run(['record', 'rec'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no recording, and not empty.'),
    });
    await writeFile(join(project.cwd, 'file'), '');
    expect(await project.run(['record', 'file'])).toMatchObject({ code: 2 });
    await writeConfig(project, smallConfig(blog.url, { resources: resources().slice(2, 3) }));
    expect((await project.run(['record', 'none'])).stdout).toContain('Nothing was asked for, and nothing recorded.');
    const paid = [{ ...right, selected: false, endpoint: { ...right.endpoint, paid: true } }];
    await writeConfig(project, smallConfig(blog.url, { resources: paid }));
    expect(await project.run(['record', 'paid', 'posts'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('dezgo-elt record paid posts --allow-paid'),
    });
  });
});
