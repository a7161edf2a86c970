import { constants } from 'node:fs';
import { lstat, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PipelineError } from '../errors.ts';
import { makeFolder } from '../files/folder.ts';
import { absentIsUndefined, errorCode, reasonOf } from '../files/reason.ts';
import { ignoreAddition } from './ignore-lines.ts';

export interface NewFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
  readonly isOptional?: boolean;
  /** What may stand there and be replaced: nobody has changed what was written. */
  readonly replaces?: string | undefined;
}

export interface WrittenFiles {
  readonly written: readonly string[];
  /** Of these, those in whose place was what `replaces` says. */
  readonly replaced: readonly string[];
  /** There already, and left as they are. */
  readonly kept: readonly string[];
}

/**
 * Writes files that are not there, or are as they were written before, all of them or none. Where something else stands in the place
 * of one, that is an error; but `isOptional` files are left as they are then.
 *
 * @throws PipelineError UsageInvalid
 */
export async function writeNewFiles(files: readonly NewFile[]): Promise<WrittenFiles> {
  const states = await Promise.all(files.map(async (file) => ({ file, state: await stateOf(file) })));
  const other = states
    .filter(({ file, state }) => state === 'other' && file.isOptional !== true)
    .map(({ file }) => file.path);
  if (other.length > 0) throw inTheWay(other);
  const written: string[] = [];
  const replaced = states.filter(({ state }) => state === 'stale').map(({ file }) => file);
  let at = '';
  try {
    for (const { file, state } of states) {
      if (state !== 'absent') continue;
      at = file.path;
      await makeFolder(dirname(file.path));
      await writeFile(file.path, file.content, { flag: 'wx' });
      written.push(file.path);
    }
    // Last, so that nothing that was there is gone where another cannot be written.
    for (const { path, content } of replaced) {
      at = path;
      await replaceFile(path, content);
    }
  } catch (cause) {
    for (const path of written) await rm(path, { force: true });
    throw unwritable(at, cause);
  }
  return {
    written: states.filter(({ state }) => state === 'absent' || state === 'stale').map(({ file }) => file.path),
    replaced: replaced.map(({ path }) => path),
    kept: states.filter(({ state }) => state === 'same' || state === 'other').map(({ file }) => file.path),
  };
}

/**
 * Adds to a `.gitignore` what it lacks, and changes nothing of what it has.
 *
 * @returns how many lines were added; undefined where something stands there that is no ordinary file
 */
export async function addIgnoreLines(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path).catch(absentIsUndefined);
    if (found !== undefined && !found.isFile()) return undefined;
    const text = found === undefined ? '' : await readFile(path, 'utf8');
    const addition = ignoreAddition(text);
    if (addition === '') return 0;
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    const file = await open(path, flags, 0o666);
    try {
      await file.appendFile(addition);
    } finally {
      await file.close();
    }
    return addition.split('\n').filter((line) => line !== '' && !line.startsWith('#') && line !== '\r').length;
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

// --- internal ---

/** Whole or not at all. */
async function replaceFile(path: string, content: string): Promise<void> {
  const beside = `${path}.new`;
  await writeFile(beside, content, { flag: 'wx' });
  await rename(beside, path);
}

async function stateOf({ path, content, replaces }: NewFile): Promise<'absent' | 'same' | 'stale' | 'other'> {
  const found = await lstat(path).catch((thrown: unknown) => {
    // Something above it is no folder: that is told when it is written.
    if (errorCode(thrown) === 'ENOTDIR') return undefined;
    return absentIsUndefined(thrown);
  });
  if (found === undefined) return 'absent';
  if (!found.isFile() || found.size > MOST_COMPARED) return 'other';
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === content) return 'same';
  return text !== undefined && text === replaces ? 'stale' : 'other';
}

const MOST_COMPARED = 50_000_000;

function inTheWay(paths: readonly string[]): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `Nothing was written, because ${paths.join(' and ')} ${paths.length === 1 ? 'is' : 'are'} there already.`,
    hint: 'Name another folder, dezgo-elt init DIR, or another file, -c FILE; nothing is ever overwritten.',
    facts: { paths },
  });
}

function unwritable(path: string, cause: unknown): PipelineError {
  if (cause instanceof PipelineError) return cause;
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${path} cannot be written: ${reasonOf(cause)}.`,
    hint: 'Name another folder: dezgo-elt init DIR.',
    facts: { path },
    cause,
  });
}
