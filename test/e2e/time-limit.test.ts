import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConfigFileInput, type Effects, realEffects, runPipeline } from '../../src/index.ts';
import { tables, value } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

const LIMIT = 7_200_000;

/** Real effects, in which the two hours of a run are over when the test says so. */
function effectsWithLimit(): { effects: Effects; timeUp: () => void; waits: number[] } {
  const waits: number[] = [];
  let timeUp = () => {};
  const up = new Promise<void>((resolve) => {
    timeUp = resolve;
  });
  const sleep: Effects['sleep'] = (milliseconds, signal) => {
    if (milliseconds !== LIMIT) return realEffects.sleep(milliseconds, signal);
    waits.push(milliseconds);
    return up;
  };
  return { effects: { ...realEffects, env: {}, sleep }, timeUp: () => timeUp(), waits };
}

async function project(url: string, pipeline: Partial<ConfigFileInput['pipeline']> = {}) {
  const cwd = await tempFolder();
  const file = join(cwd, 'file.duckdb');
  const paginator = { type: 'cursor', cursor_path: 'next' } as const;
  const config: ConfigFileInput = {
    pipeline: {
      name: 'small',
      dataset_name: 'data',
      destination: { type: 'duckdb', path: file },
      working_dir: join(cwd, '.dezgo-elt'),
      timeout: '2h',
      ...pipeline,
    },
    source: {
      name: 'shop',
      client: { base_url: url },
      resources: ['a', 'b'].map((name) => ({
        name,
        primary_key: 'id',
        write_disposition: 'merge' as const,
        endpoint: { path: name, data_selector: 'data', paginator },
      })),
    },
  };
  return { config, file };
}

describe('a run that takes longer than pipeline.timeout', () => {
  it('ends after a page with 5 and keeps what it has: the next run continues', async () => {
    const { effects, timeUp } = effectsWithLimit();
    let isSlow = true;
    const { url, asked } = await useServer(async ({ path, query }) => {
      const page = Number(query.get('cursor') ?? 0);
      if (path === '/b' && page === 3 && isSlow) {
        timeUp();
        return new Promise(() => {});
      }
      return { data: [{ id: page }], next: page < 5 ? page + 1 : null };
    });
    const { config, file } = await project(url);
    expect(await runPipeline(config, { effects })).toMatchObject({
      exitCode: 5,
      published: false,
      failure: {
        code: 'RunTimedOut',
        message: 'The run was not done after 2h, the limit set by `pipeline.timeout`.',
        hint: expect.stringContaining('Run again: it continues after the last page that was complete'),
      },
      packages: [{ state: 'pending' }],
    });
    isSlow = false;
    const before = asked.length;
    expect(await runPipeline(config, { effects: effectsWithLimit().effects })).toMatchObject({ exitCode: 0 });
    const again = asked.slice(before).map(({ path, query }) => `${path} ${query.get('cursor')}`);
    expect(again).toEqual(['/b 3', '/b 4', '/b 5']);
    expect(await value(file, 'select count(*) from a')).toBe(6);
    expect(await value(file, 'select count(*) from b')).toBe(6);
  });

  it('publishes nothing of it with `on_resource_failure: continue` either', async () => {
    const { effects, timeUp } = effectsWithLimit();
    const { url } = await useServer(({ path }) => {
      if (path === '/a') return { data: [{ id: 1 }], next: null };
      timeUp();
      return new Promise(() => {});
    });
    const { config, file } = await project(url, { on_resource_failure: 'continue' });
    expect(await runPipeline(config, { effects })).toMatchObject({ exitCode: 5, failure: { code: 'RunTimedOut' } });
    expect(await tables(file).catch(() => [])).toEqual([]);
  });

  it('while it waits before a retry does not wait on, and tells of the retries', async () => {
    const { effects, timeUp } = effectsWithLimit();
    const { url } = await useServer((_, response) => {
      response.writeHead(503, { 'retry-after': '200' }).end();
    });
    const sleep: Effects['sleep'] = (milliseconds, signal) => {
      if (milliseconds === 200_000) setImmediate(timeUp);
      return effects.sleep(milliseconds, signal);
    };
    const { config } = await project(url);
    const trace = await runPipeline(config, { effects: { ...effects, sleep } });
    expect(trace).toMatchObject({ exitCode: 5, failure: { code: 'RunTimedOut' } });
    const [a] = trace.resources;
    expect(a).toMatchObject({ name: 'a', requests: 1, retries: [{ after: '503', times: 1 }] });
    expect(a?.retries[0]?.waitedMilliseconds).toBeLessThan(200_000);
  });
});

it('a run in time leaves nothing that waits, and one without a limit waits for nothing', async () => {
  const { effects, waits } = effectsWithLimit();
  const { url } = await useServer(() => ({ data: [{ id: 1 }], next: null }));
  let ended = 0;
  const sleep: Effects['sleep'] = (milliseconds, signal) => {
    signal?.addEventListener('abort', () => ended++);
    return effects.sleep(milliseconds, signal);
  };
  const { config } = await project(url);
  expect(await runPipeline(config, { effects: { ...effects, sleep } })).toMatchObject({ exitCode: 0 });
  expect([waits, ended]).toEqual([[LIMIT], 1]);
  const { timeout, ...pipeline } = config.pipeline;
  expect(await runPipeline({ ...config, pipeline }, { effects: { ...effects, sleep } })).toMatchObject({ exitCode: 0 });
  expect([waits, ended]).toEqual([[LIMIT], 1]);
});
