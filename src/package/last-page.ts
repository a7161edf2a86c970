import type { Connection } from '../duckdb/connection.ts';
import { readTables } from './package-books.ts';
import { deleteRowsFrom, dropColumn, dropTable, packageColumns } from './package-tables.ts';

export interface RestoredTable {
  readonly name: string;
  readonly nested: boolean;
  readonly rows: number;
  readonly longText: number;
  /** Name → type, in the order of the table. */
  readonly columns: ReadonlyMap<string, string>;
}

/**
 * Takes back what a dead run wrote after its last complete page: a commit before a change of a table can hold rows of a page
 * that the books do not know. Answers the tables that remain.
 */
export async function cutBackToLastPage(connection: Connection): Promise<RestoredTable[]> {
  const columns = await packageColumns(connection);
  const known = new Map((await readTables(connection)).map((table) => [table.schema.name, table]));
  const restored: RestoredTable[] = [];
  for (const [name, found] of columns) {
    const table = known.get(name);
    if (table === undefined) {
      await dropTable(connection, name);
      continue;
    }
    await deleteRowsFrom(connection, name, table.rows);
    for (const column of [...found.keys()]) {
      if (column.startsWith('#') || Object.hasOwn(table.schema.columns, column)) continue;
      await dropColumn(connection, name, column);
      found.delete(column);
    }
    const { rows, longText = 0, schema } = table;
    restored.push({ name, nested: schema.parent !== undefined, rows, longText, columns: found });
  }
  return restored;
}
