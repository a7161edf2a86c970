import { fillOldRows } from '../../load/staging/old-rows.ts';
import type { TablePlan } from '../../load/table-plan.ts';
import type { Target } from '../../load/target.ts';
import { ownComment } from '../../schema/column-comments.ts';
import { rebuildTable } from './rebuild-table.ts';
import { addColumn, columnDefinition, commentOn, createTable } from './table-ddl.ts';

/** Makes the table what its plan says; parents have to come before their nested tables. */
export async function changeTable(target: Target, table: TablePlan, loadId: string): Promise<void> {
  switch (table.action) {
    case 'create':
      await createTable(target, table.name, table.columns.map(columnDefinition));
      break;
    case 'add columns':
      for (const column of table.columns) if (column.actual === null) await addColumn(target, table.name, column);
      if (table.fixed) await fillOldRows(target, table, loadId);
      break;
    case 'rebuild':
      await rebuildTable(target, table, loadId);
      break;
    case 'keep':
      break;
  }
  await describeTable(target, table);
}

/**
 * Descriptions become comments, and the columns that every table has say what they are. A comment that somebody wrote on something
 * without description stays.
 */
async function describeTable(target: Target, table: TablePlan): Promise<void> {
  const { description } = table.schema;
  const columns = new Map<string, string>();
  for (const { name, schema, actual } of table.columns) {
    const comment = schema.description ?? (actual?.comment == null ? ownComment(schema, table.name) : undefined);
    if (comment !== undefined && comment !== actual?.comment) columns.set(name, comment);
  }
  await commentOn(target, table.name, {
    table: description === table.actual?.comment ? undefined : description,
    columns,
  });
}
