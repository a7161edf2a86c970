import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultOf, startCli } from '../support/cli.ts';
import { type Project, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { fingerprint, query, value } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type PagedSource, pagedResources, usePagedSource } from './paged-source.ts';

const source = { pages: 6, recordsAPage: 10 };
/** One request at a time: the pages before the one where a run stops are durable then. */
const client = { concurrency: 1 };
/** Where a run stops: the page is never answered. */
const stuckAt = 'prices/4';

/** Load ids of packages that wait for a run. */
async function pending({ packages }: Project): Promise<string[]> {
  return (await readdir(packages))
    .filter((name) => name.endsWith('.duckdb'))
    .map((name) => name.replace('.duckdb', ''));
}

const loads = async ({ file }: Project) =>
  (await query(file, 'select load_id from _dlt_loads order by load_id')).map(({ load_id }) => load_id);

/** A run that waits for a page that does not come, at the time when pages long before it are durable. */
async function stuck(project: Project, shop: PagedSource): Promise<ChildProcess> {
  const waiting = new Promise<void>((arrived) => {
    shop.onPage = (list, page) => {
      if (`${list}/${page}` !== stuckAt) return;
      arrived();
      return new Promise(() => {});
    };
  });
  shop.milliseconds = 70;
  const child = startCli(['run'], project);
  await waiting;
  shop.milliseconds = 0;
  shop.onPage = () => undefined;
  return child;
}

const killedOnce = shared(async () => {
  const shop = await usePagedSource(source);
  const config = { resources: pagedResources, client };
  const project = await smallProject(shop.url, config);
  const child = await stuck(project, shop);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const [loadId = ''] = await pending(project);
  expect(loadId).toMatch(/^\d{10}\.\d{6}$/);
  const copy = await tempFolder();
  await cp(project.cwd, copy, { recursive: true });
  return { shop, config, project, loadId, copy };
});

/** A run that was killed at the page where it is stuck: what it left, in the folder where it was. */
async function killed() {
  const { copy, ...left } = await killedOnce();
  await rm(left.project.cwd, { recursive: true });
  await cp(copy, left.project.cwd, { recursive: true });
  return { ...left, asked: left.shop.asked.length };
}

async function expectWhole({ file }: Project): Promise<void> {
  for (const table of ['items', 'prices', 'events']) {
    const rows = `select count(*)::integer as rows, count(distinct id)::integer as ids from ${table}`;
    expect({ table, rows: await query(file, rows) }).toEqual({ table, rows: [{ rows: 60, ids: 60 }] });
    const lines = `select count(*) from ${table}__lines l join ${table} t on t._dlt_id = l._dlt_parent_id where l.of = t.id`;
    expect(await value(file, lines)).toBe(90);
  }
}

describe('a run that was killed while it extracted', () => {
  it('is continued: only what is missing is asked for, under the same load id', async () => {
    const { shop, project, loadId, asked } = await killed();
    const { code, stdout } = await project.run();
    expect(code).toBe(0);
    expect(stdout).toContain(`Continues package ${loadId}, which an earlier run began.`);
    const again = shop.pagesAsked().slice(asked);
    expect(again).not.toContain('items/0');
    expect(again).toContain(stuckAt);
    expect(new Set(again).size).toBe(again.length);
    expect(again.slice(-6)).toEqual([0, 1, 2, 3, 4, 5].map((page) => `events/${page}`));
    expect(await loads(project)).toEqual([loadId]);
    await expectWhole(project);
  });

  it('is dropped when the configuration has changed, and the report says so', async () => {
    const { shop, config, project, loadId, asked } = await killed();
    const changed = { ...config, client: { ...client, headers: { Accept: 'application/json' } } };
    await writeConfig(project, smallConfig(shop.url, changed));

    const { code, stdout } = await project.run();
    expect(code).toBe(0);
    expect(stdout).toContain(
      `Package ${loadId}, which an earlier run left incomplete, was dropped: the configuration has changed since.`,
    );
    expect(shop.pagesAsked().slice(asked)).toHaveLength(18);
    expect(await loads(project)).not.toContain(loadId);
    await expectWhole(project);
  });

  it('is dropped when it is older than `resume_within`, and the report says so', async () => {
    const { shop, config, project, loadId } = await killed();
    await writeConfig(project, smallConfig(shop.url, { ...config, pipeline: { resume_within: '1ms' } }));
    const { code, stdout } = await project.run();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`Package ${loadId}, which an earlier run left incomplete, was dropped: it is too old`),
    );
    expect(await loads(project)).not.toContain(loadId);
    await expectWhole(project);
  });
});

describe('a run that was killed while it loaded', () => {
  it('is loaded first, then comes the run itself: two load ids', async () => {
    const shop = await usePagedSource({ pages: 6, recordsAPage: 10 });
    const project = await smallProject(shop.url, { resources: pagedResources, client });
    const complete = await killedWhileLoading(project);
    shop.version = 2;
    const { code, stdout } = await project.run();
    expect(code).toBe(0);
    const [first, second, ...more] = await loads(project);
    expect({ first, more }).toEqual({ first: complete, more: [] });
    for (const id of [first, second]) expect(stdout).toContain(`Load package ${id} is LOADED`);
    expect(await value(project.file, 'select count(distinct version) from items')).toBe(1);
    expect(await value(project.file, 'select max(version) from prices')).toBe(2);
    const events = 'select version::integer as version, count(*)::integer as n from events group by all order by all';
    expect(await query(project.file, events)).toEqual([
      { version: 1, n: 60 },
      { version: 2, n: 60 },
    ]);
    expect(await pending(project)).toEqual([]);
  });

  it('is loaded although the source answers nothing any more: what was paid for is not lost', async () => {
    let refuses = false;
    const { url } = await useServer(() => (refuses ? undefined : { data: [{ id: 1 }] }));
    const resources = [{ name: 'items', endpoint: { path: 'items', data_selector: 'data' } }];
    const project = await smallProject(url, { resources });
    const complete = await killedWhileLoading(project);
    refuses = true;
    const { code, stdout } = await project.run();
    expect(code).toBe(5);
    expect(stdout).toContain(`Load package ${complete} is LOADED`);
    expect(stdout).not.toContain('nothing was published');
    expect(await loads(project)).toEqual([complete]);
    expect(await value(project.file, 'select count(*) from items')).toBe(1);
  });
});

/** The state in which a kill between the last page and the rename leaves the folder: the package complete, nothing published. */
async function killedWhileLoading(project: Project): Promise<string> {
  expect(await project.run()).toMatchObject({ code: 0 });
  const [loadId] = await loads(project);
  const loaded = join(project.packages, 'loaded');
  for (const name of await readdir(loaded)) await rename(join(loaded, name), join(project.packages, name));
  await rename(project.file, `${project.file}.${loadId}.next`);
  return String(loadId);
}

describe('a package that was refused (exit 7)', () => {
  const resources = [
    {
      name: 'items',
      primary_key: 'id',
      write_disposition: 'merge',
      endpoint: { path: 'items', data_selector: 'data' },
    },
  ];

  it('is moved aside and not tried again; the last three are kept, and which one went for it is said', async () => {
    let data: object[] = [{ name: 'no key' }];
    const { url } = await useServer(() => ({ data }));
    const project = await smallProject(url, { resources });
    const rejected = async () =>
      (await readdir(join(project.packages, 'rejected'))).filter((name) => name.endsWith('.duckdb')).sort();
    const ids: string[] = [];
    let report = '';
    for (let night = 0; night < 4; night += 1) {
      const { code, stdout, stderr } = await project.run();
      expect(report).not.toContain('was removed');
      report = stdout;
      expect({ code, stderr }).toEqual({ code: 7, stderr: expect.stringMatching(/^error: .* — /) });
      expect(await pending(project)).toEqual([]);
      ids.push((await rejected()).at(-1) ?? '');
    }
    expect(await rejected()).toEqual(ids.slice(1));
    const first = ids[0]?.replace('.duckdb', '');
    expect(report).toContain(
      `Package ${first}, set aside before, was removed: 3 are kept (\`pipeline.keep_packages\`)`,
    );
    expect(existsSync(project.file)).toBe(false);

    data = [{ id: 1, name: 'with a key' }];
    const { code, stdout } = await project.run();
    expect(code).toBe(0);
    expect(stdout).toContain('1 load package(s) were loaded');
    expect(await query(project.file, 'select name from items')).toEqual([{ name: 'with a key' }]);
  });
});

describe('a package that an earlier run left', () => {
  it('broken is moved aside, said, and does not keep a run from its work', async () => {
    const { url } = await useServer(() => ({ data: [{ id: 1 }] }));
    const resources = [{ name: 'items', endpoint: { path: 'items', data_selector: 'data' } }];
    const project = await smallProject(url, { resources });
    await mkdir(project.packages, { recursive: true });
    await writeFile(join(project.packages, '1700000000.000000.duckdb'), 'neither a package nor a database');
    await writeFile(join(project.packages, '1700000001.000000.duckdb'), '');
    const { code, stdout, stderr } = await project.run();
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^(warning: Package 170000000\d\.000000 was damaged or never begun; it was moved aside\.\n){2}$/,
    );
    for (const id of ['1700000000.000000', '1700000001.000000']) expect(stdout).toMatch(`Package ${id} was damaged`);
    expect(await value(project.file, 'select count(*) from items')).toBe(1);
    expect(await pending(project)).toEqual([]);
    expect(await readdir(join(project.packages, 'rejected'))).toHaveLength(2);
  });

  it('although it was published is not loaded again', async () => {
    const { url } = await useServer(() => ({ data: [{ id: 1 }] }));
    const resources = [{ name: 'items', endpoint: { path: 'items', data_selector: 'data' } }];
    const project = await smallProject(url, { resources });
    const published = await killedWhileLoading(project);
    await rename(`${project.file}.${published}.next`, project.file); // killed right after the rename
    const { code, stdout } = await project.run();
    expect(code).toBe(0);
    expect(stdout).toContain(`Load package ${published} was LOADED by an earlier run already`);
    expect(await value(project.file, 'select count(*) from items')).toBe(2);
    expect(await value(project.file, 'select count(*) from _dlt_loads')).toBe(2);
  });
});

describe('a signal', () => {
  it('ends the run with 128 and its number, nothing published changes, and the next run continues', async () => {
    const shop = await usePagedSource(source);
    const project = await smallProject(shop.url, { resources: pagedResources, client });
    expect(await project.run()).toMatchObject({ code: 0 });
    const before = fingerprint(project.file);
    shop.version = 2;
    const ids = new Set<unknown>();
    for (const [signal, expected] of [
      ['SIGHUP', 129],
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const asked = shop.asked.length;
      const child = await stuck(project, shop);
      const ended = resultOf(child);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect({ signal, code }).toEqual({ signal, code: expected });
      expect(stdout).toMatch(/nothing was published/);
      expect(stderr).toMatch(/^Stopping after the current page/);
      expect(stderr).toMatch(new RegExp(`\nerror: The run was stopped by ${signal}\\..* — .*Run again.*\n$`));
      expect(fingerprint(project.file)).toBe(before);
      // Every page that came before the signal is kept.
      expect(shop.pagesAsked()[asked]).toBe(ids.size === 0 ? 'items/0' : stuckAt);
      for (const id of await pending(project)) ids.add(id);
    }
    const [loadId, ...others] = ids;
    expect(others).toEqual([]);

    const asked = shop.asked.length;
    const second = await project.run();
    expect(second.code).toBe(0);
    expect(shop.pagesAsked()[asked]).toBe(stuckAt);
    expect(await loads(project)).toContain(loadId);
    expect(await value(project.file, 'select count(*) from items where version = 2')).toBe(60);
    expect(await value(project.file, 'select count(*) from events where version = 2')).toBe(60);
  });

  it('that comes twice stops at once, and what was durable is continued', async () => {
    const shop = await usePagedSource(source);
    const project = await smallProject(shop.url, { resources: pagedResources, client });
    const child = await stuck(project, shop);
    const ended = resultOf(child);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect([130, 143]).toContain((await ended).code);
    expect(await project.run()).toMatchObject({ code: 0 });
    await expectWhole(project);
  });
});

describe('the ledger', () => {
  it('remembers the runs that failed, too, and holds no key', async () => {
    const { url } = await useServer(() => undefined);
    const project = await smallProject(url, { resources: [{ name: 'items', endpoint: { path: 'items' } }] });
    expect(await project.run()).toMatchObject({ code: 5 });
    expect(await project.run()).toMatchObject({ code: 5 });
    const ledger = join(project.cwd, '.dezgo-elt', 'ledger.duckdb');
    const runs = 'select exit_code, failure_code, pipeline_name from runs order by run_id';
    expect(await query(ledger, runs, 'main')).toEqual(
      [1, 2].map(() => ({ exit_code: 5, failure_code: 'ReplyUnusable', pipeline_name: 'small' })),
    );
    const requests = 'select status, attempts, resource, method from requests';
    expect(await query(ledger, requests, 'main')).toEqual(
      [1, 2].map(() => ({ status: 404, attempts: 1, resource: 'items', method: 'GET' })),
    );
    expect((await readFile(ledger)).includes('KEY-5A4DB0C5')).toBe(false);
  });
});
