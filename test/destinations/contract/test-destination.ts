import type { ConfigFileInput } from '../../../src/index.ts';
import type { Feature } from './cases/case.ts';

export type Settings = NonNullable<NonNullable<ConfigFileInput['pipeline']>['destination']>;

/** dlt's. */
export type ReplaceStrategy = 'truncate-and-insert' | 'insert-from-staging' | 'staging-optimized';

/**
 * A row by column name. Values as text, in one form for all engines: `true` and `false`, bytes as lower-case hex, timestamps in UTC
 * as `2026-01-31 09:30:00.5`, everything else as the engine writes it (the suite evens out numbers and JSON).
 */
export type TextRow = Readonly<Record<string, string | null>>;

/** By name, the tables of the books included. */
export type TextTables = Readonly<Record<string, readonly TextRow[]>>;

/** Where the pipelines of a test load to. */
export interface Place {
  /** Of this place alone; a destination that is made of files may live in it. */
  readonly folder: string;
  readonly dataset: string;
}

/** What a destination does in another way than the DuckDB file, and why. */
export type Allowance = {
  /** For who reads the list of what is missing. */
  readonly why: string;
} & (
  | {
      /** The error of a run whose configuration asks for it: its message and hint. */
      readonly refused: RegExp;
    }
  | {
      /** Values in columns of their variants count as if they were in the column itself. */
      readonly variants: true;
    }
  | {
      /** What is expected instead of the tables of a DuckDB file: of one case, after one of its runs. */
      readonly expected: (tables: TextTables) => TextTables;
    }
);

/** A kind of destination that runs here, and how to look at it without our own readers. */
export interface TestDestination {
  /** As in `npm run test:destinations NAME`. */
  readonly name: string;
  /** What stands under `destination` in a configuration. */
  settings(place: Place, more?: { readonly replace_strategy?: ReplaceStrategy }): Settings;
  /** What a run of the program finds in its environment beside `PATH`: credentials. */
  readonly env?: Readonly<Record<string, string>>;
  /** Every table of the dataset. */
  read(place: Place): Promise<TextTables>;
  /** A statement in the dialect of the engine, as a user of the database would run it; the dataset is the search path. */
  sql?(place: Place, statement: string): Promise<void>;
  /** The dataset, and all that lies outside of `place.folder`. */
  drop(place: Place): Promise<void>;
  /** Where nobody answers: a run ends with 6, and its package waits. Absent where there is no such place. */
  unreachable?(place: Place): Settings;
  /** The longest names of tables and columns. Default: any */
  readonly longestName?: { readonly units: number; readonly of: 'bytes' | 'characters' };
  /** Tables whose values programs get in another form than those of a DuckDB file, by the name of their case, and why. Default: none */
  readonly readsOtherwise?: Readonly<Record<string, string>>;
  /** By what a case needs, or by its name. */
  readonly lacks: Readonly<Partial<Record<Feature | (string & {}), Allowance>>>;
}
