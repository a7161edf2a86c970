import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { readTable } from '../../src/read-table.ts';
import { hurried } from '../../src/run/hurried-effects.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

const JOBS = ['1', '2', '3', '4', '5'];

/** Each job is over after as many replies as its number; the fifth never is. */
async function useJobs() {
  const folder = await tempFolder();
  const asked = new Map<string, number>();
  const { url } = await useServer(({ path }) => {
    const id = path.slice('/jobs/'.length);
    const times = (asked.get(id) ?? 0) + 1;
    asked.set(id, times);
    return { id, times, status: id !== '5' && times >= Number(id) ? 'done' : 'open' };
  });
  const config = (every: string, timeout: string): ConfigFileInput => ({
    pipeline: {
      name: 'jobs',
      dataset_name: 'd',
      working_dir: join(folder, 'w'),
      destination: { path: join(folder, 'jobs.duckdb') },
      archive: { keep: '7d' },
    },
    source: {
      name: 's',
      client: { base_url: url },
      resources: [
        {
          name: 'jobs',
          write_disposition: 'replace',
          endpoint: {
            path: 'jobs/{id}',
            params: { id: { type: 'values', from: [{ list: JOBS }] } },
            poll: { until: "status = 'done'", every, timeout },
          },
        },
      ],
    },
  });
  const rows = async () => {
    const found: unknown[] = [];
    for await (const { id, times, status } of readTable(config('1s', '1m'), 'jobs')) found.push({ id, times, status });
    return found;
  };
  return { config, rows, asked };
}

test.each([
  ['as it was', '20ms', '2s'],
  ['with less patience than there was', '1h', '1s'],
  ['with more patience than there was', '1ms', '10d'],
])(
  'a replay %s asks as often as the run did that waited for jobs, and loads what it loaded',
  async (_, every, timeout) => {
    const { config, rows, asked } = await useJobs();
    await runPipeline(config('20ms', '2s'), { effects: hurried(realEffects) });
    const then = await rows();
    expect(then).toHaveLength(JOBS.length);
    const [{ load_id: loadId = '' } = {}] = await loadsOf(config('1s', '1m'));
    const before = new Map(asked);
    const trace = await runPipeline(config(every, timeout), { effects: realEffects, replay: loadId });
    expect(trace.resources).toMatchObject([
      { status: 'extracted', notes: [expect.stringMatching(/^1 of 5 were still open/)] },
    ]);
    expect(await rows()).toEqual(then);
    expect(asked).toEqual(before);
  },
);

async function loadsOf(config: ConfigFileInput): Promise<{ load_id: string }[]> {
  const loads: { load_id: string }[] = [];
  for await (const { load_id } of readTable(config, '_dlt_loads')) loads.push({ load_id: String(load_id) });
  return loads;
}
