import type { Client, QueryResult } from 'pg';
import { foreignText } from '../../../duckdb/foreign-values.ts';
import type { Asker } from '../../../load/asker.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { numbered } from '../numbered-values.ts';
import {
  ConnectionLost,
  type ServerRow,
  type ServerValue,
  type StagedRows,
  type Transport,
} from '../warehouse-transport.ts';
import { AskingInLoad, type Guard } from './asking-in-load.ts';
import { cancelQuery, type PostgresPlace } from './postgres-client.ts';
import { isConnectionLost, postgresError } from './postgres-errors.ts';

export interface TransportParts {
  readonly client: Client;
  readonly place: PostgresPlace;
  /** Where rows lie as files before they are sent. */
  readonly folder: string;
  /** What ends with its reason, when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly onClose?: () => void;
}

/** A session that loads: all but how rows get there. */
export abstract class WireTransport implements Transport {
  readonly asker: Asker;
  protected readonly client: Client;
  protected readonly location: string;
  protected readonly folder: string;
  protected readonly signal: AbortSignal | undefined;
  readonly #onClose: () => void;

  constructor({ client, place, folder, signal, onClose = () => undefined }: TransportParts, guard: Guard) {
    this.client = client;
    this.location = place.location;
    this.folder = folder;
    this.signal = signal;
    this.#onClose = onClose;
    this.asker = new AskingInLoad(client, this.location, guard, () => cancelQuery(client, place));
  }

  async rows(query: Fragment): Promise<readonly ServerRow[]> {
    const { fields, rows } = await this.told(() => this.#query(query));
    const columns = fields.map(({ name, dataTypeID }) => ({ name: name.toLowerCase(), type: dataTypeID }));
    return rows.map((row) =>
      Object.fromEntries(columns.map(({ name, type }, at) => [name, serverValue(row[at] ?? null, type)])),
    );
  }

  async execute(statement: Fragment): Promise<number> {
    const result = await this.told(() => this.#query(statement));
    return result.rowCount ?? 0;
  }

  abstract stage(rows: StagedRows): Promise<string>;

  abstract attempt(statements: readonly string[]): Promise<string | undefined>;

  async begin(): Promise<void> {
    await this.execute(fragment('begin'));
  }

  async commit(): Promise<void> {
    try {
      await this.client.query('commit');
    } catch (error) {
      throw isConnectionLost(error) ? new ConnectionLost(this.tell(error)) : this.tell(error);
    }
  }

  async rollback(): Promise<void> {
    await this.client.query('rollback').catch(() => undefined); // the error before is the one to tell
  }

  async close(): Promise<void> {
    this.#onClose();
    await this.client.end().catch(() => undefined);
  }

  /** Its rows as lists of texts; of several statements the last result. */
  async #query({ sql, values }: Fragment): Promise<QueryResult<(string | null)[]>> {
    const text = values.length === 0 ? sql : numbered(sql, (place) => `$${place}`);
    const query = { text, values: values.map(foreignText), rowMode: 'array' as const };
    const result = await this.client.query<(string | null)[]>(query);
    return Array.isArray(result) ? result.at(-1) : result;
  }

  /** @param table whose rows are sent */
  protected async told<T>(work: () => Promise<T>, table?: string): Promise<T> {
    try {
      this.signal?.throwIfAborted();
      return await work();
    } catch (error) {
      this.signal?.throwIfAborted();
      throw this.tell(error, table);
    }
  }

  protected tell(error: unknown, table?: string): unknown {
    return postgresError(error, this.location, table);
  }
}

// --- internal ---

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
