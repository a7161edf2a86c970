import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import { realEffects } from '../../src/effects.ts';
import { appendRun } from '../../src/ledger/runs-file.ts';
import type { RunSummary } from '../../src/report/run-summary-schema.ts';
import { lastGoodLoads } from '../../src/run/last-good-loads.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Status = RunSummary['resources'][number]['status'];

/** A run that ended at this hour. */
interface Told {
  readonly hour: number;
  readonly items: Status;
  readonly tags?: Status;
  /** Absent where nothing was loaded. */
  readonly loadId?: string;
  readonly more?: Partial<RunSummary>;
}

const at = (hour: number) => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;

async function project(runs: readonly Told[]) {
  const folder = await tempFolder();
  const resource = { write_disposition: 'merge', primary_key: 'id', data: () => [] } as const;
  const config = await resolveConfig({
    pipeline: {
      name: 'shop',
      dataset_name: 'data',
      destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
      working_dir: join(folder, 'working'),
    },
    source: {
      name: 'shop',
      resources: [
        { name: 'items', ...resource },
        { name: 'tags', ...resource },
        { name: 'only_read', ...resource, write_disposition: 'skip' },
      ],
    },
  });
  const path = join(folder, 'file.duckdb');
  for (const run of runs) await appendRun(config.pipeline.working_dir, summaryOf(run, path), 1000, realEffects);
  return config;
}

function summaryOf({ hour, items, tags = 'skipped', loadId, more = {} }: Told, destination: string): RunSummary {
  const asked = { requests: 1, retries: 0, waitedMilliseconds: 0, records: 3, milliseconds: 1 };
  return {
    ...{ pipeline: 'shop', dataset: 'data', destination, destinationType: 'duckdb', version: '1', notes: [] },
    ...{ loadId: loadId ?? null, startedAt: at(hour), finishedAt: at(hour), milliseconds: 1, exitCode: 0, counts: {} },
    ...{ steps: { extract: 1, load: 1 }, outcome: 'succeeded', published: loadId !== undefined, failure: null },
    ...{ schemaChanges: [], cost: null, balance: null },
    resources: [
      { name: 'items', status: items, ...asked },
      { name: 'tags', status: tags, ...asked },
    ],
    tables: [{ name: 'items', rowsInserted: 2, rowsUpdated: 1, rowsDeleted: 0, rowsRetired: 0 }],
    packages: loadId === undefined ? [] : [{ loadId, state: 'loaded', recovered: false }],
    ...more,
  };
}

const holding = (loadId: string, loadedAt: string | null = null) => ({
  loads: [{ loadId, insertedAt: at(0), status: 0 }],
  tables: [{ name: 'items', rows: 3, loadedAt }],
});

const failed = { outcome: 'failed', published: false, exitCode: 5 } as const;

test.each<[string, readonly Told[], string, object]>([
  [
    'was loaded',
    [{ hour: 1, items: 'extracted', loadId: '1.1' }],
    '1.1',
    { loadedAt: at(1), rows: 3, checkedAt: at(1) },
  ],
  [
    'was found unchanged since',
    [
      { hour: 1, items: 'extracted', loadId: '1.1' },
      { hour: 2, items: 'unchanged' },
    ],
    '1.1',
    { loadId: '1.1', loadedAt: at(1), checkedAt: at(2) },
  ],
  [
    'failed since, alone or with the whole run',
    [
      { hour: 1, items: 'extracted', loadId: '1.1' },
      { hour: 2, items: 'failed', tags: 'extracted', loadId: '1.2', more: { outcome: 'partial', exitCode: 3 } },
      { hour: 3, items: 'extracted', loadId: '1.3', more: { ...failed, packages: [] } },
      { hour: 4, items: 'not_executed' },
    ],
    '1.2',
    { loadId: '1.1', loadedAt: at(1), checkedAt: at(1) },
  ],
  [
    'was read into a package that waits, beside one that was loaded',
    [
      {
        hour: 2,
        items: 'extracted',
        loadId: '1.3',
        more: {
          ...{ outcome: 'failed', published: true, exitCode: 6 },
          packages: [
            { loadId: '1.2', state: 'loaded', recovered: true },
            { loadId: '1.3', state: 'pending', recovered: false },
          ],
        },
      },
    ],
    '1.2',
    { loadId: null, loadedAt: null, checkedAt: null },
  ],
  [
    'was loaded by what the file does not hold any more',
    [
      { hour: 1, items: 'extracted', loadId: '1.1' },
      { hour: 2, items: 'extracted', loadId: '1.2' },
      { hour: 3, items: 'unchanged' },
    ],
    '1.1',
    { loadId: '1.1', loadedAt: at(1), checkedAt: at(1) },
  ],
  ['had nothing to be asked for', [{ hour: 2, items: 'skipped' }], '1.1', { loadedAt: null, checkedAt: at(2) }],
  [
    'was loaded by another pipeline, or into another file',
    [
      { hour: 2, items: 'extracted', loadId: '1.1', more: { pipeline: 'other' } },
      { hour: 3, items: 'extracted', loadId: '1.1', more: { destination: '/other' } },
    ],
    '1.1',
    { loadedAt: null, checkedAt: null },
  ],
])('a resource that %s', async (_, runs, newest, expected) => {
  const [items, tags, ...others] = await lastGoodLoads(await project(runs), holding(newest));
  expect(items).toMatchObject({ name: 'items', selected: true, ...expected });
  expect([tags?.name, ...others]).toEqual(['tags']);
});

test('without runs the table tells; without a file nothing was ever loaded; a file that is held says nothing', async () => {
  const none = await project([]);
  const [item] = await lastGoodLoads(none, holding('1.1', at(5)));
  expect(item).toMatchObject({ loadId: null, loadedAt: at(5), rows: null, checkedAt: at(5) });
  const loaded = await project([{ hour: 1, items: 'extracted', loadId: '1.1' }]);
  expect((await lastGoodLoads(loaded, undefined))[0]).toMatchObject({ loadedAt: null, checkedAt: null });
  expect((await lastGoodLoads(loaded, null))[0]).toMatchObject({ loadedAt: at(1), checkedAt: at(1) });
});
