import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Row } from '../duckdb/connection.ts';
import { limited } from '../duckdb/interrupt.ts';
import { soleStatement } from '../duckdb/sole-statement.ts';
import type { Catalogue } from '../load/catalogue.ts';
import { type Fragment, fragment } from '../load/staging/sql-fragment.ts';
import { count } from '../text/count.ts';
import type { ExpectationTrace } from '../trace.ts';
import { ageOf } from './age.ts';
import type { AskedDataset } from './asked-dataset.ts';
import { type Check, type Expectation, expectationsOf, limitText } from './expectation.ts';
import { askingFailed, notMet } from './expectation-errors.ts';
import { failingRows } from './failing-rows.ts';
import { shownRow } from './shown-row.ts';
import { type TableFacts, tableFacts } from './table-facts.ts';

/** Rows of a sample. */
const MOST_SHOWN = 5;
/** Milliseconds that one expectation may take. */
const TIME_LIMIT = 300_000;

/** What was found, and of what it can be seen. */
interface Finding {
  /** Undefined: it holds. */
  readonly message?: string;
  /** Rows, or groups of rows, that it does not hold for; null where it is not about single rows. */
  readonly failing?: number | null;
  readonly sample?: readonly Row[];
}

interface Asked {
  readonly target: AskedDataset;
  readonly catalogue: Catalogue;
  readonly expectation: Expectation;
}

/** What the configuration expects of a load, asked in its transaction: with its rows, before anybody else sees them. */
export class LoadExpectations {
  readonly #expectations: readonly Expectation[];
  readonly #now: () => number;
  /** Rows that tables had before, for those that must not lose many. */
  #before: ReadonlyMap<string, number> = new Map();
  #results: ExpectationTrace[] = [];

  /** @param now milliseconds since 1970 */
  constructor(config: Pick<PipelineConfig, 'pipeline' | 'source'>, now: () => number) {
    this.#expectations = expectationsOf(config);
    this.#now = now;
  }

  /** Of the last load that was asked about; each once. */
  takeResults(): readonly ExpectationTrace[] {
    return this.#results.splice(0);
  }

  /** Before anything is written. */
  async before(target: AskedDataset, catalogue: Catalogue): Promise<void> {
    this.#results = [];
    const before = new Map<string, number>();
    for (const expectation of this.#expectations) {
      const { check, table = '' } = expectation;
      if (check.kind === 'max_drop')
        before.set(table, await rowsOf(target, tableFacts(target, catalogue, expectation)));
    }
    this.#before = before;
  }

  /**
   * When all is written but not committed; the dataset is the search path.
   *
   * @param resources whose rows the load brought
   * @throws PipelineError ExpectationFailed (exit 7) where one of `severity: fail` does not hold; ConfigInvalid (exit 2) for one
   * that cannot be asked, whatever the rows are
   */
  async after(target: AskedDataset, catalogue: Catalogue, resources: ReadonlySet<string>): Promise<void> {
    for (const expectation of this.#expectations) {
      const { resource } = expectation;
      if (resource !== undefined && !resources.has(resource.name)) continue;
      this.#results.push(await this.#result({ target, catalogue, expectation }));
    }
    const failed = this.#results.filter(({ status }) => status === 'failed');
    if (failed.length > 0) throw notMet(failed);
  }

  async #result(asked: Asked): Promise<ExpectationTrace> {
    const { expectation, target } = asked;
    const { name, resource, table, check, severity } = expectation;
    const {
      message = null,
      failing = null,
      sample = [],
    } = await this.#inTime(asked).catch((error: unknown) => {
      throw askingFailed(error, expectation, target.dataset);
    });
    return {
      name,
      check: check.kind,
      resource: resource?.name ?? null,
      table: table ?? null,
      severity,
      status: message === null ? 'met' : severity === 'warn' ? 'warned' : 'failed',
      message,
      failing,
      sample: sample.map(shownRow),
    };
  }

  #inTime(asked: Asked): Promise<Finding> {
    return limited(asked.target.asker, TIME_LIMIT, undefined, () => this.#ask(asked));
  }

  async #ask({ target, catalogue, expectation }: Asked): Promise<Finding> {
    const { check } = expectation;
    if (check.kind === 'sql')
      return rowsFound(target, fragment(soleStatement(check.sql)), (rows) => `returned ${count(rows, 'row')}`);
    const table = tableFacts(target, catalogue, expectation);
    switch (check.kind) {
      case 'min_rows':
        return this.#fewRows(target, table, check);
      case 'max_drop':
        return this.#lostRows(target, table, check, expectation);
      case 'max_age':
        return table === undefined
          ? { message: 'there is no row' }
          : { ...(await ageOf(target, table, check, expectation, this.#now())) };
      default: {
        if (table === undefined) return {};
        const { select, told } = failingRows(check, table, expectation, target.sql);
        return rowsFound(target, select, told);
      }
    }
  }

  async #fewRows(
    target: AskedDataset,
    table: TableFacts | undefined,
    { rows }: { readonly rows: number },
  ): Promise<Finding> {
    const found = await rowsOf(target, table);
    return found >= rows ? {} : { message: `${count(found, 'row')}, expected at least ${rows}` };
  }

  async #lostRows(
    target: AskedDataset,
    table: TableFacts | undefined,
    { most }: Extract<Check, { kind: 'max_drop' }>,
    { table: name = '' }: Expectation,
  ): Promise<Finding> {
    const before = this.#before.get(name) ?? 0;
    const found = await rowsOf(target, table);
    const allowed = 'rows' in most ? most.rows : most.share * before;
    if (before - found <= allowed) return {};
    return { message: `${found} of ${count(before, 'row')} are left, expected to lose at most ${limitText(most)}` };
  }
}

// --- internal ---

async function rowsOf({ asker }: AskedDataset, table: TableFacts | undefined): Promise<number> {
  if (table === undefined) return 0;
  const row = await asker.row(`select count(*) as n from ${table.rows.sql}`, table.rows.values);
  return Number(row?.n ?? 0);
}

async function rowsFound(
  { asker }: AskedDataset,
  { sql, values }: Fragment,
  told: (rows: number) => string,
): Promise<Finding> {
  const counted = await asker.row(`select count(*) as n from (${sql}\n) as failing`, values);
  const failing = Number(counted?.n ?? 0);
  if (failing === 0) return { failing };
  const sample = await asker.rows(`select * from (${sql}\n) as failing limit ${MOST_SHOWN}`, values);
  return { message: told(failing), failing, sample };
}
