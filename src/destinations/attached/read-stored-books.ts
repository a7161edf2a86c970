import type { DatasetNames } from '../../load/stored-dataset.ts';
import { SCHEMA_CHANGES_TABLE } from '../../schema/names.ts';
import type { StoredBooks } from '../destination.ts';
import type { ReadableCatalogue } from './open-catalogue.ts';
import { readDataset } from './read-dataset.ts';
import { readStoredChanges } from './stored-changes.ts';

/** The schema document and the changes that led to it; nothing of either where there is nothing yet. */
export async function readStoredBooks(catalogue: ReadableCatalogue, names: DatasetNames): Promise<StoredBooks> {
  const file = await catalogue.open();
  if (file === undefined) return { schema: undefined, changes: [] };
  try {
    const { stored, tables } = await readDataset(file.connection, file.catalog, names);
    const changes = tables.has(SCHEMA_CHANGES_TABLE) ? await readStoredChanges(file, names.dataset) : [];
    return { schema: stored, changes };
  } catch (error) {
    throw file.tell(error);
  } finally {
    file.close();
  }
}
