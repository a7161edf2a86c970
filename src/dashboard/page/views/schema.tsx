import type { DescribedColumn, DescribedTable } from '../../../inspection/listed-tables.ts';
import type { StoredChange } from '../../../load/stored-dataset.ts';
import type { SchemaView } from '../../schema-view.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Diagram } from '../parts/diagram.tsx';
import { Link } from '../parts/link.tsx';
import { Badge, Command, Empty, Time } from '../parts/small-parts.tsx';
import { TableTree } from '../parts/table-tree.tsx';
import { many } from '../words.ts';

export function SchemaPage({ data: { tables, table, changes, isCut, diagram } }: { readonly data: SchemaView }) {
  if (tables === null) {
    return (
      <Empty title="No table yet">
        <p>Tables and columns follow from what the first run brings.</p>
        <Command>dezgo-elt run</Command>
      </Empty>
    );
  }
  return (
    <>
      <div class="beside">
        <TableTree view="schema" tables={tables} current={table?.name ?? null} />
        {table !== null && <Described table={table} />}
      </div>
      {diagram.tables.length > 0 && (
        <section>
          <h2>Diagram</h2>
          <Diagram schema={diagram} />
        </section>
      )}
      <section>
        <h2>What changed</h2>
        {changes.length === 0 ? (
          <p class="muted">Nothing since the first load.</p>
        ) : (
          <DataTable
            caption={isCut ? `The newest ${changes.length} changes` : 'All changes, the newest load first'}
            columns={changeColumns}
            rows={changes}
            keyOf={(_, index) => String(index)}
          />
        )}
      </section>
    </>
  );
}

// --- internal ---

function Described({ table: { name, comment, columns, rows, resource, parent } }: { readonly table: DescribedTable }) {
  return (
    <section>
      <h2>{name}</h2>
      {comment !== null && <p>{comment}</p>}
      <p class="muted">
        {rows === null ? many(columns.length, 'column') : `${many(rows, 'row')}, ${many(columns.length, 'column')}`}
        {resource !== null && `, of the resource ${resource}`}
        {parent !== null && `, lists of ${parent}`} ·{' '}
        <Link view="data" query={{ table: name }}>
          rows
        </Link>
      </p>
      <DataTable
        caption={`Columns of ${name}`}
        columns={columnColumns}
        rows={columns}
        keyOf={(column) => column.name}
      />
    </section>
  );
}

const columnColumns: readonly Column<DescribedColumn>[] = [
  {
    name: 'Column',
    isHead: true,
    cell: ({ name, isPrimaryKey }) => (
      <>
        <code>{name}</code> {isPrimaryKey && <span class="tag">key</span>}
      </>
    ),
  },
  { name: 'Type', cell: ({ type, nullable }) => <code class="muted">{`${type}${nullable ? '' : ' NOT NULL'}`}</code> },
  {
    name: 'Nulls',
    isNumber: true,
    cell: ({ nullShare }) =>
      nullShare === null ? (
        '–'
      ) : (
        <span class="share">
          <meter value={nullShare} aria-label="share of nulls" /> {percent(nullShare)}
        </span>
      ),
  },
  { name: 'Comment', isLong: true, cell: ({ comment }) => comment ?? '' },
];

function percent(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  return `${share > 0.99 && share < 1 ? 99 : Math.round(share * 100)} %`;
}

const changeColumns: readonly Column<StoredChange>[] = [
  { name: 'When', isHead: true, cell: ({ changedAt }) => <Time at={changedAt} /> },
  { name: 'Change', cell: ({ change }) => <Badge tone="calm">{change.replaceAll('_', ' ')}</Badge> },
  { name: 'Table', cell: ({ table }) => table },
  { name: 'Column', cell: ({ column }) => (column === null ? '–' : <code>{column}</code>) },
  {
    name: 'Type',
    cell: ({ oldType, newType }) => <code>{[oldType, newType].filter((type) => type !== null).join(' → ')}</code>,
  },
  {
    name: 'First value',
    isLong: true,
    cell: ({ firstValue }) => (firstValue === null ? '' : <code>{firstValue}</code>),
  },
];
