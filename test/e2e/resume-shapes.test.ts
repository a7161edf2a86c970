import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCli } from '../support/cli.ts';
import { smallProject } from '../support/project.ts';
import { query, tables } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const pages = 8;

/** Values of another type, columns and lists that were not there before: on every page something is new. */
const changing: readonly unknown[] = [1, 2, 2.5, 'text', true, null, { deep: [1, 2.5] }, [1, 'a']];
function record(page: number, at: number): object {
  return {
    id: page * 10 + at,
    changing: changing[page],
    late: page < 3 ? null : page < 5 ? page : page + 0.5,
    [`only_on_page_${page}`]: `${page}/${at}`,
    list: page < 2 ? [] : Array.from({ length: at }, (_, n) => ({ n: page < 5 ? n : n + 0.25, inner: [n, page] })),
    fooBar: page,
    foo_bar: `${page}`,
  };
}

/** Every table: its columns and, without dlt's keys, its rows. */
async function everything(file: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const table of await tables(file)) {
    const columns = await query(
      file,
      `select column_name, column_type from (describe "${table}") order by column_name`,
    );
    const own = columns.map(({ column_name }) => String(column_name)).filter((name) => !name.startsWith('_dlt_'));
    const values = [...own, ...(table.includes('__') ? ['_dlt_list_idx'] : [])].map(
      (name) => `"${name}"::varchar as "${name}"`,
    );
    found[table] = { columns, rows: await query(file, `select ${values.join(', ')} from "${table}" order by all`) };
  }
  return found;
}

/** What an undisturbed run leaves: the source says the same to every test. */
let undisturbed: Awaited<ReturnType<typeof everything>> | undefined;

describe('a run that is killed while the shape of the records changes', () => {
  it.each([2, 4, 7])('at page %i and continued gives the tables of an undisturbed run', async (stuckAt) => {
    let stuck = false;
    let arrived = () => {};
    const { url, asked } = await useServer(async ({ query: parameters }) => {
      const page = Number(parameters.get('page'));
      if (stuck) await sleep(page === stuckAt - 1 ? 800 : 10); // the commit before the last page takes place in that time
      if (stuck && page === stuckAt) {
        arrived();
        return new Promise(() => {});
      }
      return { data: Array.from({ length: 4 }, (_, at) => record(page, at)), pages };
    });
    const paginator = { type: 'page_number', total_path: 'pages' };
    const resources = [{ name: 'items', endpoint: { path: 'items', data_selector: 'data', paginator } }];
    if (undisturbed === undefined) {
      const whole = await smallProject(url, { resources, client: { concurrency: 1 } });
      expect(await whole.run()).toMatchObject({ code: 0 });
      undisturbed = await everything(whole.file);
    }
    const project = await smallProject(url, { resources, client: { concurrency: 1 } });
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    stuck = true;
    const child = startCli(['run'], project);
    await waiting;
    await sleep(500); // what the page before brought is committed
    child.kill('SIGKILL');
    await once(child, 'exit');
    stuck = false;
    const before = asked.length;
    const { code, stdout, stderr } = await project.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Continues package/);
    expect(asked.length - before).toBeLessThan(pages);
    expect(await everything(project.file)).toEqual(undisturbed);
  });
});
