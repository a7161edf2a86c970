import { rename, rm, writeFile } from 'node:fs/promises';
import { realFilePath } from '../duckdb/held-files.ts';
import { PipelineError } from '../errors.ts';
import { makeFolder, tryFolder } from '../files/folder.ts';
import { readText } from '../files/read-text.ts';
import { errorCode, reasonOf } from '../files/reason.ts';

/** Undefined where there is no such file. Throws ConfigInvalid for one that cannot be read. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The schema file ${file} cannot be read: ${reasonOf(cause)}.`,
      hint: 'Make it a file that this user may read, or change the folder in the configuration.',
      facts: { file },
      cause,
    });
  }
}

/** Makes the folder where it is missing: whether files can be written is better known before anything is requested. */
export async function prepareFolder(folder: string, key: string): Promise<void> {
  try {
    await makeFolder(folder);
    await tryFolder(folder);
  } catch (cause) {
    throw cannotWrite(folder, key, cause);
  }
}

/** Whether `prepareFolder` would succeed; makes nothing. */
export async function checkFolder(folder: string, key: string): Promise<void> {
  await tryFolder(folder).catch((cause: unknown) => {
    throw cannotWrite(folder, key, cause);
  });
}

function cannotWrite(folder: string, key: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `The folder ${folder} for schema files cannot be written: ${reasonOf(cause)}.`,
    hint: `Name one that this user may write, as \`pipeline.${key}\`.`,
    facts: { folder, key: `pipeline.${key}` },
    cause,
  });
}

/**
 * Writes the file as a whole or not at all: a reader never sees half of it. A link to it stays one.
 *
 * @throws PipelineError DestinationFailed
 */
export async function writeSchemaFile(file: string, text: string): Promise<void> {
  const target = realFilePath(file);
  const draft = `${target}.next`;
  try {
    await rm(draft, { force: true }); // of a run that was killed: whatever it is, nothing is written through it
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, target);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined); // the first error is the one to tell
    throw new PipelineError({
      code: 'DestinationFailed',
      message: `The schema file ${file} could not be written: ${reasonOf(cause)}.`,
      hint: 'Make room or set the rights of its folder; the next run writes it.',
      facts: { file },
      cause,
    });
  }
}
