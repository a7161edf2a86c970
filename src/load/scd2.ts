import { quotedIdentifier } from '../duckdb/quote.ts';
import { DLT_ID } from '../schema/names.ts';
import { whereAbsent } from './insert-only.ts';
import { insertRows } from './insert-rows.ts';
import type { LoadContext } from './load-context.ts';
import type { ChainPlan } from './plan.ts';
import { equalColumns } from './replaced-rows.ts';
import { keyColumns, keySource, packageRows } from './row-source.ts';
import { type Fragment, fragment, joined } from './sql-fragment.ts';
import { dropSurvivors, findSurvivors, restrictedTo } from './survivors.ts';
import { type ColumnPlan, columnsNamed, columnsWith, type TablePlan } from './table-plan.ts';
import { targetTable } from './target.ts';

/** How an `scd2` table tells which versions of its rows are active. Hints as dlt writes them into the schema document. */
interface Validity {
  /** The column that tells versions of a row apart: `_dlt_id`, a hash of the record, or one that the record brings. */
  readonly version: readonly ColumnPlan[];
  readonly from: ColumnPlan | undefined;
  readonly to: ColumnPlan | undefined;
  /** When old versions end and new ones begin. */
  readonly boundary: Fragment;
  /** `to` of active versions; null: it is null there. */
  readonly activeUntil: string | null;
}

/**
 * Slowly changing dimension, type 2: versions that the package does not have any more retire (`valid_to` becomes the boundary),
 * new ones become active, nothing is deleted. With a merge key only rows whose key is in the package retire.
 */
export async function scd2(context: LoadContext, { root, nested }: ChainPlan): Promise<number> {
  if (root.rows === 0) return 0;
  const validity = validityOf(context, root);
  const survivors = await findSurvivors(context, root, {
    identity: validity.version,
    required: keyColumns(root).merge,
  });
  if (root.action !== 'create') await retireAbsent(context, root, validity);
  const missing = whereAbsent(context, root, validity.version, isActive(validity, 'd'));
  await insertRows(context, root, {
    which: joined([restrictedTo(survivors, root), missing], ' '),
    given: validityValues(validity),
  });
  for (const table of nested) {
    const absent = whereAbsent(context, table, columnsNamed(table, DLT_ID));
    await insertRows(context, table, { which: joined([restrictedTo(survivors, table), absent], ' ') });
  }
  await dropSurvivors(context, survivors);
  return survivors.duplicates;
}

function validityOf(context: LoadContext, root: TablePlan): Validity {
  const [version] = columnsWith(root, 'x-row-version');
  const [from] = columnsWith(root, 'x-valid-from');
  const [to] = columnsWith(root, 'x-valid-to');
  const boundary = root.schema['x-boundary-timestamp'];
  const activeUntil = to?.schema['x-active-record-timestamp'];
  return {
    version: version === undefined ? columnsNamed(root, DLT_ID) : [version],
    from,
    to,
    boundary:
      typeof boundary === 'string'
        ? fragment('cast(? as timestamptz)', boundary)
        : fragment('make_timestamptz(?::bigint)', context.boundary),
    activeUntil: typeof activeUntil === 'string' ? activeUntil : null,
  };
}

function validityValues({ from, to, boundary, activeUntil }: Validity): ReadonlyMap<string, Fragment> {
  const values = new Map<string, Fragment>();
  if (from !== undefined) values.set(from.name, boundary);
  if (to !== undefined && activeUntil !== null) values.set(to.name, fragment('cast(? as timestamptz)', activeUntil));
  return values;
}

function isActive({ to, activeUntil }: Validity, alias: string): Fragment {
  if (to === undefined) return fragment('true');
  const column = `${alias}.${quotedIdentifier(to.name)}`;
  return activeUntil === null
    ? fragment(`${column} is null`)
    : fragment(`${column} = cast(? as timestamptz)`, activeUntil);
}

async function retireAbsent(context: LoadContext, root: TablePlan, validity: Validity): Promise<void> {
  const { version, to, boundary } = validity;
  if (to === undefined) return;
  const { merge } = keyColumns(root);
  const which = joined(
    [
      isActive(validity, 'd'),
      inPackage(context, root, version, 'not exists'),
      ...(merge.length === 0 ? [] : [inPackage(context, root, merge, 'exists')]),
    ],
    ' and ',
  );
  await context.connection.run(
    `update ${targetTable(context, root.name)} as d set ${quotedIdentifier(to.name)} = ${boundary.sql} where ${which.sql}`,
    [...boundary.values, ...which.values],
  );
}

function inPackage(
  context: LoadContext,
  root: TablePlan,
  columns: readonly ColumnPlan[],
  exists: 'exists' | 'not exists',
): Fragment {
  const keys = keySource(root, context, columns);
  if (keys === undefined) return fragment(exists === 'exists' ? 'false' : 'true');
  return fragment(
    `${exists} (from (select ${keys.sql} from ${packageRows(root)}) as k where ${equalColumns(columns, 'd', 'k')})`,
    ...keys.values,
  );
}
