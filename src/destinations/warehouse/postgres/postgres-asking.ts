import type { Client } from 'pg';
import type { Parameters, Row } from '../../../duckdb/connection.ts';
import { type ForeignType, foreignText } from '../../../duckdb/foreign-values.ts';
import type { QueryRow, QueryValue } from '../../../duckdb/query-stream.ts';
import type { DatasetTable } from '../../../load/described-table.ts';
import type { QueryResult } from '../../destination.ts';
import { numbered } from '../numbered-values.ts';
import type { AskSession } from '../warehouse.ts';
import { cancelQuery, connectPostgres, type PostgresPlace } from './postgres-client.ts';
import { describePostgres } from './postgres-description.ts';
import { statementError } from './postgres-errors.ts';
import { postgresLocation } from './postgres-location.ts';
import { columnsOf, PostgresValues, type TextRow, valuesOf } from './postgres-values.ts';

/** Rows that are asked for at a time: what a cursor gives is all that is in memory. */
const BATCH = 2000;

/** SQL that somebody else wrote, in one transaction that only reads and sees one moment. */
export class PostgresAsking implements AskSession {
  readonly #client: Client;
  readonly #place: PostgresPlace;
  readonly #values = new PostgresValues((sql) => this.#run(sql));
  #isStopped = false;

  private constructor(client: Client, place: PostgresPlace) {
    this.#client = client;
    this.#place = place;
  }

  static async open(place: PostgresPlace): Promise<PostgresAsking> {
    const client = await connectPostgres(place);
    const asking = new PostgresAsking(client, place);
    await asking.#run('begin transaction isolation level repeatable read, read only');
    await asking.#run('savepoint question');
    return asking;
  }

  describe(): Promise<readonly DatasetTable[]> {
    return describePostgres((sql, values) => this.rows(sql, values), this.#place.dataset);
  }

  async check(sql: string): Promise<void> {
    await this.#declared(sql, []);
    await this.#run('rollback to savepoint question');
  }

  async stream(sql: string, values: readonly QueryValue[] = []): Promise<QueryResult> {
    if (!isSelect(sql)) return this.#answered(sql, values);
    await this.#declared(sql, values);
    const first = await this.#next();
    const types = await this.#values.typesOf(first.fields);
    return { columns: columnsOf(first.fields, types), batches: () => this.#batches(first.rows, types) };
  }

  async rows(sql: string, values: Parameters = []): Promise<Row[]> {
    const { columns, batches } = await this.stream(sql, values);
    const rows: Row[] = [];
    for await (const batch of batches()) {
      for (const row of batch) rows.push(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
    }
    return rows;
  }

  async row(sql: string, values: Parameters = []): Promise<Row | undefined> {
    return (await this.rows(sql, values))[0];
  }

  /** A cursor keeps it. */
  async keepResult(sql: string): Promise<readonly string[]> {
    await this.#declared(sql, []);
    const { fields } = await this.#run('fetch 0 from answer');
    return fields.map(({ name }) => name);
  }

  async *resultRows(columns: readonly string[], most: number): AsyncGenerator<(string | number | boolean | null)[]> {
    for (let left = most; left > 0; ) {
      const { fields, rows } = await this.#run(`fetch ${Math.min(left, BATCH)} from answer`);
      if (rows.length === 0) return;
      const places = columns.map((column) => fields.findIndex(({ name }) => name === column));
      for (const row of rows) yield places.map((at) => smallValue(row[at] ?? null, fields[at]?.dataTypeID));
      left -= rows.length;
    }
  }

  async *firstColumn(sql: string, most: number): AsyncGenerator<string | number> {
    const [first = ''] = await this.keepResult(sql);
    let given = 0;
    for await (const [value] of this.resultRows([first], Number.POSITIVE_INFINITY)) {
      if (value === null || value === undefined) continue;
      yield typeof value === 'number' ? value : String(value);
      given += 1;
      if (given === most) return;
    }
  }

  /** By a session of its own, since this one is busy. */
  interrupt(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    void cancelQuery(this.#client, this.#place);
  }

  close(): void {
    this.#isStopped = true;
    this.#client.end().catch(() => undefined);
  }

  /** The extended protocol takes one statement, and a cursor only one that gives rows. */
  async #declared(sql: string, values: readonly QueryValue[]): Promise<void> {
    await this.#run('rollback to savepoint question'); // with the answer before
    await this.#asked(`declare answer no scroll cursor for ${sql}`, values);
  }

  /** What is no `select` gives few rows: `show`, `explain`. */
  async #answered(sql: string, values: readonly QueryValue[]): Promise<QueryResult> {
    await this.#run('rollback to savepoint question');
    const { fields, rows } = await this.#asked(sql, values);
    const types = await this.#values.typesOf(fields);
    const answer = rows.map((row) => valuesOf(row, types));
    return {
      columns: columnsOf(fields, types),
      batches: async function* () {
        yield answer;
      },
    };
  }

  async *#batches(first: readonly TextRow[], types: readonly ForeignType[]): AsyncGenerator<QueryRow[]> {
    for (let rows = first; rows.length > 0; rows = rows.length < BATCH ? [] : (await this.#next()).rows)
      yield rows.map((row) => valuesOf(row, types));
  }

  #next() {
    return this.#run(`fetch ${BATCH} from answer`);
  }

  async #asked(sql: string, values: readonly QueryValue[]) {
    try {
      return await this.#run(values.length === 0 ? sql : numbered(sql, (place) => `$${place}`), values);
    } catch (error) {
      await this.#run('rollback to savepoint question').catch(() => undefined); // the error before is the one to tell
      throw error;
    }
  }

  async #run(text: string, values: readonly QueryValue[] = []) {
    const query = { text, values: values.map(foreignText), rowMode: 'array' as const, queryMode: 'extended' };
    if (this.#isStopped) throw new Error('the session was stopped');
    try {
      return await this.#client.query<(string | null)[]>(query);
    } catch (error) {
      throw statementError(error, postgresLocation(this.#place.credentials));
    }
  }
}

// --- internal ---

const BOOL = 16;
const SMALL_NUMBERS: ReadonlySet<number> = new Set([21, 23, 700, 701]);

function smallValue(text: string | null, type: number | undefined): string | number | boolean | null {
  if (text === null || type === undefined) return text;
  if (type === BOOL) return text === 't';
  return SMALL_NUMBERS.has(type) ? Number(text) : text;
}

function isSelect(sql: string): boolean {
  return !/^(?:\s|--[^\n]*\n|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*(?:explain|show)\b/i.test(sql);
}
