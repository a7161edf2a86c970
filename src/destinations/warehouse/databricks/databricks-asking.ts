import type { QueryValue } from '../../../duckdb/query-stream.ts';
import type { DatasetTable } from '../../../load/described-table.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { QueryResult } from '../../destination.ts';
import type { AskSession } from '../warehouse.ts';
import { DatabricksAsker, type TextAnswer } from './databricks-asker.ts';
import { connectDatabricks, type DatabricksPlace } from './databricks-client.ts';
import { databricksDialect } from './databricks-dialect.ts';
import { databricksRelations } from './databricks-relations.ts';
import type { DatabricksSession } from './databricks-session.ts';

/** SQL that somebody else wrote. Each statement sees what was there when it began: no older state is kept for a session. */
export class DatabricksAsking extends DatabricksAsker implements AskSession {
  readonly #place: DatabricksPlace;
  #kept: TextAnswer | undefined;

  private constructor(session: DatabricksSession, place: DatabricksPlace) {
    super(session, place.dataset);
    this.#place = place;
  }

  static async open(place: DatabricksPlace): Promise<DatabricksAsking> {
    return new DatabricksAsking(await connectDatabricks(place), place);
  }

  async describe(): Promise<readonly DatasetTable[]> {
    const { dataset } = this.#place;
    const [found] = await this.told(() => this.session.run(databricksDialect.datasetExists(dataset)));
    if (found === undefined) return [];
    const relations = await this.told(() => databricksRelations(this.session, dataset));
    return relations.map(({ name, comment, columns }) => ({
      ...{ name, comment },
      columns: columns.map(({ name: column, native, nullable, comment: words }) => ({
        ...{ name: column, nullable, comment: words },
        type: databricksDialect.duckdbTypeOf(native) ?? native,
      })),
    }));
  }

  async check(sql: string): Promise<void> {
    await this.described(fragment(sql));
  }

  stream(sql: string, values: readonly QueryValue[] = []): Promise<QueryResult> {
    return this.ask(fragment(sql, ...values));
  }

  async keepResult(sql: string): Promise<readonly string[]> {
    this.#kept = await this.ask(fragment(sql));
    return this.#kept.columns.map(({ name }) => name);
  }

  async *resultRows(columns: readonly string[], most: number): AsyncGenerator<(string | number | boolean | null)[]> {
    if (this.#kept === undefined) return;
    const places = columns.map((column) => this.#kept?.columns.findIndex(({ name }) => name === column) ?? -1);
    let given = 0;
    for await (const batch of this.#kept.batches()) {
      for (const row of batch) {
        if (given === most) return;
        given += 1;
        yield places.map((at) => smallValue(row[at] ?? null));
      }
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

  close(): void {
    void this.session.end();
  }
}

// --- internal ---

/** Fractions, small integers and booleans as they are, the rest as text. */
function smallValue(value: QueryValue): string | number | boolean | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  return String(value);
}
