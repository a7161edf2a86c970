import { fileError } from '../duckdb/file-errors.ts';
import { isOutOfMemory } from '../duckdb/out-of-memory.ts';
import { PipelineError } from '../errors.ts';

/** DuckDB's and Node's sentences about a file that cannot be written; anything else would be a defect of ours. */
const CANNOT_WRITE =
  /^IO Error|failed to commit|no space left|disk quota|^E(NOSPC|DQUOT|ROFS|IO|ACCES|PERM|MFILE|NFILE|NOENT|NOTDIR|NAMETOOLONG|LOOP)\b/i;

/** What writing a load package threw: a full disk is no defect, and whatever is durable waits for the next run. */
export function packageError(thrown: unknown, path: string): unknown {
  if (thrown instanceof PipelineError || !(thrown instanceof Error)) return thrown;
  return CANNOT_WRITE.test(thrown.message) || isOutOfMemory(thrown) ? fileError(thrown, path) : thrown;
}
