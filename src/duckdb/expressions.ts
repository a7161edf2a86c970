import { jsonText } from '../json/json-text.ts';
import type { Json } from '../json/json-value.ts';
import { printable } from '../text/printable.ts';
import type { Connection } from './connection.ts';
import { Database } from './database.ts';
import { type Expression, expressionIn, NoExpression, statementOf } from './expression.ts';
import { limited } from './interrupt.ts';
import { withTightArrows } from './json-arrows.ts';
import { isNested, jsonOfValue } from './json-of-value.ts';
import { quotedIdentifier } from './quote.ts';

/** Values of one name, a text each, and the type they are to be read as; no values at all are nulls that fit everywhere. */
export interface ValueColumn {
  readonly name: string;
  readonly type: string;
  readonly texts?: readonly (string | null)[];
}

export interface Rows {
  readonly count: number;
  readonly columns: readonly ValueColumn[];
}

/** Megabytes. */
const MEMORY = 200;
/** Milliseconds. */
const TIME_LIMIT = 60_000;

/**
 * A DuckDB that knows nothing but the values it is given: no table, no file, no extension, and no setting can be changed. It is one
 * for all of a process, which keeps it: to open one takes longer than most of what it is asked.
 */
export class Expressions {
  readonly #database: Database;
  readonly #connection: Connection;
  readonly #limit: number;
  /** Of which DuckDB gives lists or structs. */
  readonly #nested = new Set<string>();

  private constructor(database: Database, connection: Connection, limit: number) {
    this.#database = database;
    this.#connection = connection;
    this.#limit = limit;
  }

  /** @param limit milliseconds that one call may take */
  static async open(limit = TIME_LIMIT): Promise<Expressions> {
    const database = await sealedDatabase();
    return new Expressions(database, await database.connect(), limit);
  }

  /** Throws NoExpression for what is no expression of one value, or names a function that there is not. */
  async parse(written: string): Promise<Expression> {
    const sql = withTightArrows(written);
    const expression = expressionIn(sql, await this.serialized(statementOf(sql)));
    await this.#requireOneValue(expression);
    return expression;
  }

  /** A statement taken apart, as JSON. */
  async serialized(statement: string): Promise<string> {
    const row = await this.#connection.row('select json_serialize_sql($1::varchar) as parsed', [statement]);
    return String(row?.parsed);
  }

  /** Undefined where a text is a regular expression. */
  async whyNoPattern(text: string): Promise<string | undefined> {
    try {
      await this.#connection.row("select regexp_matches('', $1::varchar)", [text]);
      return undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^[\w ]+ Error: /, '') : '';
      return `cannot be read: ${printable(reason)}`;
    }
  }

  /** The rows for which a condition holds, by their index. Throws what DuckDB throws, TookTooLong, the signal's reason. */
  async holding({ sql }: Expression, rows: Rows, signal?: AbortSignal): Promise<number[]> {
    const { from, values } = given(rows);
    const result = await this.#run(`select " row" from ${from} where (${sql}\n)`, values, signal);
    return result.getColumns().flatMap((column) => column.map(Number));
  }

  /** A value for each row. Throws what DuckDB throws, TookTooLong, the signal's reason. */
  async values({ sql }: Expression, rows: Rows, signal?: AbortSignal): Promise<Json[]> {
    const { from, values } = given(rows);
    const isKnown = this.#nested.has(sql);
    const value = isKnown ? `to_json((${sql}\n))` : `(${sql}\n)`;
    const result = await this.#run(`select ${value} as value from ${from} order by " row"`, values, signal);
    const type = result.columnType(0);
    if (!isKnown && isNested(type)) {
      this.#nested.add(sql);
      return this.values({ sql, names: [] }, rows, signal);
    }
    return (result.getColumns()[0] ?? []).map((item) => jsonOfValue(item, type));
  }

  close(): void {
    this.#database.disconnect(this.#connection);
  }

  async #run(sql: string, values: readonly string[], signal: AbortSignal | undefined) {
    return limited(this.#connection, this.#limit, signal, () =>
      this.#connection.driver.runAndReadAll(sql, [...values]),
    );
  }

  /** A `where` takes neither aggregates nor windows nor `unnest`. What it says of types is about nulls, and not looked at. */
  async #requireOneValue({ sql, names }: Expression): Promise<void> {
    const columns = names.map((name) => ({ name, type: 'VARCHAR' }));
    const { from } = given({ count: 0, columns });
    try {
      await this.#connection.run(`explain select 1 from ${from} where ((${sql}\n)) is null`);
    } catch (error) {
      const sentence = error instanceof Error ? (error.message.split('\n\n', 1)[0] ?? '') : '';
      const reason = /^(?:Catalog|Binder|Permission) Error: (.*)/s.exec(sentence)?.[1]?.replaceAll('\n', ' ');
      if (reason === undefined || !isCertain(sentence)) return;
      throw new NoExpression(`cannot be read: ${reason}`);
    }
  }
}

// --- internal ---

let opened: Promise<Database> | undefined;

function sealedDatabase(): Promise<Database> {
  opened ??= openSealed().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function openSealed(): Promise<Database> {
  const database = await Database.open({ memory: MEMORY, threads: 1 });
  try {
    await database.seal();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whatever the values are. */
function isCertain(sentence: string): boolean {
  return /^(Catalog|Permission) Error|cannot contain (aggregates|window)|UNNEST not supported|table function/.test(
    sentence,
  );
}

/** Nothing here has a name that a query inside of an expression could read it by. */
function given({ count, columns }: Rows) {
  const typed: string[] = [];
  const lists: string[] = [];
  /** A list each, as JSON: three times as quick as lists of the driver. */
  const values: string[] = [];
  for (const { name, type, texts } of columns) {
    if (texts === undefined) {
      typed.push(`null as ${quotedIdentifier(name)}`);
      continue;
    }
    values.push(jsonText(texts));
    lists.push(`unnest(from_json($${values.length}::varchar, '["VARCHAR"]')) as c${values.length}`);
    typed.push(`c${values.length}::${type} as ${quotedIdentifier(name)}`);
  }
  const inner = [`unnest(range(${count})) as " row"`, ...lists].join(', ');
  return { from: `(select ${[`" row"`, ...typed].join(', ')} from (select ${inner}))`, values };
}
