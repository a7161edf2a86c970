import type { QueryRow, QueryValue } from '../../../duckdb/query-stream.ts';
import type { DatasetTable } from '../../../load/described-table.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { QueryResult } from '../../destination.ts';
import { firstValues } from '../asked-answers.ts';
import type { AskSession } from '../warehouse.ts';
import { requireReading, SnowflakeAsker } from './snowflake-asker.ts';
import { connectSnowflake, type SnowflakePlace } from './snowflake-client.ts';
import { describeSnowflake } from './snowflake-description.ts';
import { snowflakeDialect } from './snowflake-dialect.ts';
import type { SnowflakeRow } from './snowflake-sdk.ts';
import type { Answer, SnowflakeSession } from './snowflake-session.ts';
import { realValue, SnowflakeValues } from './snowflake-values.ts';

const BATCH = 2000;

/** SQL that somebody else wrote. Each statement sees what was committed when it began: Snowflake keeps no older state for a session. */
export class SnowflakeAsking extends SnowflakeAsker implements AskSession {
  readonly #dataset: string;
  #kept: Answer | undefined;

  private constructor(session: SnowflakeSession, dataset: string) {
    super(session);
    this.#dataset = dataset;
  }

  static async open(place: SnowflakePlace): Promise<SnowflakeAsking> {
    return new SnowflakeAsking(await connectSnowflake(place), place.dataset);
  }

  /** Names without a schema are looked up in the dataset from here on, where it is there. */
  async describe(): Promise<readonly DatasetTable[]> {
    const tables = await describeSnowflake((sql, values) => this.rows(sql, values), this.#dataset);
    if (tables.length > 0)
      await this.told(() => this.session.run(fragment(`use schema ${snowflakeDialect.identifier(this.#dataset)}`)));
    return tables;
  }

  async check(sql: string): Promise<void> {
    requireReading(sql);
    await this.told(() => this.session.describe(fragment(sql)));
  }

  async stream(sql: string, values: readonly QueryValue[] = []): Promise<QueryResult> {
    const answer = await this.opened(fragment(sql, ...values));
    const read = new SnowflakeValues(answer.columns);
    return { columns: read.columns, batches: () => this.#batches(answer, read) };
  }

  /** The server keeps it. */
  async keepResult(sql: string): Promise<readonly string[]> {
    this.#kept = await this.opened(fragment(sql));
    return new SnowflakeValues(this.#kept.columns).columns.map(({ name }) => name);
  }

  async *resultRows(columns: readonly string[], most: number): AsyncGenerator<(string | number | boolean | null)[]> {
    if (this.#kept === undefined) return;
    const names = new SnowflakeValues(this.#kept.columns).columns.map(({ name }) => name);
    const kinds = this.#kept.columns.map((column) => column.getType().toLowerCase());
    const places = columns.map((column) => names.indexOf(column));
    let given = 0;
    for await (const row of this.#rows(this.#kept)) {
      if (given === most) return;
      given += 1;
      yield places.map((at) => smallValue(row[at], kinds[at]));
    }
  }

  async *firstColumn(sql: string, most: number): AsyncGenerator<string | number> {
    const [first = ''] = await this.keepResult(sql);
    yield* firstValues(this.resultRows([first], Number.POSITIVE_INFINITY), most);
  }

  close(): void {
    void this.session.end();
  }

  async *#batches(answer: Answer, read: SnowflakeValues): AsyncGenerator<QueryRow[]> {
    let batch: QueryRow[] = [];
    for await (const row of this.#rows(answer)) {
      batch.push(read.read(row));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async *#rows({ statement }: Answer): AsyncGenerator<SnowflakeRow> {
    const rows = statement.streamRows()[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await this.told(() => rows.next());
        if (done === true) return;
        yield value;
      }
    } finally {
      await rows.return?.();
    }
  }
}

// --- internal ---

/** Fractions and booleans as they are, the rest as text. */
function smallValue(value: unknown, kind: string | undefined): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  return kind === 'real' ? realValue(String(value)) : String(value);
}
