import { fillOldRows } from '../../load/staging/old-rows.ts';
import type { TablePlan } from '../../load/table-plan.ts';
import type { Target } from '../../load/target.ts';
import { rebuildTable } from './rebuild-table.ts';
import { addColumn, columnDefinition, commentOnColumn, commentOnTable, createTable } from './table-ddl.ts';

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

/** Descriptions become comments. A comment that somebody wrote on something without description stays. */
async function describeTable(target: Target, table: TablePlan): Promise<void> {
  const { description } = table.schema;
  if (description !== undefined && description !== table.actual?.comment) {
    await commentOnTable(target, table.name, description);
  }
  for (const { name, schema, actual } of table.columns) {
    if (schema.description === undefined || schema.description === actual?.comment) continue;
    await commentOnColumn(target, table.name, name, schema.description);
  }
}
