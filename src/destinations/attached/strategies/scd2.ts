import { quotedIdentifier } from '../../../duckdb/quote.ts';
import type { LoadContext } from '../../../load/load-context.ts';
import type { ChainPlan } from '../../../load/plan.ts';
import type { RowCounts } from '../../../load/row-counts.ts';
import { tally } from '../../../load/row-tally.ts';
import { insertRows } from '../../../load/staging/insert-rows.ts';
import { whereAbsent } from '../../../load/staging/present-rows.ts';
import { equalColumns } from '../../../load/staging/replaced-rows.ts';
import { keyColumns, keySource, packageRows } from '../../../load/staging/row-source.ts';
import { type Fragment, fragment, joined } from '../../../load/staging/sql-fragment.ts';
import { dropSurvivors, findSurvivors, restrictedTo, type Survivors } from '../../../load/staging/survivors.ts';
import { countSharing, instant, type Validity, validityOf, validityValues } from '../../../load/staging/validity.ts';
import { type ColumnPlan, columnsNamed, type TablePlan } from '../../../load/table-plan.ts';
import { targetTable } from '../../../load/target.ts';
import { DLT_ID } from '../../../schema/names.ts';

/**
 * Slowly changing dimension, type 2: versions that the package does not have any more retire (`valid_to` becomes the boundary),
 * new ones become active, nothing is deleted. With a merge key only rows whose key is in the package retire. Of a primary key
 * one version is active; a merge key can stand for many rows, such as all of one day.
 */
export async function scd2(context: LoadContext, { root, nested }: ChainPlan): Promise<RowCounts> {
  if (root.rows === 0) return {};
  const validity = validityOf(root, context.boundary);
  const { primary, merge } = keyColumns(root);
  const survivors = await findSurvivors(context, root, {
    identity: primary.length > 0 ? primary : validity.version,
    required: [...primary, ...merge],
  });
  if (root.action !== 'create') await retireAbsent(context, root, validity, survivors);
  const missing = whereAbsent(context, root, validity.version, isActive(validity, 'd'));
  await insertRows(context, root, {
    which: joined([restrictedTo(survivors, root), missing], ' '),
    given: validityValues(validity),
  });
  for (const table of nested) {
    const absent = whereAbsent(context, table, columnsNamed(table, DLT_ID));
    await insertRows(context, table, { which: joined([restrictedTo(survivors, table), absent], ' ') });
  }
  const sharing = primary.length > 0 ? 0 : await countSharing(context, root, survivors);
  await dropSurvivors(context, survivors);
  return { duplicates: survivors.duplicates, marked: survivors.marked, sharing };
}

function isActive({ to, activeUntil }: Validity, alias: string): Fragment {
  if (to === undefined) return fragment('true');
  const column = `${alias}.${quotedIdentifier(to.name)}`;
  if (activeUntil === null) return fragment(`${column} is null`);
  const until = instant(activeUntil);
  return fragment(`${column} = ${until.sql}`, ...until.values);
}

async function retireAbsent(
  context: LoadContext,
  root: TablePlan,
  validity: Validity,
  survivors: Survivors,
): Promise<void> {
  const { version, to } = validity;
  const boundary = instant(validity.boundary);
  if (to === undefined) return;
  const { merge } = keyColumns(root);
  const which = joined(
    [
      isActive(validity, 'd'),
      inPackage(context, root, version, 'not exists', restrictedTo(survivors, root)),
      ...(merge.length === 0 ? [] : [inPackage(context, root, merge, 'exists')]),
    ],
    ' and ',
  );
  const retired = await context.connection.change(
    `update ${targetTable(context, root.name)} as d set ${quotedIdentifier(to.name)} = ${boundary.sql} where ${which.sql}`,
    [...boundary.values, ...which.values],
  );
  tally(context.tallies, root.name, { retired });
}

function inPackage(
  context: LoadContext,
  root: TablePlan,
  columns: readonly ColumnPlan[],
  exists: 'exists' | 'not exists',
  which: Fragment = fragment(''),
): Fragment {
  const keys = keySource(root, context, columns);
  if (keys === undefined) return fragment(exists === 'exists' ? 'false' : 'true');
  return fragment(
    `${exists} (from (select ${keys.sql} from ${packageRows(root, context)} ${which.sql}) as k
       where ${equalColumns(columns, 'd', 'k')})`,
    ...keys.values,
    ...which.values,
  );
}
