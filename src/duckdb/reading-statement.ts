import { type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api';
import { PipelineError } from '../errors.ts';
import { count } from '../text/count.ts';
import type { Connection } from './connection.ts';

/**
 * The one statement that a text holds, prepared; nothing of it has run.
 *
 * @throws PipelineError QueryFailed: there are several, or it does not only read. Else what DuckDB throws.
 */
export async function readingStatement(connection: Connection, sql: string): Promise<DuckDBPreparedStatement> {
  if (isEmpty(sql)) throw refused('There is no SQL.', 'Give one statement, such as `select * from models limit 10`.');
  const statements = await connection.driver.extractStatements(sql);
  if (statements.count !== 1) {
    throw refused(
      `The SQL holds ${count(statements.count, 'statement')}, and one is taken.`,
      'Ask for one thing at a time; parts of it can be named: `with part as (…) select …`. A `pivot` names its values: `pivot … on column in (a, b)`.',
    );
  }
  const statement = await statements.prepare(0).catch((error: unknown) => {
    throw WRITES.test(withoutComments(sql)) ? onlyReads() : error;
  });
  if (!READS.has(statement.statementType) || SETS.test(sql)) throw onlyReads();
  return statement;
}

// --- internal ---

/** `show`, `describe`, `summarize`, `values`, `from` are SELECT for DuckDB. */
const READS: ReadonlySet<StatementType> = new Set([StatementType.SELECT, StatementType.EXPLAIN]);

/** Functions that a `select` can call, and that change a setting: among others which file DuckDB writes what it does to. */
const SETS = /\b(?:enable|disable)_(?:logging|profiling|peg_parser)\b/i;

/** What a statement that DuckDB cannot even prepare here begins with, because it wants to do more than read. */
const WRITES =
  /^(?:insert|update|delete|merge|create|drop|alter|truncate|copy|export|import|attach|detach|install|load|set|reset|use|begin|commit|rollback|checkpoint|vacuum|call|comment)\b/i;

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\//g, ' ').trimStart();
}

function isEmpty(sql: string): boolean {
  return withoutComments(sql).replaceAll(';', '').trim() === '';
}

function onlyReads(): PipelineError {
  return refused(
    'The SQL does more than read, and nothing of it was done.',
    'Ask with `select`, `from`, `show` or `describe`. What is in the dataset comes from runs: dezgo-elt run',
  );
}

function refused(message: string, hint: string): PipelineError {
  return new PipelineError({ code: 'QueryFailed', message, hint });
}
