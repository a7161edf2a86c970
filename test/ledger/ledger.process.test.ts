import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { PipelineError } from '../../src/errors.ts';
import { Ledger, ledgerPath } from '../../src/ledger/ledger.ts';
import { readLedger } from '../../src/ledger/read-ledger.ts';
import { openInOtherProcess } from '../support/duckdb-process.ts';

const noon = Date.UTC(2026, 0, 2, 12);

let folder: string;
let workingDir: string;
let clock: number;
let effects: Effects;
const databases: Database[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  workingDir = join(folder, 'deep', 'working');
  clock = noon;
  effects = { ...realEffects, now: () => clock };
});

afterEach(async () => {
  for (const database of databases.splice(0)) database.close();
  await rm(folder, { recursive: true });
});

async function openDatabase(): Promise<Database> {
  const database = await Database.open({ tempDirectory: folder, threads: 1 });
  databases.push(database);
  return database;
}

async function openLedger(): Promise<Ledger> {
  await mkdir(workingDir, { recursive: true });
  return Ledger.open(await openDatabase(), workingDir, effects);
}

const request = {
  resource: 'models',
  method: 'GET',
  url: 'https://api.dezgo.com/models',
  status: 200,
  attempts: 2,
  milliseconds: 12.5,
  bytes: 4096,
};

const change = {
  table: 'models',
  column: 'price',
  change: 'column_widened',
  oldType: 'bigint',
  newType: 'double',
  firstValue: '0.5',
} as const;

async function inLedger(sql: string): Promise<readonly unknown[]> {
  const database = await openDatabase();
  await database.attach(ledgerPath(workingDir), 'l', { readOnly: true });
  const rows = await (await database.connect()).rows(sql);
  await database.detach('l');
  return rows;
}

describe('the books of runs', () => {
  it('remember a run from its start to its end', async () => {
    const ledger = await openLedger();
    await ledger.startRun({ pipelineName: 'dezgo' });
    clock += 1500;
    await ledger.finishRun({ exitCode: 0, loadId: '1767355200.000000', rows: 1200 });

    await ledger.close();

    expect(await lastRuns()).toEqual([
      {
        runId: BigInt(noon) * 1000n,
        loadId: '1767355200.000000',
        pipelineName: 'dezgo',
        startedAt: noon,
        finishedAt: noon + 1500,
        exitCode: 0,
        failureCode: null,
        message: null,
        rows: 1200,
      },
    ]);
  });

  it('remember a failed run with code and message', async () => {
    const ledger = await openLedger();
    await ledger.startRun({ pipelineName: 'dezgo', loadId: '1.000001' });
    await ledger.finishRun({ exitCode: 6, failure: { code: 'DestinationLocked', message: 'python has it' } });
    await ledger.close();

    const [run] = (await lastRuns()) ?? [];
    expect(run).toMatchObject({
      loadId: '1.000001',
      exitCode: 6,
      failureCode: 'DestinationLocked',
      message: 'python has it',
    });
  });

  it('tell of requests which load they led to, those that were written while the run went on too', async () => {
    const ledger = await openLedger();
    for (const loadId of ['1.000001', '1.000002', undefined]) {
      clock += 1000;
      await ledger.startRun({ pipelineName: 'dezgo' });
      ledger.tellLoadId(loadId ?? '1.000003');
      ledger.keepRequests([request]);
      await ledger.finishRun({ exitCode: 0, requests: [request], ...(loadId === undefined ? {} : { loadId }) });
    }
    await ledger.close();
    expect(await inLedger('select load_id, count(*)::int as n from l.requests group by all order by all')).toEqual([
      { load_id: '1.000001', n: 2 },
      { load_id: '1.000002', n: 2 },
      { load_id: null, n: 2 },
    ]);
  });

  it('show a killed run as one that never finished', async () => {
    const ledger = await openLedger();
    await ledger.startRun({ pipelineName: 'dezgo' });
    await ledger.close();

    expect((await lastRuns())?.[0]).toMatchObject({ finishedAt: null, exitCode: null });
  });

  it('give the newest five runs, the last one first', async () => {
    for (const exitCode of [1, 0, 0, 0, 5, 7]) {
      const ledger = await openLedger();
      await ledger.startRun({ pipelineName: 'dezgo' });
      await ledger.finishRun({ exitCode });
      await ledger.close();
      clock += 60_000;
    }
    expect((await lastRuns())?.map((run) => run.exitCode)).toEqual([7, 5, 0, 0, 0]);
  });

  it('keep requests and schema changes, each with its run, also thousands of them', async () => {
    const ledger = await openLedger();
    await ledger.startRun({ pipelineName: 'dezgo' });
    for (let times = 0; times < 3; times += 1) ledger.keepRequests(Array.from({ length: 2000 }, () => request));
    await ledger.finishRun({
      exitCode: 0,
      requests: [...Array.from({ length: 1050 }, () => request), { ...request, status: null }],
      schemaChanges: ['1.000001', '1.000002'].map((loadId) => ({ loadId, changes: [change] })),
    });
    await ledger.close();

    expect(await inLedger('select count(*) as n, count(status) as answered from l.requests')).toEqual([
      { n: 7051n, answered: 7050n },
    ]);
    expect(await inLedger('select * exclude run_id from l.requests limit 1')).toEqual([
      { ...request, bytes: BigInt(request.bytes), load_id: null },
    ]);
    expect(
      await inLedger('select load_id, column_name, old_type, new_type, first_value from l.schema_changes'),
    ).toEqual([
      { load_id: '1.000001', column_name: 'price', old_type: 'bigint', new_type: 'double', first_value: '0.5' },
      { load_id: '1.000002', column_name: 'price', old_type: 'bigint', new_type: 'double', first_value: '0.5' },
    ]);
  });

  it('go on in a ledger of the version that did not count rows', async () => {
    const first = await openLedger();
    await first.startRun({ pipelineName: 'dezgo' });
    await first.finishRun({ exitCode: 0, rows: 7 });
    await first.close();
    const database = await openDatabase();
    await database.attach(ledgerPath(workingDir), 'old');
    await (await database.connect()).run('alter table old.runs drop column rows');
    await database.detach('old');
    expect(await lastRuns()).toMatchObject([{ exitCode: 0, rows: null }]);

    clock += 60_000;
    const next = await openLedger();
    await next.startRun({ pipelineName: 'dezgo' });
    await next.finishRun({ exitCode: 0, rows: 8 });
    await next.close();
    expect((await lastRuns())?.map(({ rows }) => rows)).toEqual([8, null]);
  });

  it('take text that looks like SQL as text', async () => {
    const ledger = await openLedger();
    await ledger.startRun({ pipelineName: "x'); drop table ledger.runs; --" });
    await ledger.close();
    expect((await lastRuns())?.[0]?.pipelineName).toBe("x'); drop table ledger.runs; --");
  });

  it('fold a long write-ahead log into the file', async () => {
    const first = await openLedger();
    await first.startRun({ pipelineName: 'dezgo' });
    await first.finishRun({ exitCode: 5, failure: { code: 'Internal', message: 'x'.repeat(1_200_000) } });
    await first.close();
    const wal = `${ledgerPath(workingDir)}.wal`;
    expect((await stat(wal)).size).toBeGreaterThan(1_000_000);

    const second = await openLedger();
    await second.close();
    await expect(stat(wal)).rejects.toThrow('ENOENT');
    expect((await lastRuns())?.[0]?.message).toHaveLength(1_200_000);
  });
});

describe('a run that is going on', () => {
  it('tells who looks what it is, and which runs were before it', async () => {
    const before = await openLedger();
    await before.startRun({ pipelineName: 'dezgo' });
    await before.finishRun({ exitCode: 5, failure: { code: 'SourceUnavailable', message: 'away' } });
    await before.close();
    clock += 60_000;
    const ledger = await openLedger();
    await ledger.startRun({ pipelineName: 'dezgo' });
    const status = { pipelineName: 'dezgo', startedAt: noon + 60_000 };
    expect(await readLedger(workingDir)).toMatchObject({
      running: { name: 'this process', status: { ...status, loadId: null } },
      lastRuns: [{ startedAt: noon, exitCode: 5, message: 'away' }],
    });
    ledger.tellLoadId('1.000001');
    expect(await readLedger(workingDir)).toMatchObject({ running: { status: { ...status, loadId: '1.000001' } } });
    await ledger.close();
    expect(await readdir(workingDir)).not.toContain('ledger.run.json');
  });

  it('is not taken for another program that holds the ledger after a run was killed', async () => {
    const ledger = await openLedger();
    await ledger.startRun({ pipelineName: 'dezgo' });
    const left = await readFile(join(workingDir, 'ledger.run.json'));
    await ledger.close();
    await writeFile(join(workingDir, 'ledger.run.json'), left);
    const other = await openInOtherProcess(ledgerPath(workingDir));
    const reading = await readLedger(workingDir);
    expect(reading.running).toEqual({ pid: other.pid, name: expect.stringContaining(`PID ${other.pid}`) });
    expect(reading.lastRuns).toBeUndefined();
    await other.end();
  });
});

describe('the run lock', () => {
  it('turns away a second run in another process, naming it', async () => {
    await (await openLedger()).close();
    const other = await openInOtherProcess(ledgerPath(workingDir));

    const failure = await failureOf(openLedger());
    expect(failure).toMatchObject({ code: 'RunLocked', exitCode: 75, transient: true });
    expect(failure.message).toMatch(/^Another run is in progress, or another program has its ledger open: /);
    expect(failure.message).toContain(`PID ${other.pid}`);
    expect(failure.hint).toMatch(/Run again when it has finished/);
    expect(await readLedger(workingDir)).toMatchObject({ running: { pid: other.pid } });

    await other.end();
    await (await openLedger()).close();
  });

  it('turns away a second run in this process, and leaves the first its lock', async () => {
    const first = await openLedger();
    await first.startRun({ pipelineName: 'dezgo' });
    expect(await failureOf(openLedger())).toMatchObject({
      code: 'RunLocked',
      exitCode: 75,
      message: expect.stringMatching(
        /^Another run is in progress, of pipeline dezgo since 2026-01-02T12:00:00\.000Z: this/,
      ),
    });
    expect(await readLedger(workingDir)).toMatchObject({ running: { pid: null, name: 'this process' } });
    await expect(openInOtherProcess(ledgerPath(workingDir))).rejects.toThrow('Could not set lock');

    await first.close();
    await (await openLedger()).close();
  });

  it('waits for somebody who only looks', async () => {
    const ledger = await openLedger();
    await ledger.startRun({ pipelineName: 'dezgo' });
    await ledger.close();
    const reader = await openInOtherProcess(ledgerPath(workingDir), 'READ_ONLY');

    let naps = 0;
    const sleep = async () => {
      naps += 1;
      if (naps === 3) await reader.end();
    };
    const second = await Ledger.open(await openDatabase(), workingDir, { ...effects, sleep });
    expect(naps).toBe(3);
    await second.close();
  });

  it('gives up on a reader that stays', async () => {
    await (await openLedger()).close();
    const reader = await openInOtherProcess(ledgerPath(workingDir), 'READ_ONLY');
    const opening = Ledger.open(await openDatabase(), workingDir, { ...effects, sleep: async () => {} });
    expect(await failureOf(opening)).toMatchObject({ code: 'RunLocked' });
    await reader.end();
  });
});

describe('a ledger that cannot be opened', () => {
  it('is named, with what to delete', async () => {
    await (await openLedger()).close();
    await writeFile(ledgerPath(workingDir), 'not a database '.repeat(1000));

    const failure = await failureOf(openLedger());
    expect(failure.code).toBe('DestinationUnreadable');
    expect(failure.message).toContain(ledgerPath(workingDir));
    expect(failure.hint).toMatch(/^Delete .*ledger\.duckdb.* when no run is going on/);
    expect(await failureOf(readLedger(workingDir))).toMatchObject({ code: 'DestinationUnreadable' });
  });

  it('is an error when the working folder is a file', async () => {
    workingDir = join(folder, 'file');
    await writeFile(workingDir, '');
    const opening = Ledger.open(await openDatabase(), workingDir, effects);
    expect(await failureOf(opening)).toMatchObject({ code: 'DestinationFailed' });
  });
});

it('no ledger yet means no runs yet, and makes none', async () => {
  expect(await readLedger(workingDir)).toEqual({ running: null, lastRuns: [] });
  await expect(stat(workingDir)).rejects.toThrow('ENOENT');
});

it('a ledger without tables, left by a run that was killed at once, means no runs yet', async () => {
  await (await openLedger()).close();
  expect(await readLedger(workingDir)).toEqual({ running: null, lastRuns: [] });
});

async function lastRuns() {
  const reading = await readLedger(workingDir);
  return reading.lastRuns;
}

async function failureOf(promise: Promise<unknown>): Promise<PipelineError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof PipelineError) return thrown;
  throw new Error(`expected a PipelineError, got ${String(thrown)}`);
}
