import type { Findings } from '../findings.ts';
import { jsonText } from '../json/json-text.ts';
import { type Contract, type ContractEntity, contractViolated, decide } from '../schema/contract.ts';

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
  readonly #findings: Pick<Findings, 'reject'>;
  /** undefined: told already. */
  #row: unknown;

  constructor(contract: Contract, newTable: boolean, findings: Pick<Findings, 'reject'>) {
    this.#contract = contract;
    this.#newTable = newTable;
    this.#findings = findings;
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
    this.#findings.reject({ table, column, reason, record: value, row: this.#row, kind: 'value', count: 1 });
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
    this.#findings.reject({ table, column: null, reason, record: rows, kind: 'row', count: rows.length });
    return false;
  }

  rowDiscarded(table: string, { entity, column }: RowDiscarded, record: unknown): void {
    this.#findings.reject({ table, column, reason: `${entity}: discard_row`, record, kind: 'row', count: 1 });
  }
}

function shown(value: unknown): string {
  return typeof value === 'object' ? jsonText(value) : String(value);
}
