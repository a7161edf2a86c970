import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ConfigFileInput, realEffects, runPipeline, textReport } from '../../src/index.ts';
import { smallProject } from '../support/project.ts';
import { value } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

const posts = Array.from({ length: 4 }, (_, id) => ({ id }));

/** Two posts a page, with what `sign` says beside them. */
const usePosts = (sign: (page: number) => object) =>
  useServer(({ query }) => {
    const page = Number(query.get('page') ?? 1);
    return { data: posts.slice(page * 2 - 2, page * 2), ...sign(page) };
  });

const more = (page: number) => ({ next: page < 2 ? page + 1 : null, pages: 2 });
const endpoint = { path: 'posts', data_selector: 'data' };
const byNumber = { type: 'page_number', base_page: 1, total_path: 'pages' } as const;

it('a list of which more could be read is told on stderr, also with --quiet, and in the report', async () => {
  const { url } = await usePosts(more);
  const { run, file } = await smallProject(url, { resources: [{ name: 'posts', endpoint }] });
  const { code, stdout, stderr } = await run();
  const text =
    'posts: the reply says that there is more (`next: 2`, `pages: 2`), only its first page was read: set `paginator: { type: page_number, base_page: 1, total_path: pages }`, or `single_page`';
  expect(code).toBe(0);
  expect(stderr).toContain(`warning: ${text}\n`);
  expect(stdout).toContain(`  ${text}\n`);
  expect(await value(file, 'select count(*) from posts')).toBe(2);
  expect(await run(['run', '-q'])).toEqual({ code: 0, stdout: '', stderr: `warning: ${text}\n` });
});

it('with `replace` it fails the run with 5 before rows vanish, again and again until it is put right', async () => {
  const { url } = await usePosts(more);
  const cwd = await tempFolder();
  const file = join(cwd, 'file.duckdb');
  const config = (paginator?: typeof byNumber): ConfigFileInput => ({
    pipeline: {
      name: 'small',
      dataset_name: 'data',
      destination: { type: 'duckdb', path: file },
      working_dir: join(cwd, '.dezgo-elt'),
    },
    source: {
      name: 'shop',
      client: { base_url: url },
      resources: [
        { name: 'posts', write_disposition: 'replace', endpoint: { ...endpoint, ...(paginator && { paginator }) } },
      ],
    },
  });
  const count = () => value(file, 'select count(*) from posts');
  const effects = { ...realEffects, env: {} };

  expect(await runPipeline(config(byNumber), { effects })).toMatchObject({ exitCode: 0 });
  expect(await count()).toBe(4);
  for (const _ of ['first', 'second']) {
    const trace = await runPipeline(config(), { effects });
    expect(trace).toMatchObject({
      exitCode: 5,
      published: false,
      failure: { code: 'ListIncomplete', hint: expect.stringContaining('total_path: pages') },
    });
    expect(textReport(trace)).toContain('`replace` would remove the rows that were not read');
    expect(await count()).toBe(4);
  }
  expect(await runPipeline(config(byNumber), { effects })).toMatchObject({ exitCode: 0 });
  expect(await count()).toBe(4);
});
