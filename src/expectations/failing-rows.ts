import { type Fragment, fragment } from '../load/staging/sql-fragment.ts';
import { count } from '../text/count.ts';
import type { AskingSql } from './asked-dataset.ts';
import type { Check, Expectation } from './expectation.ts';
import { columnOf, type TableFacts } from './table-facts.ts';

/** A `select` of the rows, or groups of rows, that an expectation does not hold for, and what is said of them. */
export interface FailingRows {
  readonly select: Fragment;
  readonly told: (rows: number) => string;
}

type RowCheck = Extract<Check, { kind: 'not_null' | 'unique' | 'accepted_values' | 'matches' }>;

/** Columns of a sample; a table may have hundreds. */
const MOST_COLUMNS = 8;

/** Throws ConfigInvalid for a column that the table does not have. */
export function failingRows(check: RowCheck, table: TableFacts, expectation: Expectation, sql: AskingSql): FailingRows {
  const column = (name: string) => columnOf(table, name, expectation);
  switch (check.kind) {
    case 'not_null': {
      const names = check.columns.map((name) => column(name).name);
      const isNull = names.map((name) => `${sql.identifier(name)} is null`).join(' or ');
      return {
        select: rowsWhere(table, names, fragment(isNull), sql),
        told: (rows) => `${rowsHave(rows)} no ${inTicks(names, ' or ')}`,
      };
    }
    case 'unique': {
      const names = check.columns.map((name) => column(name).name);
      return {
        select: repeated(table, names, sql),
        told: (rows) =>
          `${count(rows, 'value')} of ${inTicks(names, ', ')} ${rows === 1 ? 'stands' : 'stand'} in more than one row`,
      };
    }
    case 'accepted_values': {
      const accepting = column(check.column);
      const { name } = accepting;
      const accepted = sql.isOneOf(sql.identifier(name), accepting, check.values.map(String));
      const select = rowsWhere(table, [name], not(accepted), sql);
      return { select, told: (rows) => `${rowsHave(rows)} another \`${name}\`` };
    }
    case 'matches': {
      const { name } = column(check.column);
      const select = rowsWhere(table, [name], not(sql.matches(sql.identifier(name), check.pattern)), sql);
      return { select, told: (rows) => `${rowsHave(rows)} a \`${name}\` without \`${check.pattern}\`` };
    }
  }
}

// --- internal ---

/** A condition that is null, of a value that is null, holds for no row. */
function rowsWhere(
  table: TableFacts,
  tested: readonly string[],
  { sql, values }: Fragment,
  { identifier }: AskingSql,
): Fragment {
  const shown = shownColumns(table, tested).map(identifier).join(', ');
  return fragment(`select ${shown} from ${table.rows.sql} where ${sql}`, ...table.rows.values, ...values);
}

function not({ sql, values }: Fragment): Fragment {
  return fragment(`not (${sql})`, ...values);
}

/** As in SQL, nulls are never the same. */
function repeated({ rows }: TableFacts, names: readonly string[], { identifier }: AskingSql): Fragment {
  const columns = names.map(identifier);
  const filled = columns.map((column) => `${column} is not null`).join(' and ');
  const all = columns.join(', ');
  return fragment(
    `select ${all}, count(*) as "rows" from ${rows.sql} where ${filled} group by ${all} having count(*) > 1`,
    ...rows.values,
  );
}

function shownColumns({ columns, key }: TableFacts, tested: readonly string[]): string[] {
  const there = columns.map(({ name }) => name);
  const keys = there.filter((name) => key.includes(name));
  const others = there.filter((name) => !name.startsWith('_dlt_'));
  return [...new Set([...keys, ...tested, ...others])].slice(0, MOST_COLUMNS);
}

function rowsHave(rows: number): string {
  return `${count(rows, 'row')} ${rows === 1 ? 'has' : 'have'}`;
}

function inTicks(names: readonly string[], separator: string): string {
  return names.map((name) => `\`${name}\``).join(separator);
}
