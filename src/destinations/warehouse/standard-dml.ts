import { fragment } from '../../load/staging/sql-fragment.ts';
import type { Dialect, Merge } from './dialect.ts';

type Identifier = Dialect['identifier'];

/** Statements as standard SQL has them, for engines that keep to it. */
export function standardDml(identifier: Identifier): Pick<Dialect, 'deleteIn' | 'setIn' | 'merge'> {
  return {
    deleteIn: (relation, column, ids) =>
      fragment(`delete from ${relation} where ${identifier(column)} in (${ids.sql})`, ...ids.values),
    setIn: (relation, { column, value }, { column: chosen, ids, and = fragment('1 = 1') }) =>
      fragment(
        `update ${relation} set ${identifier(column)} = ${value.sql} where ${identifier(chosen)} in (${ids.sql}) and ${and.sql}`,
        ...value.values,
        ...ids.values,
        ...and.values,
      ),
    merge: (merge) => {
      const { target, source, columns, value } = merge;
      const names = columns.map(identifier);
      const set = columns.map((column) => `${identifier(column)} = ${value(column)}`);
      return fragment(
        `merge into ${target} as d using ${source} as s on ${sameKeys(identifier, merge)}
         when matched then update set ${set.join(', ')}
         when not matched then insert (${names.join(', ')}) values (${columns.map(value).join(', ')})`,
      );
    },
  };
}

/** SQL of whether row `d` has the values of the staged row `s` in the columns `on`, as the table takes them. */
export function sameKeys(identifier: Identifier, { on, value }: Pick<Merge, 'on' | 'value'>): string {
  return on.map((name) => `d.${identifier(name)} = ${value(name)}`).join(' and ');
}
