import { fileError } from '../../duckdb/file-errors.ts';
import { PipelineError } from '../../errors.ts';
import { type LakeSettings, lakeLocation } from './lake-kind.ts';

/** Whether DuckDB found a catalogue without a lake in it, and was not to make one. */
export function isNoLake(thrown: unknown): boolean {
  return /does not exist - and creating a new DuckLake is explicitly disabled/.test(textOf(thrown));
}

/** What attaching a lake threw, as a member of the family. */
export function lakeError(thrown: unknown, settings: LakeSettings): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  if (settings.catalog.type === 'duckdb') return fileError(thrown, settings.catalog.path);
  const location = lakeLocation(settings);
  const text = textOf(thrown).replace(/^.*?(?:at path \+ "[^"]*"|metadata: )/s, '');
  const [reason = ''] = text.split('\n', 1);
  const isLocked = /database is locked|could not obtain lock|too many (?:clients|connections)/i.test(text);
  return new PipelineError({
    code: isLocked ? 'DestinationLocked' : 'DestinationFailed',
    message: `The catalogue ${location} cannot be used: ${reason.replace(/^Unable to connect to Postgres at "[^"]*": /, '')}`,
    hint: isLocked
      ? 'Run again when the other program has finished.'
      : 'Check pipeline.destination.catalog, and whether the catalogue can be reached.',
    facts: { location },
    cause: thrown,
  });
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
