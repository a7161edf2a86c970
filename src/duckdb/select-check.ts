import { count } from '../text/count.ts';
import type { Connection } from './connection.ts';
import { statementsIn } from './serialized-sql.ts';

/** Why a text is not exactly one `select`, as the end of a sentence about it; undefined: it is. Nothing of it is run. */
export async function whyNotOneSelect(connection: Connection, sql: string): Promise<string | undefined> {
  const row = await connection.row('select json_serialize_sql($1::varchar) as parsed', [sql]);
  const parsed = statementsIn(String(row?.parsed));
  if ('problem' in parsed) return parsed.problem;
  const { length } = parsed.statements;
  return length === 1 ? undefined : `holds ${count(length, 'statement')}`;
}
