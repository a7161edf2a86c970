import type { Client, QueryResult } from 'pg';
import { foreignText } from '../../../duckdb/foreign-values.ts';
import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { type Asker, StatementFailed } from '../../../load/asker.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { numbered } from '../numbered-values.ts';
import { whileStaged } from '../staged-file.ts';
import {
  ConnectionLost,
  type ServerRow,
  type ServerValue,
  type StagedRows,
  type Transport,
} from '../warehouse-transport.ts';
import { AskingInLoad } from './asking-in-load.ts';
import { copyFile } from './copied-file.ts';
import { cancelQuery, type PostgresPlace } from './postgres-client.ts';
import { isConnectionLost, postgresError, statementError } from './postgres-errors.ts';
import { postgresLocation } from './postgres-location.ts';

export interface TransportParts {
  readonly client: Client;
  readonly place: PostgresPlace;
  /** Where rows lie as CSV before they are sent. */
  readonly folder: string;
  /** What ends with its reason, when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly onClose?: () => void;
}

/** A session that loads. Rows go by `COPY`, all else as statements. */
export class PostgresTransport implements Transport {
  readonly asker: Asker;
  readonly #client: Client;
  readonly #location: string;
  readonly #folder: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onClose: () => void;

  constructor({ client, place, folder, signal, onClose = () => undefined }: TransportParts) {
    this.#client = client;
    this.#location = postgresLocation(place.credentials);
    this.#folder = folder;
    this.#signal = signal;
    this.#onClose = onClose;
    this.asker = new AskingInLoad(client, this.#location, () => cancelQuery(client, place));
  }

  async rows(query: Fragment): Promise<readonly ServerRow[]> {
    const { fields, rows } = await this.#told(() => this.#query(query));
    const columns = fields.map(({ name, dataTypeID }) => ({ name: name.toLowerCase(), type: dataTypeID }));
    return rows.map((row) =>
      Object.fromEntries(columns.map(({ name, type }, at) => [name, serverValue(row[at] ?? null, type)])),
    );
  }

  async execute(statement: Fragment): Promise<number> {
    const result = await this.#told(() => this.#query(statement));
    return result.rowCount ?? 0;
  }

  async stage(staged: StagedRows): Promise<string> {
    const rows = withSecondColumn(staged);
    const relation = `pg_temp.${quotedIdentifier(`elt_${rows.label}`)}`;
    const columns = rows.columns.map(({ name, type }) => `${quotedIdentifier(name)} ${type}`);
    await this.execute(fragment(`drop table if exists ${relation}`));
    await this.execute(fragment(`create temp table ${relation} (${columns.join(', ')}) on commit drop`));
    const copied = await this.copyInto(relation, rows);
    if (copied > MANY_ROWS) await this.execute(fragment(`analyze ${relation}`)); // nobody else does, of a temporary table
    return relation;
  }

  async copyInto(relation: string, rows: StagedRows): Promise<number> {
    return whileStaged(rows, 'csv', this.#folder, ({ path }) => this.#told(() => this.#copy(relation, rows, path)));
  }

  async attempt(statements: readonly string[]): Promise<string | undefined> {
    await this.execute(fragment('savepoint attempt'));
    try {
      // The extended protocol takes one statement.
      for (const text of statements) {
        const query = { text, queryMode: 'extended' };
        await this.#client.query(query);
      }
      await this.execute(fragment('release savepoint attempt'));
      return undefined;
    } catch (error) {
      const told = statementError(error, this.#location);
      if (!(told instanceof StatementFailed)) throw told;
      await this.execute(fragment('rollback to savepoint attempt'));
      return told.message;
    }
  }

  async begin(): Promise<void> {
    await this.execute(fragment('begin'));
  }

  async commit(): Promise<void> {
    try {
      await this.#client.query('commit');
    } catch (error) {
      throw isConnectionLost(error) ? new ConnectionLost(this.#tell(error)) : this.#tell(error);
    }
  }

  async rollback(): Promise<void> {
    await this.#client.query('rollback').catch(() => undefined); // the error before is the one to tell
  }

  async close(): Promise<void> {
    this.#onClose();
    await this.#client.end().catch(() => undefined);
  }

  async #copy(relation: string, { columns }: StagedRows, path: string): Promise<number> {
    const names = columns.map(({ name }) => quotedIdentifier(name)).join(', ');
    const sql = `copy ${relation} (${names}) from stdin (format csv, null '\\N', encoding 'UTF8')`;
    return copyFile(this.#client, sql, path, this.#signal);
  }

  /** Its rows as lists of texts; of several statements the last result. */
  async #query({ sql, values }: Fragment): Promise<QueryResult<(string | null)[]>> {
    const text = values.length === 0 ? sql : numbered(sql, (place) => `$${place}`);
    const query = { text, values: values.map(foreignText), rowMode: 'array' as const };
    const result = await this.#client.query<(string | null)[]>(query);
    return Array.isArray(result) ? result.at(-1) : result;
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.#signal?.throwIfAborted();
      return await work();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw this.#tell(error);
    }
  }

  #tell(error: unknown): unknown {
    return postgresError(error, this.#location);
  }
}

// --- internal ---

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

const BOOL = 16;
const INT8 = 20;
const NUMBERS: ReadonlySet<number> = new Set([21, 23, 26, 700, 701]);
const TIMES: ReadonlySet<number> = new Set([1114, 1184]);

function serverValue(text: string | null, type: number): ServerValue {
  if (text === null) return null;
  if (type === BOOL) return text === 't';
  if (type === INT8) return BigInt(text);
  if (NUMBERS.has(type)) return Number(text);
  return TIMES.has(type) ? text.replace(/^(\S+) /, '$1T').replace(/\+00$/, 'Z') : text;
}
