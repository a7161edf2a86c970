import { PipelineError } from '../../errors.ts';
import { DLT_ID } from '../../schema/names.ts';
import { instantOf } from '../../values/coerce.ts';
import type { PackageContext } from '../load-context.ts';
import { type ColumnPlan, columnsNamed, columnsWith, type TablePlan } from '../table-plan.ts';
import { keyColumns, keySource, packageRows } from './row-source.ts';
import { type Fragment, fragment } from './sql-fragment.ts';
import { restrictedTo, type Survivors } from './survivors.ts';

/** How an `scd2` table tells which versions of its rows are active. Hints as dlt writes them into the schema document. */
export interface Validity {
  /** What tells versions of rows apart: the key, where there is one, and `_dlt_id`, a hash of the record, or a column of its own. */
  readonly version: readonly ColumnPlan[];
  readonly from: ColumnPlan | undefined;
  readonly to: ColumnPlan | undefined;
  /** When old versions end and new ones begin, microseconds since 1970. */
  readonly boundary: bigint;
  /** `to` of active versions, microseconds since 1970; null: it is null there. */
  readonly activeUntil: bigint | null;
}

/** @param now where the document says nothing of when versions begin */
export function validityOf(root: TablePlan, now: bigint): Validity {
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
    boundary: typeof boundary === 'string' ? timestamp(boundary, root) : now,
    activeUntil: typeof activeUntil === 'string' ? timestamp(activeUntil, root) : null,
  };
}

/** What new versions have in those columns, as DuckDB SQL. */
export function validityValues({ from, to, boundary, activeUntil }: Validity): ReadonlyMap<string, Fragment> {
  const values = new Map<string, Fragment>();
  if (from !== undefined) values.set(from.name, instant(boundary));
  if (to !== undefined && activeUntil !== null) values.set(to.name, instant(activeUntil));
  return values;
}

/** As DuckDB SQL. */
export function instant(micros: bigint): Fragment {
  return fragment('make_timestamptz(?::bigint)', micros);
}

/** Rows that survive, of which another one has the same merge key. */
export async function countSharing(context: PackageContext, root: TablePlan, survivors: Survivors): Promise<number> {
  const { merge } = keyColumns(root);
  const keys = keySource(root, context, merge);
  if (merge.length === 0 || keys === undefined) return 0;
  const row = await context.connection.row(
    `select count(*) - count(distinct k) as rows
     from (select ${keys.sql} from ${packageRows(root, context)} ${restrictedTo(survivors, root).sql}) as k`,
    keys.values,
  );
  return Number(row?.rows ?? 0);
}

// --- internal ---

/** A hint that dlt wrote, or a configuration: as dlt reads it. */
function timestamp(text: string, { name }: TablePlan): bigint {
  const micros = instantOf(text);
  if (micros !== undefined) return micros;
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `\`${text}\` is no timestamp for the \`scd2\` strategy of table \`${name}\`.`,
    hint: 'Correct `boundary_timestamp` or `active_record_timestamp`: 2026-01-31, or 2026-01-31T12:00:00Z.',
    facts: { table: name, value: text },
  });
}
