import type { RowFilter } from '../../rows-sql.ts';

/** What an address of the rows has, without where in them it is. */
export function withFilters(query: URLSearchParams, filters: readonly RowFilter[]): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete('where');
  next.delete('offset');
  for (const { column, operator, value } of filters) next.append('where', JSON.stringify([column, operator, value]));
  return next;
}

/** The same with other values; an empty one goes away. */
export function withValues(query: URLSearchParams, values: Readonly<Record<string, string>>): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}
