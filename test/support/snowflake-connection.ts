import type {
  SnowflakeConnection,
  SnowflakeStatement,
} from '../../src/destinations/warehouse/snowflake/snowflake-sdk.ts';

/** What is said to a statement: rows, or why not. Undefined: as an empty account does that takes every file. */
export type Said = (sql: string) => readonly Readonly<Record<string, string | null>>[] | Error | undefined;

/** A session as the driver gives it, without one: notes what it is sent. */
export function answering(sent: string[], said: Said = () => undefined): SnowflakeConnection {
  return {
    connectAsync: async (done) => done(undefined),
    execute: ({ sqlText, complete }) => {
      const sql = sqlText.replaceAll(/\s+/g, ' ').replace(/file:\/\/\S*\//, 'file://…/');
      sent.push(sql);
      const answer = said(sql) ?? usual(sql);
      const rows = answer instanceof Error ? [] : answer;
      const statement = statementWith(Object.keys(rows[0] ?? {}));
      queueMicrotask(() =>
        complete(answer instanceof Error ? answer : undefined, statement, rows.map(Object.values<string | null>)),
      );
      return statement;
    },
    destroy: (done) => done(undefined),
  };
}

// --- internal ---

function usual(sql: string) {
  if (sql.startsWith('put ')) return [{ status: 'UPLOADED', message: '' }];
  if (sql.startsWith('copy ')) return [{ rows_loaded: '1' }];
  return [];
}

function statementWith(names: readonly string[]): SnowflakeStatement {
  return {
    getColumns: () =>
      names.map((name) => ({
        getName: () => name,
        getType: () => 'text',
        getPrecision: () => undefined,
        getScale: () => undefined,
      })),
    getNumUpdatedRows: () => 0,
    streamRows: async function* () {},
    cancel: () => undefined,
  };
}
