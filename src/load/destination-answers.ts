import type { ColumnSchema } from '../schema/table-schema.ts';
import type { ActualColumn } from './catalogue.ts';
import type { ColumnLimits } from './staging/exact-cast.ts';
import type { TablePlan } from './table-plan.ts';

/** What only the destination can tell, before anything is written. */
export interface DestinationAnswers {
  /** The reason why a table would not let its columns be changed, or be made anew; undefined if it would. */
  whyNotRebuilt(table: TablePlan): Promise<string | undefined>;
  /** Whether every integer of a column lies between two others. */
  isBetween(table: string, column: string, least: bigint, most: bigint): Promise<boolean>;
  /** What a column that is there can hold; undefined of one that is as a load makes it. */
  limitsOf(actual: ActualColumn, column: ColumnSchema): ColumnLimits | undefined;
}
