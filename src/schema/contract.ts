import { PipelineError } from '../errors.ts';
import type { SchemaContract } from './resource-hints.ts';

/** What a contract can be about: new tables, new columns, new types of a column (variants, widening). */
export type ContractEntity = 'tables' | 'columns' | 'data_type';
type ContractMode = 'evolve' | 'freeze' | 'discard_row' | 'discard_value';
/** A mode for each; `resolveContract` makes it. */
export type Contract = Readonly<Record<ContractEntity, ContractMode>>;

const EVOLVE: Contract = { tables: 'evolve', columns: 'evolve', data_type: 'evolve' };

/**
 * The contract that holds: of the first that is set among table (a nested hint), resource and source. As in dlt it stands for
 * itself: what it leaves out is `evolve`, not what the next one says.
 *
 * @example
 * resolveContract(undefined, { columns: 'freeze' }, 'discard_row').tables // 'evolve'
 */
export function resolveContract(...settings: readonly (SchemaContract | undefined)[]): Contract {
  const setting = settings.find((candidate) => candidate !== undefined) ?? EVOLVE;
  if (typeof setting === 'string') return { tables: setting, columns: setting, data_type: setting };
  const { tables = 'evolve', columns = 'evolve', data_type = 'evolve' } = setting;
  return { tables, columns, data_type };
}

/** A change of the schema that a value asks for. */
export interface ContractQuestion {
  readonly entity: ContractEntity;
  /** null: a table is new. */
  readonly column: string | null;
  /** The table is not in the destination yet. */
  readonly newTable: boolean;
}

/** `drop_table`: all rows of the new table, and of those nested in it. */
export type ContractDecision = 'evolve' | 'fail' | 'drop_table' | 'drop_row' | 'drop_value';

/** What happens. A new table always gets its columns once; `_dlt` columns are exempt. */
export function decide(contract: Contract, { entity, column, newTable }: ContractQuestion): ContractDecision {
  const mode = contract[entity];
  if (mode === 'evolve' || column?.startsWith('_dlt') || (entity === 'columns' && newTable)) return 'evolve';
  if (mode === 'freeze') return 'fail';
  if (entity === 'tables') return 'drop_table';
  return mode === 'discard_row' ? 'drop_row' : 'drop_value';
}

const REFUSED: Readonly<Record<ContractEntity, string>> = {
  tables: 'a new table',
  columns: 'a new column',
  data_type: 'a new type of a column',
};

const SHOWN_CHARACTERS = 100;

/** The error for the decision `fail`. The one who knows it adds the request to the message. */
export function contractViolated(
  { entity, column }: ContractQuestion,
  table: string,
  /** As text; shortened here. */
  value: string,
): PipelineError {
  const place = column === null ? `table ${table}` : `column ${column} of table ${table}`;
  const shown = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  return new PipelineError({
    code: 'ContractViolated',
    message: `The schema contract \`${entity}: freeze\` refuses ${REFUSED[entity]}: ${place}, asked for by the ${entity === 'tables' ? 'record' : 'value'} \`${shown}\`.`,
    hint: `Allow it (schema_contract: { ${entity}: evolve }), or drop such values with discard_value or discard_row.`,
    facts: { entity, table, column, value: shown },
  });
}
