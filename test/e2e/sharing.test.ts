import { copyFile, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, runPipeline } from '../../src/index.ts';
import { resultOf, runCli, startCli } from '../support/cli.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { openInOtherProcess } from '../support/duckdb-process.ts';
import { key, type Project, smallConfig, smallProject } from '../support/project.ts';
import { fingerprint, query, tables, value } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

const list = (name: string) => ({
  name,
  primary_key: 'id',
  write_disposition: 'merge',
  endpoint: { path: name, data_selector: 'data' },
});
const quickly = { publish: { wait: 0.2 } };

/** Answers each list with one record, `/slow` when it is released. */
async function useShop() {
  let version = 1;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = await useServer(async ({ path }) => {
    if (path === '/slow') await held;
    return { data: [{ id: 1, version }] };
  });
  const arrived = async (path: string) => {
    while (!server.asked.some((request) => request.path === path)) await new Promise((tick) => setTimeout(tick, 5));
  };
  const setVersion = (next: number) => {
    version = next;
  };
  return { ...server, release, arrived, setVersion };
}

const loadedOnce = shared(async () => {
  const { url } = await useShop();
  const project = await smallProject(url, { resources: [list('items')] });
  expect(await project.run()).toMatchObject({ code: 0 });
  return project.file;
});

/** Its file has the items of a first load. */
async function loadedProject(url: string, pipeline = {}): Promise<Project> {
  const project = await smallProject(url, { resources: [list('items')], pipeline });
  await copyFile(await loadedOnce(), project.file);
  return project;
}

const packagesOf = async ({ packages }: Project) =>
  (await readdir(packages)).filter((name) => name.endsWith('.duckdb')).map((name) => name.replace('.duckdb', ''));

describe('two runs at once', () => {
  it('of one pipeline, in two processes: the second ends with exit 75 and names the first', async () => {
    const shop = await useShop();
    const project = await smallProject(shop.url, { resources: [list('slow')] });
    const child = startCli(['run'], project);
    const first = resultOf(child);
    await shop.arrived('/slow');
    const { code, stdout, stderr } = await project.run();
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^error: .*PID ${child.pid}.* — `));
    shop.release();
    expect(await first).toMatchObject({ code: 0 });
    expect(await value(project.file, 'select count(*) from _dlt_loads')).toBe(1);
  });

  it('of one pipeline, in one process: the second throws RunLocked, the first lands', async () => {
    const shop = await useShop();
    const { cwd, file } = await smallProject(shop.url, { resources: [list('slow')] });
    const config = await loadConfig('pipeline.config.yaml', { cwd, env: { SHOP_KEY: key } });
    const first = runPipeline(config);
    await shop.arrived('/slow');
    await expect(runPipeline(config)).rejects.toMatchObject({ code: 'RunLocked', exitCode: 75, transient: true });
    shop.release();
    expect(await first).toMatchObject({ exitCode: 0 });
    shop.setVersion(2);
    expect(await runPipeline(config)).toMatchObject({ exitCode: 0 });
    expect(await value(file, 'select count(*) from _dlt_loads')).toBe(2);
  });

  it('of two pipelines with folders of their own, on one file: both land, again and again', async () => {
    const shop = await useShop();
    const project = await smallProject(shop.url, { resources: [list('first')] });
    const pipeline = { name: 'other', working_dir: '.other' };
    const other = smallConfig(shop.url, { resources: [list('second')], pipeline });
    await writeFile(join(project.cwd, 'other.yaml'), JSON.stringify(other));
    for (const round of [1, 2]) {
      const results = await Promise.all([project.run(), runCli(['run', '-c', 'other.yaml'], project)]);
      const stderr = expect.stringMatching(/^(warning: Waited .* is publishing into .*\n)*$/);
      for (const result of results) expect(result).toMatchObject({ code: 0, stderr });
      expect(await tables(project.file)).toEqual(['first', 'second']);
      expect(await value(project.file, 'select count(*) from _dlt_loads')).toBe(2 * round);
    }
  });
});

describe('a file that another process has open', () => {
  it('for writing is waited for; then exit 6 names the process, and no request was sent', async () => {
    const shop = await useShop();
    const project = await loadedProject(shop.url, quickly);
    const writer = await openInOtherProcess(project.file);
    const { code, stderr } = await project.run();
    expect(code).toBe(6);
    expect(stderr).toMatch(
      new RegExp(`^error: .*PID ${writer.pid}\\) has .*file\\.duckdb open for writing\\. Waited 0\\.2 s`, 'm'),
    );
    expect(stderr).toMatch(/read_only=True/);
    expect(shop.asked).toEqual([]);
    await writer.end();
    expect(await project.run()).toMatchObject({ code: 0 });
    expect(await value(project.file, 'select count(*) from _dlt_loads')).toBe(2);
  });

  it('for writing only for a moment does not make the run fail', async () => {
    const shop = await useShop();
    const project = await loadedProject(shop.url);
    const writer = await openInOtherProcess(project.file);
    await writer.run('create table data.mine as select 42 as answer');
    const run = project.run();
    await new Promise((resolve) => setTimeout(resolve, 700));
    await writer.end();
    expect(await run).toMatchObject({ code: 0 });
    expect(await query(project.file, 'select answer from mine')).toEqual([{ answer: 42 }]);
    expect(await value(project.file, 'select count(*) from _dlt_loads')).toBe(2);
  });

  it('for writing when a run wants to publish: exit 6, the package is pending, and the next run loads it first', async () => {
    const shop = await useShop();
    const project = await smallProject(shop.url, { resources: [list('items'), list('slow')], pipeline: quickly });
    shop.release();
    expect(await project.run()).toMatchObject({ code: 0 });

    const blocked = await useShop();
    const config = smallConfig(blocked.url, { resources: [list('items'), list('slow')], pipeline: quickly });
    await writeFile(join(project.cwd, 'pipeline.config.yaml'), JSON.stringify(config));
    blocked.setVersion(2);
    const run = project.run();
    await blocked.arrived('/slow');
    const writer = await openInOtherProcess(project.file);
    await writer.run("insert into data.items values (7, 7, 'l', 'i')");
    blocked.release();
    const { code, stdout, stderr } = await run;
    expect(code).toBe(6);
    const [pending = 'none'] = await packagesOf(project);
    expect(stdout).toContain(`Load package ${pending} is NOT YET LOADED`);
    expect(stderr).toMatch(new RegExp(`^error: .*PID ${writer.pid}.*load id ${pending}.* — `, 'm'));
    await writer.end();

    blocked.setVersion(3);
    const next = await project.run();
    expect(next).toMatchObject({ code: 0 });
    expect(next.stdout).toMatch(new RegExp(`Load package ${pending} is LOADED[^]*Load package .* is LOADED`));
    expect(await value(project.file, 'select count(*) from _dlt_loads')).toBe(3);
    expect(await query(project.file, 'select id::integer as id, version::integer as v from items order by id')).toEqual(
      [
        { id: 1, v: 3 },
        { id: 7, v: 7 }, // what the other process wrote is kept
      ],
    );
    expect(await packagesOf(project)).toEqual([]);
  });

  it('for reading does not block the run, and goes on reading what it opened', async () => {
    const shop = await useShop();
    const project = await loadedProject(shop.url, quickly);
    const reader = await openInOtherProcess(project.file, 'READ_ONLY');
    shop.setVersion(2);
    expect(await project.run()).toMatchObject({ code: 0, stderr: '' });
    expect(await reader.run('select version from data.items')).toEqual([['1']]);
    expect(await query(project.file, 'select version::integer as v from items')).toEqual([{ v: 2 }]);
    await reader.end();
  });
});

describe('a process that was killed while it had the file open for writing', () => {
  it('leaves a write-ahead log, whose rows are kept and not doubled', async () => {
    const shop = await useShop();
    const project = await loadedProject(shop.url);
    const writer = await openInOtherProcess(project.file);
    await writer.run("insert into data.items select n, 7, 'l', 'i' || n from range(100, 200) t(n)");
    await writer.kill();
    expect(await readdir(project.cwd)).toContain('file.duckdb.wal');
    for (const loads of [2, 3]) {
      shop.setVersion(loads);
      expect(await project.run()).toMatchObject({ code: 0, stderr: '' });
      expect(await value(project.file, 'select count(*) from items')).toBe(101);
      expect(await value(project.file, 'select count(*) from _dlt_loads')).toBe(loads);
    }
    expect((await readdir(project.cwd)).filter((name) => name.startsWith('file.duckdb'))).toEqual(['file.duckdb']);
  });
});

describe('a destination that cannot be used', () => {
  async function runInto(file: string, project: Project) {
    await copyFile(file, project.file);
    const before = fingerprint(project.file);
    const result = await project.run();
    expect(fingerprint(project.file)).toBe(before);
    return result;
  }

  it('a file of DuckDB 2.0 gets its own message, and the way to convert it', async () => {
    const { url, asked } = await useShop();
    const folder = await tempFolder();
    const file = join(folder, 'newer.duckdb');
    await withDuckdbFile(file, (connection) => connection.run('create table t as select 1 as id'));
    await setStorageVersion(file, 999n);
    const { code, stderr } = await runInto(file, await smallProject(url, { resources: [list('items')] }));
    expect(code).toBe(6);
    expect(stderr).toMatch(/made by a newer DuckDB, such as DuckDB 2\.0/);
    expect(stderr).toMatch(/STORAGE_VERSION 'v1\.0\.0'/);
    expect(asked).toEqual([]);
  });

  it('a file that is no DuckDB file is left alone', async () => {
    const { url, asked } = await useShop();
    const file = join(await tempFolder(), 'notes.txt');
    await writeFile(file, 'Dear diary, this is not a database.\n'.repeat(500));
    const { code, stderr } = await runInto(file, await smallProject(url, { resources: [list('items')] }));
    expect(code).toBe(6);
    expect(stderr).toMatch(/is not a DuckDB file/);
    expect(asked).toEqual([]);
  });

  it('a file with damaged blocks is left alone, and is no defect of ours', async () => {
    const { url } = await useShop();
    const project = await loadedProject(url);
    await withDuckdbFile(project.file, async (connection) => {
      await connection.run(
        `insert into data.items by name
         select 2 + n as id, 'l' as _dlt_load_id, hash(n)::varchar as _dlt_id from range(30000) t(n)`,
      );
      await connection.run('checkpoint');
    });
    const file = await open(project.file, 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.alloc(size - 12_288, 'damage'), 0, size - 12_288, 12_288);
    await file.close();
    const before = fingerprint(project.file);
    const { code, stderr } = await project.run();
    expect(code).toBe(6);
    expect(stderr).toMatch(/is damaged.* — .*backup/);
    expect(fingerprint(project.file)).toBe(before);
  });

  it('a folder that is not there is named before anything is asked for', async () => {
    const { url, asked } = await useShop();
    const project = await smallProject(url, { resources: [list('items')] });
    const { code, stderr } = await project.run(['run'], {
      DESTINATION__DUCKDB__CREDENTIALS: 'no/such/folder/file.duckdb',
    });
    expect(code).toBe(6);
    expect(stderr).toMatch(/no\/such\/folder.* does not exist/);
    expect(asked).toEqual([]);
  });
});

/** Into the file's main header: a checksum, `DUCK`, the version. The checksum is that of DuckDB's `checksum.cpp`. */
async function setStorageVersion(path: string, version: bigint): Promise<void> {
  const file = await open(path, 'r+');
  const header = Buffer.alloc(4096);
  await file.read(header, 0, header.length, 0);
  header.writeBigUInt64LE(version, 12);
  let checksum = 5381n;
  for (let at = 8; at < header.length; at += 8) {
    checksum ^= BigInt.asUintN(64, header.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  }
  header.writeBigUInt64LE(checksum, 0);
  await file.write(header, 0, header.length, 0);
  await file.close();
}
