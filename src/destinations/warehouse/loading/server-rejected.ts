import { qualifiedName, quotedIdentifier } from '../../../duckdb/quote.ts';
import type { Catalogue } from '../../../load/catalogue.ts';
import { REJECTED_WORDS } from '../../../load/rejected.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { BOOKS, PACKAGE } from '../../../package/layout.ts';
import { REJECTED_TABLE } from '../../../schema/names.ts';
import { withoutNul } from './nul-characters.ts';
import { bookColumn, runAll } from './server-books.ts';
import type { ServerLoad } from './server-load.ts';
import { type ShippedColumn, shipment } from './staged-rows.ts';

const kept = qualifiedName(PACKAGE, BOOKS, 'rejected');
const REQUIRED = new Set(['load_id', 'table_name', 'reason']);
const JSON_COLUMNS = new Set(['record', 'source_row']);

const columns = [...REJECTED_WORDS.keys()].map((name) => ({
  name,
  data_type: JSON_COLUMNS.has(name) ? ('json' as const) : ('text' as const),
  nullable: !REQUIRED.has(name),
}));

/** Makes `_elt_rejected` where a contract kept something out, or the column that came later. Answers whether there is something. */
export async function shapeRejected({ connection, server, dataset }: ServerLoad, actual: Catalogue): Promise<boolean> {
  if ((await connection.row(`select 1 from ${kept} limit 1`)) === undefined) return false;
  const { dialect } = server;
  const relation = dialect.relation(dataset, REJECTED_TABLE);
  const table = actual.get(REJECTED_TABLE);
  const missing = columns.filter(({ name }) => table?.columns.has(name) !== true);
  const defined = missing.map((column) => bookColumn(column, dialect));
  if (table === undefined) await runAll(server, [dialect.createTable(relation, defined)]);
  else if (missing.length > 0) await runAll(server, dialect.addColumns(relation, defined));
  if (table?.comment != null) return true;
  const comments = { table: 'Rows and values that a schema contract kept out', columns: REJECTED_WORDS };
  await runAll(server, dialect.comments(relation, comments));
  return true;
}

/** Packages of an earlier version know no `source_row`. */
export async function addRejected(load: ServerLoad): Promise<void> {
  const { dialect } = load.server;
  const shipped = columns.map(
    (column): ShippedColumn => ({
      name: column.name,
      type: column.data_type === 'json' ? 'JSON' : 'VARCHAR',
      native: dialect.typeOf(column),
    }),
  );
  const clean = dialect.refusesNul
    ? shipped.map(({ name, type }) => `${withoutNul(quotedIdentifier(name), type)} as ${quotedIdentifier(name)}`)
    : ['*'];
  const rows = shipment(
    load,
    { what: 'rejected', table: REJECTED_TABLE },
    shipped,
    fragment(
      `select ${clean.join(', ')} from (
         select ?::varchar as load_id, table_name, column_name, reason, record::json as record,
                (to_json(k)->>'source_row')::json as source_row from ${kept} as k)`,
      load.loadId,
    ),
  );
  load.script.part();
  await load.script.perform([{ add: { relation: dialect.relation(load.dataset, REJECTED_TABLE), ...rows } }]);
}
