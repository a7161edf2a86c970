import { chmod, chown, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { publishInto } from '../../../../src/destinations/attached/publish/publish-into.ts';
import { readLive } from '../../../../src/destinations/attached/publish/read-live.ts';
import type { Database } from '../../../../src/duckdb/database.ts';
import { ReadOnlyFile } from '../../../../src/duckdb/read-only-file.ts';
import { realEffects } from '../../../../src/effects.ts';
import type { PipelineError } from '../../../../src/errors.ts';
import { withDuckdbFile } from '../../../support/duckdb-file.ts';
import { handOn, takeDatabase } from '../../../support/idle-database.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { unusual } from '../../../support/unusual.ts';
import { withoutRoot } from '../../../support/without-root.ts';

const isRoot = process.getuid?.() === 0;
let folder: string;
let path: string;
let database: Database;
let notes: string[];

beforeEach(async () => {
  folder = await tempFolder();
  path = join(folder, 'live.duckdb');
  database = await takeDatabase();
  onTestFinished(() => handOn(database));
  notes = [];
});

const options = () => ({
  database,
  path,
  loadId: '1767355200.000001',
  publish: { mode: 'swap', on_writer: 'wait', wait: 60_000 } as const,
  effects: realEffects,
  workingDir: folder,
  findings: { warn: (note: string) => notes.push(note) },
});

const publish = () =>
  publishInto(options(), async (catalog) => {
    const connection = await database.connect();
    await connection.run(`create or replace table ${catalog}.t as select 1 as a`);
    connection.close();
  });

const failureOf = (doing: Promise<unknown>): Promise<PipelineError> =>
  doing.then(
    () => Promise.reject(new Error('it went well')),
    (error: PipelineError) => error,
  );

/** What a run says before it asks the source for anything, what a load says, and what a command that looks says. */
async function refusals(): Promise<PipelineError[]> {
  return Promise.all([
    failureOf(readLive(options(), async () => undefined)),
    failureOf(publish()),
    failureOf(ReadOnlyFile.open(path)),
  ]);
}

async function expectRefused(message: string | RegExp, code = 'DestinationUnreadable'): Promise<void> {
  const before = await readdir(folder);
  for (const failure of await refusals()) {
    expect(failure).toMatchObject({ code, exitCode: 6, message: expect.stringMatching(message) });
    expect(failure.hint).not.toBe('');
  }
  expect(await readdir(folder)).toEqual(before);
}

async function socketAt(at: string): Promise<void> {
  const server = createServer().listen(at);
  await new Promise((listening) => server.once('listening', listening));
  onTestFinished(() => void server.close());
}

describe('in the place of the destination', () => {
  it.each([
    ['a folder', (at: string) => mkdir(at)],
    ['a FIFO', unusual['a FIFO']],
    ['a socket', socketAt],
    ['a device', (at: string) => symlink('/dev/zero', at)],
  ])('%s is refused at once, as a log beside it is', async (kind, make) => {
    await make(path);
    await expectRefused(new RegExp(`is ${kind}, not a DuckDB file`));
    path = join(folder, 'other.duckdb');
    await make(`${path}.wal`);
    await expectRefused(new RegExp(`\\.wal is ${kind}, not a DuckDB file|zero is ${kind}`));
  });

  it('an encrypted DuckDB file is named, and no plain one takes its place', async () => {
    await withDuckdbFile(join(folder, 'maker.duckdb'), async (connection) => {
      await connection.run("set global force_mbedtls_unsafe = 'true'");
      await connection.run(`attach '${path}' as secret (encryption_key 'k')`);
      await connection.run('create table secret.t as select 42 as a');
      await connection.run('detach secret');
      await connection.run('reset global force_mbedtls_unsafe');
    });
    const before = await readFile(path);
    await expectRefused(/is an encrypted DuckDB file/);
    expect(await readFile(path)).toEqual(before);
  });

  it('a link in a circle is named', async () => {
    await symlink('live.duckdb', path);
    await expectRefused(/in a circle/, 'DestinationFailed');
  });

  it('a link into a folder that is not there is named, and where it leads', async () => {
    await symlink('none/real.duckdb', path);
    const failure = await failureOf(readLive(options(), async () => undefined));
    expect(failure).toMatchObject({ code: 'DestinationFailed', exitCode: 6 });
    expect(failure.message).toContain(`${path} is a symbolic link to ${join(folder, 'none', 'real.duckdb')}`);
    expect(failure.hint).toContain('Make the folder');
  });

  it('a link to a file that is not there yet leads to the new file, and a note says so', async () => {
    await symlink('real.duckdb', path);
    await publish();
    expect(notes).toEqual([expect.stringContaining(`symbolic link to ${join(folder, 'real.duckdb')}`)]);
    expect((await stat(join(folder, 'real.duckdb'))).isFile()).toBe(true);
    await publish();
    expect(notes).toHaveLength(1);
  });

  it('a file with another name is replaced, and a note says that the other name keeps the old one', async () => {
    await publish();
    const other = join(folder, 'other.duckdb');
    await link(path, other);
    const before = await readFile(other);
    await publish();
    expect(notes).toEqual([expect.stringContaining('hard link')]);
    expect(await readFile(other)).toEqual(before);
    await publish();
    expect(notes).toHaveLength(1);
  });

  it.runIf(isRoot)("somebody else's write-protected file is left as it is, also by root", async () => {
    await publish();
    await chown(path, 1234, 1234);
    await chmod(path, 0o444);
    const before = await stat(path);
    const failures = [await failureOf(readLive(options(), async () => undefined)), await failureOf(publish())];
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'DestinationFailed', exitCode: 6 });
      expect(failure.message).toContain('belongs to user 1234, is write-protected (mode 444)');
    }
    expect(await stat(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs, mode: before.mode });
  });
});

describe('before anything is asked of the source', () => {
  const reading = () => failureOf(readLive(options(), async () => undefined));

  it.each([
    ['a folder that is not there', () => join(folder, 'none', 'a.duckdb'), /does not exist/],
    ['a file for a folder', () => join(folder, 'file', 'a.duckdb'), /is a file, not a folder/],
    ['a name that is too long', () => join(folder, 'a'.repeat(300)), /longer than the system allows/],
    [
      'a name that leaves no room for a working copy',
      () => join(folder, 'a'.repeat(240)),
      /longer than the system allows/,
    ],
    ['a path that is too long', () => join(folder, 'a/'.repeat(3000), 'a.duckdb'), /longer than the system allows/],
    ['a folder that takes no files', () => '/proc/a.duckdb', /does not exist|No permission/],
    ['a read-only file system', () => '/sys/a.duckdb', /does not exist|No permission|read-only/],
  ])('%s is said', async (_, at, message) => {
    await writeFile(join(folder, 'file'), '');
    path = at();
    expect(await reading()).toMatchObject({
      code: 'DestinationFailed',
      exitCode: 6,
      message: expect.stringMatching(message),
    });
  });

  it('a folder without the right to write is said', async () => {
    await chmod(folder, 0o555);
    const failure = await withoutRoot(reading);
    await chmod(folder, 0o755);
    expect(failure).toMatchObject({ code: 'DestinationFailed', exitCode: 6 });
    expect(failure.message).toBe(`No permission to open or write ${path}.`);
  });

  it('nothing is left in the folder', async () => {
    expect(await readLive(options(), async () => undefined)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });
});
