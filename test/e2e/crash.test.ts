import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { resultOf, startCli } from '../support/cli.ts';
import { key, type Project, projectIn, smallProject } from '../support/project.ts';
import { query, value } from '../support/published.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type PagedSource, pagedResources, usePagedSource } from './paged-source.ts';
import { watch } from './watcher.ts';

/** `npm run test:crash` kills more often, and larger loads. */
const thorough = process.env.MODE === 'crash';
const times = (often: number, few: number) => (thorough ? often : few);
const hours = 3_600_000;

const source = { pages: 10, recordsAPage: times(1000, 50), milliseconds: 5 };
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
const telling = ({ during, at }: Kill) => `killed at ${Math.round(at * 100)} % of the ${during}`;

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

/** @param concurrency what it asks for at once from now on */
async function copyOf({ cwd }: Project, concurrency = 1): Promise<Project> {
  const folder = await tempFolder();
  await cp(cwd, folder, { recursive: true });
  const env = { SHOP_KEY: key, SOURCES__SHOP__CLIENT__CONCURRENCY: String(concurrency) };
  return projectIn(folder, 'file.duckdb', env);
}

/** One request at a time, and many, in turn. */
const atOnce = (number: number) => (number % 2 === 0 ? 8 : 1);

describe('a run that is killed at any moment', () => {
  let shop: PagedSource;
  let empty: Project;

  beforeEach(async () => {
    shop = await usePagedSource(source);
    empty = await smallProject(shop.url, { resources: pagedResources });
  });

  it('leaves the tables of an undisturbed run once it is run again, and a reader never notices', {
    timeout: hours,
  }, async () => {
    expect(await empty.run()).toMatchObject({ code: 0 });
    shop.version = 2;
    const whole = await copyOf(empty);
    const pace = await undisturbed(whole);
    const wanted = await merged(whole);
    expect(wanted.items).toHaveLength(records);

    let opens = 0;
    const schedule = [...spread('run', times(60, 2), 0.5), ...spread('load', times(80, 2), 0)];
    for (const [number, moment] of schedule.entries()) {
      const project = await copyOf(empty, atOnce(number));
      const reader = await watch(project.file, torn);
      // Every other time the run that settles what is left is killed as well.
      const moments = number % 2 === 0 ? [moment] : [moment, schedule[(number * 7) % schedule.length] ?? moment];
      for (const each of moments) await startAndKill(project, each, pace);
      const when = moments.map(telling).join(', then ');

      const { code, stderr } = await project.run();
      expect({ when, code, stderr }).toEqual({ when, code: 0, stderr: '' });
      const seen = await reader.stop();
      expect({ when, failures: seen.failures, torn: seen.torn }).toEqual({ when, failures: [], torn: [] });
      opens += seen.opens;
      expect({ when, ...(await merged(project)) }).toEqual({ when, ...wanted });
      await expectWholeAppends(project, when, [1, 2], moments.length);
      await expectNothingLeft(project, when);
      await rm(project.cwd, { recursive: true });
    }
    expect(opens).toBeGreaterThan(schedule.length);
  });

  it('is made good by the next run also when there was no file before', { timeout: hours }, async () => {
    const whole = await copyOf(empty);
    const pace = await undisturbed(whole);
    const wanted = await merged(whole);
    const schedule = [...spread('run', times(20, 1), 0.6), ...spread('load', times(20, 1), 0.4)];
    for (const [number, moment] of schedule.entries()) {
      const project = await copyOf(empty, atOnce(number));
      await startAndKill(project, moment, pace);
      const when = telling(moment);
      const { code, stderr } = await project.run();
      expect({ when, code, stderr }).toEqual({ when, code: 0, stderr: '' });
      expect({ when, ...(await merged(project)) }).toEqual({ when, ...wanted });
      await expectWholeAppends(project, when, [1], 1);
      await expectNothingLeft(project, when);
      await rm(project.cwd, { recursive: true });
    }
  });

  it('is made good also where it loads into the file itself', { timeout: hours }, async () => {
    const pipeline = { publish: { mode: 'in_place' } };
    const before = await smallProject(shop.url, { resources: pagedResources, pipeline });
    expect(await before.run()).toMatchObject({ code: 0 });
    shop.version = 2;
    const whole = await copyOf(before);
    const pace = await undisturbed(whole);
    const wanted = await merged(whole);
    for (const [number, moment] of spread('run', times(40, 2), 0.9).entries()) {
      const project = await copyOf(before, atOnce(number));
      await startAndKill(project, moment, pace);
      const when = telling(moment);
      const { code, stderr } = await project.run();
      expect({ when, code, stderr }).toEqual({ when, code: 0, stderr: '' });
      expect({ when, ...(await merged(project)) }).toEqual({ when, ...wanted });
      await expectWholeAppends(project, when, [1, 2], 1);
      await expectNothingLeft(project, when);
      await rm(project.cwd, { recursive: true });
    }
  });
});
