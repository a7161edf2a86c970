import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ConfigFileInput, runPipeline } from '../../src/index.ts';
import { smallConfig } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

const day = (number: number) => `2024-01-0${number}T00:00:00Z`;

describe('a package that was begun', () => {
  it('by a run of a range is not continued by one of what is new, nor the other way round; a refresh empties what it refreshes', async () => {
    const folder = await tempFolder();
    const stop = new AbortController();
    let records = [1, 2, 3, 4].map((id) => ({ id, at: day(id) }));
    let isStopping = true;
    const { url } = await useServer(({ query: sent }) => {
      const page = Number(sent.get('page'));
      if (isStopping && page === 2) stop.abort();
      return records.slice((page - 1) * 2, page * 2);
    });
    const paginator = { type: 'page_number', base_page: 1, total_path: null };
    const incremental = { cursor_path: 'at', initial_value: day(1), start_param: 'since' };
    const config = smallConfig(url, {
      pipeline: {
        working_dir: join(folder, 'work'),
        destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
      },
      client: { auth: undefined, concurrency: 1 },
      resources: [{ name: 'days', endpoint: { paginator, data_selector: '$', incremental } }],
    }) as ConfigFileInput;
    const ids = async () =>
      (await query(join(folder, 'file.duckdb'), 'select id::integer as id from days order by 1')).map(({ id }) => id);

    const begun = await runPipeline(config, { from: day(2), signal: stop.signal });
    expect(begun.failure?.code).toBe('Interrupted');
    isStopping = false;
    const whole = await runPipeline(config);
    expect(whole.failure).toBeUndefined();
    expect(whole.notes).toContainEqual(expect.stringContaining(`was dropped: it was begun with \`--from ${day(2)}\`.`));
    expect(await ids()).toEqual([1, 2, 3, 4]);

    records = records.slice(2);
    expect((await runPipeline(config, { fullRefresh: true })).failure).toBeUndefined();
    expect(await ids()).toEqual([3, 4]);
    records = [];
    const empty = await runPipeline(config, { fullRefresh: true });
    expect(empty.failure).toBeUndefined();
    expect(empty.notes).toContainEqual(expect.stringContaining('days is empty now'));
    expect(await ids()).toEqual([]);
  });
});
