import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { PipelineError } from '../../../errors.ts';
import { fragment } from '../../../load/staging/sql-fragment.ts';
import { LOADS_TABLE } from '../../../schema/names.ts';
import { withoutEnd } from '../../../text/ends.ts';
import { whileStaged } from '../staged-file.ts';
import type { StagedRows } from '../warehouse-transport.ts';
import type { Guard } from '../wire/asking-in-load.ts';
import { type TransportParts, WireTransport } from '../wire/wire-transport.ts';
import { type BucketAccess, copyParquet } from './copy-parquet.ts';
import { redshiftDialect, redshiftIdentifier } from './redshift-dialect.ts';
import { isCancelled, locked, redshiftError } from './redshift-errors.ts';
import { duckdbTypeOfRedshift } from './redshift-types.ts';
import type { StagingBucket } from './staging-bucket.ts';

/** What a session needs that loads. */
export interface Loading {
  readonly bucket: Pick<StagingBucket, 'whileThere' | 'close'>;
  readonly access: BucketAccess;
  readonly dataset: string;
  readonly loadId: string;
  /** Milliseconds that another load is waited for. */
  readonly wait: number;
}

/** A session that loads, or only reads. Rows go as Parquet into a bucket, and from there by `COPY` into a temporary table. */
export class RedshiftTransport extends WireTransport {
  readonly #loading: Loading | undefined;

  constructor(parts: TransportParts, loading?: Loading) {
    super(parts, guard);
    this.#loading = loading;
  }

  async stage(staged: StagedRows): Promise<string> {
    const relation = redshiftIdentifier(`elt_${staged.label}`);
    const columns = staged.columns.map(({ name, type }) => `${redshiftIdentifier(name)} ${type}`);
    await this.execute(fragment(`create temp table ${relation} (${columns.join(', ')})`));
    await whileStaged(staged, 'snappy', this.folder, async ({ path, rows }) => {
      if (rows === 0) return;
      await requireShort(staged, path);
      await this.#copy(relation, staged.label, path);
    });
    return relation;
  }

  /** Without savepoints, what fails ends the transaction. */
  async attempt(statements: readonly string[]): Promise<undefined> {
    for (const statement of statements) await this.execute(fragment(statement));
  }

  /**
   * One load at a time: a lock that is taken before the transaction has seen anything, on a table that each load writes. Of two
   * first loads, which have none yet, one ends with a conflict.
   */
  override async begin(): Promise<void> {
    if (this.#loading === undefined) return void (await this.execute(fragment('begin read only')));
    const { dataset, wait } = this.#loading;
    const found = await this.rows(
      fragment(
        `select 1 as found from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
         where n.nspname = ? and c.relname = ?`,
        dataset.toLowerCase(),
        LOADS_TABLE,
      ),
    );
    await super.begin();
    if (found.length > 0) await this.#lock(redshiftDialect.relation(dataset, LOADS_TABLE), wait);
  }

  override async close(): Promise<void> {
    this.#loading?.bucket.close();
    await super.close();
  }

  protected override tell(error: unknown): unknown {
    return redshiftError(error, this.location);
  }

  async #lock(relation: string, wait: number): Promise<void> {
    await this.execute(fragment(`set statement_timeout to ${Math.max(1, Math.round(wait))}`));
    try {
      await this.execute(fragment(`lock table ${relation}`));
    } catch (error) {
      throw isCancelled(error)
        ? locked(this.location, 'did not give a lock in time: another load goes on.', error)
        : error;
    }
    await this.execute(fragment('reset statement_timeout'));
  }

  async #copy(relation: string, label: string, path: string): Promise<void> {
    if (this.#loading === undefined) return;
    const { bucket, access, dataset, loadId } = this.#loading;
    await bucket.whileThere(`elt_${dataset}_${loadId}_${label}.parquet`, path, (url) =>
      this.execute(fragment(copyParquet(relation, url, access))),
    );
  }
}

// --- internal ---

/** A question that is a table of a `select` changes nothing; one that fails ends the load. */
const guard: Guard = {
  before: [],
  question: (sql) => `select * from (${withoutEnd(sql, '; \t\r\n')}\n) as asked`,
  after: [],
  duckdbTypeOf: duckdbTypeOfRedshift,
};

/** Asked here, because a COPY that fails tells nothing that could be acted on. */
async function requireShort({ table, columns, connection }: StagedRows, path: string): Promise<void> {
  const limited = columns.flatMap(({ name, type }) => {
    const limit = /^character varying\((\d+)\)$/.exec(type)?.[1];
    return limit === undefined ? [] : [{ name, limit: Number(limit) }];
  });
  if (limited.length === 0) return;
  const longest = limited.map(
    ({ name }, at) => `coalesce(max(strlen(${quotedIdentifier(name)})), 0)::integer as c${at}`,
  );
  const row = await connection.row(`select ${longest.join(', ')} from read_parquet(?)`, [path]);
  for (const [at, { name, limit }] of limited.entries()) {
    const bytes = Number(row?.[`c${at}`] ?? 0);
    if (bytes > limit) throw tooLong(table, name, bytes, limit);
  }
}

function tooLong(table: string, column: string, bytes: number, limit: number): PipelineError {
  return new PipelineError({
    code: 'ContractViolated',
    message: `A value of \`${table}.${column}\` has ${bytes} bytes, and Redshift takes ${limit} in a text, and in JSON on its way.`,
    hint: 'Shorten it or leave it out in a step of the resource, or load to a destination without that limit.',
    facts: { table, column, bytes, limit },
  });
}
