import type { ListedTable } from '../../../inspection/listed-tables.ts';
import type { RowsView } from '../../data-view.ts';
import { FilterForm } from '../parts/filter-form.tsx';
import { Link } from '../parts/link.tsx';
import { ResultTable } from '../parts/result-table.tsx';
import { Command, Empty } from '../parts/small-parts.tsx';
import { Downloads, SqlBox } from '../parts/sql-box.tsx';
import { TableTree } from '../parts/table-tree.tsx';
import { saved } from '../saved.ts';
import { counted } from '../words.ts';

export function DataPage({ data, query }: { readonly data: RowsView; readonly query: URLSearchParams }) {
  const { tables, table, sql, answer } = data;
  if (tables === null) {
    return (
      <Empty title="No rows yet">
        <p>The first run brings them.</p>
        <Command>dezgo-elt run</Command>
      </Empty>
    );
  }
  const chosen = tables.find(({ name }) => name === table);
  return (
    <div class="beside">
      <TableTree view="data" tables={tables} current={table} />
      <section>
        <h2>{table ?? 'SQL'}</h2>
        {chosen !== undefined && chosen.comment !== null && <p>{chosen.comment}</p>}
        {chosen !== undefined && <Nested table={chosen} tables={tables} />}
        {saved === undefined && table !== null && <FilterForm data={data} query={query} />}
        <SqlBox key={sql} sql={sql} />
        {answer !== null && (
          <>
            <ResultTable data={data} answer={answer} query={query} />
            {saved === undefined && <Downloads sql={sql} />}
          </>
        )}
      </section>
    </div>
  );
}

// --- internal ---

function Nested({ table, tables }: { readonly table: ListedTable; readonly tables: readonly ListedTable[] }) {
  const children = tables.filter(({ parent }) => parent === table.name);
  if (children.length === 0 && table.parent === null) return null;
  return (
    <p class="muted">
      {table.parent !== null && (
        <>
          Lists of{' '}
          <Link view="data" query={{ table: table.parent }}>
            {table.parent}
          </Link>
          .{' '}
        </>
      )}
      {children.length > 0 && 'Its lists: '}
      {children.map(({ name, rows }, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <Link view="data" query={{ table: name }}>
            {name}
          </Link>{' '}
          {rows !== null && counted(rows)}
        </span>
      ))}
    </p>
  );
}
