import type { Asker } from '../../../load/asker.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import type { Dialect } from '../dialect.ts';
import { whileStaged } from '../staged-file.ts';
import { ConnectionLost, type ServerRow, type StagedRows, type Transport } from '../warehouse-transport.ts';
import { BigqueryAsking } from './bigquery-asking.ts';
import type { BigqueryClient } from './bigquery-client.ts';
import { bigqueryDialect } from './bigquery-dialect.ts';
import { bigqueryError, isBigqueryLost, whyStatementFailed } from './bigquery-errors.ts';
import { type BigqueryJobs, told } from './bigquery-jobs.ts';
import { loadFile } from './bigquery-load-job.ts';
import { serverValue } from './bigquery-values.ts';
import { endLeftSession, noteSession, sessionNote } from './left-session.ts';

export interface BigqueryTransportParts {
  readonly client: BigqueryClient;
  readonly jobs: BigqueryJobs;
  /** For messages. */
  readonly location: string;
  readonly region: string;
  /** Where rows lie as Parquet before they are sent. */
  readonly folder: string;
  readonly dataset: string;
  /** Undefined: it only reads, and every query by itself sees one moment. */
  readonly loading?: {
    readonly pipeline: string;
    /** What no other session is called: letters, digits and underscores. */
    readonly name: string;
  };
}

/** Where a killed session leaves nothing for longer than a day. */
const EXPIRY = 'options (expiration_timestamp = timestamp_add(current_timestamp(), interval 1 day))';

/** A session that loads. Rows go as Parquet by load jobs, into tables of the dataset that dlt stages in too. */
export class BigqueryTransport implements Transport {
  readonly asker: Asker;
  readonly #parts: BigqueryTransportParts;
  readonly #dialect: Dialect;
  /** What of ours is in the dataset for staging. */
  readonly #made: string[] = [];
  #hasPlace = false;

  constructor(parts: BigqueryTransportParts) {
    this.#parts = parts;
    this.#dialect = bigqueryDialect(parts.region);
    this.asker = new BigqueryAsking(parts.jobs);
  }

  async rows({ sql, values }: Fragment): Promise<readonly ServerRow[]> {
    const { jobs, location } = this.#parts;
    const { fields, rows } = await told(location, () => jobs.rows(sql, values));
    return rows.map((row) =>
      Object.fromEntries(fields.map((field, at) => [field.name.toLowerCase(), serverValue(row[at], field)])),
    );
  }

  execute({ sql, values }: Fragment): Promise<number> {
    return told(this.#parts.location, () => this.#parts.jobs.change(sql, values));
  }

  /** The job is called as the table, of which there is one a session and label: a request that was sent twice loads once. */
  async stage(staged: StagedRows): Promise<string> {
    const { client, folder, location, loading, region } = this.#parts;
    const { identifier, relation } = this.#dialect;
    const dataset = await this.#place();
    const table = `elt_${loading?.name ?? ''}_${staged.label}`;
    const from = relation(dataset, table);
    const columns = staged.columns.map((column) => `${identifier(column.name)} ${column.type}`);
    this.#made.push(from);
    await this.execute(fragment(`create or replace table ${from} (${columns.join(', ')}) ${EXPIRY}`));
    await whileStaged(staged, 'parquet', folder, async ({ path, rows }) => {
      if (rows > 0) await told(location, () => loadFile(client, { path, rows, dataset, table, region }));
    });
    return from;
  }

  /** Each is one that does all or nothing; those that replace a view are one statement. */
  async attempt(statements: readonly string[]): Promise<string | undefined> {
    const { jobs, location } = this.#parts;
    try {
      for (const sql of statements) await jobs.change(sql, [], 'of the dataset');
      return undefined;
    } catch (error) {
      const why = whyStatementFailed(error);
      if (why === undefined) throw bigqueryError(error, location);
      return why;
    }
  }

  /** The session is noted before it has a transaction: whoever comes after a run that was killed ends it. */
  async begin(): Promise<void> {
    const { jobs, loading, location } = this.#parts;
    if (loading === undefined) return;
    const note = sessionNote(await this.#place(), loading.pipeline);
    await told(location, async () => {
      await endLeftSession(jobs, note);
      const id = await jobs.openSession();
      this.#made.push(note);
      await noteSession(jobs, note, id);
      await jobs.change('begin transaction', []);
    });
  }

  async commit(): Promise<void> {
    const { jobs, location } = this.#parts;
    if (!jobs.hasSession) return;
    try {
      await jobs.change('commit transaction', []);
    } catch (error) {
      const why = bigqueryError(error, location);
      throw isBigqueryLost(error) ? new ConnectionLost(why) : why;
    }
  }

  async rollback(): Promise<void> {
    if (this.#parts.jobs.hasSession) await this.#quietly('rollback transaction'); // the error before is the one to tell
  }

  async close(): Promise<void> {
    const { jobs } = this.#parts;
    if (jobs.hasSession) await this.#quietly('call bq.abort_session()');
    jobs.leaveSession();
    if (this.#made.length > 0) await this.#quietly(this.#made.map((one) => `drop table if exists ${one}`).join('; '));
  }

  /** The dataset for staging, which dlt has too. */
  async #place(): Promise<string> {
    const place = `${this.#parts.dataset}_staging`;
    if (!this.#hasPlace) await this.execute(fragment(this.#dialect.createDataset(place)));
    this.#hasPlace = true;
    return place;
  }

  async #quietly(sql: string): Promise<void> {
    await this.#parts.jobs.change(sql, []).catch(() => undefined);
  }
}
