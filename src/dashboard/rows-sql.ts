import type { SqlWords } from '../duckdb/quote.ts';

/** What rows of a table have to be. */
export interface RowFilter {
  readonly column: string;
  readonly operator: string;
  readonly value: string;
}

/** Which rows of which table. */
export interface RowsAsked {
  readonly table: string;
  readonly filters: readonly RowFilter[];
  readonly order: { readonly column: string; readonly isDescending: boolean } | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** As they stand in an address: `where=["price",">","3"]`, again for each. What is none is left out. */
export function rowFilters(query: URLSearchParams): RowFilter[] {
  return query.getAll('where').flatMap((text) => {
    const [column, operator, value = ''] = partsOf(text);
    return column === undefined || operator === undefined || !Object.hasOwn(conditions, operator)
      ? []
      : [{ column, operator, value }];
  });
}

/** The statement as it is shown and as it is asked. */
export function rowsSql({ table, filters, order, limit, offset }: RowsAsked, words: SqlWords): string {
  const wheres = filters.map((filter) => conditionSql(filter, words));
  return [
    `select * from ${words.identifier(table)}`,
    ...(wheres.length === 0 ? [] : [`where ${wheres.join('\n  and ')}`]),
    ...(order === undefined ? [] : [`order by ${words.identifier(order.column)}${order.isDescending ? ' desc' : ''}`]),
    `limit ${limit}${offset === 0 ? '' : ` offset ${offset}`}`,
  ].join('\n');
}

// --- internal ---

/** Of SQL. */
type Condition = (column: string, value: string) => string;

const compared =
  (operator: string): Condition =>
  (column, value) =>
    `${column} ${operator} ${value}`;

const conditions: Readonly<Record<string, Condition>> = {
  '=': compared('='),
  '<>': compared('<>'),
  '<': compared('<'),
  '<=': compared('<='),
  '>': compared('>'),
  '>=': compared('>='),
  contains: (column, value) => `position(lower(${value}) in lower(cast(${column} as varchar))) > 0`,
  'is null': (column) => `${column} is null`,
  'is not null': (column) => `${column} is not null`,
};

export const operators: readonly string[] = Object.keys(conditions);

function conditionSql({ column, operator, value }: RowFilter, { identifier, literal }: SqlWords): string {
  return conditions[operator]?.(identifier(column), literal(value)) ?? 'true';
}

function partsOf(text: string): (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    return [];
  }
}
