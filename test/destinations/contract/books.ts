import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { canonicalTables } from './canonical.ts';
import { isPlainFor } from './cases/all-cases.ts';
import type { Tellings } from './rows.ts';
import type { Telling } from './telling.ts';
import type { TextRow, TextTables } from './test-destination.ts';

/** What the last run wrote down, in the tables of the books. */
export function expectBooks({ ours, theirs, destination }: Tellings): void {
  const isPlain = isPlainFor(destination);
  const last = async (telling: Telling) => (await telling.together()).runs.at(-1)?.tables ?? {};
  const both = async () => ({ wanted: await last(ours), found: await last(theirs) });

  describe('the books are those of a DuckDB file', () => {
    test('every load, with the schema that it left', async () => {
      const { wanted, found } = await both();
      expect(without(found, '_dlt_loads', ['schema_version_hash'])).toEqual(
        without(wanted, '_dlt_loads', ['schema_version_hash']),
      );
      const hashes = (found._dlt_version ?? []).map((row) => row.version_hash);
      for (const { schema_version_hash } of found._dlt_loads ?? []) expect(hashes).toContain(schema_version_hash);
    });

    test('every schema document', async () => {
      const { wanted, found } = await both();
      const documents = (tables: TextTables) =>
        (tables._dlt_version ?? [])
          .map(({ schema }) => JSON.parse(schema ?? '{}'))
          .sort((one, other) => one.version - other.version)
          .map(({ version_hash: _, previous_hashes: __, tables: all, ...rest }) => ({
            ...rest,
            tables: Object.fromEntries(Object.entries(all).filter(([name]) => isPlain(name) || name.startsWith('_'))),
          }));
      expect(documents(found)).toEqual(documents(wanted));
    });

    test('every state', async () => {
      const { wanted, found } = await both();
      const states = (tables: TextTables) =>
        (tables._dlt_pipeline_state ?? [])
          .map(({ state, version, created_at }) => ({ version, created_at, state: plainState(state) }))
          .sort((one, other) => Number(one.version) - Number(other.version));
      expect(states(found)).toEqual(states(wanted));
    });

    test('what each load did to each table, and what the contract left out', async () => {
      const { wanted, found } = await both();
      const isCounted = destination.lacks['counts of deleted rows'] === undefined;
      const uncounted = isCounted ? [] : ['rows_deleted'];
      for (const name of ['_elt_load_tables', '_elt_rejected']) {
        const rows = (tables: TextTables) =>
          without(
            tables,
            name,
            uncounted,
            (row) => isPlain(row.table_name) && (isCounted || row.rows_inserted !== '0'),
          );
        expect(rows(found)).toEqual(rows(wanted));
      }
    });

    test('every change of the schema, types apart', async () => {
      const { wanted, found } = await both();
      const rows = (tables: TextTables) =>
        without(tables, '_elt_schema_changes', ['old_type', 'new_type', 'first_value'], (row) =>
          isPlain(row.table_name),
        );
      expect(rows(found)).toEqual(rows(wanted));
    });
  });
}

// --- internal ---

/** Books know no data types of their own: times are told by their names. */
const typeOf = (_: string, column: string) =>
  column.endsWith('_at') ? 'timestamp' : column === 'record' || column === 'source_row' ? 'json' : undefined;

function without(
  tables: TextTables,
  name: string,
  columns: readonly string[],
  isWanted: (row: TextRow) => boolean = () => true,
): readonly string[] {
  const rows = (tables[name] ?? [])
    .filter(isWanted)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column))));
  return canonicalTables({ [name]: rows }, typeOf)[name] ?? [];
}

/** As dlt packs it, without what names the destination. */
function plainState(text: string | null | undefined): unknown {
  const json = inflateSync(Buffer.from(text ?? '', 'base64')).toString();
  const { destination_type: _, destination_name: __, _version_hash: ___, ...state } = JSON.parse(json);
  return state;
}
