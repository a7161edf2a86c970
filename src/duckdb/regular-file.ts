import { type Stats, statSync } from 'node:fs';
import { requireFile } from '../files/ordinary-file.ts';
import { fileError } from './file-errors.ts';
import { withWals } from './wals.ts';

/**
 * What stands where DuckDB is going to open a file; undefined where nothing does. Takes no lock and drops none.
 *
 * @throws PipelineError DestinationUnreadable: the file or one of its logs is a folder, a FIFO, a device; DestinationFailed: the
 * path cannot be followed.
 */
export function regularFile(path: string): Stats | undefined {
  try {
    for (const file of withWals(path)) requireFile(file);
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, path);
  }
}
