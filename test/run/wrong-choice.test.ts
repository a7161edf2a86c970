import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type RunOptions, runPipeline } from '../../src/pipeline.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a run that was asked for what cannot be tells nobody, and leaves nothing but the summary that was asked for', async () => {
  const folder = await tempFolder();
  const { url, asked } = await useServer(() => ({ ok: true }));
  const config = {
    pipeline: {
      name: 'shop',
      destination: { type: 'duckdb' as const, path: join(folder, 'file.duckdb') },
      working_dir: join(folder, 'working'),
      ping: url,
      notify: { url },
      metrics_file: join(folder, 'shop.prom'),
      openlineage: { url, file: join(folder, 'lineage.jsonl') },
    },
    source: { name: 'shop', resources: [{ name: 'jobs', data: () => [{ id: 1 }] }] },
  };
  const wrong: RunOptions[] = [
    { exclude: ['jbs'] },
    { exclude: ['jobs'] },
    { resources: ['jbs'] },
    { limit: 0 },
    { fullRefresh: true },
    { from: '2026-01-01' },
    { timeout: 'soon' },
    { maxCost: -1 },
    { ifLocked: 'wait=never' },
  ];
  for (const options of wrong) await expect(runPipeline(config, options)).rejects.toMatchObject({ exitCode: 2 });
  expect([asked, await readdir(folder)]).toEqual([[], []]);

  const summaryFile = join(folder, 'summary.json');
  await expect(runPipeline(config, { limit: 0, summaryFile })).rejects.toMatchObject({ code: 'UsageInvalid' });
  expect(JSON.parse(await readFile(summaryFile, 'utf8'))).toMatchObject({ pipeline: 'shop', exitCode: 2 });
  expect([asked, await readdir(folder)]).toEqual([[], ['summary.json']]);
});
