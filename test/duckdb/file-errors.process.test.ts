import { chmod, copyFile, mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { fileError, lockHolder, openFileError } from '../../src/duckdb/file-errors.ts';
import { PipelineError } from '../../src/errors.ts';
import { openInOtherProcess } from '../support/duckdb-process.ts';
import { withoutRoot } from '../support/without-root.ts';

let folder: string;
let path: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'errors-'));
  path = join(folder, 'file.duckdb');
  database = await Database.open({ tempDirectory: folder, threads: 1 });
});

afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

/** A file of 256 KB with one table. */
async function makeFile(): Promise<void> {
  await database.attach(path, 'made');
  const connection = await database.connect();
  await connection.run('create table made.numbers as select range as n, uuid()::varchar as text from range(5000)');
  await connection.run('checkpoint made');
  connection.close();
  await database.detach('made');
}

async function overwrite(bytes: Uint8Array, position: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, position);
  await file.close();
}

/** Into the file's first header: a checksum, `DUCK`, the version. The checksum is that of DuckDB's `checksum.cpp`. */
async function writeStorageVersion(version: bigint): Promise<void> {
  const header = (await readFile(path)).subarray(0, 4096);
  header.writeBigUInt64LE(version, 12);
  let checksum = 5381n;
  for (let at = 8; at < header.length; at += 8) {
    checksum ^= BigInt.asUintN(64, header.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  }
  header.writeBigUInt64LE(checksum, 0);
  await overwrite(header, 0);
}

/** The translated error of opening the file. */
async function openError(options: { readOnly?: boolean } = {}): Promise<PipelineError> {
  try {
    await database.attach(path, 'opened', options);
  } catch (error) {
    return fileError(error, path);
  }
  throw new Error('the file could be opened');
}

it('quotes a path with blanks in the command of a hint', () => {
  const { hint } = fileError(new Error('Could not set lock on file: held in a (PID 1)'), "/my data/it's.duckdb");
  expect(hint).toContain("`duckdb -readonly '/my data/it'\\''s.duckdb'`");
});

describe('a file that somebody holds', () => {
  it.each([false, true])('for writing names the process (opened read-only: %s)', async (readOnly) => {
    await makeFile();
    const other = await openInOtherProcess(path);
    const error = await openError({ readOnly });
    expect(error).toMatchObject({ code: 'DestinationLocked', facts: { path, pid: other.pid } });
    expect(error.message).toMatch(new RegExp(`^node\\S* \\(PID ${other.pid}\\) has .* open for writing\\.$`));
    expect(error.hint).toContain(`duckdb.connect('${path}', read_only=True)`);
    expect(error.hint).toContain(`duckdb -readonly ${path}`);
    await other.end();
  });

  it('for reading is told apart', async () => {
    await makeFile();
    const other = await openInOtherProcess(path, 'READ_ONLY');
    const error = await openError();
    expect(lockHolder(error.cause)).toMatchObject({ pid: other.pid, reading: true });
    expect(error.message).toMatch(/has .* open\.$/);
    await other.end();
  });
});

describe('who holds a lock', () => {
  const sentence = (rest: string) => new Error(`IO Error: Could not set lock on file "/data/x.duckdb": ${rest}`);

  it.each([
    ['Conflicting lock is held in /usr/bin/python3.11 (PID 12) by user ann. See also …', 'python3.11 (PID 12)', 12],
    ['Conflicting lock is held in PID 12. See also …', 'a process (PID 12)', 12],
    ['Conflicting lock is held in /opt/My App (beta)/app (PID 12). See also …', 'app (PID 12)', 12],
    ['Lock is already held in current process, likely another DuckDB instance', 'this process', null],
    ['Resource temporarily unavailable', 'another process', null],
  ])('is read from “%s”', (text, name, pid) => {
    expect(lockHolder(sentence(text))).toEqual({ name, pid, reading: false });
  });

  it('is read from the sentence of Windows', () => {
    const text =
      'IO Error: Cannot open file "x.duckdb": The process cannot access the file because it is being used by another process.\n\nFile is already open in \nC:\\Python\\python.exe (PID 12)';
    expect(lockHolder(new Error(text))).toMatchObject({ pid: 12, reading: false });
  });

  it('is nobody in other errors', () => {
    expect(lockHolder(new Error('Catalog Error: Table with name locks does not exist!'))).toBeUndefined();
  });
});

describe('a file that cannot be read', () => {
  it('because a newer DuckDB made it is told how to convert it', async () => {
    await makeFile();
    await writeStorageVersion(999n); // what DuckDB 2.0 writes
    const error = await openError();
    expect(error).toMatchObject({ code: 'DestinationTooNew', exitCode: 6, transient: false });
    expect(error.message).toContain('newer DuckDB');
    expect(error.hint).toContain(`ATTACH '${path}' AS a; ATTACH 'new.duckdb' AS b (STORAGE_VERSION 'v1.0.0');`);
    expect(error.hint).toContain('COPY FROM DATABASE a TO b;');
  });

  it.each([
    ['text', 'hello '.repeat(5000)],
    ['a few bytes', 'hi'],
    ['nothing', ''],
  ])('because it holds %s is said to be no DuckDB file', async (_, content) => {
    await writeFile(path, content);
    expect(await openError()).toMatchObject({
      code: 'DestinationUnreadable',
      message: `${path} is not a DuckDB file.`,
    });
  });

  it('because a block is damaged', async () => {
    await makeFile();
    await overwrite(new Uint8Array(4096).fill(7), 4096);
    await overwrite(new Uint8Array(4096).fill(7), 8192);
    expect(await openError()).toMatchObject({ code: 'DestinationUnreadable', message: `${path} is damaged.` });
  });

  it('because it was cut off', async () => {
    await makeFile();
    await truncate(path, 20_000);
    expect(await openError()).toMatchObject({ code: 'DestinationUnreadable', message: `${path} is damaged.` });
  });

  it('because it is a folder', async () => {
    await mkdir(path);
    expect(await openError()).toMatchObject({ code: 'DestinationUnreadable' });
  });

  it('because the right is missing', async () => {
    await makeFile();
    await chmod(folder, 0o755);
    await chmod(path, 0o000);
    const error = await withoutRoot(() => openError());
    expect(error).toMatchObject({ code: 'DestinationFailed', message: `No permission to open or write ${path}.` });
  });

  it('because its folder is not there', async () => {
    path = join(folder, 'none', 'file.duckdb');
    expect(await openError()).toMatchObject({
      code: 'DestinationFailed',
      hint: expect.stringMatching(/^Make the folder/),
    });
  });
});

describe('other errors', () => {
  it('of the family stay what they are', () => {
    const error = new PipelineError({ code: 'Interrupted', message: 'stop', hint: 'none' });
    expect(fileError(error, path)).toBe(error);
  });

  it('that nobody foresaw keep the first line of what DuckDB said, and the cause', () => {
    const cause = new Error('IO Error: the moon is full\nstack');
    const error = fileError(cause, path);
    expect(error).toMatchObject({ code: 'DestinationFailed', cause });
    expect(error.message).toBe(`${path} cannot be used: IO Error: the moon is full`);
  });

  it('a full disk is recognised from a statement, other sentences are not', () => {
    const full = 'TransactionContext Error: Failed to commit: Could not write file "x.wal": No space left on device';
    expect(openFileError(new Error(full), path)).toMatchObject({ code: 'DestinationFailed', exitCode: 6 });
    expect(openFileError(new Error('Catalog Error: Table with name t does not exist!'), path)).toBeUndefined();
  });

  it.each(['EACCES', 'EROFS', 'ENOSPC', 'EISDIR', 'ENOENT'])('%s of the file system has its own sentence', (code) => {
    const error = fileError(new Error(`${code}: something, copyfile 'a' -> 'b'`), path);
    expect(error.message).not.toContain('cannot be used');
  });

  it('a file system error from a real copy', async () => {
    const error = await copyFile(path, join(folder, 'copy')).catch((thrown: unknown) => fileError(thrown, path));
    expect(error).toMatchObject({ code: 'DestinationFailed' });
  });
});
