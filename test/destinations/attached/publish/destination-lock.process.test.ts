import { execFileSync } from 'node:child_process';
import { mkdir, readdir, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { whilePublishing } from '../../../../src/destinations/attached/publish/destination-lock.ts';
import { Database } from '../../../../src/duckdb/database.ts';
import { realEffects } from '../../../../src/effects.ts';
import { withDuckdbFile } from '../../../support/duckdb-file.ts';
import { openInOtherProcess } from '../../../support/duckdb-process.ts';
import { findingsOf } from '../../../support/findings.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

let folder: string;
let destination: string;
let path: string;

beforeEach(async () => {
  folder = await tempFolder();
  destination = join(folder, 'live.duckdb');
  path = join(folder, '.live.duckdb.lock');
});

async function database(): Promise<Database> {
  const opened = await Database.open({ tempDirectory: folder, threads: 1 });
  onTestFinished(() => opened.close());
  return opened;
}

async function whileLocked<T>(work: () => Promise<T>, wait = 0): Promise<T> {
  return whilePublishing(await database(), destination, { wait, effects: realEffects, findings: findingsOf() }, work);
}

describe('the lock beside the destination', () => {
  it('is there while a run publishes, and gone afterwards', async () => {
    expect(await whileLocked(() => readdir(folder))).toEqual(['.live.duckdb.lock']);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is given up also when the work fails', async () => {
    await expect(whileLocked(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps a run of another process out, which is told who has it', async () => {
    const other = await openInOtherProcess(path);
    const publishing = whileLocked(async () => undefined);
    await expect(publishing).rejects.toMatchObject({
      code: 'DestinationLocked',
      message: expect.stringMatching(`PID ${other.pid}\\) is publishing into ${destination}`),
      hint: 'Run again when it has finished. pipeline.publish.wait says how long to wait.',
    });
    await other.end();
    expect(await whileLocked(async () => 'done')).toBe('done');
  });

  it('lets runs of one process in one after another', async () => {
    let inside = 0;
    const most = await Promise.all(
      Array.from({ length: 5 }, () =>
        whileLocked(async () => {
          inside += 1;
          const seen = inside;
          await readdir(folder);
          inside -= 1;
          return seen;
        }, 300_000),
      ),
    );
    expect(most).toEqual([1, 1, 1, 1, 1]);
  });

  it('dies with its process', async () => {
    const other = await openInOtherProcess(path);
    await other.kill();
    expect(await readdir(folder)).toContain('.live.duckdb.lock');
    await whileLocked(async () => undefined);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([0, 100, 5000])('is made anew when a run was killed after writing %i bytes of it', async (bytes) => {
    await withDuckdbFile(path, async () => undefined);
    await truncate(path, bytes);
    await whileLocked(async () => undefined);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['a folder', () => mkdir(path)],
    ['a FIFO', async () => execFileSync('mkfifo', [path])],
    ['a link in a circle', () => symlink(path, path)],
  ])('that is %s is named, and no run waits for it', async (_, make) => {
    await make();
    await expect(whileLocked(async () => undefined, 300_000)).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining(path),
    });
  });
});
