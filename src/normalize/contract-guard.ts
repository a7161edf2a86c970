import { jsonText } from '../json/json-text.ts';
import { type Contract, type ContractEntity, contractViolated, decide } from '../schema/contract.ts';

/** Something that a contract kept out of the destination. */
export interface Rejection {
  readonly table: string;
  readonly column: string | null;
  readonly reason: string;
  /** The row it was in, or the value when it stands for a row of its own. */
  readonly record: unknown;
  /** The row that a value was in, with the first that it lost: some rows lose thousands. Else undefined. */
  readonly row?: unknown;
  /** What was lost: rows of the table, or values of a column. */
  readonly kind: 'row' | 'value';
  readonly count: number;
}

export type RejectionSink = (rejection: Rejection) => void;

/** Thrown while a row is written, caught where it began: the contract lets the whole row go. */
export class RowDiscarded {
  readonly entity: ContractEntity;
  readonly column: string | null;

  constructor(entity: ContractEntity, column: string | null) {
    this.entity = entity;
    this.column = column;
  }
}

/** Asks the schema contract of one table before its schema changes. */
export class ContractGuard {
  /** Rows can be taken back: the table keeps track of where they begin. */
  readonly discardsRows: boolean;
  readonly #contract: Contract;
  readonly #newTable: boolean;
  readonly #onReject: RejectionSink;
  /** undefined: told already. */
  #row: unknown;

  constructor(contract: Contract, newTable: boolean, onReject: RejectionSink) {
    this.#contract = contract;
    this.#newTable = newTable;
    this.#onReject = onReject;
    this.discardsRows = contract.columns === 'discard_row' || contract.data_type === 'discard_row';
  }

  /** The row whose values are asked about next. */
  beginRow(row: unknown): void {
    this.#row = row;
  }

  /**
   * Whether a value may change a column's part of the schema. False: the value is left out.
   *
   * @throws RowDiscarded the row is left out
   * @throws PipelineError ContractViolated
   */
  allows(entity: 'columns' | 'data_type', table: string, column: string, value: unknown): boolean {
    const question = { entity, column, newTable: this.#newTable };
    const decision = decide(this.#contract, question);
    if (decision === 'evolve') return true;
    if (decision === 'fail') throw contractViolated(question, table, shown(value));
    if (decision === 'drop_row') throw new RowDiscarded(entity, column);
    const reason = `${entity}: discard_value`;
    this.#onReject({ table, column, reason, record: value, row: this.#row, kind: 'value', count: 1 });
    this.#row = undefined;
    return false;
  }

  /** Whether a table may be made, for these rows. False: they are left out. */
  allowsTable(table: string, rows: readonly unknown[]): boolean {
    if (!this.#newTable) return true;
    const question = { entity: 'tables', column: null, newTable: true } as const;
    const decision = decide(this.#contract, question);
    if (decision === 'evolve') return true;
    if (decision === 'fail') throw contractViolated(question, table, shown(rows[0]));
    const reason = `tables: ${this.#contract.tables}`;
    this.#onReject({ table, column: null, reason, record: rows, kind: 'row', count: rows.length });
    return false;
  }

  rowDiscarded(table: string, { entity, column }: RowDiscarded, record: unknown): void {
    this.#onReject({ table, column, reason: `${entity}: discard_row`, record, kind: 'row', count: 1 });
  }
}

function shown(value: unknown): string {
  return typeof value === 'object' ? jsonText(value) : String(value);
}
