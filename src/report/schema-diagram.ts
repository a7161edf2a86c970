import { DLT_PARENT_ID, DLT_ROOT_ID, isBookTable } from '../schema/names.ts';
import type { ColumnSchema, StoredSchema, TableSchema } from '../schema/table-schema.ts';

/** The tables of a schema with what joins them, for diagrams. */
export interface Diagram {
  readonly tables: readonly DiagramTable[];
  readonly links: readonly DiagramLink[];
}

export interface DiagramTable {
  readonly name: string;
  readonly description: string | undefined;
  readonly columns: readonly DiagramColumn[];
}

export interface DiagramColumn {
  readonly schema: ColumnSchema;
  readonly isPrimaryKey: boolean;
  readonly isForeignKey: boolean;
  readonly isUnique: boolean;
}

/** A row of the child belongs to one of the parent: `child.childColumn = parent.parentColumn`. */
interface DiagramLink {
  readonly parent: string;
  readonly parentColumn: string;
  readonly child: string;
  readonly childColumn: string;
}

/** Without the books, and without columns that were hinted and never came. */
export function diagramOf({ tables }: StoredSchema): Diagram {
  const shown = Object.values(tables).filter(({ name }) => !isBookTable(name));
  const links = shown.flatMap((table) => linkOf(table, tables));
  return { tables: shown.map((table) => diagramTable(table, links)), links };
}

// --- internal ---

function diagramTable({ name, description, columns }: TableSchema, links: readonly DiagramLink[]): DiagramTable {
  const isRoot = !links.some(({ child }) => child === name);
  const there = Object.values(columns).filter(({ data_type }) => data_type !== undefined);
  return {
    name,
    description,
    columns: there.map((schema) => ({
      schema,
      isPrimaryKey: schema.primary_key === true,
      isForeignKey: !isRoot && (schema.name === DLT_PARENT_ID || schema.name === DLT_ROOT_ID),
      isUnique: schema.unique === true,
    })),
  };
}

function linkOf({ name, parent, columns }: TableSchema, tables: StoredSchema['tables']): DiagramLink[] {
  const above = parent === undefined ? undefined : tables[parent];
  const childColumn = Object.values(columns).find((column) => column.parent_key === true)?.name ?? DLT_PARENT_ID;
  const parentColumn = Object.values(above?.columns ?? {}).find((column) => column.row_key === true)?.name;
  if (above === undefined || parentColumn === undefined || columns[childColumn] === undefined) return [];
  return [{ parent: above.name, parentColumn, child: name, childColumn }];
}
