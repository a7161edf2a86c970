import type { Json } from '../json/json-value.ts';
import { count } from '../text/count.ts';
import { plainLines, plainText } from '../text/plain-text.ts';
import { rowTable } from './row-table.ts';

/** What a first run would make of the first records of a resource. Public as `preview --format json`: keys are only ever added. */
export interface Preview {
  readonly resource: string;
  /** `GET https://…/models → 200`, without secrets. */
  readonly requests: readonly string[];
  /** Those that became rows. */
  readonly records: number;
  /** There are no more. */
  readonly isWhole: boolean;
  /** The root table first. */
  readonly tables: readonly PreviewTable[];
  /** A `create table` for each of them. */
  readonly ddl: readonly string[];
  readonly notes: readonly string[];
}

export interface PreviewTable {
  readonly name: string;
  /** The table that it is nested in. */
  readonly parent: string | null;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  /** Of all records that were read. */
  readonly rowCount: number;
  /** The first ones. */
  readonly rows: readonly Readonly<Record<string, Json>>[];
}

/** For people. Columns that a load adds, `_dlt_…`, are in the statements alone. */
export function previewText({ resource, requests, records, isWhole, tables, ddl, notes }: Preview): string {
  const came =
    records === 0
      ? 'No records'
      : isWhole
        ? `All ${count(records, 'record')}`
        : `The first ${count(records, 'record')}`;
  const sections = [
    [`${came} of ${resource}${requests.length === 0 ? '' : ` (${count(requests.length, 'request')})`}`],
    ...tables.map(tableLines),
    ddl.map(plainLines),
    notes.length === 0 ? [] : ['Notes:', ...notes.map((note) => `  ${plainText(note)}`)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

// --- internal ---

function tableLines({ name, columns, rows, rowCount }: PreviewTable): string[] {
  const own = columns.filter((column) => !column.name.startsWith('_dlt_'));
  const more = rowCount > rows.length ? [`  and ${count(rowCount - rows.length, 'more row')}`] : [];
  return [`${plainText(name)}:`, ...rowTable({ columns: own, rows }), ...more];
}
