import { count } from '../text/count.ts';
import type { Connection } from './connection.ts';

/** What DuckDB's `json_serialize_sql` answers. */
interface Parsed {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly unknown[];
}

/** Why a text is not exactly one `select`, as the end of a sentence about it; undefined: it is. Nothing of it is run. */
export async function whyNotOneSelect(connection: Connection, sql: string): Promise<string | undefined> {
  const row = await connection.row('select json_serialize_sql($1::varchar) as parsed', [sql]);
  const { error, error_message, statements = [] }: Parsed = JSON.parse(String(row?.parsed));
  if (error) {
    const isOther = error_message?.startsWith('Only SELECT statements') === true;
    return isOther ? 'is no `select`' : `cannot be read: ${error_message}`;
  }
  return statements.length === 1 ? undefined : `holds ${count(statements.length, 'statement')}`;
}
