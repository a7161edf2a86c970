import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { hurried } from '../../src/run/hurried-effects.ts';
import { rowsOf } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

const JOBS = ['1', '2', '3', '4', '5'];

/** Each job is over after as many replies as its number; the fifth never is. */
async function useJobs() {
  const folder = await tempFolder();
  const file = join(folder, 'jobs.duckdb');
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
      destination: { path: file },
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
  const rows = async () => (await rowsOf(file, 'jobs', 'd')).map(({ id, times, status }) => ({ id, times, status }));
  return { config, rows, asked };
}

/** A run that waited for them; what replays of it load takes the place of what it loaded. */
const waited = shared(async () => {
  const { config, rows, asked } = await useJobs();
  const { loadId } = await runPipeline(config('20ms', '2s'), { effects: hurried(realEffects) });
  return { config, rows, asked, loadId, loaded: await rows() };
});

test.each([
  ['as it was', '20ms', '2s'],
  ['with less patience than there was', '1h', '1s'],
  ['with more patience than there was', '1ms', '10d'],
])(
  'a replay %s asks as often as the run did that waited for jobs, and loads what it loaded',
  async (_, every, timeout) => {
    const { config, rows, asked, loadId, loaded } = await waited();
    expect(loaded).toHaveLength(JOBS.length);
    const before = new Map(asked);
    const trace = await runPipeline(config(every, timeout), { effects: realEffects, replay: String(loadId) });
    expect(trace.resources).toMatchObject([
      { status: 'extracted', notes: [expect.stringMatching(/^1 of 5 were still open/)] },
    ]);
    expect(await rows()).toEqual(loaded);
    expect(asked).toEqual(before);
  },
);
