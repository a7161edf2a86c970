import type { DatasetDifference, TableDifference } from '../load/table-difference.ts';
import { count } from '../text/count.ts';
import { plainText } from '../text/plain-text.ts';
import { printable } from '../text/printable.ts';
import type { ShownRow } from '../trace.ts';

const MOST_CHARACTERS = 300;

/** A block a table that differs: how many rows, then some of them, `+` added, `-` removed, `~` changed. */
export function diffText({ before, after, tables, tablesAdded, tablesRemoved, same }: DatasetDifference): string {
  const heads = [
    `From ${plainText(before)}`,
    `to   ${plainText(after)}`,
    ...(tablesAdded.length === 0 ? [] : [`New tables: ${tablesAdded.join(', ')}`]),
    ...(tablesRemoved.length === 0 ? [] : [`Tables that are gone: ${tablesRemoved.join(', ')}`]),
  ];
  const isNothing = tables.length + tablesAdded.length + tablesRemoved.length === 0;
  const end = isNothing ? 'No differences.' : `${count(same, 'table')} without differences.`;
  return [heads.join('\n'), ...tables.map(tableText), end].join('\n\n');
}

// --- internal ---

function tableText(table: TableDifference): string {
  const { name, key, rowsBefore, rowsAfter, added, removed, changed, changedColumns, sample } = table;
  const by = key.length === 0 ? 'by whole rows' : `by ${key.join(', ')}`;
  const columns = [
    ...Object.entries(changedColumns).map(([column, rows]) => `${column} (${rows})`),
    ...table.columnsAdded.map((column) => `+${column}`),
    ...table.columnsRemoved.map((column) => `-${column}`),
  ];
  return [
    `${plainText(name)}: ${added} added, ${removed} removed, ${changed} changed ${by} (${rowsBefore} → ${count(rowsAfter, 'row')})`,
    ...(columns.length === 0 ? [] : [`  columns: ${plainText(columns.join(', '))}`]),
    ...sample.added.map((row) => `  + ${rowText(row)}`),
    ...sample.removed.map((row) => `  - ${rowText(row)}`),
    ...sample.changed.map((one) => `  ~ ${rowText(one.key)} ${rowText(one.before)} → ${rowText(one.after)}`),
  ].join('\n');
}

function rowText(row: ShownRow): string {
  return printable(JSON.stringify(row), MOST_CHARACTERS);
}
