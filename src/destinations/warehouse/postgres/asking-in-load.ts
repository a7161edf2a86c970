import type { Client } from 'pg';
import type { Parameters, Row } from '../../../duckdb/connection.ts';
import { foreignText } from '../../../duckdb/foreign-values.ts';
import type { Asker } from '../../../load/asker.ts';
import { numbered } from '../numbered-values.ts';
import { statementError } from './postgres-errors.ts';
import { columnsOf, PostgresValues, type TextRow, valuesOf } from './postgres-values.ts';

/** Asks in the transaction of a load, with its rows: what is asked can change nothing, and the transaction goes on afterwards. */
export class AskingInLoad implements Asker {
  readonly #client: Client;
  readonly #location: string;
  readonly #cancel: () => Promise<void>;
  readonly #values = new PostgresValues((sql) => this.#run(sql));
  #isCancelling = false;

  constructor(client: Client, location: string, cancel: () => Promise<void>) {
    this.#client = client;
    this.#location = location;
    this.#cancel = cancel;
  }

  async rows(sql: string, values: Parameters = []): Promise<Row[]> {
    await this.#run('savepoint asked');
    try {
      await this.#run('set local transaction_read_only to on');
      const { fields, rows } = await this.#run(
        values.length === 0 ? sql : numbered(sql, (place) => `$${place}`),
        values,
      );
      const types = await this.#values.typesOf(fields);
      const columns = columnsOf(fields, types);
      return rows.map((row) => {
        const read = valuesOf(row, types);
        return Object.fromEntries(columns.map(({ name }, at) => [name, read[at] ?? null]));
      });
    } finally {
      await this.#run('rollback to savepoint asked'); // it may write again
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
