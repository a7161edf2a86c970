import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { resultOf, startCli } from '../support/cli.ts';
import { key, type Project, projectIn, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { query, value } from '../support/published.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { pagedResources, usePagedSource } from './paged-source.ts';
import { watch } from './watcher.ts';

/** `npm run test:crash` kills more often, and larger loads. */
const thorough = process.env.MODE === 'crash';
const times = (often: number, few: number) => (thorough ? often : few);
const hours = 3_600_000;

const source = { pages: times(10, 6), recordsAPage: times(1000, 20), milliseconds: 5 };
const records = source.pages * source.recordsAPage;

/** Rows that a reader must never see: parents without their children, children without a parent, parts of a load. */
const torn = `
  select 'items' as what, count(*) as n from (
    select i.id from data.items i left join data.items__lines l on l._dlt_parent_id = i._dlt_id
    group by i.id, i.line_count having count(l._dlt_id) <> i.line_count) having n > 0
  union all
  select 'orphans', count(*) from data.items__lines
  where _dlt_parent_id not in (select _dlt_id from data.items) having count(*) > 0
  union all
  select 'prices', count(*) from data.prices having count(*) <> ${records} or count(distinct version) <> 1
  union all
  select 'events', count(*) from data.events having count(*) % ${records} <> 0
  union all
  select 'books', count(*) from (select distinct _dlt_load_id from data.items) where _dlt_load_id not in
    (select load_id from data._dlt_loads) having count(*) > 0`;

/** Where a run is killed: a part, from 0 to 1, of the way to its end, or of its loading and publishing. */
interface Kill {
  readonly during: 'run' | 'load';
  readonly at: number;
}

const spread = (during: Kill['during'], count: number, shift: number): Kill[] =>
  Array.from({ length: count }, (_, n) => ({ during, at: (n + shift) / count }));
const telling = (kills: readonly Kill[]) =>
  kills.map(({ during, at }) => `killed at ${Math.round(at * 100)} % of the ${during}`).join(', then ');

/** Milliseconds of an undisturbed run. */
interface Pace {
  readonly run: number;
  readonly load: number;
}

async function startAndKill(project: Project, { during, at }: Kill, pace: Pace): Promise<void> {
  const child = startCli(['run'], project);
  const gone = once(child, 'exit');
  if (during === 'load') await loading(child, project);
  await sleep(pace[during] * at);
  child.kill('SIGKILL'); // no error when it has ended by itself
  await gone;
}

/** Runs to the end and takes the time. */
async function undisturbed(project: Project): Promise<Pace> {
  const startedAt = performance.now();
  const child = startCli(['run'], project);
  const ended = resultOf(child);
  await loading(child, project);
  const loadingAt = performance.now();
  expect(await ended).toMatchObject({ code: 0 });
  return { run: performance.now() - startedAt, load: performance.now() - loadingAt };
}

/** Resolves when the working copy of the destination is there, or the process has ended. */
async function loading(child: ChildProcess, { cwd }: Project): Promise<void> {
  while (child.exitCode === null) {
    if ((await readdir(cwd)).some((name) => name.includes('.next'))) return;
    await sleep(1);
  }
}

/** Each row of a root table with its children, as who reads the tables sees them, whatever the load ids are. */
async function contents({ file }: Project, root: string): Promise<string[]> {
  const rows = await query(
    file,
    `select r.* exclude (_dlt_id, _dlt_load_id),
       (select list(concat_ws(' ', l.of, l.at, l._dlt_list_idx, l.version, l.text) order by l._dlt_list_idx)
        from ${root}__lines l where l._dlt_parent_id = r._dlt_id)::varchar as lines
     from ${root} r order by id, version, lines`,
  );
  return rows.map((row) => Object.values(row).map(String).join(' | '));
}

const merged = async (project: Project) => ({
  items: await contents(project, 'items'),
  prices: await contents(project, 'prices'),
});

/** Appended rows by load: every load is whole, the first of the version before, `atMost` of the one after. */
async function expectWholeAppends({ file }: Project, when: string, versions: readonly number[], atMost: number) {
  const loads = await query(
    file,
    `select e.version::integer as version, count(distinct e._dlt_id)::integer as rows,
       count(distinct e.id)::integer as ids, count(l._dlt_id)::integer as lines
     from events e left join events__lines l on l._dlt_parent_id = e._dlt_id
     group by e.version, e._dlt_load_id order by version`,
  );
  const last = versions.at(-1) ?? 0;
  const wanted = [...versions, ...Array<number>(Math.max(0, loads.length - versions.length)).fill(last)];
  const whole = wanted.map((version) => ({ version, rows: records, ids: records, lines: 1.5 * records }));
  expect({ when, loads }).toEqual({ when, loads: whole });
  expect(loads.length).toBeLessThanOrEqual(versions.length + atMost);
  expect(await value(file, 'select count(*) from _dlt_loads')).toBe(loads.length);
}

/** Files of dead runs beside the destination, and packages that nobody will load. */
async function expectNothingLeft({ cwd, packages }: Project, when: string): Promise<void> {
  const beside = (await readdir(cwd)).filter((name) => /\.(next|replaced|reading)/.test(name));
  const pending = (await readdir(packages)).filter((name) => name.includes('.duckdb'));
  expect({ when, left: [...beside, ...pending] }).toEqual({ when, left: [] });
}

/** The next run after these kills leaves what an undisturbed run leaves, and nothing else. */
async function expectMadeGood(
  project: Project,
  kills: readonly Kill[],
  wanted: Awaited<ReturnType<typeof merged>>,
  versions: readonly number[],
): Promise<void> {
  const when = telling(kills);
  const { code, stderr } = await project.run();
  expect({ when, code, stderr }).toEqual({ when, code: 0, stderr: '' });
  expect({ when, ...(await merged(project)) }).toEqual({ when, ...wanted });
  await expectWholeAppends(project, when, versions, kills.length);
  await expectNothingLeft(project, when);
}

/** @param concurrency what it asks for at once from now on */
async function copyOf({ cwd }: Project, concurrency = 1): Promise<Project> {
  const folder = await tempFolder();
  await cp(cwd, folder, { recursive: true });
  const env = { SHOP_KEY: key, SOURCES__SHOP__CLIENT__CONCURRENCY: String(concurrency) };
  return projectIn(folder, 'file.duckdb', env);
}

/** One request at a time, and many, in turn. */
const atOnce = (number: number) => (number % 2 === 0 ? 8 : 1);

/** A source at its second version, and folders: nothing loaded, its first version loaded; what an undisturbed run makes of them. */
const prepared = shared(async () => {
  const shop = await usePagedSource(source);
  const empty = await smallProject(shop.url, { resources: pagedResources });
  const loaded = await copyOf(empty);
  expect(await loaded.run()).toMatchObject({ code: 0 });
  shop.version = 2;
  const whole = await copyOf(loaded);
  const pace = await undisturbed(whole);
  const wanted = await merged(whole);
  expect(wanted.items).toHaveLength(records);
  return { url: shop.url, empty, loaded, pace, wanted };
});

/** In the long form, every other time the run that settles what is left is killed as well. */
function killsOfRounds(): Kill[][] {
  if (!thorough) return [[...spread('run', 1, 0.5), ...spread('load', 1, 0.3)]];
  const all = [...spread('run', 60, 0.5), ...spread('load', 80, 0)];
  return all.map((kill, number) => (number % 2 === 0 ? [kill] : [kill, all[(number * 7) % all.length] ?? kill]));
}

describe('a run that is killed at any moment', { timeout: hours }, () => {
  it('leaves the tables of an undisturbed run once it is run again, and a reader never notices', async () => {
    const { loaded, pace, wanted } = await prepared();
    const rounds = killsOfRounds();
    let opens = 0;
    for (const [number, kills] of rounds.entries()) {
      const project = await copyOf(loaded, atOnce(number));
      const reader = await watch(project.file, torn, times(20, 60));
      for (const kill of kills) await startAndKill(project, kill, pace);
      await expectMadeGood(project, kills, wanted, [1, 2]);
      const { failures, torn: seen, opens: more } = await reader.stop();
      expect({ when: telling(kills), failures, seen }).toEqual({ when: telling(kills), failures: [], seen: [] });
      opens += more;
      await rm(project.cwd, { recursive: true });
    }
    expect(opens).toBeGreaterThan(rounds.length);
  });

  it('is made good by the next run also when there was no file before', async () => {
    const { empty, pace, wanted } = await prepared();
    // The short form leaves the kill while extracting to the tests of continued runs.
    const kills = [...spread('run', times(20, 0), 0.6), ...spread('load', times(20, 1), 0.4)];
    for (const [number, kill] of kills.entries()) {
      const project = await copyOf(empty, atOnce(number + 1));
      await startAndKill(project, kill, pace);
      await expectMadeGood(project, [kill], wanted, [2]);
      await rm(project.cwd, { recursive: true });
    }
  });

  it('is made good also where it loads into the file itself', async () => {
    const { url, loaded, pace, wanted } = await prepared();
    const config = smallConfig(url, { resources: pagedResources, pipeline: { publish: { mode: 'in_place' } } });
    for (const [number, kill] of spread('run', times(40, 1), 0.9).entries()) {
      const project = await copyOf(loaded, atOnce(number));
      await writeConfig(project, config);
      await startAndKill(project, kill, pace);
      await expectMadeGood(project, [kill], wanted, [1, 2]);
      await rm(project.cwd, { recursive: true });
    }
  });
});
