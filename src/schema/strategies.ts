/** What a strategy is; how its rows get into a table is each destination's own matter. */
interface StrategyFacts {
  /** `merge`: one of those that the configuration names beside it. */
  readonly disposition: 'append' | 'replace' | 'merge';
  /** What a resource has to have for it. */
  readonly needs: 'no key' | 'any key' | 'primary key';
  /** What dlt makes the `_dlt_id` of a root row of: the number of the row, or a hash. */
  readonly rowId: 'number' | 'hash of key' | 'hash of record';
  /** Which nested tables have `_dlt_root_id`; `every`: those that an earlier load made without it too. */
  readonly rootKey: 'none' | 'written' | 'every';
  /** What becomes of rows in the destination that the load does not bring. */
  readonly absent: 'stay' | 'go' | 'go with their merge key' | 'retire';
  /** What a whole load does not bring can be marked as deleted, or deleted, where the configuration says so. */
  readonly deletesMissing: boolean;
  /** Old versions of a row stay: columns say when each was valid, and options what those are called. */
  readonly keepsVersions: boolean;
  /** To load the same records once more leaves the tables as they are, but for the load id. */
  readonly isRepeatable: boolean;
}

/**
 * Every way for the rows of a resource to get into its tables, in dlt's words: write dispositions, and strategies of `merge`.
 *
 * @internal
 */
export const strategies = {
  append: {
    disposition: 'append',
    needs: 'no key',
    rowId: 'number',
    rootKey: 'none',
    absent: 'stay',
    deletesMissing: false,
    keepsVersions: false,
    isRepeatable: false,
  },
  replace: {
    disposition: 'replace',
    needs: 'no key',
    rowId: 'number',
    rootKey: 'none',
    absent: 'go',
    deletesMissing: false,
    keepsVersions: false,
    isRepeatable: true,
  },
  'delete-insert': {
    disposition: 'merge',
    needs: 'any key',
    rowId: 'number',
    rootKey: 'every',
    absent: 'go with their merge key',
    deletesMissing: true,
    keepsVersions: false,
    isRepeatable: true,
  },
  upsert: {
    disposition: 'merge',
    needs: 'primary key',
    rowId: 'hash of key',
    rootKey: 'every',
    absent: 'stay',
    deletesMissing: true,
    keepsVersions: false,
    isRepeatable: true,
  },
  'insert-only': {
    disposition: 'merge',
    needs: 'primary key',
    rowId: 'hash of key',
    rootKey: 'written',
    absent: 'stay',
    deletesMissing: false,
    keepsVersions: false,
    isRepeatable: true,
  },
  scd2: {
    disposition: 'merge',
    needs: 'no key',
    rowId: 'hash of record',
    rootKey: 'none',
    absent: 'retire',
    deletesMissing: false,
    keepsVersions: true,
    isRepeatable: true,
  },
} as const satisfies Record<string, StrategyFacts>;

type Strategies = typeof strategies;
type Having<Fact> = { [Name in keyof Strategies]: Strategies[Name] extends Fact ? Name : never }[keyof Strategies];

export type Strategy = keyof Strategies;
export type VersionStrategy = Having<{ disposition: 'merge'; keepsVersions: true }>;
export type KeyStrategy = Having<{ disposition: 'merge'; keepsVersions: false }>;
export type MergeStrategy = VersionStrategy | KeyStrategy;

/** dlt's write dispositions. `skip`: nothing is loaded. */
export const writeDispositions = ['append', 'replace', 'merge', 'skip'] as const;
export type WriteDispositionName = (typeof writeDispositions)[number];
/** What a `merge` that names none is. */
const DEFAULT_MERGE: MergeStrategy = 'delete-insert';

const names = Object.keys(strategies).filter(isStrategy);

/** In the order of the table. */
export const mergeStrategies: readonly MergeStrategy[] = names.filter(isMergeStrategy);
export const keyStrategies: readonly KeyStrategy[] = mergeStrategies.filter((name) => !isVersionStrategy(name));
export const versionStrategies: readonly VersionStrategy[] = mergeStrategies.filter(isVersionStrategy);

export function factsOf(strategy: Strategy): StrategyFacts {
  return strategies[strategy];
}

/** As schema documents have it. */
export interface WrittenStrategy {
  write_disposition?: WriteDispositionName;
  'x-merge-strategy'?: MergeStrategy;
}

/** What a configuration says of a resource. Undefined: its rows are not loaded. */
export function configuredStrategy(written: {
  readonly disposition: WriteDispositionName;
  readonly strategy?: MergeStrategy | undefined;
}): Strategy | undefined {
  if (written.disposition === 'merge') return written.strategy ?? DEFAULT_MERGE;
  return written.disposition === 'skip' ? undefined : written.disposition;
}

/** What the document of a root table says. One of a newer dlt can name strategies that are not known here. */
export function documentStrategy({
  write_disposition: disposition = 'append',
  'x-merge-strategy': strategy = DEFAULT_MERGE,
}: WrittenStrategy): Strategy | undefined {
  return configuredStrategy({ disposition, strategy: isStrategy(strategy) ? strategy : DEFAULT_MERGE });
}

/** A load without records leaves the table empty. */
export function isEmptying(strategy: Strategy | undefined): boolean {
  return strategy !== undefined && factsOf(strategy).absent === 'go';
}

export function isVersionStrategy(name: string | undefined): name is VersionStrategy {
  return name !== undefined && isStrategy(name) && strategies[name].keepsVersions;
}

function isStrategy(name: string): name is Strategy {
  return Object.hasOwn(strategies, name);
}

function isMergeStrategy(name: Strategy): name is MergeStrategy {
  return strategies[name].disposition === 'merge';
}
