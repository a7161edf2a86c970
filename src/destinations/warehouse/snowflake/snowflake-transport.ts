import { PipelineError } from '../../../errors.ts';
import type { Asker } from '../../../load/asker.ts';
import { StatementFailed } from '../../../load/asker.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { whileStaged } from '../staged-file.ts';
import {
  ConnectionLost,
  type ServerRow,
  type ServerValue,
  type StagedRows,
  type Transport,
} from '../warehouse-transport.ts';
import { SnowflakeAsker } from './snowflake-asker.ts';
import { snowflakeDialect } from './snowflake-dialect.ts';
import { isAnswer, snowflakeError, statementError } from './snowflake-errors.ts';
import type { Answer, SnowflakeSession } from './snowflake-session.ts';

export interface SnowflakeTransportParts {
  readonly session: SnowflakeSession;
  /** Where rows lie as Parquet before they are sent. */
  readonly folder: string;
  /** The schema of temporary tables and views. */
  readonly dataset: string;
}

/** A session that loads. Rows go as Parquet: `PUT` into a temporary stage, `COPY INTO` a temporary table. */
export class SnowflakeTransport implements Transport {
  readonly asker: Asker;
  readonly #parts: SnowflakeTransportParts;
  #isInDataset = false;

  constructor(parts: SnowflakeTransportParts) {
    this.#parts = parts;
    this.asker = new SnowflakeAsker(parts.session);
  }

  async rows(query: Fragment): Promise<readonly ServerRow[]> {
    const { columns, rows } = await this.#ask(query);
    const names = columns.map((column) => column.getName().toLowerCase());
    return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, serverValue(row[at])])));
  }

  async execute(statement: Fragment): Promise<number> {
    return (await this.#ask(statement)).changed;
  }

  async stage(staged: StagedRows): Promise<string> {
    const { identifier, relation } = snowflakeDialect;
    const table = relation(this.#parts.dataset, `elt_stage_${staged.label}`);
    const stage = relation(this.#parts.dataset, `elt_files_${staged.label}`);
    await this.#enterDataset();
    const columns = staged.columns.map(({ name, type }) => `${identifier(name)} ${type}`);
    await this.execute(fragment(`create or replace temporary table ${table} (${columns.join(', ')})`));
    await this.execute(fragment(`create or replace temporary stage ${stage}`));
    await whileStaged(staged, 'parquet', this.#parts.folder, async ({ path, rows }) => {
      if (rows === 0) return;
      await this.#put(path, stage);
      await this.#copy(table, stage, rows);
    });
    return table;
  }

  /** Each commits by itself: that all or none is done holds of one statement. */
  async attempt(statements: readonly string[]): Promise<string | undefined> {
    await this.#enterDataset();
    try {
      for (const sql of statements) await this.#parts.session.run(fragment(sql));
      return undefined;
    } catch (error) {
      const told = statementError(error, this.#parts.session.location);
      if (!(told instanceof StatementFailed)) throw told;
      return told.message;
    }
  }

  async begin(): Promise<void> {
    await this.execute(fragment('begin'));
  }

  async commit(): Promise<void> {
    const { session } = this.#parts;
    try {
      await session.run(fragment('commit'));
    } catch (error) {
      const told = snowflakeError(error, session.location);
      throw isAnswer(error) ? told : new ConnectionLost(told);
    }
  }

  async rollback(): Promise<void> {
    await this.#parts.session.run(fragment('rollback')).catch(() => undefined); // the error before is the one to tell
  }

  async close(): Promise<void> {
    await this.#parts.session.end(); // what is temporary goes with it
  }

  /** Where unqualified names of somebody else's SQL are looked up. Only there once the schema is. */
  async #enterDataset(): Promise<void> {
    if (this.#isInDataset) return;
    await this.execute(fragment(`use schema ${snowflakeDialect.identifier(this.#parts.dataset)}`));
    this.#isInDataset = true;
  }

  /** A PUT that fails does not fail: it answers what became of the file. */
  async #put(path: string, stage: string): Promise<void> {
    const { location } = this.#parts.session;
    const file = path.replaceAll('\\', '/').replaceAll("'", "\\'");
    const [answer = {}] = await this.rows(fragment(`put 'file://${file}' @${stage} auto_compress = false`));
    if (answer.status === 'UPLOADED') return;
    const { message, status } = answer;
    throw notTaken(location, String(message ?? status ?? 'it does not say why'));
  }

  async #copy(table: string, stage: string, rows: number): Promise<void> {
    const format = 'type = parquet use_logical_type = true binary_as_text = false';
    const copied = await this.rows(
      fragment(`copy into ${table} from @${stage} file_format = (${format}) match_by_column_name = case_insensitive`),
    );
    const loaded = copied.reduce((sum, { rows_loaded }) => sum + Number(rows_loaded ?? 0), 0);
    if (loaded !== rows) throw notTaken(this.#parts.session.location, `${loaded} of ${rows} rows are there`);
  }

  async #ask(statement: Fragment): Promise<Answer> {
    const { session } = this.#parts;
    try {
      return await session.run(statement);
    } catch (error) {
      throw snowflakeError(error, session.location);
    }
  }
}

// --- internal ---

function serverValue(value: unknown): ServerValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  return value === null || value === undefined ? null : String(value);
}

function notTaken(location: string, why: string): PipelineError {
  return new PipelineError({
    code: 'DestinationFailed',
    message: `${location} did not take a file of the load: ${why}.`,
    hint: 'Can the storage behind the stages of the account be reached from here?',
    facts: { destination: location },
  });
}
