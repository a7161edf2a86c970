import { qualifiedName, quotedString } from '../../duckdb/quote.ts';
import { readCatalogue } from '../attached/read-catalogue.ts';
import { createShells } from './dataset-shells.ts';
import type { FilesPlace } from './files-place.ts';
import { OpenedFiles } from './opened-files.ts';

const COPY = 'copy';

/** All that is published, as a DuckDB file. */
export async function copyDataset(place: FilesPlace, dataset: string, path: string): Promise<void> {
  const opened = await OpenedFiles.openIfThere(place, dataset);
  if (opened === undefined) return;
  const { connection, catalog, books } = opened;
  try {
    await opened.fillAll();
    await connection.run(`attach ${quotedString(path)} as ${COPY}`);
    const copy = { connection, catalog: COPY, dataset };
    await createShells(
      copy,
      books.schemas.map(({ schema }) => schema),
    );
    for (const { name } of (await readCatalogue(connection, COPY, dataset)).tables.values()) {
      const [to, from] = [COPY, catalog].map((one) => qualifiedName(one, dataset, name));
      await connection.run(`insert into ${to} by name from ${from}`);
    }
    await connection.run(`checkpoint ${COPY}`);
    await connection.run(`detach ${COPY}`);
  } catch (error) {
    throw opened.tell(error);
  } finally {
    opened.close();
  }
}
