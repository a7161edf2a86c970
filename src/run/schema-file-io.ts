import { access, constants, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { PipelineError } from '../errors.ts';

/** Undefined where there is no such file. Throws ConfigInvalid for one that cannot be read. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The schema file ${file} cannot be read (${codeOf(cause)}).`,
      hint: 'Make it a file that this user may read, or change the folder in the configuration.',
      facts: { file },
      cause,
    });
  }
}

/** Makes the folder where it is missing: whether files can be written is better known before anything is requested. */
export async function prepareFolder(folder: string, key: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The folder ${folder} for schema files cannot be written (${codeOf(cause)}).`,
      hint: `Name one that this user may write, as \`pipeline.${key}\`.`,
      facts: { folder, key: `pipeline.${key}` },
      cause,
    });
  }
}

/**
 * Writes the file as a whole or not at all: a reader never sees half of it.
 *
 * @throws PipelineError DestinationFailed
 */
export async function writeSchemaFile(file: string, text: string): Promise<void> {
  const draft = `${file}.next`;
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (cause) {
    throw new PipelineError({
      code: 'DestinationFailed',
      message: `The schema file ${file} could not be written (${codeOf(cause)}).`,
      hint: 'Make room or set the rights of its folder; the next run writes it.',
      facts: { file },
      cause,
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
