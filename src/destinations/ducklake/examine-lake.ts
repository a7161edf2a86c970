import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Database } from '../../duckdb/database.ts';
import { quotedString } from '../../duckdb/quote.ts';
import { asPipelineError, PipelineError } from '../../errors.ts';
import { absentIsUndefined, reasonOf } from '../../files/reason.ts';
import { fail, ok, type Symptom, warn } from '../../report/doctor-text.ts';
import { examineFile } from '../attached/examine-file.ts';
import { prepareLake } from './attach-lake.ts';
import { type LakeSettings, lakeLocation } from './lake-kind.ts';
import { newestSnapshot } from './lake-maintenance.ts';
import { LakeReading } from './lake-reading.ts';
import { lakeStorage } from './lake-storage.ts';

const LAKE = 'destination';
const DATA = 'data_path';

/** Whether the extensions are there, the catalogue can be read, and the data be reached. Changes nothing. */
export async function examineLake(settings: LakeSettings): Promise<Symptom[]> {
  const { catalog } = settings;
  const file = catalog.type === 'duckdb' ? await examineFile(catalog.path) : [];
  try {
    await withDatabase((database) => prepareLake(database, settings));
  } catch (error) {
    return [...file, fail('extension', asPipelineError(error))];
  }
  return [...file, await examineCatalogue(settings), await examineData(settings)];
}

// --- internal ---

async function examineCatalogue(settings: LakeSettings): Promise<Symptom> {
  const location = lakeLocation(settings);
  try {
    const reading = await LakeReading.open(settings);
    if (reading === undefined) return ok(LAKE, `${location}: no lake yet, the first run makes it`);
    try {
      const newest = await newestSnapshot(reading.connection, reading.catalog);
      return ok(LAKE, `${location}: a lake, snapshot ${newest}`);
    } finally {
      reading.close();
    }
  } catch (thrown) {
    const error = asPipelineError(thrown);
    return error.code === 'DestinationLocked' ? warn(LAKE, error.message, error.hint) : fail(LAKE, error);
  }
}

async function examineData(settings: LakeSettings): Promise<Symptom> {
  const { path, scheme } = lakeStorage(settings);
  try {
    if (scheme === undefined) await requireWritable(path);
    else await requireReachable(path, settings);
    return ok(DATA, path);
  } catch (error) {
    return fail(DATA, asPipelineError(error));
  }
}

async function requireWritable(folder: string): Promise<void> {
  const there = (await stat(folder).catch(absentIsUndefined)) === undefined ? dirname(folder) : folder;
  await access(there, constants.W_OK).catch((cause: unknown) => {
    throw unreachable(folder, reasonOf(cause), cause);
  });
}

async function requireReachable(address: string, settings: LakeSettings): Promise<void> {
  await withDatabase(async (database) => {
    await prepareLake(database, settings);
    const connection = await database.connect();
    await connection.run(`from glob(${quotedString(`${address}*`)}) limit 1`).catch((cause: unknown) => {
      throw unreachable(
        address,
        (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0] ?? '',
        cause,
      );
    });
  });
}

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await Database.open();
  try {
    await work(database);
  } finally {
    database.close();
  }
}

function unreachable(path: string, reason: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `${path} cannot be reached: ${reason}.`,
    hint: 'Check pipeline.destination.data_path, its storage_credentials, and the rights of this user.',
    facts: { path },
    cause,
  });
}
