import { normalizePath } from '../../schema/naming.ts';
import type { ConfigFile } from '../grammar/config-schema.ts';
import { checkQuery } from './check-queries.ts';
import type { CheckedParts } from './checked-parts.ts';
import { below, type Finding } from './finding.ts';

/** Views that would take the name of a table, or are no `select`. */
export function checkViews(
  { views = {} }: Pick<ConfigFile['pipeline'], 'views'>,
  resources: CheckedParts['resources'],
): Finding[] {
  const tables = new Set(resources.map(({ name = '', tableName = name }) => normalizePath(tableName)));
  return Object.entries(views).flatMap(([view, { sql }]) => {
    const at = ['pipeline', 'views', view];
    if (tables.has(view))
      return [{ path: at, message: `\`${view}\` is the table of a resource: give the view another name` }];
    return below(at, checkQuery(sql));
  });
}
