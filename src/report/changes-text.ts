import type { StoredChange } from '../load/stored-dataset.ts';
import { aligned } from '../text/aligned.ts';

/** A heading for each load, below it a line for each change. */
export function changesText(changes: readonly StoredChange[]): string {
  const loads = [...new Set(changes.map(({ loadId }) => loadId))];
  const sections = loads.map((loadId) => {
    const own = changes.filter((change) => change.loadId === loadId);
    return [`Load ${loadId}, ${own[0]?.changedAt ?? ''}`, ...aligned(own.map(changeRow), columns)].join('\n');
  });
  return sections.join('\n\n');
}

const columns = ['left', 'left', 'left', 'left'] as const;

function changeRow({ table, column, change, oldType, newType, firstValue }: StoredChange): string[] {
  const types = [oldType, newType].filter((type) => type !== null).join(' → ');
  const place = column === null ? table : `${table}.${column}`;
  return [place, change.replaceAll('_', ' '), types, firstValue === null ? '' : `first value: ${firstValue}`];
}
