import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { resultOf } from '../support/cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { pagedResources, usePagedSource } from './paged-source.ts';
import { key, type Project, projectIn, smallProject } from './project.ts';
import { query, value } from './published.ts';
import { watch } from './watcher.ts';

/** `npm run test:crash` kills more often. */
const thorough = process.env.MODE === 'crash';
const kills = thorough ? 80 : 3;
const killsWhileLoading = thorough ? 80 : 3;
const source = { pages: 10, recordsAPage: thorough ? 1000 : 50, milliseconds: 5 };
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

/** What a reader of the tables sees, whatever the load ids are. */
async function contents({ file }: Project, root: string): Promise<unknown[]> {
  const rows = await query(
    file,
    `select r.* exclude (_dlt_id, _dlt_load_id),
       list(concat_ws(' ', l.of, l.at, l._dlt_list_idx, l.version, l.text) order by l._dlt_list_idx)
         filter (l.of is not null)::varchar as lines
     from ${root} r left join ${root}__lines l on l._dlt_parent_id = r._dlt_id
     group by all order by id, version, lines`,
  );
  return rows.map((row) => Object.values(row).map(String).join(' | '));
}

async function copyOf({ cwd }: Project): Promise<Project> {
  const folder = await tempFolder();
  await cp(cwd, folder, { recursive: true });
  return projectIn(folder, 'file.duckdb', { SHOP_KEY: key });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Resolves when the working copy of the destination is there, or the process has ended. */
async function loading(child: ChildProcess, { cwd }: Project): Promise<void> {
  while (child.exitCode === null) {
    if ((await readdir(cwd)).some((name) => name.includes('.next'))) return;
    await sleep(1);
  }
}

interface Kill {
  readonly from: 'start' | 'loading';
  /** Part of that stretch, from 0 to 1. */
  readonly at: number;
}

describe('a run that is killed at any moment', () => {
  it('leaves the tables of an undisturbed run once it is run again, and a reader never notices', async () => {
    const shop = await usePagedSource(source);
    const before = await smallProject(shop.url, { resources: pagedResources });
    expect(await before.run()).toMatchObject({ code: 0 });
    shop.version = 2;

    const undisturbed = await copyOf(before);
    const startedAt = performance.now();
    const child = undisturbed.start();
    const ended = resultOf(child);
    await loading(child, undisturbed);
    const loadingAt = performance.now();
    expect(await ended).toMatchObject({ code: 0 });
    const stretches = { start: loadingAt - startedAt, loading: performance.now() - loadingAt };
    const wanted = { items: await contents(undisturbed, 'items'), prices: await contents(undisturbed, 'prices') };
    expect(wanted.items).toHaveLength(records);

    const schedule: Kill[] = [
      ...Array.from({ length: kills }, (_, n) => ({ from: 'start' as const, at: (n + 0.5) / kills })),
      ...Array.from({ length: killsWhileLoading }, (_, n) => ({ from: 'loading' as const, at: n / killsWhileLoading })),
    ];
    let opens = 0;
    for (const { from, at } of schedule) {
      const project = await copyOf(before);
      const reader = await watch(project.file, torn);
      const victim = project.start();
      if (from === 'loading') await loading(victim, project);
      await sleep(stretches[from] * at);
      await kill(victim);
      const when = `killed at ${Math.round(at * 100)} % of ${from}`;
      const { code, stdout, stderr } = await project.run();
      expect({ when, code, stderr }).toEqual({ when, code: 0, stderr: '' });
      const seen = await reader.stop();
      expect({ when, ...seen, opens: seen.opens > 0 }).toEqual({ when, opens: true, failures: [], torn: [] });
      opens += seen.opens;

      const found = { items: await contents(project, 'items'), prices: await contents(project, 'prices') };
      expect({ when, stdout, ...found }).toEqual({ when, stdout, ...wanted });
      await appendedWhole(project, when);
      expect({ when, left: await leftovers(project) }).toEqual({ when, left: [] });
      await rm(project.cwd, { recursive: true });
    }
    expect(opens).toBeGreaterThan(schedule.length);
  }, 3_600_000);
});

/** The load of before, and one or two whole ones of the version after. */
async function appendedWhole({ file }: Project, when: string): Promise<void> {
  const loads = await query(
    file,
    `select e.version::integer as version, count(distinct e._dlt_id)::integer as rows,
       count(distinct e.id)::integer as ids, count(l._dlt_id)::integer as lines
     from events e left join events__lines l on l._dlt_parent_id = e._dlt_id
     group by e.version, e._dlt_load_id order by version`,
  );
  const whole = (version: number) => ({ version, rows: records, ids: records, lines: 1.5 * records });
  const wanted = [whole(1), whole(2), whole(2)];
  expect({ when, loads: loads.length < 2 ? [] : loads }).toEqual({ when, loads: wanted.slice(0, loads.length) });
  expect(await value(file, 'select count(*) from _dlt_loads')).toBe(loads.length);
}

/** Files of dead runs beside the destination, and packages that nobody will load. */
async function leftovers({ cwd, packages }: Project): Promise<string[]> {
  const beside = (await readdir(cwd)).filter((name) => /\.(next|replaced)/.test(name));
  const pending = (await readdir(packages)).filter((name) => name.includes('.duckdb'));
  return [...beside, ...pending];
}
