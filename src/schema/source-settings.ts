import { DLT_ID, DLT_ROOT_ID } from './names.ts';
import type { SourceHints } from './resource-hints.ts';
import { documentStrategy, factsOf } from './strategies.ts';
import type { StoredSchema, TableSchema } from './table-schema.ts';

/** What the source says of all its tables. */
export interface SourceSettings extends SourceHints {
  /** dlt's hash of the schema file that was imported: a file changed by hand has another. */
  readonly imported_version_hash?: string;
}

const OWN_TABLE = /^_dlt/;

/**
 * The schema document with what the source says, where dlt keeps it: the contract in `settings`, nesting and root keys in
 * the normalizer's `config`. Root keys follow from the tables: call it with all of them in the document.
 */
export function withSourceSettings(schema: StoredSchema, source: SourceSettings): StoredSchema {
  const { schema_contract, max_table_nesting, root_key, imported_version_hash } = source;
  const json = objectOf(schema.normalizers.json);
  const old = objectOf(json.config);
  const tables = { ...objectOf(objectOf(old.propagation).tables), ...propagated(schema, root_key) };
  const config = {
    ...old,
    ...(root_key === undefined ? {} : { root_key_propagation: root_key }),
    ...(max_table_nesting === undefined ? {} : { max_nesting: max_table_nesting }),
    ...(Object.keys(tables).length === 0 ? {} : { propagation: { ...objectOf(old.propagation), tables } }),
  };
  return {
    ...schema,
    ...(imported_version_hash === undefined ? {} : { imported_version_hash }),
    settings: { ...schema.settings, ...(schema_contract === undefined ? {} : { schema_contract }) },
    normalizers: {
      ...schema.normalizers,
      json: { ...json, ...(Object.keys(config).length === 0 ? {} : { config }) },
    },
  };
}

/** Whether the nested tables of a root carry `_dlt_root_id`: where `root_key` says nothing, its strategy decides. */
export function needsRootKey(root: TableSchema, rootKey: boolean | undefined): boolean {
  const strategy = documentStrategy(root);
  return rootKey ?? (strategy !== undefined && factsOf(strategy).rootKey !== 'none');
}

/** Roots whose `_dlt_id` goes down to nested tables; also those where an earlier load began it. */
function propagated({ tables }: StoredSchema, rootKey: boolean | undefined): Record<string, Record<string, string>> {
  const begun = new Set<string>();
  for (const table of Object.values(tables)) {
    if (Object.values(table.columns).some(({ root_key }) => root_key)) begun.add(rootOf(table, tables).name);
  }
  const roots = Object.values(tables).filter(({ name, parent }) => parent === undefined && !OWN_TABLE.test(name));
  const needed = roots.filter((root) => begun.has(root.name) || needsRootKey(root, rootKey));
  return Object.fromEntries(needed.map(({ name }) => [name, { [DLT_ID]: DLT_ROOT_ID }]));
}

function rootOf(table: TableSchema, tables: StoredSchema['tables']): TableSchema {
  const parent = table.parent === undefined ? undefined : tables[table.parent];
  return parent === undefined ? table : rootOf(parent, tables);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
