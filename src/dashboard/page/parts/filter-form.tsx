import { useState } from 'preact/hooks';
import type { RowsView } from '../../data-view.ts';
import { goTo, hrefOf } from '../place.ts';
import { withFilters } from './data-place.ts';

/** Conditions on rows, one after the other; what they are in SQL stands below. */
export function FilterForm({ data, query }: { readonly data: RowsView; readonly query: URLSearchParams }) {
  const { filters, operators, answer } = data;
  const names = answer?.columns.map(({ name }) => name) ?? [];
  const [column, setColumn] = useState(names[0] ?? '');
  const [operator, setOperator] = useState('=');
  const [value, setValue] = useState('');
  const add = (event: Event) => {
    event.preventDefault();
    goTo(hrefOf('data', withFilters(query, [...filters, { column, operator, value }])));
    setValue('');
  };
  return (
    <>
      {filters.length > 0 && (
        <ul class="filters" aria-label="Conditions">
          {filters.map((filter, index) => (
            <li key={JSON.stringify(filter)}>
              <code>{`${filter.column} ${filter.operator} ${filter.value}`}</code>
              <button
                type="button"
                aria-label={`Remove the condition on ${filter.column}`}
                onClick={() => goTo(hrefOf('data', withFilters(query, filters.toSpliced(index, 1))))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <form class="filter" onSubmit={add}>
        <label>
          <span class="hidden">Column</span>
          <select value={column} onChange={({ currentTarget }) => setColumn(currentTarget.value)}>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          <span class="hidden">Comparison</span>
          <select value={operator} onChange={({ currentTarget }) => setOperator(currentTarget.value)}>
            {operators.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {!operator.startsWith('is ') && (
          <label>
            <span class="hidden">Value</span>
            <input value={value} placeholder="value" onInput={({ currentTarget }) => setValue(currentTarget.value)} />
          </label>
        )}
        <button type="submit">Filter</button>
      </form>
    </>
  );
}
