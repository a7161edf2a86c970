import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects } from '../../src/effects.ts';
import { type RunOptions, runPipeline } from '../../src/pipeline.ts';
import type { Trace } from '../../src/trace.ts';
import { rowsOf } from '../support/published.ts';
import { sendJson, useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const pages = 3;

interface Ran {
  readonly trace: Trace;
  /** Rows of every table that is there, in the order in which they were loaded. */
  readonly rows: Readonly<Record<string, unknown[]>>;
  readonly asked: readonly string[];
  /** Requests that were under way at once. */
  readonly most: number;
}

interface Options extends RunOptions {
  readonly concurrency: number;
  readonly pipeline?: object;
  readonly client?: object;
  /** A status instead of the page. */
  readonly refuse?: (page: string, asked: readonly string[]) => number | undefined;
}

/** A list of three pages for each resource; cursors, so that one page leads to the next. */
async function run({ concurrency, pipeline, client, refuse = () => undefined, ...options }: Options): Promise<Ran> {
  const folder = await tempFolder();
  const asked: string[] = [];
  let [underWay, most] = [0, 0];
  const server = await useServer(async ({ path, query }, response) => {
    const page = `${path.slice(1)}${query.get('after') ?? 0}`;
    asked.push(page);
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(10 + ((asked.length * 7) % 5));
    underWay -= 1;
    const status = refuse(page, asked);
    if (status !== undefined) {
      response.setHeader('retry-after', '0');
      return sendJson(response, status, {});
    }
    const at = Number(query.get('after') ?? 0);
    return { data: [{ page }], next: at + 1 < pages ? String(at + 1) : null };
  });
  const config: ConfigFileInput = {
    pipeline: {
      name: 'shop',
      dataset_name: 'd',
      working_dir: join(folder, 'work'),
      destination: { type: 'duckdb', path: join(folder, 'shop.duckdb') },
      ...pipeline,
    },
    source: {
      name: 's',
      client: { base_url: server.url, concurrency, ...client },
      resources: names.map((name) => ({
        name,
        endpoint: {
          data_selector: 'data',
          paginator: { type: 'cursor', cursor_path: 'next', cursor_param: 'after' },
        },
      })),
    },
  };
  const trace = await runPipeline(config, { effects: { ...realEffects, env: {} }, ...options });
  const rows: Record<string, unknown[]> = {};
  for (const { name } of trace.packages.flatMap(({ tables }) => tables)) {
    rows[name] = (await rowsOf(join(folder, 'shop.duckdb'), name, 'd')).map(({ page }) => page);
  }
  return { trace, rows, asked, most };
}

const whole = (some: readonly string[]) =>
  Object.fromEntries(some.map((name) => [name, [0, 1, 2].map((page) => `${name}${page}`)]));

describe('resources', () => {
  test('are asked for behind each other, and loaded in the order of the configuration', async () => {
    const [one, many] = [await run({ concurrency: 1 }), await run({ concurrency: 4 })];
    expect([one.most, many.most]).toEqual([1, 4]);
    expect(one.asked).toEqual(names.flatMap((name) => [0, 1, 2].map((page) => `${name}${page}`)));
    expect([...many.asked].sort()).toEqual(one.asked);
    expect([one.rows, many.rows]).toEqual([whole(names), whole(names)]);
    const told = ({ trace }: Ran) => trace.resources.map(({ name, status, requests }) => ({ name, status, requests }));
    expect(told(many)).toEqual(told(one));
  });

  test.each([1, 8])(
    'one that fails among %i requests at once fails the run before anything is loaded',
    async (concurrency) => {
      const { trace, rows } = await run({ concurrency, refuse: (page) => (page === 'c1' ? 403 : undefined) });
      expect(trace).toMatchObject({ exitCode: 4, failure: { code: 'SourceRefused' } });
      expect(trace.resources.map(({ status }) => status)).toEqual([
        'extracted',
        'extracted',
        'failed',
        ...['not_executed', 'not_executed', 'not_executed'],
      ]);
      expect(rows).toEqual({});
    },
  );

  test.each([1, 8])('the others are loaded with `continue`, %i at once', async (concurrency) => {
    const pipeline = { on_resource_failure: 'continue' };
    const refuse = (page: string) => (page === 'a0' || page === 'c1' ? 403 : undefined);
    const { trace, rows } = await run({ concurrency, pipeline, refuse });
    expect(trace.exitCode).toBe(3);
    expect(rows).toEqual(whole(['b', 'd', 'e', 'f']));
  });

  test.each([1, 8])('an interruption ends %i at once; nothing was published', async (concurrency) => {
    const stop = new AbortController();
    const refuse = (page: string) => {
      if (page === 'b1') stop.abort();
      return undefined;
    };
    const { trace } = await run({ concurrency, refuse, signal: stop.signal });
    expect(trace).toMatchObject({ exitCode: 130, packages: [{ state: 'pending' }] });
  });
});

test('a 429 is told once for the request that got it, and everything arrives', async () => {
  const refused = new Set<string>();
  const refuse = (page: string) => {
    if (!/[bd]1/.test(page) || refused.has(page)) return undefined;
    refused.add(page);
    return 429;
  };
  const { trace, rows } = await run({ concurrency: 8, refuse });
  expect(rows).toEqual(whole(names));
  const retried = trace.resources.filter(({ retries }) => retries.length > 0);
  expect(retried.map(({ name, retries }) => ({ name, retries }))).toEqual(
    ['b', 'd'].map((name) => ({ name, retries: [{ after: '429', times: 1, waitedMilliseconds: 0 }] })),
  );
});
