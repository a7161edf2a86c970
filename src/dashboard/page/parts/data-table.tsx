import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly name: string;
  /** Instead of its name. */
  readonly heading?: ComponentChildren;
  readonly cell: (row: Row) => ComponentChildren;
  /** Aligned by its last digit. */
  readonly isNumber?: boolean;
  /** It may take several lines. */
  readonly isLong?: boolean;
  /** It names the row. */
  readonly isHead?: boolean;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, index: number) => string;
}

/** Wide ones scroll within themselves, also by the keyboard. */
export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="scrolls" aria-label={caption} tabIndex={0}>
      <table>
        <caption>
          <span>{caption}</span>
        </caption>
        <thead>
          <tr>
            {columns.map(({ name, heading, isNumber }) => (
              <th key={name} scope="col" class={isNumber ? 'number' : undefined}>
                {heading ?? name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map(({ name, cell, isNumber, isLong, isHead }) =>
                isHead ? (
                  <th key={name} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={name} class={isNumber ? 'number' : isLong ? 'long' : undefined}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
