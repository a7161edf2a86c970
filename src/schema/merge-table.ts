import type { ColumnSchema, TableSchema } from './table-schema.ts';

/**
 * A table as the destination has it, with the hints of today's configuration on top: a column that has a type keeps it, hints
 * say the rest. Columns of the destination come first, in their order.
 */
export function mergeTable(known: TableSchema | undefined, hinted: TableSchema): TableSchema {
  if (known === undefined) return structuredClone(hinted);
  const columns: Record<string, ColumnSchema> = structuredClone(known.columns);
  for (const [name, hint] of Object.entries(hinted.columns)) columns[name] = mergeColumn(columns[name], hint);
  return { ...structuredClone(known), ...structuredClone(hinted), columns };
}

const typeHints = ['data_type', 'precision', 'scale', 'timezone'] as const;

function mergeColumn(known: ColumnSchema | undefined, hint: ColumnSchema): ColumnSchema {
  if (known?.data_type === undefined) return { ...known, ...hint };
  const merged = { ...known, ...hint };
  for (const key of typeHints) {
    if (known[key] === undefined) delete merged[key];
    else Object.assign(merged, { [key]: known[key] });
  }
  return merged;
}
