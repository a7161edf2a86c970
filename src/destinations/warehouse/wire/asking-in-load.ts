import type { Client } from 'pg';
import type { Parameters, Row } from '../../../duckdb/connection.ts';
import { foreignText } from '../../../duckdb/foreign-values.ts';
import type { Asker } from '../../../load/asker.ts';
import type { Dialect } from '../dialect.ts';
import { numbered } from '../numbered-values.ts';
import { statementError } from './postgres-errors.ts';
import { columnsOf, PostgresValues, type TextRow, valuesOf } from './postgres-values.ts';

/** How an engine keeps a question from changing anything. */
export interface Guard {
  readonly before: readonly string[];
  question(sql: string): string;
  readonly after: readonly string[];
  readonly duckdbTypeOf: Dialect['duckdbTypeOf'];
}

/** Asks in the transaction of a load, with its rows: what is asked can change nothing. */
export class AskingInLoad implements Asker {
  readonly #client: Client;
  readonly #location: string;
  readonly #cancel: () => Promise<void>;
  readonly #guard: Guard;
  readonly #values: PostgresValues;
  #isCancelling = false;

  constructor(client: Client, location: string, guard: Guard, cancel: () => Promise<void>) {
    this.#client = client;
    this.#location = location;
    this.#cancel = cancel;
    this.#guard = guard;
    this.#values = new PostgresValues((sql) => this.#run(sql), guard.duckdbTypeOf);
  }

  async rows(sql: string, values: Parameters = []): Promise<Row[]> {
    const { before, question, after } = this.#guard;
    const [first, ...rest] = before;
    if (first !== undefined) await this.#run(first);
    try {
      for (const statement of rest) await this.#run(statement);
      const text = question(sql);
      const { fields, rows } = await this.#run(
        values.length === 0 ? text : numbered(text, (place) => `$${place}`),
        values,
      );
      const types = await this.#values.typesOf(fields);
      const columns = columnsOf(fields, types);
      return rows.map((row) => {
        const read = valuesOf(row, types);
        return Object.fromEntries(columns.map(({ name }, at) => [name, read[at] ?? null]));
      });
    } finally {
      for (const statement of after) await this.#run(statement);
    }
  }

  async row(sql: string, values: Parameters = []): Promise<Row | undefined> {
    return (await this.rows(sql, values))[0];
  }

  /** By a session of its own, since this one is busy. */
  interrupt(): void {
    if (this.#isCancelling) return;
    this.#isCancelling = true;
    void this.#cancel().finally(() => {
      this.#isCancelling = false;
    });
  }

  /** The extended protocol takes one statement. */
  async #run(text: string, values: Parameters = []) {
    const query = { text, values: values.map(foreignText), rowMode: 'array' as const, queryMode: 'extended' };
    try {
      return await this.#client.query<TextRow & (string | null)[]>(query);
    } catch (error) {
      throw statementError(error, this.#location);
    }
  }
}
