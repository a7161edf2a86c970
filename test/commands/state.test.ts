import { copyFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { givenCursor } from '../../src/incremental/given-cursor.ts';
import { keptResources, withLastValue, withoutKept } from '../../src/load/edited-state.ts';
import { rawJson, rawText } from '../../src/load/staging/raw-json.ts';
import { type Project, smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const orders = {
  name: 'orders',
  primary_key: 'id',
  write_disposition: 'merge',
  endpoint: {
    path: 'orders',
    paginator: 'single_page',
    incremental: { cursor_path: 'at', initial_value: '2024-01-01', start_param: 'since' },
  },
};
const tags = { name: 'tags', write_disposition: 'replace', endpoint: { path: 'tags', paginator: 'single_page' } };

/** Two orders and a tag are loaded; `asked` tells since when orders were asked for. */
async function shop() {
  const since: (string | null)[] = [];
  const asked: string[] = [];
  const { url } = await useServer(({ path, query: params }) => {
    asked.push(path);
    if (path === '/tags') return [{ tag: 'a' }];
    since.push(params.get('since'));
    return [
      { id: 1, at: '2024-02-01T00:00:00Z' },
      { id: 2, at: '2024-03-01T00:00:00Z' },
    ];
  });
  const project = await smallProject(url, { resources: [orders, tags] });
  expect((await project.run()).code).toBe(0);
  return { project, url, since, asked };
}

const json = async (project: Project, ...args: string[]) =>
  JSON.parse((await project.run([...args, '--format', 'json'])).stdout);

test('state show tells where resources go on, set and reset change that in a load without rows', async () => {
  const { project, since } = await shop();
  const first = await project.run(['state', 'show']);
  expect(first.stdout).toMatch(
    /^State of pipeline small, dataset data of \S+file\.duckdb: version 1, of load \S+, just now\n\n {2}orders {2}at {2}"2024-03-01T00:00:00Z" {2}just now, load \S+ {2}1 record with it known\n$/,
  );
  const [{ states }] = (await query(project.file, 'select count(*)::int as states from _dlt_pipeline_state')) as [
    { states: number },
  ];
  const set = await json(project, 'state', 'set', 'orders', 'at', '2024-02-15');
  expect(set).toMatchObject({
    resources: ['orders'],
    before: '2024-03-01T00:00:00Z',
    after: '2024-02-15',
    version: 2,
    exitCode: 0,
  });
  const shown = await json(project, 'state', 'show', 'orders');
  expect(shown).toMatchObject({
    version: 2,
    loadId: set.loadId,
    resources: [
      {
        resource: 'orders',
        cursors: [
          {
            cursorPath: 'at',
            lastValue: '2024-02-15',
            initialValue: '2024-01-01',
            uniqueHashes: 0,
            loadId: set.loadId,
          },
        ],
      },
    ],
  });
  expect(await query(project.file, 'select status::int as status from _dlt_loads')).toEqual([
    { status: 0 },
    { status: 0 },
  ]);
  expect(await query(project.file, 'select count(*)::int as states from _dlt_pipeline_state')).toEqual([
    { states: states + 1 },
  ]);
  expect((await project.run(['state', 'set', 'orders', 'at', '2024-02-15'])).stdout).toMatch(
    /is "2024-02-15" already: nothing was changed\./,
  );
  await project.run();
  expect(since).toEqual(['2024-01-01', '2024-02-15']);
  expect(await json(project, 'state', 'show')).toMatchObject({ version: 3 });

  const unsure = await project.run(['state', 'reset', 'orders']);
  expect(unsure).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('This forgets where orders (at: "2024-03-01T00:00:00Z") is: '),
  });
  expect((await project.run(['state', 'reset'], {}, 'no')).stdout).toBe('Nothing was changed.\n');
  const reset = await project.run(['state', 'reset', 'orders'], {}, 'yes');
  expect(reset.stdout).toMatch(
    /^Forgotten where orders was: the next run begins with initial_value \(state version 4, load \S+\)\.\n$/,
  );
  expect((await project.run(['state', 'show'])).stdout).toContain(
    '  orders  at  nothing kept: begins with 2024-01-01\n',
  );
  expect((await project.run(['state', 'reset', '--yes'])).stdout).toBe('There is nothing to reset: nothing is kept.\n');
  await project.run();
  expect(since.at(-1)).toBe('2024-01-01');
});

test('what was not set is known as before: a source with nothing new leaves its tables alone', async () => {
  const { project } = await shop();
  await project.run(['state', 'set', 'orders', 'at', '2024-02-15']);
  const { resources } = await json(project, 'run');
  expect(resources).toMatchObject([
    { name: 'orders', status: 'extracted' },
    { name: 'tags', status: 'unchanged' },
  ]);
});

const refusals: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['set', 'order', 'at', '2024-01-01'], /There is no resource `order`, did you mean `orders`\?/],
  [['set', 'orders', 'a', '2024-01-01'], /has no cursor `a`/],
  [['set', 'tags', 'at', '1'], /tags is not incremental: it has no cursor/],
  [
    ['set', 'orders', 'at', 'yesterday'],
    /The cursor `at` cannot be "yesterday", which is not a time as "2024-03-01T00:00:00Z" is\./,
  ],
  [['set', 'orders', 'at', 'now - 2 months'], /cannot be "now - 2 months"/],
  [['set', 'orders', 'at'], /missing required argument 'value'/],
  [['reset', 'nothing'], /There is no resource `nothing`\./],
  [['show', 'oders'], /did you mean `orders`\?/],
];

test('what is no cursor of a resource, or no value of it, is refused, and the file stays as it is', async () => {
  const { project } = await shop();
  const { mtimeMs } = await stat(project.file);
  for (const [args, message] of refusals) {
    const { code, stderr } = await project.run(['state', ...args, ...(args[0] === 'reset' ? ['--yes'] : [])]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  }
  expect((await stat(project.file)).mtimeMs).toBe(mtimeMs);
});

test('a package that waits, another run, a file that is not there yet: the state stays, and the message says why', async () => {
  const { project, url } = await shop();
  const loaded = join(project.packages, 'loaded');
  const [name = ''] = (await readdir(loaded)).filter((file) => file.endsWith('.json'));
  await copyFile(join(loaded, name), join(project.packages, name));
  await copyFile(
    join(loaded, name.replace('.json', '.duckdb')),
    join(project.packages, name.replace('.json', '.duckdb')),
  );
  const set = () => project.run(['state', 'set', 'orders', 'at', '2024-02-15']);
  expect(await set()).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: Package \S+ waits to be loaded, and would bring back the state/),
  });
  await project.run(['packages', 'drop', '--all', '--yes']);
  const both = await Promise.all([set(), set()]);
  expect(both.filter(({ stdout }) => stdout.includes('is "2024-02-15": its next run'))).toHaveLength(1);
  expect(await json(project, 'state', 'show')).toMatchObject({ version: 2 });

  const empty = await smallProject(url, { resources: [orders] });
  expect((await empty.run(['state', 'show'])).stdout).toMatch(/^No state: .* has loaded nothing yet\.\n/);
  expect(await empty.run(['state', 'set', 'orders', 'at', '2024-02-15'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has loaded nothing into dataset data yet'),
  });
});

test('what dlt keeps beside the cursors stays byte for byte', () => {
  const text =
    '{"other":{"n":1.0,"big":12345678901234567890},"shop":{"mine":[1.50],"resources":{"orders":{"own":{"a":1e2},"incremental":{"at":{"initial_value":"a","last_value":"b","unique_hashes":["x"],"start_value":"a","more":7.0}},"bought":["c"]},"gone":{"incremental":{"id":{"last_value":5}}}}}}';
  const sources = rawJson(text);
  expect(
    rawText(
      withLastValue(sources, { source: 'shop', resource: 'orders', cursorPath: 'at' }, { initial: null, last: '"z"' }),
    ),
  ).toBe(
    text.replace(
      '"last_value":"b","unique_hashes":["x"],"start_value":"a"',
      '"last_value":"z","unique_hashes":[],"start_value":"z"',
    ),
  );
  expect(rawText(withoutKept(sources, 'shop', 'orders'))).toBe(
    text.replace(/,"incremental":\{"at".*?\}\},"bought":\["c"\]/, ''),
  );
  expect(rawText(withoutKept(sources, 'shop', 'gone'))).toBe(text.replace(/,"gone":.*?\}\}\}/, ''));
  expect(keptResources(sources, 'shop')).toEqual([
    {
      resource: 'orders',
      cursors: [{ cursorPath: 'at', initialValue: '"a"', lastValue: '"b"', hashes: 1 }],
      bought: 1,
    },
    { resource: 'gone', cursors: [{ cursorPath: 'id', initialValue: null, lastValue: '5', hashes: 0 }], bought: 0 },
  ]);
});

test('a cursor is given as its records have it', () => {
  const at = (config: object, text: string, last: string | null = null) =>
    givenCursor({ cursor_path: 'c', ...config }, text, { last, now: Date.UTC(2026, 0, 2, 3, 4, 5) });
  expect(at({ initial_value: 0 }, '9007199254740993')).toBe(9007199254740993n);
  expect(at({ initial_value: 'a' }, '17')).toBe('17');
  expect(at({}, '17', '5')).toBe(17);
  expect(at({}, 'now - 1d', '"2024-01-15T00:00:00Z"')).toBe('2026-01-01T03:04:05Z');
  expect(at({ cursor_format: 'unix', initial_value: 1 }, 'today')).toBe(1767312000);
  expect(() => at({ initial_value: 5 }, 'x')).toThrow('The cursor `c` cannot be "x", which is not a number as 5 is.');
});
