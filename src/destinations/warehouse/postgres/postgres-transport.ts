import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { StatementFailed } from '../../../load/asker.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import type { CopiedRows, StagedRows } from '../warehouse-transport.ts';
import type { Guard } from '../wire/asking-in-load.ts';
import { statementError } from '../wire/postgres-errors.ts';
import { type TransportParts, WireTransport } from '../wire/wire-transport.ts';
import { copyRows } from './copied-rows.ts';
import { duckdbTypeOfPostgres } from './postgres-types.ts';
import { whileWritten } from './streamed-rows.ts';

/** A session that loads. Rows go by `COPY`, all else as statements. */
export class PostgresTransport extends WireTransport {
  constructor(parts: TransportParts) {
    super(parts, guard);
  }

  async stage(staged: StagedRows): Promise<string> {
    const rows = withSecondColumn(staged);
    const relation = `pg_temp.${quotedIdentifier(`elt_${rows.label}`)}`;
    const columns = rows.columns.map(({ name, type }) => `${quotedIdentifier(name)} ${type}`);
    await this.execute(fragment(`drop table if exists ${relation}`));
    await this.execute(fragment(`create temp table ${relation} (${columns.join(', ')}) on commit drop`));
    const { taken } = await this.copyInto(relation, rows);
    if (taken > MANY_ROWS) await this.execute(fragment(`analyze ${relation}`)); // nobody else does, of a temporary table
    return relation;
  }

  async copyInto(relation: string, rows: StagedRows): Promise<CopiedRows> {
    return whileWritten(rows, this.folder, async (pieces, written) => {
      const taken = await this.told(() => this.#copy(relation, rows, pieces), rows.table);
      return { sent: await written, taken };
    });
  }

  async attempt(statements: readonly string[]): Promise<string | undefined> {
    await this.execute(fragment('savepoint attempt'));
    try {
      // The extended protocol takes one statement.
      for (const text of statements) {
        const query = { text, queryMode: 'extended' };
        await this.client.query(query);
      }
      await this.execute(fragment('release savepoint attempt'));
      return undefined;
    } catch (error) {
      const told = statementError(error, this.location);
      if (!(told instanceof StatementFailed)) throw told;
      await this.execute(fragment('rollback to savepoint attempt'));
      return told.message;
    }
  }

  async #copy(relation: string, { columns }: StagedRows, pieces: AsyncIterable<Buffer>): Promise<number> {
    const names = columns.map(({ name }) => quotedIdentifier(name)).join(', ');
    const sql = `copy ${relation} (${names}) from stdin (format csv, null '\\N', encoding 'UTF8')`;
    return copyRows(this.client, sql, pieces, this.signal);
  }
}

// --- internal ---

/** The transaction goes on afterwards, and may write again. */
const guard: Guard = {
  before: ['savepoint asked', 'set local transaction_read_only to on'],
  question: (sql) => sql,
  after: ['rollback to savepoint asked'],
  duckdbTypeOf: duckdbTypeOfPostgres,
};

/** Of fewer, the server guesses well enough how to join them. */
const MANY_ROWS = 1000;

/** A line that is only `\.` ends what is sent to servers before version 18: no line has one column alone. */
function withSecondColumn(staged: StagedRows): StagedRows {
  if (staged.columns.length !== 1) return staged;
  const { sql, values } = staged.select;
  return {
    ...staged,
    columns: [...staged.columns, { name: '_', type: 'boolean' }],
    select: fragment(`select *, true from (${sql})`, ...values),
  };
}
