import { fileError } from '../duckdb/file-errors.ts';
import { isOutOfMemory } from '../duckdb/out-of-memory.ts';
import { PipelineError } from '../errors.ts';
import type { PackageState } from '../package/package-folder.ts';

/** DuckDB's and Node's sentences about a file that cannot be written; anything else would be a defect of ours. */
const CANNOT_WRITE =
  /^IO Error|failed to commit|no space left|disk quota|^E(NOSPC|DQUOT|ROFS|IO|ACCES|PERM|MFILE|NFILE|NOENT|NOTDIR|NAMETOOLONG|LOOP)\b/i;

/** What writing a load package threw: a full disk is no defect, and whatever is durable waits for the next run. */
export function packageError(thrown: unknown, path: string): unknown {
  if (thrown instanceof PipelineError || !(thrown instanceof Error)) return thrown;
  return CANNOT_WRITE.test(thrown.message) || isOutOfMemory(thrown) ? fileError(thrown, path) : thrown;
}

/** Of a package whose file does not tell what it is. */
export function damagedPackage(loadId: string, file: string): PipelineError {
  return new PipelineError({
    code: 'DestinationUnreadable',
    message: `Package ${loadId} was damaged or never begun: ${file} holds no load package.`,
    hint: `No run loads it. To be rid of it: dezgo-elt packages drop ${loadId}`,
    facts: { loadId, path: file },
  });
}

/** Of a package that holds a part of a load, which is never loaded. */
export function incompletePackage(loadId: string, state: PackageState): PipelineError {
  const again = `dezgo-elt packages drop ${loadId}`;
  return new PipelineError({
    code: 'UsageInvalid',
    message:
      state === 'pending'
        ? `Package ${loadId} is not complete: its extraction ended half-way.`
        : `Package ${loadId} is not complete: it was refused while it was extracted, and only whole loads are loaded.`,
    hint:
      state === 'pending'
        ? 'The next run of the same resources continues it: dezgo-elt run'
        : `Once the configuration is mended, this asks for everything anew: dezgo-elt run. To be rid of the package: ${again}`,
    facts: { loadId, state },
  });
}
