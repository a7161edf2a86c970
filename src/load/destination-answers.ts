import type { TablePlan } from './table-plan.ts';

/** What only the destination can tell, before anything is written. */
export interface DestinationAnswers {
  /** The reason why a table would not let its columns be changed, or be made anew; undefined if it would. */
  whyNotRebuilt(table: TablePlan): Promise<string | undefined>;
  /** Whether every integer of a column lies between two others. */
  isBetween(table: string, column: string, least: bigint, most: bigint): Promise<boolean>;
}
