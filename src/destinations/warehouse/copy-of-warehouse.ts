import { keepAnswer } from '../../duckdb/answer-table.ts';
import type { Connection } from '../../duckdb/connection.ts';
import { Database } from '../../duckdb/database.ts';
import { qualifiedName, quotedIdentifier } from '../../duckdb/quote.ts';
import type { ActualColumn, ActualTable } from '../../load/catalogue.ts';
import { isBookTable } from '../../schema/names.ts';
import { readServerCatalogue } from './server-catalogue.ts';
import { type AskSession, readingServer, type Warehouse } from './warehouse.ts';

/** Of each table but the books: a dry run is not worth more of the network. One more tells that there are more. */
const MOST_ROWS = 100_000;

/**
 * A DuckDB file with the tables of a dataset: the books whole, of other tables 100,000 rows at most. So a dry run sees the types and the
 * state, and of tables that are not larger the rows that are there. Nothing where there is no dataset yet.
 */
export async function copyWarehouse(warehouse: Warehouse, path: string, note: (text: string) => void): Promise<void> {
  const { dataset } = warehouse.names;
  const { exists, tables } = await readingServer(warehouse, ({ transport, dialect }) =>
    readServerCatalogue(transport, dialect, dataset),
  );
  if (!exists) return;
  const database = await Database.open();
  const session = await warehouse.ask();
  try {
    await database.attach(path, 'copy');
    const connection = await database.connect();
    await connection.run(`create schema if not exists ${qualifiedName('copy', dataset)}`);
    for (const table of tables.values()) {
      const isWhole = await copyTable(connection, warehouse, session, table);
      if (!isWhole) note(partly(table.name));
    }
    await connection.run('checkpoint copy');
  } finally {
    session.close();
    database.close();
  }
}

// --- internal ---

function partly(table: string): string {
  return `${table}: the dry run looked at 100,000 of its rows, and there are more: it may take for new what is there`;
}

/** @returns whether these are all of its rows */
async function copyTable(
  connection: Connection,
  { dialect, names }: Warehouse,
  session: AskSession,
  { name, columns: all }: ActualTable,
): Promise<boolean> {
  const columns = [...all.values()];
  const typeOf = ({ native = '', type }: ActualColumn) =>
    dialect.duckdbTypeOf(native) === undefined ? 'VARCHAR' : type;
  const defined = columns.map(
    (column) => `${quotedIdentifier(column.name)} ${typeOf(column)}${column.nullable ? '' : ' not null'}`,
  );
  const copy = qualifiedName('copy', names.dataset, name);
  await connection.run(`create table ${copy} (${defined.join(', ')})`);
  const list = columns.map((column) => dialect.identifier(column.name)).join(', ');
  const limit = isBookTable(name) ? '' : ` limit ${MOST_ROWS + 1}`;
  const answer = await session.stream(`select ${list} from ${dialect.relation(names.dataset, name)}${limit}`);
  await keepAnswer(connection, answer.columns, answer.batches());
  const copied = await connection.change(`insert into ${copy} from answer`);
  return isBookTable(name) || copied <= MOST_ROWS;
}
