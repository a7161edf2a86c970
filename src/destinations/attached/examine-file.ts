import { readdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { realFilePath } from '../../duckdb/held-files.ts';
import { ReadOnlyFile } from '../../duckdb/read-only-file.ts';
import { regularFile } from '../../duckdb/regular-file.ts';
import { walSuffixes } from '../../duckdb/wals.ts';
import { asPipelineError } from '../../errors.ts';
import { fail, ok, type Symptom, warn } from '../../report/doctor-text.ts';
import { bytesText } from '../../text/bytes.ts';
import { count, shortened } from '../../text/count.ts';

const FILE = 'destination';

/** How a DuckDB file and what lies beside it are. Opens it read-only, and changes nothing. */
export async function examineFile(path: string): Promise<Symptom[]> {
  const file = realFilePath(path);
  const link = file === path ? [] : [ok(FILE, `${path} is a symbolic link to ${file}`)];
  try {
    const size = regularFile(path)?.size;
    const opened =
      size === undefined ? [ok(FILE, `${path}: no file yet, the first run makes it`)] : await open(path, size);
    return [...link, ...opened, ...(await besideFile(file)), ...(await freeDisk(file, size ?? 0))];
  } catch (error) {
    return [...link, fail(FILE, asPipelineError(error))];
  }
}

// --- internal ---

async function open(path: string, size: number): Promise<Symptom[]> {
  try {
    const file = await ReadOnlyFile.openIfThere(path);
    if (file === undefined) return [];
    try {
      const row = await file.connection.row(
        `select tags['storage_version'] as version from duckdb_databases() where database_name = $1`,
        [file.catalog],
      );
      return [ok(FILE, `${path}: ${bytesText(size)}, storage version ${String(row?.version ?? 'not known')}`)];
    } finally {
      file.close();
    }
  } catch (thrown) {
    const error = asPipelineError(thrown);
    // A run waits for whoever has it open.
    return [error.code === 'DestinationLocked' ? warn(FILE, error.message, error.hint) : fail(FILE, error)];
  }
}

/** Write-ahead logs, and what runs that were killed have left. */
async function besideFile(file: string): Promise<Symptom[]> {
  const names = (await readdir(dirname(file)).catch(() => [])).sort();
  const own = basename(file);
  const isLog = (name: string) => walSuffixes.some((suffix) => name === own + suffix);
  const logs = await largerThanNothing(names.filter(isLog).map((name) => join(dirname(file), name)));
  const left = names.filter((name) => name === `.${own}.lock` || isLeft(name.slice(own.length), name.startsWith(own)));
  const kept = names.filter((name) => name.startsWith(`${own}.`) && /\.(kept|orphan)$/.test(name));
  return [
    ...logs.map(({ path, size }) =>
      warn(
        'write-ahead log',
        `${path}: ${bytesText(size)} of changes that are not in the file yet: a program is writing, or was killed`,
        'Who opens the file for writing next takes them in: let that program finish, or run again.',
      ),
    ),
    ...(left.length === 0
      ? []
      : [
          warn(
            'leftovers',
            `${count(left.length, 'file')} of runs that go on, or were killed: ${shortened(left)}`,
            'The next run that publishes removes what nobody uses.',
          ),
        ]),
    ...(kept.length === 0
      ? []
      : [
          warn(
            'leftovers',
            `${shortened(kept)}: what another program wrote to a file that a run replaced meanwhile`,
            'Look into it with DuckDB, then delete it.',
          ),
        ]),
  ];
}

function isLeft(rest: string, isOurs: boolean): boolean {
  return isOurs && /^\.\d+\.\d+\.(next|replaced-(\d+-\d+|absent))(\.wal(\.checkpoint|\.recovery)?)?$/.test(rest);
}

async function largerThanNothing(paths: readonly string[]): Promise<{ path: string; size: number }[]> {
  const found = await Promise.all(
    paths.map(async (path) => ({ path, size: (await stat(path).catch(() => undefined))?.size ?? 0 })),
  );
  return found.filter(({ size }) => size > 0);
}

/** A load makes a working copy of the file, and writes to it. */
async function freeDisk(file: string, size: number): Promise<Symptom[]> {
  const found = await statfs(dirname(file)).catch(() => undefined);
  if (found === undefined) return [];
  const { bavail, bsize } = found;
  const free = bavail * bsize;
  const message = `${bytesText(free)} free in ${dirname(file)}, a load needs about ${bytesText(2 * size + SPARE)}`;
  if (free >= 2 * size + SPARE) return [ok('disk', message)];
  return [
    warn(
      'disk',
      message,
      'Free some space: where the file system has no reflinks, a working copy is as large as the file.',
    ),
  ];
}

/** Bytes, for what a load adds to a small file. */
const SPARE = 16_000_000;
