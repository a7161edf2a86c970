import { execFile } from 'node:child_process';
import { copyFile, open, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { resolveConfig } from '../../src/config/load-config.ts';
import { destinationOf } from '../../src/destinations/destination-kinds.ts';
import { realEffects, runPipeline, type Trace } from '../../src/index.ts';
import { rollBackRun } from '../../src/run/roll-back-run.ts';
import { query, value } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A pipeline that brings a row a night: 1 on 2026-01-01, 2 on 2026-01-02, … */
async function useNights(publish: ConfigFileInput['pipeline']['publish'] = { snapshots: { keep: 2 } }) {
  const folder = await tempFolder();
  const file = join(folder, 'file.duckdb');
  let night = 0;
  let stepped = 0;
  const effects = () => ({ ...realEffects, env: {}, now: () => Date.UTC(2026, 0, night - stepped) });
  const config = (dataset = 'data', workingDir = 'work'): ConfigFileInput => {
    const number = night;
    return {
      pipeline: {
        name: 'nights',
        dataset_name: dataset,
        working_dir: join(folder, workingDir),
        destination: { type: 'duckdb' as const, path: file },
        publish,
      },
      source: {
        name: 's',
        resources: [{ name: 'rows', data: () => [{ night: number, parts: [1, 2], mark: 'FIND-ME-IN-A-BLOCK' }] }],
      },
    };
  };
  const destination = async () => destinationOf(await resolveConfig(config()));
  return {
    folder,
    file,
    /** Sets the clock back by so many days. */
    step: (days: number) => {
      stepped += days;
    },
    async run(dataset?: string): Promise<Trace> {
      night += 1;
      return runPipeline(config(dataset), { effects: effects() });
    },
    snapshots: async () => (await (await destination()).snapshots()).list(),
    prune: async (keep: number) => (await (await destination()).snapshots()).prune(keep),
    async rollBack(id?: string, wholeFile = false) {
      return rollBackRun(await resolveConfig(config()), await destination(), { id, wholeFile, effects: effects() });
    },
    nights: () => value(file, "select string_agg(night, ' ' order by night) from rows"),
  };
}

const mkfifo = (path: string) => promisify(execFile)('mkfifo', [path]);

async function flipByte(path: string, at: number): Promise<void> {
  expect(at).toBeGreaterThan(0);
  const file = await open(path, 'r+');
  await file.write('X', at);
  await file.close();
}

const loadId = (night: number, micros = 0) => `${Date.UTC(2026, 0, night) / 1000}.${String(micros).padStart(6, '0')}`;

it('keeps the files that loads replace, and puts one back and forth', async () => {
  const { run, snapshots, rollBack, nights, file, step, prune } = await useNights();
  await run();
  expect(await snapshots()).toEqual([]);
  await run();
  await run();
  const { ino } = await stat(file);
  await run();
  expect(await snapshots()).toMatchObject([
    { id: loadId(3), loadId: loadId(3), replacedBy: loadId(4), rows: 9, tables: { rows: 3, rows__parts: 6 } },
    { id: loadId(2), replacedBy: loadId(3), rows: 6 },
  ]);
  const [third] = await snapshots();
  expect((await stat(third?.file ?? '')).ino).toBe(ino);
  expect((await stat(third?.file ?? '')).size).toBe(third?.bytes);

  expect(await rollBack()).toMatchObject({ from: loadId(4), to: { id: loadId(3) }, kept: { id: loadId(4), rows: 12 } });
  expect(await nights()).toBe('1 2 3');
  expect(await value(file, 'select max(load_id) from _dlt_loads')).toBe(loadId(3));
  expect((await snapshots()).map(({ id }) => id)).toEqual([loadId(4), loadId(2)]);
  expect(await rollBack()).toMatchObject({ from: loadId(3), to: { id: loadId(4) } });
  expect(await nights()).toBe('1 2 3 4');
  await rollBack(loadId(2));
  expect(await nights()).toBe('1 2');
  expect(
    await query(file, 'select from_load_id as f, to_load_id as t from _elt_rollbacks order by rollback_id'),
  ).toEqual([
    { f: loadId(4), t: loadId(3) },
    { f: loadId(3), t: loadId(4) },
    { f: loadId(4), t: loadId(2) },
  ]);

  step(10);
  const next = await run();
  expect(next.packages[0]?.loadId).toBe(loadId(4, 4));
  expect(await nights()).toBe('1 2 5');
  expect(await prune(1)).toHaveLength(1);
  expect(await snapshots()).toHaveLength(1);
});

it('a rollback that cannot be is an error, and changes nothing', async () => {
  const { run, snapshots, rollBack, nights, file, folder } = await useNights();
  const refused = async (code: string, message: RegExp, id?: string) => {
    const before = await stat(file).catch(() => undefined);
    await expect(rollBack(id)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    const after = await stat(file).catch(() => undefined);
    expect(after?.ino).toBe(before?.ino);
    expect((await readdir(folder)).filter((name) => /\.next|\.replaced|\.lock/.test(name))).toEqual([]);
  };
  await run();
  await refused('SnapshotMissing', /^There is no snapshot in .*file\.duckdb\.snapshots\.$/);
  await run();
  await run('other');
  await refused('SnapshotMissing', /^There is no snapshot `1\.2` in/, '1.2');
  await refused('UsageInvalid', /would take back more than this dataset: `other` changed in the file since/);
  const [first] = await snapshots();
  expect(first).toMatchObject({ id: loadId(1) });

  const packages = join(folder, 'work', 'packages');
  await writeFile(join(packages, '1767225600.000001.duckdb'), '');
  await refused('UsageInvalid', /^Load packages wait that go on from what would be taken back: 1767225600\.000001\./);
  await rm(join(packages, '1767225600.000001.duckdb'));

  const kept = first?.file ?? '';
  await rename(kept, `${kept}.moved`);
  await refused('SnapshotDamaged', /is damaged, or somebody wrote to it/);
  await writeFile(kept, 'no DuckDB file');
  await refused('DestinationUnreadable', new RegExp(`${loadId(1)}/file.duckdb is not a DuckDB file`));
  await rm(kept);
  await mkfifo(kept);
  await refused('DestinationUnreadable', /file\.duckdb is a FIFO, not a DuckDB file/);
  await rm(kept);
  await symlink(kept, kept);
  await refused('DestinationFailed', /Symbolic links on the way/);
  await rm(kept);
  await copyFile(`${kept}.moved`, kept);
  await flipByte(kept, (await readFile(kept)).indexOf('FIND-ME-IN-A-BLOCK'));
  await refused('SnapshotDamaged', /is damaged, or somebody wrote to it/);
  await rm(kept);
  const snapshotsFolder = `${file}.snapshots`;
  await rename(snapshotsFolder, `${snapshotsFolder}.moved`);
  await writeFile(snapshotsFolder, '');
  await refused('DestinationFailed', /file\.duckdb\.snapshots/);
  await rm(snapshotsFolder);
  await rename(`${snapshotsFolder}.moved`, snapshotsFolder);
  await rename(`${kept}.moved`, kept);

  await writeFile(file, 'nothing that DuckDB can read');
  await refused('DestinationUnreadable', /file\.duckdb is not a DuckDB file/);
  await rename(file, `${file}.damaged`);
  expect(await rollBack()).toMatchObject({ from: null, to: { id: loadId(1) }, kept: undefined });
  expect(await nights()).toBe('1');
});

it.each([
  ['in_place', { mode: 'in_place', snapshots: { keep: 2 } }],
  ['swap beside writers', { on_writer: 'swap', snapshots: { keep: 2 } }],
] as const)('where a second name will not do, a copy is kept (%s)', async (_, publish) => {
  const { run, snapshots, rollBack, nights, file, folder } = await useNights(publish);
  await rename(folder, `${folder}-real`);
  await symlink(`${folder}-real`, folder);
  await run();
  await run();
  await run('other');
  expect(await snapshots()).toMatchObject([{ id: loadId(1), rows: 3 }]);
  expect(await rollBack(undefined, true)).toMatchObject({ from: loadId(2), kept: { id: loadId(2) } });
  expect(await nights()).toBe('1');
  expect((await run()).packages[0]?.loadId).toBe(loadId(4));
  expect(await nights()).toBe('1 4');
  expect((await stat((await snapshots())[0]?.file ?? '')).ino).not.toBe((await stat(file)).ino);
  await rm(folder);
  await rename(`${folder}-real`, folder);
});
