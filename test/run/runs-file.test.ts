import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { Database } from '../../src/duckdb/database.ts';
import { type Effects, realEffects, silentLog } from '../../src/effects.ts';
import { PipelineError } from '../../src/errors.ts';
import { appendRun, lastRuns, runsFile } from '../../src/ledger/runs-file.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { unreadSummary } from '../../src/report/run-summary.ts';
import { runSummarySchema } from '../../src/report/run-summary-schema.ts';
import { tempFolder } from '../support/temp-folder.ts';

const { stringify } = JSON;

interface Parts {
  readonly name?: string;
  readonly keepRuns?: number;
  readonly data?: () => readonly object[];
}

function config(
  folder: string,
  { name = 'shop', keepRuns: keep_runs = 1000, data = () => [{ id: 1 }] }: Parts = {},
): ConfigFileInput {
  return {
    pipeline: {
      name,
      keep_runs,
      destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
      working_dir: join(folder, 'working'),
    },
    source: { name: 'shop', resources: [{ name: 'items', primary_key: 'id', write_disposition: 'merge', data }] },
  };
}

function unselected({ pipeline, source }: ConfigFileInput): ConfigFileInput {
  return {
    pipeline,
    source: { ...source, resources: [{ name: 'items', selected: false, data: () => [] }] },
  };
}

function listening(): { effects: Effects; warnings: string[] } {
  const warnings: string[] = [];
  return { effects: { ...realEffects, log: { ...silentLog, warn: (text) => void warnings.push(text) } }, warnings };
}

const linesOf = async (folder: string) =>
  (await readFile(runsFile(join(folder, 'working')), 'utf8')).trimEnd().split('\n');

test('every run leaves a line, one that failed and one that did not begin too', async () => {
  const folder = await tempFolder();
  const trace = await runPipeline(config(folder));
  await runPipeline(
    config(folder, {
      data: () => {
        throw new Error('no \u001b[31mluck');
      },
    }),
  );
  await expect(runPipeline(unselected(config(folder)))).rejects.toThrow('No resource is selected');

  const runs = (await linesOf(folder)).map((line) => runSummarySchema.strict().parse(JSON.parse(line)));
  expect(runs).toMatchObject([
    {
      pipeline: 'shop',
      destination: join(folder, 'file.duckdb'),
      loadId: trace.loadId,
      startedAt: new Date(trace.startedAt).toISOString(),
      exitCode: 0,
      outcome: 'succeeded',
      published: true,
      failure: null,
      resources: [{ name: 'items', status: 'extracted', records: 1 }],
      tables: [{ name: 'items', rowsInserted: 1, rowsUpdated: 0, rowsDeleted: 0, rowsRetired: 0 }],
      packages: [{ loadId: trace.loadId, state: 'loaded', recovered: false }],
    },
    {
      exitCode: 5,
      outcome: 'failed',
      published: false,
      failure: { code: 'ResourceGeneratorFailed', message: expect.stringContaining('no luck') },
      tables: [],
    },
    { loadId: null, exitCode: 2, failure: { code: 'ResourceUnknown' }, resources: [] },
  ]);
  expect(runs[0]?.schemaChanges).toContainEqual(expect.objectContaining({ table: 'items', change: 'table_added' }));
});

test('half a line of a killed run is mended; readers never see it, nor lines that are no summary', async () => {
  const folder = await tempFolder();
  await runPipeline(config(folder));
  const [line = ''] = await linesOf(folder);
  await writeFile(
    runsFile(join(folder, 'working')),
    `${line}\nnot JSON\n\n{"pipeline":"shop"}\n[]\n${line.slice(0, 100)}`,
  );
  expect(await lastRuns(join(folder, 'working'), 10)).toEqual([JSON.parse(line)]);

  await runPipeline(config(folder, { name: 'other' }));
  const lines = await linesOf(folder);
  expect(lines.slice(0, 5)).toEqual([line, 'not JSON', '', '{"pipeline":"shop"}', '[]']);
  expect(lines).toHaveLength(6);
  expect((await lastRuns(join(folder, 'working'), 10)).map(({ pipeline }) => pipeline)).toEqual(['other', 'shop']);
  expect(await lastRuns(join(folder, 'working'), 1, 'shop')).toEqual([JSON.parse(line)]);
});

test('a folder in the place of the file is a warning, and the run is what it was', async () => {
  const folder = await tempFolder();
  await mkdir(runsFile(join(folder, 'working')), { recursive: true });
  const { effects, warnings } = listening();
  expect(await runPipeline(config(folder), { effects })).toMatchObject({ exitCode: 0, published: true });
  expect(warnings).toEqual([expect.stringMatching(/^What this run was could not be written down\. .*runs\.jsonl: /)]);
  await expect(lastRuns(join(folder, 'working'), 1)).rejects.toThrow('runs.jsonl: it is');
});

test('only the end of a large file is read', async () => {
  const folder = await tempFolder();
  await runPipeline(config(folder));
  const [line = ''] = await linesOf(folder);
  const path = runsFile(join(folder, 'working'));
  await writeFile(path, `${'x'.repeat(40_000_000)}\n${line}\n`);
  expect(await lastRuns(join(folder, 'working'), 1)).toEqual([JSON.parse(line)]);
  expect(stringify(await lastRuns(join(folder, 'working'), 2))).toBe(stringify([JSON.parse(line)]));
});

test.skipIf(!existsSync('/dev/full'))(
  'a summary goes where a user wants it, by rename; where that cannot be, it is a warning',
  async () => {
    const folder = await tempFolder({ 'real.json': 'what was there before' });
    const summaryFile = join(folder, 'summary.json');
    await symlink('real.json', summaryFile);
    await runPipeline(config(folder), { summaryFile });
    const [line = ''] = await linesOf(folder);
    expect(JSON.parse(await readFile(join(folder, 'real.json'), 'utf8'))).toEqual(JSON.parse(line));

    const refused = runPipeline(config(folder), { resources: ['nothing'], summaryFile });
    await expect(refused).rejects.toMatchObject({ code: 'ResourceUnknown' });
    expect(JSON.parse(await readFile(summaryFile, 'utf8'))).toMatchObject({ exitCode: 2, outcome: 'failed' });

    const { effects, warnings } = listening();
    for (const wrong of [folder, join(folder, 'missing', 'summary.json'), '/dev/full']) {
      const trace = await runPipeline(config(folder), { effects, summaryFile: wrong });
      expect(trace).toMatchObject({ exitCode: 0, published: true });
    }
    expect(warnings).toEqual([
      `The summary of the run could not be written to ${folder}: it is a folder (EISDIR).`,
      `The summary of the run could not be written to ${join(folder, 'missing', 'summary.json')}: there is no such file or folder (ENOENT).`,
      'The summary of the run could not be written to /dev/full: the disk is full (ENOSPC).',
    ]);
    expect((await readdir(folder)).filter((name) => name.includes('.next'))).toEqual([]);
  },
);

test('keep_runs says how many runs of the pipeline are remembered; what others left stays', async () => {
  const folder = await tempFolder();
  await runPipeline(config(folder, { name: 'other' }));
  const [other = ''] = await linesOf(folder);
  await writeFile(runsFile(join(folder, 'working')), `by hand\n${other}\n`);
  const loadIds: (string | null)[] = [];
  for (let runs = 0; runs < 4; runs += 1) loadIds.push((await runPipeline(config(folder, { keepRuns: 2 }))).loadId);

  const lines = await linesOf(folder);
  expect(lines.slice(0, 2)).toEqual(['by hand', other]);
  expect(lines.slice(2).map((line) => JSON.parse(line).loadId)).toEqual(loadIds.slice(-2));
  const database = await Database.open();
  await database.attach(join(folder, 'working', 'ledger.duckdb'), 'l', { readOnly: true });
  const remembered = await (await database.connect()).rows(
    'select pipeline_name, load_id from l.runs where run_id in (select run_id from l.schema_changes) order by run_id',
  );
  const runs = await (await database.connect()).rows('select load_id from l.runs order by run_id');
  database.close();
  expect(remembered).toEqual([{ pipeline_name: 'other', load_id: JSON.parse(other).loadId }]);
  expect(runs.slice(1)).toEqual(loadIds.slice(-2).map((load_id) => ({ load_id })));
});

test.each([
  { what: 'are as long as several writes', keep: 1000, length: 600_000 },
  { what: 'make others superfluous', keep: 1, length: 100 },
])('runs that end at once, whose lines $what, lose none', async ({ keep, length }) => {
  const folder = join(await tempFolder(), 'working');
  const failure = new PipelineError({ code: 'UsageInvalid', message: 'no'.repeat(length / 2), hint: '' });
  const pipelines = ['one', 'two', 'three', 'four'];
  for (const turn of [1, 2, 3]) {
    const summaries = pipelines.map((pipeline) => ({ ...unreadSummary(failure, 0), pipeline, milliseconds: turn }));
    await Promise.all(summaries.map((summary) => appendRun(folder, summary, keep, realEffects)));
  }
  const runs = (await readFile(runsFile(folder), 'utf8')).trimEnd().split('\n');
  const last = runs.map((line) => JSON.parse(line)).filter(({ milliseconds }) => milliseconds === 3);
  expect(last.map(({ pipeline }) => pipeline).sort()).toEqual([...pipelines].sort());
});
