import { quotedIdentifier } from '../../../duckdb/quote.ts';
import { PipelineError } from '../../../errors.ts';
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
import { type ColumnPlan, columnsNamed, columnsWith, type TablePlan } from '../../../load/table-plan.ts';
import { targetTable } from '../../../load/target.ts';
import { DLT_ID } from '../../../schema/names.ts';
import { instantOf } from '../../../values/coerce.ts';

/** How an `scd2` table tells which versions of its rows are active. Hints as dlt writes them into the schema document. */
interface Validity {
  /** What tells versions of rows apart: the key, where there is one, and `_dlt_id`, a hash of the record, or a column of its own. */
  readonly version: readonly ColumnPlan[];
  readonly from: ColumnPlan | undefined;
  readonly to: ColumnPlan | undefined;
  /** When old versions end and new ones begin. */
  readonly boundary: Fragment;
  /** `to` of active versions; null: it is null there. */
  readonly activeUntil: Fragment | null;
}

/**
 * Slowly changing dimension, type 2: versions that the package does not have any more retire (`valid_to` becomes the boundary),
 * new ones become active, nothing is deleted. With a merge key only rows whose key is in the package retire. Of a primary key
 * one version is active; a merge key can stand for many rows, such as all of one day.
 */
export async function scd2(context: LoadContext, { root, nested }: ChainPlan): Promise<RowCounts> {
  if (root.rows === 0) return {};
  const validity = validityOf(context, root);
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
  const sharing = primary.length > 0 ? 0 : await countSharing(context, root, merge, survivors);
  await dropSurvivors(context, survivors);
  return { duplicates: survivors.duplicates, marked: survivors.marked, sharing };
}

function validityOf(context: LoadContext, root: TablePlan): Validity {
  const [version] = [...columnsWith(root, 'x-row-version'), ...columnsNamed(root, DLT_ID)];
  const [from] = columnsWith(root, 'x-valid-from');
  const [to] = columnsWith(root, 'x-valid-to');
  const { primary, merge } = keyColumns(root);
  const key = primary.length > 0 ? primary : merge;
  const boundary = root.schema['x-boundary-timestamp'];
  const activeUntil = to?.schema['x-active-record-timestamp'];
  return {
    version: [...new Set([...key, ...(version === undefined ? [] : [version])])],
    from,
    to,
    boundary: typeof boundary === 'string' ? timestamp(boundary, root) : instant(context.boundary),
    activeUntil: typeof activeUntil === 'string' ? timestamp(activeUntil, root) : null,
  };
}

function instant(micros: bigint): Fragment {
  return fragment('make_timestamptz(?::bigint)', micros);
}

/** A hint that dlt wrote, or a configuration: as dlt reads it. */
function timestamp(text: string, { name }: TablePlan): Fragment {
  const micros = instantOf(text);
  if (micros !== undefined) return instant(micros);
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${text}\` is no timestamp for the \`scd2\` strategy of table \`${name}\`.`,
    hint: 'Correct `boundary_timestamp` or `active_record_timestamp`: 2026-01-31, or 2026-01-31T12:00:00Z.',
    facts: { table: name, value: text },
  });
}

function validityValues({ from, to, boundary, activeUntil }: Validity): ReadonlyMap<string, Fragment> {
  const values = new Map<string, Fragment>();
  if (from !== undefined) values.set(from.name, boundary);
  if (to !== undefined && activeUntil !== null) values.set(to.name, activeUntil);
  return values;
}

function isActive({ to, activeUntil }: Validity, alias: string): Fragment {
  if (to === undefined) return fragment('true');
  const column = `${alias}.${quotedIdentifier(to.name)}`;
  if (activeUntil === null) return fragment(`${column} is null`);
  return fragment(`${column} = ${activeUntil.sql}`, ...activeUntil.values);
}

async function retireAbsent(
  context: LoadContext,
  root: TablePlan,
  validity: Validity,
  survivors: Survivors,
): Promise<void> {
  const { version, to, boundary } = validity;
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

/** Rows whose merge key another one of the package has already. */
async function countSharing(
  context: LoadContext,
  root: TablePlan,
  merge: readonly ColumnPlan[],
  survivors: Survivors,
): Promise<number> {
  const keys = keySource(root, context, merge);
  if (merge.length === 0 || keys === undefined) return 0;
  const row = await context.connection.row(
    `select count(*) - count(distinct k) as rows
     from (select ${keys.sql} from ${packageRows(root, context)} ${restrictedTo(survivors, root).sql}) as k`,
    keys.values,
  );
  return Number(row?.rows ?? 0);
}
