import { PipelineError } from '../errors.ts';
import { Query } from './dataset-query.ts';
import type { Answering, Parameters } from './question.ts';

type Name<Row> = keyof Row & string;

/** What a column has to be: a value, null, or one of several values. */
export type Wanted<Row> = { readonly [Column in Name<Row>]?: Row[Column] | readonly Row[Column][] | null };

interface Condition {
  readonly sql: (quoted: (name: string) => string) => string;
  readonly values: Parameters;
}

interface Asked {
  readonly table: string;
  readonly columns: readonly string[];
  readonly conditions: readonly Condition[];
  readonly order: readonly { readonly column: string; readonly direction: 'asc' | 'desc' }[];
  readonly limit: number | undefined;
}

/**
 * Rows of one table. Each method gives a new query, and leaves this one as it is.
 *
 * @example
 * await models.table('models').select('id', 'name').where({ family: ['sdxl', 'flux'] }).orderBy('name').limit(10).rows()
 */
export class TableQuery<Row, Shown = Row> extends Query<Shown> {
  readonly #answering: Answering;
  readonly #asked: Asked;

  private constructor(answering: Answering, asked: Asked) {
    super(answering);
    this.#answering = answering;
    this.#asked = asked;
  }

  static of<Row>(answering: Answering, table: string): TableQuery<Row> {
    return new TableQuery(answering, { table, columns: [], conditions: [], order: [], limit: undefined });
  }

  /** These columns only. */
  select<Column extends Name<Row>>(...columns: readonly Column[]): TableQuery<Row, Pick<Row, Column>> {
    return new TableQuery(this.#answering, { ...this.#asked, columns });
  }

  /**
   * Rows that meet this condition and those before it: values that columns have, or SQL with a `?` for each value.
   *
   * @example
   * .where({ family: 'sdxl', _elt_deleted_at: null }).where('price < ? or price is null', ['0.5'])
   */
  where(condition: string, values?: Parameters): TableQuery<Row, Shown>;
  where(wanted: Wanted<Row>): TableQuery<Row, Shown>;
  where(condition: string | Wanted<Row>, values: Parameters = []): TableQuery<Row, Shown> {
    const added =
      typeof condition === 'string'
        ? [{ sql: () => `(${condition}\n)`, values }]
        : Object.entries(condition).map(([column, wanted]) => isWanted(column, wanted));
    return this.#with({ conditions: [...this.#asked.conditions, ...added] });
  }

  /** By this column, and by those that were named before it first. */
  orderBy(column: Name<Row>, direction: 'asc' | 'desc' = 'asc'): TableQuery<Row, Shown> {
    return this.#with({ order: [...this.#asked.order, { column, direction }] });
  }

  /** So many rows at most. Throws UsageInvalid for what is no whole number from 0 on. */
  limit(rows: number): TableQuery<Row, Shown> {
    if (Number.isSafeInteger(rows) && rows >= 0) return this.#with({ limit: rows });
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `\`limit(${rows})\` is no number of rows.`,
      hint: 'Give a whole number from 0 on.',
    });
  }

  protected parts(quoted: (name: string) => string) {
    const { table, columns, conditions, order, limit } = this.#asked;
    const sql = [
      `select ${columns.length === 0 ? '*' : columns.map(quoted).join(', ')} from ${quoted(table)}`,
      ...(conditions.length === 0
        ? []
        : [`where ${conditions.map((condition) => condition.sql(quoted)).join(' and ')}`]),
      ...(order.length === 0
        ? []
        : [
            `order by ${order.map(({ column, direction }) => `${quoted(column)} ${direction === 'desc' ? 'desc' : 'asc'}`).join(', ')}`,
          ]),
      ...(limit === undefined ? [] : [`limit ${limit}`]),
    ];
    return { sql: sql.join('\n'), values: conditions.flatMap(({ values }) => values) };
  }

  #with(change: Partial<Asked>): TableQuery<Row, Shown> {
    return new TableQuery<Row, Shown>(this.#answering, { ...this.#asked, ...change });
  }
}

// --- internal ---

function isWanted(column: string, wanted: unknown): Condition {
  if (wanted === null || wanted === undefined) return { sql: (quoted) => `${quoted(column)} is null`, values: [] };
  if (!Array.isArray(wanted)) return { sql: (quoted) => `${quoted(column)} = ?`, values: [wanted] };
  const values: Parameters = wanted.filter((value) => value !== null && value !== undefined);
  const isOneOf = (name: string) =>
    values.length === 0 ? 'false' : `${name} in (${values.map(() => '?').join(', ')})`;
  const mayBeNull = values.length < wanted.length;
  return {
    sql: (quoted) =>
      mayBeNull ? `(${isOneOf(quoted(column))} or ${quoted(column)} is null)` : isOneOf(quoted(column)),
    values,
  };
}
