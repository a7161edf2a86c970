import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { PipelineError } from '../errors.ts';
import { quotedIdentifier } from './quote.ts';

/** A row by column name; BIGINT as bigint, DECIMAL and timestamps as the driver's value objects. */
export type Row = Readonly<Record<string, DuckDBValue>>;
export type Parameters = readonly DuckDBValue[];

/** One connection: statements on it run one after another. */
export class Connection {
  readonly driver: DuckDBConnection;

  constructor(driver: DuckDBConnection) {
    this.driver = driver;
  }

  async run(sql: string, values?: Parameters): Promise<void> {
    await (values === undefined ? this.driver.run(sql) : this.driver.run(sql, [...values]));
  }

  /** How many rows the statement inserted, updated or deleted. */
  async change(sql: string, values: Parameters = []): Promise<number> {
    return (await this.driver.run(sql, [...values])).rowsChanged;
  }

  /** How many rows a table has that `create table … as …` makes. */
  async create(sql: string, values?: Parameters): Promise<number> {
    return Number((await this.row(sql, values))?.Count ?? 0);
  }

  async rows(sql: string, values?: Parameters): Promise<Row[]> {
    const result = await (values === undefined ? this.driver.run(sql) : this.driver.run(sql, [...values]));
    return result.getRowObjects();
  }

  /** The first row, or undefined. */
  async row(sql: string, values?: Parameters): Promise<Row | undefined> {
    return (await this.rows(sql, values))[0];
  }

  /** How many statements a text holds. Throws what DuckDB says of one that it cannot read. */
  async statementsIn(sql: string): Promise<number> {
    return (await this.driver.extractStatements(sql)).count;
  }

  /** Names of the columns that a query gives. */
  async columnNames(sql: string): Promise<readonly string[]> {
    return (await this.driver.run(sql)).columnNames();
  }

  /** Rows as they come, never all at once in memory. Throws DestinationUnreadable where they end too early. */
  async *stream(sql: string, values?: Parameters): AsyncGenerator<Row> {
    const result = await this.driver.stream(sql, values === undefined ? undefined : [...values]);
    let given = 0;
    for await (const rows of result.yieldRowObjects()) {
      given += rows.length;
      yield* rows;
    }
    await this.requireAllRows(given, sql, values);
  }

  /** A stream that fails half-way only ends, and keeps why to itself. Throws DestinationUnreadable if `given` rows are not all. */
  async requireAllRows(given: number, sql: string, values?: Parameters): Promise<void> {
    const counted = await this.row(`select count(*) as rows from (${sql})`, values);
    const all = Number(counted?.rows);
    if (given === all) return;
    throw new PipelineError({
      code: 'DestinationUnreadable',
      message: `Reading ended after ${given} of ${all} rows.`,
      hint: 'Read all of it with DuckDB, which then says why: a view can fail, the memory be too little, the file be damaged.',
      facts: { rows: given, all },
    });
  }

  /**
   * The values of the first column, without nulls, `most` at most: numbers to 32 bits and fractions as they are, the
   * rest as text. All rows are there before the first is given, in a table, which takes its memory of what DuckDB may use:
   * a stream that fails half-way only ends.
   */
  async *firstColumn(sql: string, most: number): AsyncGenerator<string | number> {
    const [first = ''] = await this.keepResult(sql);
    for await (const [value] of this.resultRows([first], most, `where ${quotedIdentifier(first)} is not null`)) {
      if (value !== null && value !== undefined) yield typeof value === 'number' ? value : String(value);
    }
  }

  /** Answers the names of its columns; `resultRows` gives its rows. */
  async keepResult(sql: string): Promise<readonly string[]> {
    await this.run(`create or replace temp table "query result" as ${sql}`);
    return this.columnNames('from "query result" limit 0');
  }

  /** Of what `keepResult` keeps: numbers to 32 bits, fractions and booleans as they are, the rest as text. */
  async *resultRows(
    columns: readonly string[],
    most: number,
    where = '',
  ): AsyncGenerator<(string | number | boolean | null)[]> {
    const names = columns.map(quotedIdentifier).join(', ');
    const result = await this.driver.run(`select ${names} from "query result" ${where} limit ${most}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      for (const row of chunk.getRows()) yield row.map(plainValue);
    }
  }

  /** Makes the statement that runs fail; none runs: nothing happens. */
  interrupt(): void {
    this.driver.interrupt();
  }

  /** All or nothing: commits what `work` did, or rolls it back and throws what it threw. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run('begin transaction');
    try {
      const result = await work();
      await this.run('commit');
      return result;
    } catch (error) {
      await this.run('rollback').catch(() => undefined); // the first error is the one to tell; DuckDB may have rolled back itself
      throw error;
    }
  }

  close(): void {
    this.driver.closeSync();
  }
}

function plainValue(value: DuckDBValue): string | number | boolean | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value);
}
