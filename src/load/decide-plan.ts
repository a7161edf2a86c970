import { PipelineError } from '../errors.ts';
import type { PackageResource, PackageTable } from '../package/layout.ts';
import { generatedColumns } from './catalogue.ts';
import { decideWidenings } from './decide-widenings.ts';
import type { DestinationAnswers } from './destination-answers.ts';
import { refuseInexact } from './inexact-values.ts';
import type { LoadContext, PackageContext } from './load-context.ts';
import { chainTables, type LoadPlan, loadingResources, type PlanParts, planLoad, widenTables } from './plan.ts';
import type { StoredDataset } from './stored-dataset.ts';
import type { TablePlan } from './table-plan.ts';
import type { Widening } from './widening.ts';

export interface Decision {
  readonly plan: LoadPlan;
  /** Package columns whose values go into a wider column: table → column → variant column. */
  readonly variants: LoadContext['variants'];
  /** What a person should know of it. */
  readonly notes: readonly string[];
}

/** Why a table cannot be made anew, by its name. */
type Reasons = ReadonlyMap<string, string>;

/**
 * What the package and the destination make necessary, with nothing written yet. A table that the destination would not let be made anew
 * keeps its types, and what does not fit them goes to variant columns; if that does not help, its columns may stay null too.
 */
export async function decidePlan(
  context: PackageContext,
  destination: StoredDataset,
  resources: readonly PackageResource[],
  all: readonly PackageTable[],
  answers: DestinationAnswers,
): Promise<Decision> {
  const decision = await decided(context, destination, resources, all, answers);
  await refuseInexact({ ...context, variants: decision.variants }, decision.plan, answers);
  return decision;
}

// --- internal ---

async function decided(
  context: PackageContext,
  destination: StoredDataset,
  resources: readonly PackageResource[],
  all: readonly PackageTable[],
  answers: DestinationAnswers,
): Promise<Decision> {
  const loading = new Set(loadingResources({ resources, tables: all }).map(({ resource }) => resource));
  const tables = all.filter(({ resource }) => loading.has(resource));
  for (const table of tables) refuseGenerated(context, table, destination);
  const stored = destination.schema?.tables ?? {};
  const planned = (widenings: readonly Widening[], fixed: PlanParts['fixed']) =>
    planLoad({
      tables: widenTables(tables, widenings),
      resources,
      stored,
      actual: destination.tables,
      widenings,
      fixed,
      typeOf: context.typeOf,
    });

  const wanted = await decideWidenings(context, tables, destination.tables, answers);
  const first = planned(wanted, new Set());
  const unchangeable = await reasonsAgainst(answers, first);
  if (unchangeable.size === 0) return { plan: first, variants: variantsOf(wanted), notes: [] };

  const [refused, widenings] = partition(wanted, ({ table }) => unchangeable.has(table));
  const second = planned(widenings, new Set());
  const fixed = await reasonsAgainst(answers, second);
  return {
    plan: fixed.size === 0 ? second : planned(widenings, new Set(fixed.keys())),
    variants: variantsOf(widenings),
    notes: [
      ...refused.map((widening) => staysNarrow(widening, unchangeable)),
      ...chainsTables(second).flatMap((table) => staysNullable(table, fixed, stored)),
    ],
  };
}

/** Keys of that name get another column when they are extracted: this one was made so since then. */
function refuseGenerated(
  { packageColumns }: PackageContext,
  { schema }: PackageTable,
  { tables }: StoredDataset,
): void {
  const generated = generatedColumns(tables.get(schema.name.toLowerCase()));
  const column = generated.find((name) => packageColumns.get(schema.name)?.has(name));
  if (column === undefined) return;
  throw new PipelineError({
    code: 'ContractViolated',
    message: `Column \`${column}\` of table \`${schema.name}\` became a generated one, and the load package has values for it.`,
    hint: 'Run again: the values go to a column beside it then.',
    facts: { table: schema.name, column },
  });
}

async function reasonsAgainst(answers: DestinationAnswers, plan: LoadPlan): Promise<Reasons> {
  const reasons = new Map<string, string>();
  for (const table of chainsTables(plan)) {
    const reason = table.action === 'rebuild' ? await answers.whyNotRebuilt(table) : undefined;
    if (reason !== undefined) reasons.set(table.name, reason);
  }
  return reasons;
}

function chainsTables({ chains }: LoadPlan): TablePlan[] {
  return chains.flatMap(chainTables);
}

function variantsOf(widenings: readonly Widening[]): Decision['variants'] {
  const variants = new Map<string, Map<string, string>>();
  for (const { table, column, variant } of widenings) {
    if (variant !== null) variants.set(table, (variants.get(table) ?? new Map()).set(column, variant));
  }
  return variants;
}

function staysNarrow({ table, column, variant, to }: Widening, reasons: Reasons): string {
  const reason = reasons.get(table);
  if (variant !== null) {
    return `${table}.${column} keeps its type, what does not fit it goes to ${variant}: the table cannot be made anew (${reason}).`;
  }
  throw new PipelineError({
    code: 'ContractViolated',
    message: `Column \`${column}\` of table \`${table}\` should become ${to}, but the table cannot be made anew: ${reason}`,
    hint: `Remove the hint \`data_type: double\` for \`${column}\`, or what stands in the way.`,
    facts: { table, column },
  });
}

/** Told when it becomes so, not by every load after. */
function staysNullable({ name, columns }: TablePlan, reasons: Reasons, stored: PlanParts['stored']): string[] {
  const reason = reasons.get(name);
  if (reason === undefined) return [];
  return columns
    .filter(({ required, actual }) => required && actual?.nullable !== false)
    .filter((column) => stored[name]?.columns[column.name]?.nullable !== false)
    .map((column) => `${name}.${column.name} may still be null: the table cannot be made anew (${reason}).`);
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
