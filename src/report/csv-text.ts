type Cell = string | number | boolean | null;

/** Rows under a line with the names of the columns (RFC 4180): what is null is empty. Ends without a line break. */
export function csvText<Name extends string>(
  columns: readonly Name[],
  rows: readonly Readonly<Record<Name, Cell>>[],
): string {
  const lines = rows.map((row) => columns.map((name) => cellText(row[name])).join(','));
  return [columns.join(','), ...lines].join('\r\n');
}

function cellText(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
