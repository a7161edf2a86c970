import { type Asker, StatementFailed } from '../../../load/asker.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { whileStaged } from '../staged-file.ts';
import type { ServerRow, ServerValue, StagedRows, Transport } from '../warehouse-transport.ts';
import { DatabricksAsker } from './databricks-asker.ts';
import { databricksError, statementError } from './databricks-errors.ts';
import { databricksRelations } from './databricks-relations.ts';
import type { DatabricksRow } from './databricks-sdk.ts';
import type { DatabricksSession } from './databricks-session.ts';
import { AT_ONCE } from './databricks-session.ts';
import type { DatabricksVolume } from './databricks-volume.ts';

export interface DatabricksTransportParts {
  readonly session: DatabricksSession;
  readonly volume: DatabricksVolume;
  /** Where rows lie as Parquet before they are sent. */
  readonly folder: string;
  /** Names the files: those of an attempt that was killed are overwritten, and deleted, by the next one. '': nothing is loaded. */
  readonly loadId: string;
  readonly dataset: string;
}

/** Of a query, in one column: so every value has its whole text, whatever the driver makes of types. */
const ROW =
  "to_json(struct(*), map('timestampFormat', \"yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX\", 'ignoreNullFields', 'false'))";

/** A session that loads. Rows go as Parquet into a volume, and statements read them there. */
export class DatabricksTransport implements Transport {
  readonly asker: Asker;
  readonly atOnce = AT_ONCE;
  readonly #parts: DatabricksTransportParts;
  /** How many were sent. */
  #files = 0;
  /** Rows of what was staged, by its relation. */
  readonly #staged = new Map<string, number>();

  constructor(parts: DatabricksTransportParts) {
    this.#parts = parts;
    this.asker = new DatabricksAsker(parts.session, parts.dataset);
  }

  async rows({ sql, values }: Fragment): Promise<readonly ServerRow[]> {
    if (!/^\s*(?:select|with)\b/i.test(sql)) return (await this.#run(fragment(sql, ...values))).map(lowerCased);
    const found = await this.#run(fragment(`select ${ROW} as found from (${sql}) as answer`, ...values));
    return found.map(({ found: text }) => lowerCased(JSON.parse(String(text))));
  }

  async catalogue(dataset: string): Promise<readonly ServerRow[]> {
    const relations = await this.#told(() => databricksRelations(this.#parts.session, dataset));
    return relations
      .filter(({ isView }) => !isView)
      .flatMap(({ name, comment, columns }) =>
        columns.map((column) => ({
          ...{ table_name: name, table_comment: comment, column_name: column.name, data_type: column.native },
          ...{
            is_nullable: column.nullable,
            column_default: null,
            is_generated: false,
            column_comment: column.comment,
          },
        })),
      );
  }

  async relations(dataset: string): Promise<readonly ServerRow[]> {
    const relations = await this.#told(() => databricksRelations(this.#parts.session, dataset));
    return relations.map(({ name, comment, isView }) => ({ name, comment, is_view: isView }));
  }

  async execute(statement: Fragment): Promise<number> {
    const [answer] = await this.#run(statement);
    const changed = answer?.num_affected_rows;
    if (changed !== undefined) return Number(changed) < 0 ? this.#emptied(statement.sql) : Number(changed);
    const [whole] = [...this.#staged].filter(([relation]) => statement.sql.endsWith(` from ${relation} as s`));
    if (whole !== undefined) return whole[1];
    const [, relation] = /^insert into (\S+) \([^)]*\) select/.exec(statement.sql) ?? [];
    return relation === undefined ? 0 : this.#inserted(relation);
  }

  /** A file of a volume is a relation. */
  async stage(staged: StagedRows): Promise<string> {
    const { volume, folder } = this.#parts;
    if (this.#files === 0 && volume.creation !== undefined) await this.#run(fragment(volume.creation));
    this.#files += 1;
    const name = this.#fileName(this.#files);
    return whileStaged(staged, 'parquet', folder, async ({ path, rows }) => {
      const relation = `parquet.\`${await volume.put(name, path)}\``;
      this.#staged.set(relation, rows);
      return relation;
    });
  }

  /** Each statement is done at once: that all or none is done holds of one. */
  async attempt(statements: readonly string[]): Promise<string | undefined> {
    const { session } = this.#parts;
    try {
      await this.asker.rows('show views'); // from here on, names are looked up in the dataset
      for (const sql of statements) await session.run(fragment(sql));
      return undefined;
    } catch (error) {
      const told = statementError(error, session.location);
      if (!(told instanceof StatementFailed)) throw told;
      return told.message;
    }
  }

  /** There are no transactions. */
  async begin(): Promise<void> {}
  async commit(): Promise<void> {}
  async rollback(): Promise<void> {}

  async close(): Promise<void> {
    if (this.#parts.loadId !== '') await this.#removeFiles().catch(() => undefined); // they stay
    await this.#parts.session.end();
  }

  /** Those of an attempt that was killed, too, which may have sent more. The last one first, so that none is left behind a gap. */
  async #removeFiles(): Promise<void> {
    const { volume } = this.#parts;
    while (await volume.has(this.#fileName(this.#files + 1))) this.#files += 1;
    for (; this.#files > 0; this.#files -= 1) await volume.delete(this.#fileName(this.#files));
  }

  #fileName(number: number): string {
    const { dataset, loadId } = this.#parts;
    return `${dataset}_${loadId}_${number}.parquet`;
  }

  /** A table without statistics is emptied without being read: -1 is said, and the version before knows. */
  async #emptied(sql: string): Promise<number> {
    const [, relation] = /^\s*delete from (\S+)/.exec(sql) ?? [];
    const [last] = relation === undefined ? [] : await this.#run(fragment(`describe history ${relation} limit 1`));
    const before = Number(last?.version) - 1;
    if (!Number.isInteger(before) || before < 0) return 0;
    const [found] = await this.#run(fragment(`select count(*) as rows from ${relation} version as of ${before}`));
    return Number(found?.rows ?? 0);
  }

  /** Where the answer to an insert does not say how many rows it wrote, the history of the table does. */
  async #inserted(relation: string): Promise<number> {
    const [last] = await this.#run(fragment(`describe history ${relation} limit 1`));
    const metrics: unknown =
      typeof last?.operationMetrics === 'string' ? JSON.parse(last.operationMetrics) : last?.operationMetrics;
    return typeof metrics === 'object' && metrics !== null && 'numOutputRows' in metrics
      ? Number(metrics.numOutputRows)
      : 0;
  }

  #run(statement: Fragment): Promise<readonly DatabricksRow[]> {
    return this.#told(() => this.#parts.session.run(statement));
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw databricksError(error, this.#parts.session.location);
    }
  }
}

// --- internal ---

function lowerCased(row: DatabricksRow): ServerRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), serverValue(value)]));
}

function serverValue(value: unknown): ServerValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  return value === null || value === undefined ? null : String(value);
}
