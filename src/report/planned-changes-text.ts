import type { PlannedChange } from '../planned-run.ts';
import { aligned } from '../text/aligned.ts';

/** A line for each change that a load would make in a table. */
export function plannedChangeLines(changes: readonly PlannedChange[]): string[] {
  const rows = changes.map((one) => [
    one.column === null ? one.table : `${one.table}.${one.column}`,
    changeWords[one.change](one),
  ]);
  return aligned(rows, ['left', 'left']);
}

// --- internal ---

const fromTo = ({ change, from, to }: PlannedChange) =>
  `${change.replaceAll('_', ' ')} ${from ?? 'none'} → ${to ?? 'none'}`;

const changeWords: Readonly<Record<PlannedChange['change'], (change: PlannedChange) => string>> = {
  table_added: () => 'new table',
  column_added: ({ to }) => `new column, ${to}`,
  column_widened: fromTo,
  column_required: () => 'may no longer be null',
  type_stays: ({ from, to }) => `stays ${from}, although the configuration says ${to}`,
  write_disposition: fromTo,
  primary_key: fromTo,
  merge_key: fromTo,
};
