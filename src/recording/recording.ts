import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../errors.ts';
import { makeFolder } from '../files/folder.ts';
import { absentIsUndefined, reasonOf } from '../files/reason.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';

/** `recording.json`: what a recorded run loaded, and what of it has to be the same each time. */
export interface Recording {
  /** ISO 8601, UTC: what the clock says when it is run. */
  readonly recordedAt: string;
  /** That of the client then; absent where there is none, or where a secret is in it. */
  readonly baseUrl?: string | undefined;
  readonly resources: readonly string[];
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
  /** What incremental resources begin with, by name. */
  readonly starts: Readonly<Record<string, IncrementalStart>>;
  /** Of `type: values`, by resource. */
  readonly values: Readonly<Record<string, unknown>>;
  /** `table.column`: other ones each time, not compared. */
  readonly ignore: readonly string[];
}

const RECORDING_FILE = 'recording.json';

/** @throws PipelineError UsageInvalid: the folder holds something, and no recording; DestinationFailed: it cannot be made. */
export async function requireRecordable(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names.length === 0 || names.includes(RECORDING_FILE)) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `${folder} is no recording, and not empty.`,
    hint: 'Name a new folder, an empty one, or a recording, which is replaced.',
    facts: { path: folder },
  });
}

export async function isRecording(folder: string): Promise<boolean> {
  return (await namesIn(folder)).includes(RECORDING_FILE);
}

/** @throws PipelineError DestinationFailed */
export async function writeRecording(folder: string, recording: Recording): Promise<void> {
  await orFailed(folder, async () => {
    await makeFolder(folder);
    await writeFile(join(folder, RECORDING_FILE), `${JSON.stringify(recording, null, 2)}\n`);
  });
}

/** @throws PipelineError UsageInvalid: there is none, or it is no JSON. */
export async function readRecording(folder: string): Promise<Recording> {
  const path = join(folder, RECORDING_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw noRecording(folder, reasonOf(error));
  });
  const recording = parsed(text);
  if (!isWhole(recording)) throw noRecording(folder, 'it is not what `record` writes');
  return recording;
}

/** DestinationFailed where the folder of a recording cannot be written. */
export async function orFailed<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof PipelineError) throw cause;
    throw new PipelineError({
      code: 'DestinationFailed',
      message: `The recording cannot be written to ${folder}: ${reasonOf(cause)}.`,
      hint: 'Make room there and let this user write, or name another folder.',
      facts: { path: folder },
      cause,
    });
  }
}

/** The error for a file of a recording that is not what it should be. */
export function noRecording(folder: string, reason: string, file = RECORDING_FILE): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `${folder} is no recording: ${file}: ${reason}.`,
    hint: `Make one: dezgo-elt record ${folder}`,
    facts: { path: folder },
  });
}

// --- internal ---

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder).catch(absentIsUndefined)) ?? [];
  } catch (error) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `${folder} cannot be a recording: ${reasonOf(error)}.`,
      hint: 'Name a new folder, an empty one, or a recording, which is replaced.',
      facts: { path: folder },
      cause: error,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isWhole(value: unknown): value is Recording {
  if (typeof value !== 'object' || value === null) return false;
  const {
    recordedAt,
    baseUrl = '',
    resources,
    starts,
    values,
    ignore,
  }: Partial<Record<keyof Recording, unknown>> = value;
  const isObject = (part: unknown) => typeof part === 'object' && part !== null && !Array.isArray(part);
  const isTexts = (part: unknown) => Array.isArray(part) && part.every((one) => typeof one === 'string');
  return (
    typeof recordedAt === 'string' &&
    !Number.isNaN(Date.parse(recordedAt)) &&
    typeof baseUrl === 'string' &&
    isTexts(resources) &&
    isTexts(ignore) &&
    isObject(starts) &&
    isObject(values)
  );
}
