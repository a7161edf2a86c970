import type { Parameters, Row } from '../../../duckdb/connection.ts';
import { type ForeignType, foreignType } from '../../../duckdb/foreign-values.ts';
import { distinctNames, type QueryColumn, type QueryRow } from '../../../duckdb/query-stream.ts';
import { type Asker, StatementFailed } from '../../../load/asker.ts';
import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import { statementError } from './databricks-errors.ts';
import { databricksIdentifier } from './databricks-names.ts';
import type { DatabricksRow } from './databricks-sdk.ts';
import type { DatabricksSession } from './databricks-session.ts';
import { duckdbTypeOfDatabricks } from './databricks-types.ts';

/** What begins a query, and what begins a statement that only tells something; the server takes one statement at a time. */
const QUERIES = /^(?:\s|\(|--[^\n]*\n|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*(?:select|with|values)\b/i;
const TELLS = /^(?:\s|\(|--[^\n]*\n|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*(?:show|describe|desc|explain)\b/i;

interface TextType extends ForeignType {
  /** SQL of a column's value as text. */
  text(column: string): string;
}

/** An answer whose values come as texts of the engine. */
export interface TextAnswer {
  readonly columns: readonly (QueryColumn & TextType)[];
  batches(): AsyncGenerator<QueryRow[]>;
}

/** Answers SQL that somebody else wrote. Every value of a query comes as text, so that none is rounded. */
export class DatabricksAsker implements Asker {
  protected readonly session: DatabricksSession;
  readonly #dataset: string;
  #isInDataset = false;

  constructor(session: DatabricksSession, dataset: string) {
    this.session = session;
    this.#dataset = dataset;
  }

  async rows(sql: string, values: Parameters = []): Promise<Row[]> {
    const { columns, batches } = await this.ask(fragment(sql, ...values));
    const rows: Row[] = [];
    for await (const batch of batches())
      for (const row of batch) rows.push(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
    return rows;
  }

  async row(sql: string, values: Parameters = []): Promise<Row | undefined> {
    return (await this.rows(sql, values))[0];
  }

  interrupt(): void {
    this.session.interrupt();
  }

  /** What columns a query has; nothing of it runs. */
  protected async described(query: Fragment): Promise<TextAnswer['columns']> {
    if (!QUERIES.test(query.sql)) throw new StatementFailed('the SQL does more than read', 'rights');
    await this.enterDataset();
    const found = await this.told(() => this.session.run(fragment(`describe query ${query.sql}`, ...query.values)));
    const names = distinctNames(found.map(({ col_name }) => String(col_name)));
    return found.map(({ data_type }, at) => ({ name: names[at] ?? '', ...typeOf(String(data_type)) }));
  }

  protected async ask(query: Fragment): Promise<TextAnswer> {
    if (TELLS.test(query.sql)) return this.#listed(query);
    const columns = await this.described(query);
    const places = columns.map((_, at) => `c${at}`);
    const texts = columns.map(({ text }, at) => `${text(`c${at}`)} as c${at}`);
    const { sql, values } = query;
    const statement = fragment(`select ${texts.join(', ')} from (${sql}\n) as answer(${places.join(', ')})`, ...values);
    return { columns, batches: () => this.#batches(statement, columns) };
  }

  /** Where names without a schema are looked up, once the dataset is there. */
  protected async enterDataset(): Promise<void> {
    if (this.#isInDataset) return;
    const statement = fragment(`use schema ${databricksIdentifier(this.#dataset)}`);
    this.#isInDataset = await this.told(() => this.session.run(statement)).then(
      () => true,
      (error: unknown) => {
        if (error instanceof StatementFailed) return false;
        throw error;
      },
    );
  }

  protected async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw statementError(error, this.session.location);
    }
  }

  async *#batches(statement: Fragment, columns: TextAnswer['columns']): AsyncGenerator<QueryRow[]> {
    const batches = this.session.batches(statement);
    try {
      for (;;) {
        const { done, value } = await this.told(() => batches.next());
        if (done === true) return;
        yield value.map((row) => columns.map(({ read }, at) => textRead(row[`c${at}`], read)));
      }
    } finally {
      await batches.return(undefined);
    }
  }

  /** Few rows, of texts. */
  async #listed(statement: Fragment): Promise<TextAnswer> {
    await this.enterDataset();
    const rows = await this.told(() => this.session.run(statement));
    const names = Object.keys(rows[0] ?? {});
    const columns = names.map((name) => ({ name, ...typeOf('string') }));
    const answer = rows.map((row: DatabricksRow) => columns.map(({ name, read }) => textRead(row[name], read)));
    return {
      columns,
      batches: async function* () {
        yield answer;
      },
    };
  }
}

// --- internal ---

function typeOf(native: string): TextType {
  if (/^(?:array|map|struct|variant)\b/.test(native))
    return { ...foreignType('JSON'), text: (column) => `to_json(${column})` };
  const text =
    native === 'binary' ? (column: string) => `hex(${column})` : (column: string) => `cast(${column} as string)`;
  return { ...foreignType(duckdbTypeOfDatabricks(native) ?? 'VARCHAR'), text };
}

function textRead(value: unknown, read: ForeignType['read']) {
  return value === null || value === undefined
    ? null
    : read(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
