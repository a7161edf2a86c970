import type { ListedTable } from '../../../inspection/listed-tables.ts';
import type { ViewName } from '../../views.ts';
import { saved } from '../saved.ts';
import { counted } from '../words.ts';
import { Link } from './link.tsx';

interface TableTreeProps {
  readonly view: ViewName;
  readonly tables: readonly ListedTable[];
  readonly current: string | null;
}

/** Tables, each with those that hold its lists below it; those of the books by themselves. */
export function TableTree({ view, tables, current }: TableTreeProps) {
  const own = tables.filter(({ isBook }) => !isBook);
  const books = tables.filter(({ isBook }) => isBook && saved === undefined);
  const isRoot = ({ parent }: ListedTable) => parent === null || !tables.some(({ name }) => name === parent);
  const branch = (table: ListedTable) => {
    const below = own.filter(({ parent }) => parent === table.name);
    return (
      <li key={table.name}>
        <Link view={view} query={{ table: table.name }} current={table.name === current}>
          {table.name}
        </Link>
        {table.rows !== null && <span class="muted count">{counted(table.rows)}</span>}
        {below.length > 0 && <ul>{below.map(branch)}</ul>}
      </li>
    );
  };
  return (
    <nav class="tree" aria-label="Tables">
      <ul>{own.filter(isRoot).map(branch)}</ul>
      {books.length > 0 && (
        <details open={books.some(({ name }) => name === current)}>
          <summary>Bookkeeping</summary>
          <ul>{books.map(branch)}</ul>
        </details>
      )}
    </nav>
  );
}
