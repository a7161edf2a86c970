import type { ComponentChildren } from 'preact';
import type { LimitedAnswer } from '../../../inspection/live-query.ts';
import type { RowsView } from '../../data-view.ts';
import { saved } from '../saved.ts';
import { counted, many } from '../words.ts';
import { withValues } from './data-place.ts';
import { DataTable } from './data-table.tsx';
import { Link } from './link.tsx';

interface ResultTableProps {
  readonly data: RowsView;
  readonly answer: LimitedAnswer;
  readonly query: URLSearchParams;
}

/** Rows that were answered; each leads to what hangs on it. */
export function ResultTable({ data, answer, query }: ResultTableProps) {
  const { table, tables, offset, most } = data;
  const { columns, rows, cut, shortened } = answer;
  const listed = tables?.find(({ name }) => name === table);
  const children = tables?.filter(({ parent }) => table !== null && parent === table) ?? [];
  const idOf = columns.findIndex(({ name }) => name === '_dlt_id');
  const isPage = table !== null && saved === undefined;
  const hasMore = rows.length === most || cut !== null;
  const linkOf = (name: string, text: string): ComponentChildren => {
    if (name === '_dlt_parent_id' && listed?.parent != null && saved === undefined)
      return (
        <Link view="data" query={{ table: listed.parent, where: JSON.stringify(['_dlt_id', '=', text]) }}>
          {text}
        </Link>
      );
    return text;
  };
  return (
    <>
      <DataTable
        caption={captionOf(answer, isPage ? offset : 0, listed?.rows ?? null)}
        columns={[
          ...columns.map(({ name, type }, index) => ({
            name,
            heading: isPage ? <SortLink name={name} data={data} query={query} /> : undefined,
            isNumber: isNumber(type),
            cell: (row: readonly string[]) => <Cell json={row[index] ?? 'null'} show={(text) => linkOf(name, text)} />,
          })),
          ...(isPage && idOf >= 0 ? children : []).map(({ name }) => ({
            name: `→ ${name}`,
            cell: (row: readonly string[]) => (
              <Link
                view="data"
                query={{ table: name, where: JSON.stringify(['_dlt_parent_id', '=', JSON.parse(row[idOf] ?? '""')]) }}
              >
                rows
              </Link>
            ),
          })),
        ]}
        rows={rows}
        keyOf={(_, index) => String(index)}
      />
      {shortened > 0 && (
        <p class="muted">{many(shortened, 'long value')} ends with … here; a download has all of it.</p>
      )}
      {isPage && (offset > 0 || hasMore) && (
        <p class="choices">
          {offset > 0 && (
            <Link view="data" query={withValues(query, { offset: offset > most ? String(offset - most) : '' })}>
              ← previous {most}
            </Link>
          )}
          {hasMore && (
            <Link view="data" query={withValues(query, { table: table ?? '', offset: String(offset + rows.length) })}>
              next {most} →
            </Link>
          )}
        </p>
      )}
    </>
  );
}

// --- internal ---

function SortLink({
  name,
  data: { order, table },
  query,
}: { readonly name: string } & Pick<ResultTableProps, 'data' | 'query'>) {
  const isThis = order?.column === name;
  const next = isThis && order?.isDescending === false ? `-${name}` : name;
  return (
    <Link view="data" query={withValues(query, { table: table ?? '', order: next, offset: '' })}>
      {name}
      {isThis && <span>{order?.isDescending ? ' ↓' : ' ↑'}</span>}
    </Link>
  );
}

/** Numbers keep their digits: they are never read as such. */
function Cell({ json, show }: { readonly json: string; readonly show: (text: string) => ComponentChildren }) {
  if (json === 'null') return <span class="null">null</span>;
  const text = json.startsWith('"') ? String(JSON.parse(json)) : json;
  if (text.length <= SHORT) return <>{show(text)}</>;
  return (
    <details class="cell">
      <summary>{text.slice(0, SHORT)}…</summary>
      <p>{text}</p>
    </details>
  );
}

/** Characters that a cell shows at once. */
const SHORT = 80;

function captionOf({ rows, cut }: LimitedAnswer, offset: number, all: number | null): string {
  if (rows.length === 0) return offset > 0 ? 'No more rows' : 'No rows';
  const shown =
    offset > 0 ? `Rows ${counted(offset + 1)} to ${counted(offset + rows.length)}` : many(rows.length, 'row');
  const of = all === null || offset + rows.length >= all ? '' : ` of a table with ${counted(all)}`;
  return `${shown}${of}${cut === 'bytes' ? '; more would be too much for a page' : cut === 'rows' ? '; there are more' : ''}`;
}

function isNumber(type: string): boolean {
  return /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|REAL|NUMERIC|DECIMAL.*)$/i.test(type);
}
