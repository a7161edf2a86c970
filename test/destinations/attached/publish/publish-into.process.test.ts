import {
  chmod,
  chown,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyDatabaseFile } from '../../../../src/destinations/attached/publish/copy-file.ts';
import { type PublishOptions, publishInto } from '../../../../src/destinations/attached/publish/publish-into.ts';
import { readLive } from '../../../../src/destinations/attached/publish/read-live.ts';
import { SteppedAside } from '../../../../src/destinations/attached/publish/step-aside.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { tryHoldFile } from '../../../../src/duckdb/held-files.ts';
import { type Effects, realEffects } from '../../../../src/effects.ts';
import { PipelineError } from '../../../../src/errors.ts';
import { type DuckdbProcess, openInOtherProcess } from '../../../support/duckdb-process.ts';
import { handOn, takeDatabase } from '../../../support/idle-database.ts';
import { withoutRoot } from '../../../support/without-root.ts';

const loadId = '1767355200.000001';
const longAgo = new Date(Date.UTC(2026, 0, 1));

let folder: string;
let path: string;
let database: Database;
let notes: string[];
let progress: string[];
const others: DuckdbProcess[] = [];
const isRoot = process.getuid?.() === 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'publish-'));
  path = join(folder, 'live.duckdb');
  database = await takeDatabase();
  notes = [];
  progress = [];
});

afterEach(async () => {
  for (const other of others.splice(0)) await other.kill();
  await handOn(database);
  await rm(folder, { recursive: true });
});

const effects: Effects = {
  ...realEffects,
  sleep: async () => {},
  log: { warn() {}, progress: (message) => progress.push(message) },
};

function options(change: Partial<PublishOptions> = {}): PublishOptions {
  const publish = { mode: 'swap', on_writer: 'wait', wait: 1000 } as const;
  return { database, path, loadId, publish, effects, findings: { warn: (note) => notes.push(note) }, ...change };
}

/** A load that adds one row. */
async function addRow(catalog: string, value: number): Promise<void> {
  const connection = await database.connect();
  await connection.transaction(async () => {
    await connection.run(`create table if not exists ${catalog}.numbers (value integer)`);
    await connection.run(`insert into ${catalog}.numbers values ($1)`, [value]);
  });
  connection.close();
}

async function numbers(file = path): Promise<unknown[]> {
  await database.attach(file, 'reading', { readOnly: true });
  const connection = await database.connect();
  const rows = await connection.rows('select value from reading.numbers order by value');
  connection.close();
  await database.detach('reading');
  return rows.map((row) => row.value);
}

async function hold(mode?: 'READ_WRITE' | 'READ_ONLY', file = path): Promise<DuckdbProcess> {
  const other = await openInOtherProcess(file, mode);
  others.push(other);
  return other;
}

const publishRow = (value: number, change?: Partial<PublishOptions>) =>
  publishInto(options(change), (catalog) => addRow(catalog, value));

describe('publishing by swap', () => {
  it('makes the file when there is none', async () => {
    const { mode, attempts } = await publishRow(1);
    expect({ mode, attempts }).toEqual({ mode: 'swap', attempts: 1 });
    expect(await numbers()).toEqual([1]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('hands on what the load returned', async () => {
    const { result } = await publishInto(options(), async (catalog) => {
      await addRow(catalog, 1);
      return { rows: 1 };
    });
    expect(result).toEqual({ rows: 1 });
  });

  it('adds to what the file holds', async () => {
    await publishRow(1);
    await publishRow(2);
    expect(await numbers()).toEqual([1, 2]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('leaves the file as it was when the load fails, and passes the error through', async () => {
    await publishRow(1);
    const before = await readFile(path);
    const failure = new PipelineError({ code: 'ContractViolated', message: 'no', hint: 'none' });
    const publishing = publishInto(options(), async (catalog) => {
      await addRow(catalog, 2);
      throw failure;
    });
    await expect(publishing).rejects.toBe(failure);
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
    await publishRow(3);
    expect(await numbers()).toEqual([1, 3]);
  });

  it('leaves nothing behind when the first load fails', async () => {
    await expect(publishInto(options(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes through a symbolic link, which stays one', async () => {
    await publishRow(1);
    const alias = join(folder, 'alias.duckdb');
    await symlink('live.duckdb', alias);
    await publishRow(2, { path: alias });
    expect((await lstat(alias)).isSymbolicLink()).toBe(true);
    expect((await lstat(path)).isFile()).toBe(true);
    expect(await numbers()).toEqual([1, 2]);
  });

  it('makes the file that a dangling symbolic link names', async () => {
    const alias = join(folder, 'alias.duckdb');
    await symlink('live.duckdb', alias);
    await publishRow(1, { path: alias });
    expect(await numbers()).toEqual([1]);
    expect((await lstat(alias)).isSymbolicLink()).toBe(true);
  });

  it.each([0o600, 0o640, 0o666, 0o444])('keeps the mode bits %o', async (mode) => {
    await publishRow(1);
    await chmod(path, mode);
    await publishRow(2);
    expect((await stat(path)).mode & 0o7777).toBe(mode);
    expect(await numbers()).toEqual([1, 2]);
  });

  it.runIf(isRoot)('keeps the owner', async () => {
    await publishRow(1);
    await chown(path, 1234, 4321);
    await publishRow(2);
    expect(await stat(path)).toMatchObject({ uid: 1234, gid: 4321 });
  });

  it('does not wait for readers, and an open reader keeps what it saw', async () => {
    await publishRow(1);
    const reader = await hold('READ_ONLY');
    await publishRow(2);
    expect(await reader.run('select count(*)::integer from numbers')).toEqual([[1]]);
    expect(await numbers()).toEqual([1, 2]);
    expect(progress).toEqual([]);
  });
});

describe('a writer', () => {
  it('is waited for a bounded time, then named; the file stays as it was', async () => {
    await publishRow(1);
    const writer = await hold();
    const failure = await failureOf(publishRow(2));
    expect(failure).toMatchObject({ code: 'DestinationLocked', exitCode: 6, transient: true });
    expect(failure.message).toContain(`PID ${writer.pid}`);
    expect(failure.message).toContain('Waited 1 s');
    expect(failure.hint).toContain('read_only=True');
    expect(failure.hint).toContain('duckdb -readonly');
    expect(progress).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('that goes away in time is no error', async () => {
    await publishRow(1);
    const writer = await hold();
    let naps = 0;
    const sleep = async () => {
      naps += 1;
      if (naps === 3) await writer.kill();
    };
    await publishRow(2, { effects: { ...effects, sleep } });
    expect(naps).toBe(3);
    expect(await numbers()).toEqual([1, 2]);
  });

  it('ends the wait at once when the run is interrupted', async () => {
    await publishRow(1);
    await hold();
    const interrupt = new AbortController();
    const sleep = async () => interrupt.abort(new Error('interrupted'));
    const publishing = publishRow(2, { effects: { ...effects, sleep }, signal: interrupt.signal });
    await expect(publishing).rejects.toThrow('interrupted');
  });

  it('that opens the file while it is loaded is waited for, and its rows are kept', async () => {
    await publishRow(1);
    let writer: DuckdbProcess | undefined;
    const sleep = async () => {
      await writer?.run('insert into numbers values (10)');
      await writer?.kill();
    };
    const { attempts } = await publishInto(options({ effects: { ...effects, sleep } }), async (catalog) => {
      writer ??= await hold();
      await addRow(catalog, 2);
    });
    expect(attempts).toBe(2);
    expect(await numbers()).toEqual([1, 2, 10]);
  });
});

describe('a file that changes while it is loaded', () => {
  it('is copied and loaded again', async () => {
    await publishRow(1);
    let calls = 0;
    const { attempts } = await publishInto(options(), async (catalog) => {
      calls += 1;
      if (calls === 1) await writeAsOther(10);
      await addRow(catalog, 2);
    });
    expect(attempts).toBe(2);
    expect(await numbers()).toEqual([1, 2, 10]);
  });

  it('is not overwritten when it appears during the first load', async () => {
    let calls = 0;
    const { attempts } = await publishInto(options(), async (catalog) => {
      calls += 1;
      if (calls === 1) await writeAsOther(10);
      await addRow(catalog, 2);
    });
    expect(attempts).toBe(2);
    expect(await numbers()).toEqual([2, 10]);
  });

  it('at every one of three times is an error, and keeps what the others wrote', async () => {
    await publishRow(1);
    let calls = 0;
    const publishing = publishInto(options(), async (catalog) => {
      calls += 1;
      await writeAsOther(10 * calls);
      await addRow(catalog, 2);
    });
    expect(await failureOf(publishing)).toMatchObject({ code: 'DestinationChanged', exitCode: 6, transient: true });
    expect(calls).toBe(3);
    expect(await numbers()).toEqual([1, 10, 20, 30]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('by another pipeline that publishes it keeps the rows of both', async () => {
    await publishRow(1);
    let calls = 0;
    await publishInto(options(), async (catalog) => {
      calls += 1;
      if (calls === 1) await publishFromOtherDatabase(10);
      await addRow(catalog, 2);
    });
    expect(await numbers()).toEqual([1, 2, 10]);
  });
});

describe('a write-ahead log that a killed writer left', () => {
  it('is replayed into the new file once: committed rows survive, and none comes twice', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers select 100 + range from range(5)');
    await writer.kill();
    expect(await readdir(folder)).toContain('live.duckdb.wal');

    await publishRow(2);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
    expect(await numbers()).toEqual([1, 2, 100, 101, 102, 103, 104]);
    await publishRow(3);
    expect(await numbers()).toEqual([1, 2, 3, 100, 101, 102, 103, 104]);
  });

  it('stays beside the old file when the load fails', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers values (100)');
    await writer.kill();
    await expect(publishInto(options(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await numbers()).toEqual([1, 100]);
  });

  it('of a file that is gone does not get into the new one', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers values (100)');
    await writer.kill();
    await rm(path);
    await publishRow(2);
    expect(await numbers()).toEqual([2]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });
});

describe('leftovers of dead runs', () => {
  it('are removed, write-ahead logs included', async () => {
    await publishRow(1);
    for (const name of [
      'live.duckdb.1.000001.next',
      'live.duckdb.1.000001.next.wal',
      'live.duckdb.2.000001.next.wal',
    ]) {
      await writeFile(join(folder, name), 'leftover');
      await utimes(join(folder, name), longAgo, longAgo);
    }
    await publishRow(2);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
    expect(await numbers()).toEqual([1, 2]);
  });

  it('of this very load are removed and do not mix with it', async () => {
    await publishRow(7, { path: `${path}.${loadId}.next` });
    await writeFile(`${path}.${loadId}.next.wal`, 'leftover');
    await publishRow(1);
    expect(await numbers()).toEqual([1]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('do not include files of another destination, of another kind, or of a run that is alive', async () => {
    const mine = join(folder, 'live.duckdb.3.000001.next');
    await publishRow(9, { path: mine });
    await utimes(mine, longAgo, longAgo);
    const alive = await hold('READ_WRITE', mine);
    const others = ['other.duckdb.1.000001.next', 'live.duckdb.backup.next', 'live.duckdb.note'];
    for (const name of others) {
      await writeFile(join(folder, name), 'mine');
      await utimes(join(folder, name), longAgo, longAgo);
    }
    await publishRow(1);
    expect(await readdir(folder)).toEqual(expect.arrayContaining([...others, 'live.duckdb.3.000001.next']));
    await alive.kill();
  });
});

describe('a run that was killed between moving the logs away and the rename', () => {
  it('loses no committed row', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers values (100)');
    await writer.kill();
    await killInSwap('before the rename');
    expect(await numbers()).toEqual([1]);

    await publishRow(2);
    expect(await numbers()).toEqual([1, 2, 100]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('or just after it doubles none', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers values (100)');
    await writer.kill();
    await killInSwap('after the rename');

    await publishRow(2);
    expect(await numbers()).toEqual([1, 2, 100]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('keeps the logs and says so when somebody wrote to the file since', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers values (100)');
    await writer.kill();
    await killInSwap('before the rename');
    await writeAsOther(50);

    await publishRow(2);
    expect(await numbers()).toEqual([1, 2, 50]);
    expect(notes).toEqual([expect.stringContaining('.orphan')]);
    expect(await readdir(folder)).toHaveLength(2);
  });

  /** Does by hand what a run had done when it was killed. */
  async function killInSwap(moment: 'before the rename' | 'after the rename'): Promise<void> {
    const copy = `${path}.1.000009.next`;
    await copyDatabaseFile(path, copy);
    await database.attach(copy, 'dead');
    const connection = await database.connect();
    await connection.run('checkpoint dead');
    connection.close();
    await database.detach('dead');
    await (await SteppedAside.prepare(path, '1.000009')).moveLogs();
    await utimes(copy, longAgo, longAgo);
    if (moment === 'after the rename') await rename(copy, path);
  }
});

describe('publishing in place', () => {
  const inPlace = { mode: 'in_place', on_writer: 'wait', wait: 1000 } as const;

  it('loads into the file itself', async () => {
    await publishRow(1);
    const { ino } = await stat(path);
    const { mode, attempts } = await publishRow(2, { publish: inPlace });
    expect({ mode, attempts }).toEqual({ mode: 'in_place', attempts: 1 });
    expect((await stat(path)).ino).toBe(ino);
    expect(await numbers()).toEqual([1, 2]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('makes the file, and leaves none when that load fails', async () => {
    await expect(publishInto(options({ publish: inPlace }), () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
    expect(await readdir(folder)).toEqual([]);
    await publishRow(1, { publish: inPlace });
    expect(await numbers()).toEqual([1]);
  });

  it('waits for a reader, then gives up and names it', async () => {
    await publishRow(1);
    const reader = await hold('READ_ONLY');
    const failure = await failureOf(publishRow(2, { publish: inPlace }));
    expect(failure.code).toBe('DestinationLocked');
    expect(failure.message).toContain(`PID ${reader.pid}`);
    await reader.kill();
    await publishRow(2, { publish: inPlace });
    expect(await numbers()).toEqual([1, 2]);
  });

  it('rolls back a load that fails', async () => {
    await publishRow(1);
    const failing = publishInto(options({ publish: inPlace }), async (catalog) => {
      const connection = await database.connect();
      await connection.transaction(async () => {
        await connection.run(`insert into ${catalog}.numbers values (2)`);
        throw new Error('broken');
      });
    });
    await expect(failing).rejects.toThrow('broken');
    expect(await numbers()).toEqual([1]);
  });
});

describe('what cannot be published into', () => {
  it.each([
    ['text', 'hello '.repeat(5000), 'is not a DuckDB file'],
    ['nothing at all', '', 'is not a DuckDB file'],
    ['a database of SQLite', `SQLite format 3\0${'\0'.repeat(5000)}`, 'is not a DuckDB file'],
  ])('a file that holds %s is named and kept', async (_, content, message) => {
    await writeFile(path, content);
    const failure = await failureOf(publishRow(1));
    expect(failure).toMatchObject({ code: 'DestinationUnreadable', exitCode: 6 });
    expect(failure.message).toContain(`${path} ${message}`);
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('a folder', async () => {
    const failure = await failureOf(publishRow(1, { path: folder }));
    expect(failure).toMatchObject({ code: 'DestinationUnreadable' });
    expect(failure.message).toContain('is a folder');
  });

  it('a file in a folder that does not exist', async () => {
    const failure = await failureOf(publishRow(1, { path: join(folder, 'none', 'live.duckdb') }));
    expect(failure).toMatchObject({ code: 'DestinationFailed' });
    expect(failure.hint).toContain('Make the folder');
  });

  it('a file that another part of this process uses', async () => {
    await publishRow(1);
    const release = tryHoldFile(path, 'shared');
    expect(await failureOf(publishRow(2))).toMatchObject({ code: 'DestinationLocked' });
    release?.();
    await publishRow(2);
    expect(await numbers()).toEqual([1, 2]);
  });
});

describe('without the rights', () => {
  beforeEach(() => chmod(folder, 0o755));

  it('to write in the folder, the file stays as it was and the message says what is missing', async () => {
    await publishRow(1);
    await chmod(path, 0o666);
    await chmod(folder, 0o555);
    const failure = await withoutRoot(() => failureOf(publishRow(2)));
    await chmod(folder, 0o755);
    expect(failure).toMatchObject({ code: 'DestinationFailed', exitCode: 6 });
    expect(failure.message).toBe(`No permission to open or write ${path}.`);
    expect(failure.hint).toContain('its folder');
    expect(await readdir(folder)).toEqual(['live.duckdb']);
    expect(await numbers()).toEqual([1]);
  });

  it('to make the first file', async () => {
    await chmod(folder, 0o555);
    const failure = await withoutRoot(() => failureOf(publishRow(1)));
    await chmod(folder, 0o755);
    expect(failure).toMatchObject({ code: 'DestinationFailed' });
    expect(failure.message).toContain(path);
    expect(await readdir(folder)).toEqual([]);
  });

  it.runIf(isRoot)('to give the new file to its owner, it says who owns it now', async () => {
    await publishRow(1);
    await chmod(folder, 0o777);
    await chmod(path, 0o644);
    await withoutRoot(() => publishRow(2));
    expect(notes).toEqual([expect.stringContaining(`${path} now belongs to user`)]);
    expect(await numbers()).toEqual([1, 2]);
  });

  it.runIf(isRoot)('to replace the file in a sticky folder, it loads into the file itself and says so', async () => {
    await publishRow(1);
    await chmod(path, 0o666);
    await chmod(folder, 0o1777);
    const { mode, attempts } = await withoutRoot(() => publishRow(2));
    expect({ mode, attempts }).toEqual({ mode: 'in_place', attempts: 2 });
    expect(notes).toContainEqual(expect.stringContaining('loaded into the file itself'));
    expect(await numbers()).toEqual([1, 2]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it.runIf(isRoot)('to replace it, a log that a killed writer left is put back and loaded', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers values (100)');
    await writer.kill();
    await chmod(path, 0o666);
    await chmod(`${path}.wal`, 0o666);
    await chown(`${path}.wal`, 65_534, 65_534); // in a sticky folder the log, too, can only be moved by its owner
    await chmod(folder, 0o1777);
    expect((await withoutRoot(() => publishRow(2))).mode).toBe('in_place');
    expect(await numbers()).toEqual([1, 2, 100]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it.runIf(isRoot)('to remove a log that a killed writer left, the error is about the file', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers values (100)');
    await writer.kill();
    await chmod(path, 0o666);
    await chmod(`${path}.wal`, 0o666);
    await chmod(folder, 0o1777);
    const failure = await withoutRoot(() => failureOf(publishRow(2)));
    expect(failure).toMatchObject({ code: 'DestinationFailed', exitCode: 6 });
    expect(await numbers()).toEqual(expect.arrayContaining([1, 100]));
  });
});

describe('reading the live file before a run', () => {
  const read = (change?: Partial<PublishOptions>) =>
    readLive({ ...options(change), workingDir: folder }, async (catalog) => {
      const connection = await database.connect();
      const rows = await connection.rows(`select value from ${catalog}.numbers order by value`);
      connection.close();
      return rows.map((row) => row.value);
    });

  it('gives nothing when there is none', async () => {
    expect(await read()).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets others read it meanwhile, and publish afterwards', async () => {
    await publishRow(1);
    await hold('READ_ONLY');
    expect(await read()).toEqual([1]);
    await publishRow(2);
    expect(await read()).toEqual([1, 2]);
  });

  it('waits for a writer, then names it', async () => {
    await publishRow(1);
    const writer = await hold();
    const failure = await failureOf(read());
    expect(failure.code).toBe('DestinationLocked');
    expect(failure.message).toContain(`PID ${writer.pid}`);
  });

  it('reads a copy beside a writer with `on_writer: swap`', async () => {
    await publishRow(1);
    const writer = await hold();
    await writer.run('insert into numbers values (10)');
    expect(await read({ publish: { mode: 'swap', on_writer: 'swap', wait: 0 } })).toEqual([1, 10]);
    expect(await readdir(folder)).toEqual(['live.duckdb', 'live.duckdb.wal']);
    expect(await writer.run('select count(*)::integer from numbers')).toEqual([[2]]);
  });
});

async function writeAsOther(value: number): Promise<void> {
  const other = await openInOtherProcess(path);
  await other.run('create table if not exists numbers (value integer)');
  await other.run(`insert into numbers values (${value})`);
  await other.run('checkpoint');
  await other.end();
}

async function publishFromOtherDatabase(value: number): Promise<void> {
  const second = await Database.open({ tempDirectory: folder });
  await publishInto(options({ database: second, loadId: '1767355200.000002' }), async (catalog) => {
    const connection = await second.connect();
    await connection.run(`insert into ${catalog}.numbers values ($1)`, [value]);
  });
  second.close();
}

async function failureOf(promise: Promise<unknown>): Promise<PipelineError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof PipelineError) return thrown;
  throw new Error(`expected a PipelineError, got ${String(thrown)}`);
}
