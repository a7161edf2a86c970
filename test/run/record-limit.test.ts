import { describe, expect, it } from 'vitest';
import { type Project, smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const day = (number: number) => `2024-01-0${number}T00:00:00Z`;
const all = [1, 2, 3, 4, 5].map((id) => ({ id, at: day(id) }));

/** Lists in pages of two, and a source that says when a list is as it was. */
async function project() {
  const { url } = await useServer(({ path, query: sent }) => {
    if (path.startsWith('/of/')) return [{ id: path }, { id: `${path}b` }];
    if (path === '/whole') return all;
    const page = Number(sent.get('page') ?? 1);
    return all.slice((page - 1) * 2, page * 2);
  });
  const paginator = { type: 'page_number', base_page: 1, total_path: null };
  const list = { data_selector: '$', paginator };
  const sole = { path: 'whole', data_selector: '$', paginator: 'single_page' };
  const incremental = { cursor_path: 'at', initial_value: day(1), row_order: 'asc' };
  const merge = { primary_key: 'id', write_disposition: { disposition: 'merge', delete_missing: 'hard' } };
  const resources = [
    { name: 'news', endpoint: { ...list, incremental } },
    { name: 'kept', ...merge, endpoint: { ...list, path: 'news' } },
    { name: 'sole', primary_key: 'id', write_disposition: 'merge', endpoint: sole },
    { name: 'children', endpoint: { path: 'of/{resources.kept.id}', data_selector: '$', paginator: 'single_page' } },
    { name: 'whole', write_disposition: 'replace', endpoint: sole },
    { name: 'listed', write_disposition: 'replace', endpoint: { ...list, path: 'news' } },
  ];
  return smallProject(url, { resources, client: { concurrency: 1 } });
}

async function counts({ file }: Project): Promise<Record<string, number>> {
  const tables = ['news', 'kept', 'sole', 'children', 'whole', 'listed'];
  const sql = tables.map((table) => `(select count(*)::integer from data.${table}) as ${table}`).join(', ');
  const [row] = await query(file, `select ${sql}`);
  return row as Record<string, number>;
}

describe('run --limit', () => {
  it('loads so many records of each resource; a later whole run brings the rest, as if it had not been', async () => {
    const limited = await project();
    expect(await limited.run(['run', '--limit', '3'])).toMatchObject({ code: 0, stderr: '' });
    expect(await counts(limited)).toEqual({ news: 3, kept: 3, sole: 3, children: 3, whole: 3, listed: 3 });
    const { code, stdout } = await limited.run();
    expect(code).toBe(0);
    expect(stdout).not.toContain('unchanged');
    // What `append` loaded comes again, because its cursor stayed.
    expect(await counts(limited)).toEqual({ news: 8, kept: 5, sole: 5, children: 13, whole: 5, listed: 5 });
  });

  it('takes no row away that is there, and is refused where a cut list would: replace', async () => {
    const limited = await project();
    expect(await limited.run()).toMatchObject({ code: 0 });
    const before = await counts(limited);
    const args = ['run', 'news', 'kept', 'sole', '--limit', '1'];
    const { code, stdout } = await limited.run(args);
    expect(code).toBe(0);
    expect(stdout).toContain('kept: `--limit` stopped it');
    expect(stdout).toContain('rows that did not come stay as they are (`delete_missing`)');
    expect(await counts(limited)).toEqual(before);
    for (const name of ['whole', 'listed']) {
      for (const _ of ['first', 'again']) {
        const refused = await limited.run(['run', name, '--limit', '2']);
        expect([refused.code, refused.stderr]).toEqual([
          5,
          expect.stringContaining(`\`${name}\`: \`--limit\` stopped it`),
        ]);
      }
      expect((await limited.run(['run', name, '--limit', '6'])).code).toBe(0);
    }
    expect(await counts(limited)).toEqual(before);
  });
});

describe('timeout of a resource', () => {
  it('gives that resource up, and the others are loaded where the run may continue', async () => {
    const { url } = await useServer(async ({ path }, response) => {
      if (path === '/fast') return [{ id: 1 }];
      if (path === '/slow') response.on('close', () => undefined);
      return new Promise(() => undefined);
    });
    const list = (name: string) => ({ name, endpoint: { path: name, data_selector: '$' } });
    const { run } = await smallProject(url, {
      resources: [{ ...list('slow'), timeout: '50ms' }, list('fast')],
      pipeline: { on_resource_failure: 'continue' },
    });
    const { code, stderr, stdout } = await run();
    expect(stderr).toContain('`slow` was not done after 0.05s, the limit set by `timeout`.');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ {2}fast +1 row/m);
  });
});
