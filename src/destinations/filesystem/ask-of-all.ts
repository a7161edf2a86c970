import { qualifiedName, quotedIdentifier } from '../../duckdb/quote.ts';
import { askedOf } from '../../expectations/asked-dataset.ts';
import type { LoadExpectations } from '../../expectations/load-expectations.ts';
import type { LoadResult } from '../../load/load-result.ts';
import { enterDataset, leaveDataset, type Target, targetTable } from '../../load/target.ts';
import { readCatalogue } from '../attached/read-catalogue.ts';
import { createDataset } from '../attached/table-ddl.ts';
import { attachEmpty } from './dataset-shells.ts';
import { FetchedFiles } from './fetched-files.ts';
import type { FilesPlace } from './files-place.ts';
import type { PublishedBooks } from './published-books.ts';
import { TableFiles } from './table-files.ts';
import { tableSelect } from './table-select.ts';

const WHOLE = 'whole';

interface Asking {
  readonly place: FilesPlace;
  readonly draft: Target;
  readonly published: PublishedBooks;
  readonly expectations: LoadExpectations | undefined;
}

/**
 * Loads, and asks what is expected of all that would be published: the rows of the load beside those that are there, unless it
 * replaces them. Files of a bucket are fetched for that.
 */
export async function askOfAll(
  { place, draft, published, expectations }: Asking,
  load: () => Promise<LoadResult>,
): Promise<LoadResult> {
  if (expectations === undefined) return load();
  const { connection, dataset } = draft;
  const files = new FetchedFiles(place.store, await TableFiles.open(place.store, place.layout, published.markers));
  await attachEmpty(connection, WHOLE);
  const whole = { connection, catalog: WHOLE, dataset };
  try {
    await createDataset(whole);
    await viewAll({ whole, draft, files }, []);
    await expectations.before(askedOf(whole), await catalogueOf(draft));
    const result = await load();
    await viewAll({ whole, draft, files }, result.replaced);
    await enterDataset(whole);
    await expectations.after(askedOf(whole), await catalogueOf(draft), new Set(result.resources));
    return result;
  } finally {
    await leaveDataset(whole);
    await connection.run(`detach ${WHOLE}`);
    files.close();
  }
}

// --- internal ---

async function catalogueOf({ connection, catalog, dataset }: Target) {
  return (await readCatalogue(connection, catalog, dataset)).tables;
}

interface Viewed {
  readonly whole: Target;
  readonly draft: Target;
  readonly files: FetchedFiles;
}

async function viewAll({ whole, draft, files }: Viewed, replaced: readonly string[]): Promise<void> {
  for (const { name, columns } of (await catalogueOf(draft)).values()) {
    const old = replaced.includes(name) ? [] : await files.of(name);
    const names = [...columns.values()].map((column) => quotedIdentifier(column.name)).join(', ');
    const view = qualifiedName(WHOLE, whole.dataset, name);
    await whole.connection.run(
      `create or replace view ${view} as select ${names} from ${targetTable(draft, name)} union all select ${names} from (${tableSelect([...columns.values()], old)})`,
    );
  }
}
