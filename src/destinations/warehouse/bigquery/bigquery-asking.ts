import type { Parameters, Row } from '../../../duckdb/connection.ts';
import type { QueryValue } from '../../../duckdb/query-stream.ts';
import type { DatasetTable } from '../../../load/described-table.ts';
import type { QueryResult } from '../../destination.ts';
import { firstValues, namedRows } from '../asked-answers.ts';
import type { AskSession } from '../warehouse.ts';
import { describeBigquery } from './bigquery-description.ts';
import type { BigqueryJobs } from './bigquery-jobs.ts';
import { columnsOf, typesOf, valuesOf } from './bigquery-values.ts';

/** SQL that somebody else wrote. Before it runs, BigQuery says whether it is one `select`; each sees one moment. */
export class BigqueryAsking implements AskSession {
  readonly #jobs: BigqueryJobs;
  #kept: QueryResult | undefined;

  constructor(jobs: BigqueryJobs) {
    this.#jobs = jobs;
  }

  describe(): Promise<readonly DatasetTable[]> {
    return describeBigquery(this.#jobs);
  }

  check(sql: string): Promise<void> {
    return this.#jobs.check(sql);
  }

  async stream(sql: string, values: readonly QueryValue[] = []): Promise<QueryResult> {
    const { fields, pages } = await this.#jobs.asked(sql, [...values]);
    const types = typesOf(fields);
    return {
      columns: columnsOf(fields, types),
      batches: async function* () {
        for await (const rows of pages()) yield rows.map((row) => valuesOf(row, fields, types));
      },
    };
  }

  async rows(sql: string, values: Parameters = []): Promise<Row[]> {
    return namedRows(await this.stream(sql, values));
  }

  async row(sql: string, values: Parameters = []): Promise<Row | undefined> {
    return (await this.rows(sql, values))[0];
  }

  async keepResult(sql: string): Promise<readonly string[]> {
    this.#kept = await this.stream(sql);
    return this.#kept.columns.map(({ name }) => name);
  }

  async *resultRows(columns: readonly string[], most: number): AsyncGenerator<(string | number | boolean | null)[]> {
    if (this.#kept === undefined) return;
    const places = columns.map((name) => this.#kept?.columns.findIndex((column) => column.name === name) ?? -1);
    let given = 0;
    for await (const batch of this.#kept.batches()) {
      for (const row of batch) {
        if (given === most) return;
        yield places.map((at) => smallValue(row[at] ?? null));
        given += 1;
      }
    }
  }

  async *firstColumn(sql: string, most: number): AsyncGenerator<string | number> {
    const [first = ''] = await this.keepResult(sql);
    yield* firstValues(this.resultRows([first], Number.POSITIVE_INFINITY), most);
  }

  interrupt(): void {
    this.#jobs.interrupt();
  }

  close(): void {
    this.#jobs.interrupt();
  }
}

// --- internal ---

function smallValue(value: QueryValue): string | number | boolean | null {
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : String(value);
}
