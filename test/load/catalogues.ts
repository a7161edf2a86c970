import type { ActualColumn, ActualTable, Catalogue } from '../../src/load/catalogue.ts';

/** Columns by name, each a type of DuckDB's: `BIGINT!` may not be null, `BIGINT=` is generated. */
export function actualTable(name: string, columns: Readonly<Record<string, string>>): ActualTable {
  const found = Object.entries(columns).map(([column, type]): [string, ActualColumn] => [
    column.toLowerCase(),
    {
      name: column,
      type: type.replace(/[!=]$/, ''),
      nullable: !type.endsWith('!'),
      defaultValue: null,
      generated: type.endsWith('='),
      comment: null,
    },
  ]);
  return { name, comment: null, columns: new Map(found) };
}

export function catalogueOf(...tables: readonly ActualTable[]): Catalogue {
  return new Map(tables.map((table) => [table.name.toLowerCase(), table]));
}
