import type { Parameters, Row } from '../../../duckdb/connection.ts';
import { type Asker, StatementFailed } from '../../../load/asker.ts';
import type { Fragment } from '../../../load/staging/sql-fragment.ts';
import { statementError } from './snowflake-errors.ts';
import type { SnowflakeSession } from './snowflake-session.ts';
import { SnowflakeValues } from './snowflake-values.ts';

/** What begins a statement that reads. The server takes one statement at a time, and none of these has another one in it that writes. */
const READS =
  /^(?:\s|\(|--[^\n]*\n|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*(?:select|with|values|show|describe|desc|explain)\b/i;

/** Snowflake has no transaction that only reads: what does more is refused here. */
export function requireReading(sql: string): void {
  if (!READS.test(sql)) throw new StatementFailed('the SQL does more than read', 'rights');
}

/** Asks in the transaction of a load, with its rows. */
export class SnowflakeAsker implements Asker {
  protected readonly session: SnowflakeSession;

  constructor(session: SnowflakeSession) {
    this.session = session;
  }

  async rows(sql: string, values: Parameters = []): Promise<Row[]> {
    requireReading(sql);
    const { columns, rows } = await this.told(() => this.session.run({ sql, values }));
    const read = new SnowflakeValues(columns);
    return rows.map((row) => read.named(row));
  }

  async row(sql: string, values: Parameters = []): Promise<Row | undefined> {
    return (await this.rows(sql, values))[0];
  }

  interrupt(): void {
    this.session.interrupt();
  }

  protected opened(statement: Fragment) {
    requireReading(statement.sql);
    return this.told(() => this.session.open(statement));
  }

  protected async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw statementError(error, this.session.location);
    }
  }
}
