import { PipelineError } from '../errors.ts';
import { columnNamed, type TablePlan } from './table-plan.ts';

/** A required column that stays empty in rows loaded earlier: nothing can be made up for a key. */
export function nullInOldRows(table: TablePlan, name: string, rows: number): PipelineError {
  const column = columnNamed(table, name)?.schema;
  const key = column?.primary_key === true || column?.merge_key === true;
  return new PipelineError({
    code: key || name.startsWith('_dlt_') ? 'KeyMissing' : 'ContractViolated',
    message: `Column \`${name}\` of table \`${table.name}\` has to be NOT NULL now, but is null in rows loaded earlier: ${rows}.`,
    hint: `Fill or delete those rows (\`where "${name}" is null\`), or change the hint for \`${name}\` in the configuration.`,
    facts: { table: table.name, column: name, rows },
  });
}
