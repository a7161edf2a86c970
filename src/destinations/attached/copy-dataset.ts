import type { Connection } from '../../duckdb/connection.ts';
import { qualifiedName, quotedString } from '../../duckdb/quote.ts';
import { enterDataset, leaveDataset, targetTable } from '../../load/target.ts';
import type { OpenCatalogue } from './open-catalogue.ts';
import { readCatalogue } from './read-catalogue.ts';
import { createDataset } from './table-ddl.ts';
import { createShaped, finishShaped, readShape, writtenColumns } from './table-shape.ts';

const COPY = 'copy';

/** Makes a DuckDB file with the tables of a dataset, rows and comments included; views are left out. */
export async function copyDataset(
  { connection, catalog }: Pick<OpenCatalogue, 'connection' | 'catalog'>,
  dataset: string,
  file: string,
): Promise<void> {
  await connection.run(`attach ${quotedString(file)} as ${COPY} (type duckdb)`);
  try {
    await copyTables(connection, catalog, dataset);
  } finally {
    await connection.run(`detach ${COPY}`);
  }
}

async function copyTables(connection: Connection, from: string, dataset: string): Promise<void> {
  const { exists, tables } = await readCatalogue(connection, from, dataset);
  if (!exists) return;
  const target = { connection, catalog: COPY, dataset };
  await createDataset(target);
  await enterDataset(target);
  try {
    for (const actual of tables.values()) {
      const shape = await readShape({ connection, catalog: from, dataset }, actual, []);
      await createShaped(target, shape, actual.name);
      const columns = writtenColumns(shape);
      await connection.run(
        `insert into ${targetTable(target, actual.name)} (${columns}) select ${columns} from ${qualifiedName(from, dataset, actual.name)}`,
      );
      await finishShaped(target, shape);
    }
  } finally {
    await leaveDataset(target);
  }
}
