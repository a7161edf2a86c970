import type { ActualTable } from '../load/catalogue.ts';
import type { StoredDataset } from '../load/stored-dataset.ts';
import { planTable, schemaChanges } from '../load/table-plan.ts';
import type { PlannedChange } from '../planned-run.ts';
import { rootTable } from '../schema/hints.ts';
import { mergeTable, overruledHints } from '../schema/merge-table.ts';
import type { ResourceHints } from '../schema/resource-hints.ts';
import { configuredStrategy, documentStrategy } from '../schema/strategies.ts';
import type { TableSchema } from '../schema/table-schema.ts';

/**
 * What a load of a resource would change in its root table, as far as the configuration alone tells: which columns come with records
 * nobody knows yet.
 */
export function plannedChanges(resource: ResourceHints, dataset: StoredDataset | undefined): PlannedChange[] {
  const strategy = configuredStrategy(resource.write_disposition);
  if (strategy === undefined) return [];
  const hinted = rootTable(resource);
  const stored = dataset?.schema?.tables[hinted.name];
  const actual = dataset?.tables.get(hinted.name.toLowerCase()) ?? null;
  return [
    ...ofTable(hinted, stored, actual),
    ...(stored === undefined || actual === null ? [] : ofSettings(hinted, stored)),
    ...overruledHints(stored, hinted).map(({ table, column, stays, hinted: to }) => {
      return { table, column, change: 'type_stays', from: stays, to } as const;
    }),
  ];
}

// --- internal ---

function ofTable(hinted: TableSchema, stored: TableSchema | undefined, actual: ActualTable | null): PlannedChange[] {
  const schema = mergeTable(stored, hinted);
  const facts = {
    root: hinted.name,
    rows: 0,
    ownKeys: false,
    firstValues: {},
    widened: new Set<string>(),
    fixed: false,
  };
  return schemaChanges(planTable({ schema, actual, ...facts })).map(({ table, column, change, oldType, newType }) => {
    return { table, column, change, from: oldType, to: newType };
  });
}

function ofSettings(hinted: TableSchema, stored: TableSchema): PlannedChange[] {
  const settings = [
    { change: 'write_disposition', of: (table: TableSchema) => documentStrategy(table) ?? 'skip' },
    { change: 'primary_key', of: (table: TableSchema) => keyText(table, 'primary_key') },
    { change: 'merge_key', of: (table: TableSchema) => keyText(table, 'merge_key') },
  ] as const;
  return settings.flatMap(({ change, of }) => {
    const [from, to] = [of(stored), of(hinted)];
    return from === to ? [] : [{ table: hinted.name, column: null, change, from, to }];
  });
}

function keyText({ columns }: TableSchema, hint: 'primary_key' | 'merge_key'): string | null {
  const names = Object.values(columns).flatMap((column) => (column[hint] === true ? [column.name] : []));
  return names.length === 0 ? null : names.sort().join(', ');
}
