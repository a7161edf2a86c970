import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import type { Trace } from '../../src/trace.ts';
import { rowsOf } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Shop {
  /** Asks for these ids with this key; ends, as a run that is killed does, when it asks for `until`: `/jobs/d?page=0`. */
  run(ids: string, options?: { until?: string; key?: string }): Promise<Trace>;
  /** What the last run asked for, sorted. */
  readonly asked: readonly string[];
  rows(): Promise<string[]>;
}

/** Two pages for every id; each record tells whose account it is of. */
async function useShop(concurrency: number, endpoint: object = {}): Promise<Shop> {
  const folder = await tempFolder();
  let until: string | undefined;
  let asked: string[] = [];
  const server = await useServer(({ path, query, headers }) => {
    const page = Number(query.get('page'));
    const request = `${path}?page=${page}`;
    asked.push(request);
    if (request === until) return undefined;
    return { data: [{ id: path.replace('/jobs/', ''), page, of: accounts[String(headers['x-key'])] }], pages: 2 };
  });
  const config: ConfigFileInput = {
    pipeline: {
      name: 'shop',
      dataset_name: 'd',
      working_dir: join(folder, 'work'),
      destination: destinationIn(folder),
    },
    source: {
      name: 's',
      client: {
        base_url: server.url,
        concurrency,
        auth: { type: 'api_key', name: 'X-Key', api_key: { secret: 'key', env: 'KEY' } },
      },
      resources: [
        {
          name: 'jobs',
          endpoint: {
            path: 'jobs/{id}',
            data_selector: 'data',
            paginator: { type: 'page_number', total_path: 'pages' },
            params: { id: { type: 'values', from: [{ list: ['a'] }, { env: 'IDS' }] } },
            ...endpoint,
          },
        },
      ],
    },
  };
  return {
    async run(ids, { until: last, key } = {}) {
      [until, asked] = [last, []];
      return runPipeline(config, { effects: { ...realEffects, env: { IDS: ids, KEY: key ?? 'key-of-one' } } });
    },
    get asked() {
      return [...asked].sort();
    },
    async rows() {
      const rows = await rowsOf(join(folder, 'shop.duckdb'), 'jobs', 'd');
      return rows.map(({ id, page, of }) => `${id}${page} of ${of}`).sort();
    },
  };
}

const destinationIn = (folder: string) => ({ type: 'duckdb', path: join(folder, 'shop.duckdb') }) as const;
const accounts: Readonly<Record<string, string>> = { 'key-of-one': 'one', 'key-of-two': 'two' };
const pages = (ids: string, of = 'one') => [...ids].flatMap((id) => [`${id}0 of ${of}`, `${id}1 of ${of}`]);
const sorted = (asked: readonly string[]) => [...asked].sort();
const requests = (ids: string) => [...ids].flatMap((id) => [`/jobs/${id}?page=0`, `/jobs/${id}?page=1`]);

describe('an interrupted run that is continued, with 8 requests at once,', () => {
  test('with the same ids asks for what is missing only', async () => {
    const shop = await useShop(8);
    expect(await shop.run('b,c,d', { until: '/jobs/c?page=0' })).toMatchObject({ exitCode: 5 });
    const trace = await shop.run('b,c,d');
    expect(trace.notes).toEqual([expect.stringMatching(/^Continues package/)]);
    expect(shop.asked).toEqual(sorted(requests('cd')));
    expect(await shop.rows()).toEqual(pages('abcd'));
  });

  test('with more ids asks for those too, in the same run, and says so', async () => {
    const shop = await useShop(8);
    await shop.run('b,c', { until: '/jobs/b?page=1' });
    const { notes, packages } = await shop.run('x,b,c,y');
    expect(notes).toContain('jobs: asks for 2 ids more than the earlier run');
    expect(shop.asked).toEqual(sorted(['/jobs/b?page=1', ...requests('xcy')]));
    expect(packages).toHaveLength(1);
    expect(await shop.rows()).toEqual(pages('abcxy'));
  });

  test('does not ask for ids that it had not come to and that are not wanted now', async () => {
    const shop = await useShop(8);
    await shop.run('b,c,d', { until: '/jobs/c?page=0' });
    const { notes } = await shop.run('b,d');
    expect(notes).toContain('jobs: leaves out 1 id that the earlier run had not come to');
    expect(shop.asked).toEqual(sorted(requests('d')));
    expect(await shop.rows()).toEqual(pages('abd'));
  });
});

describe.each([1, 8])('an interrupted run that is continued, with %i requests at once,', (concurrency) => {
  test('again and again, with its ids in another order each time, skips none and doubles none', async () => {
    const shop = await useShop(concurrency);
    await shop.run('b,c,d,e,z', { until: '/jobs/b?page=1' });
    await shop.run('e,d,c,b,z', { until: '/jobs/d?page=1' });
    await shop.run('c,e,b,d,z', { until: '/jobs/c?page=1' });
    const { exitCode, notes, packages } = await shop.run('y,d,x,b,c,e');
    expect({ exitCode, packages }).toMatchObject({ exitCode: 0, packages: [{ state: 'loaded' }] });
    expect(notes).toEqual([
      expect.stringMatching(/^Continues package/),
      'jobs: asks for 2 ids more than the earlier run',
      'jobs: leaves out 1 id that the earlier run had not come to',
    ]);
    expect(await shop.rows()).toEqual(pages('abcdexy'));
  });
});

describe.each([1, 8])('an interrupted run is dropped, and said so, with %i requests at once,', (concurrency) => {
  test.each([
    ['records of an id that is not wanted now', 'c?page=0', 'x,y', 'records of jobs for id = b'],
    ['a part of the records of such an id', 'b?page=1', 'c,x', 'a part of the records of jobs for id = b'],
  ])('where it holds %s', async (_, stuckAt, ids, what) => {
    const shop = await useShop(concurrency);
    await shop.run('b,c', { until: `/jobs/${stuckAt}` });
    const { notes } = await shop.run(ids);
    expect(notes).toEqual([expect.stringMatching(`was dropped: it holds ${what}, which this run does not ask for.`)]);
    const wanted = ids.replace(',', '');
    expect(shop.asked).toEqual(sorted(requests(`a${wanted}`)));
    expect(await shop.rows()).toEqual(pages(`a${wanted}`));
  });

  test('where the key is another one: no load mixes two accounts', async () => {
    const shop = await useShop(concurrency);
    await shop.run('b', { until: '/jobs/b?page=0' });
    const { notes } = await shop.run('b', { key: 'key-of-two' });
    expect(notes).toEqual([
      expect.stringMatching(/^Package \S+ .* was dropped: it was begun with other credentials\.$/),
    ]);
    expect(shop.asked).toEqual(sorted(requests('ab')));
    expect(await shop.rows()).toEqual(pages('ab', 'two'));
  });
});

test('what a POST answered is kept, also for an id that is not wanted now', async () => {
  const paginator = { type: 'single_page' };
  const shop = await useShop(8, { method: 'POST', paginator });
  await shop.run('b,c', { until: '/jobs/c?page=0' });
  const { notes } = await shop.run('x');
  expect(notes).toContain('jobs: keeps 1 id that this run does not ask for: the replies to a POST were paid for');
  expect(notes).toContain('jobs: leaves out 1 id that the earlier run had not come to');
  expect(shop.asked).toEqual(sorted(['/jobs/x?page=0']));
  expect(await shop.rows()).toEqual(['a', 'b', 'x'].map((id) => `${id}0 of one`));
});
