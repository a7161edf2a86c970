import { PipelineError } from '../errors.ts';

export function tooManyColumns(table: string, columns: number, limit: number): PipelineError {
  return new PipelineError({
    code: 'ColumnsTooMany',
    message: `Table ${table} would have ${columns} columns; \`max_columns\` allows ${limit}.`,
    hint: 'An object that uses ids as keys makes a column of each: give its column `data_type: json`, or raise `max_columns`.',
    facts: { table, columns, maxColumns: limit },
  });
}
