import type { Client } from 'pg';
import type { Parameters, Row } from '../../../duckdb/connection.ts';
import { type ForeignType, foreignText } from '../../../duckdb/foreign-values.ts';
import type { QueryRow, QueryValue } from '../../../duckdb/query-stream.ts';
import type { DatasetTable } from '../../../load/described-table.ts';
import type { QueryResult } from '../../destination.ts';
import { firstValues, namedRows } from '../asked-answers.ts';
import { describedRelations } from '../described-tables.ts';
import type { Dialect } from '../dialect.ts';
import { numbered } from '../numbered-values.ts';
import type { AskSession } from '../warehouse.ts';
import { cancelQuery, connectPostgres, type PostgresPlace } from './postgres-client.ts';
import { statementError } from './postgres-errors.ts';
import { columnsOf, PostgresValues, type TextRow, type TextRows, valuesOf } from './postgres-values.ts';

/** How an engine asks for an answer in pieces. */
export interface CursorSql {
  /** The transaction that all is asked in: it only reads. */
  readonly begin: readonly string[];
  /** Before each question: what became of the one before is over, a failure too. */
  readonly anew: readonly string[];
  /** A cursor called `answer`; the question stands behind it. */
  readonly declare: string;
  /** Whether a question for a cursor may have values; one that may not is answered at once. */
  readonly bindsValues: boolean;
  next(rows: number): string;
  /** Rows that are asked for at a time: what a cursor gives is all that is in memory. */
  readonly batch: number;
  /** As `describedRelations` reads them. */
  readonly relations: string;
  readonly duckdbTypeOf: Dialect['duckdbTypeOf'];
}

/** SQL that somebody else wrote, in a transaction that only reads. */
export class CursorAsking implements AskSession {
  readonly #client: Client;
  readonly #place: PostgresPlace;
  readonly #sql: CursorSql;
  readonly #values: PostgresValues;
  /** What came with the names of the columns. */
  #first: TextRows | undefined;
  #isStopped = false;

  private constructor(client: Client, place: PostgresPlace, sql: CursorSql) {
    this.#client = client;
    this.#place = place;
    this.#sql = sql;
    this.#values = new PostgresValues((text) => this.#run(text), sql.duckdbTypeOf);
  }

  static async open(place: PostgresPlace, sql: CursorSql): Promise<CursorAsking> {
    const client = await connectPostgres(place);
    const asking = new CursorAsking(client, place, sql);
    await asking.#all(sql.begin);
    return asking;
  }

  describe(): Promise<readonly DatasetTable[]> {
    return describedRelations((sql, values) => this.rows(sql, values), this.#place.dataset, this.#sql);
  }

  async check(sql: string): Promise<void> {
    await this.#declared(sql, []);
    await this.#anew();
  }

  async stream(sql: string, values: readonly QueryValue[] = []): Promise<QueryResult> {
    if (!isSelect(sql) || (values.length > 0 && !this.#sql.bindsValues)) return this.#answered(sql, values);
    await this.#declared(sql, values);
    const first = await this.#next();
    const types = await this.#values.typesOf(first.fields);
    return { columns: columnsOf(first.fields, types), batches: () => this.#batches(first.rows, types) };
  }

  async rows(sql: string, values: Parameters = []): Promise<Row[]> {
    return namedRows(await this.stream(sql, values));
  }

  async row(sql: string, values: Parameters = []): Promise<Row | undefined> {
    return (await this.rows(sql, values))[0];
  }

  /** A cursor keeps it. */
  async keepResult(sql: string): Promise<readonly string[]> {
    await this.#declared(sql, []);
    this.#first = await this.#next();
    return this.#first.fields.map(({ name }) => name);
  }

  async *resultRows(columns: readonly string[], most: number): AsyncGenerator<(string | number | boolean | null)[]> {
    for (let left = most; left > 0; ) {
      const { fields, rows } = this.#first ?? (await this.#next());
      this.#first = undefined;
      if (rows.length === 0) return;
      const places = columns.map((column) => fields.findIndex(({ name }) => name === column));
      for (const row of rows.slice(0, left))
        yield places.map((at) => smallValue(row[at] ?? null, fields[at]?.dataTypeID));
      left -= rows.length;
    }
  }

  async *firstColumn(sql: string, most: number): AsyncGenerator<string | number> {
    const [first = ''] = await this.keepResult(sql);
    yield* firstValues(this.resultRows([first], Number.POSITIVE_INFINITY), most);
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
    await this.#anew();
    await this.#asked(`${this.#sql.declare} ${sql}`, values);
  }

  /** What is no `select` gives few rows: `show`, `explain`. */
  async #answered(sql: string, values: readonly QueryValue[]): Promise<QueryResult> {
    await this.#anew();
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
    for (let rows = first; rows.length > 0; rows = rows.length < this.#sql.batch ? [] : (await this.#next()).rows)
      yield rows.map((row) => valuesOf(row, types));
  }

  #next() {
    return this.#run(this.#sql.next(this.#sql.batch));
  }

  async #asked(sql: string, values: readonly QueryValue[]) {
    try {
      return await this.#run(values.length === 0 ? sql : numbered(sql, (place) => `$${place}`), values);
    } catch (error) {
      await this.#anew().catch(() => undefined); // the error before is the one to tell
      throw error;
    }
  }

  #anew(): Promise<void> {
    this.#first = undefined;
    return this.#all(this.#sql.anew);
  }

  async #all(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.#run(statement);
  }

  async #run(text: string, values: readonly QueryValue[] = []) {
    const query = { text, values: values.map(foreignText), rowMode: 'array' as const, queryMode: 'extended' };
    if (this.#isStopped) throw new Error('the session was stopped');
    try {
      return await this.#client.query<(string | null)[]>(query);
    } catch (error) {
      throw statementError(error, this.#place.location);
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
