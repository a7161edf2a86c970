/** Where an incremental resource begins and ends, as JSON. */
interface PlannedRange {
  readonly cursorPath: string;
  /** Null: at the very beginning. */
  readonly from: string | number | null;
  /** Null: there is no end. */
  readonly to: string | number | null;
}

/** `type_stays`: the configuration wants `to`, and a column that is there keeps its type. */
export interface PlannedChange {
  readonly table: string;
  /** Null: the table itself. */
  readonly column: string | null;
  readonly change:
    | 'table_added'
    | 'column_added'
    | 'column_widened'
    | 'column_required'
    | 'type_stays'
    | 'write_disposition'
    | 'primary_key'
    | 'merge_key';
  readonly from: string | null;
  readonly to: string | null;
}

/** What a run would ask for one resource. */
export interface PlannedResource {
  readonly name: string;
  /** Null where a function gives the records. */
  readonly method: string | null;
  /** Placeholders as they were written; no query, and no secret. */
  readonly url: string | null;
  /** The first page of the first request, with its parameters; secrets are masked. Null where it is not known before the parent is read. */
  readonly firstUrl: string | null;
  /** How often it is asked for, each list counted once; null where that is known only once the parent is read. */
  readonly requests: number | null;
  readonly parent: string | null;
  /** Rows that the table of the parent has now: about so many requests. Null without a parent, or where it is not known. */
  readonly parentRows: number | null;
  readonly incremental: PlannedRange | null;
  /** Of its root table, as far as they are known before a record came. */
  readonly changes: readonly PlannedChange[];
  /** Each request may lead to more pages. */
  readonly isList: boolean;
  readonly isPaid: boolean;
  /** What the first page of each request is expected to cost in all; null where nobody knows, or it is not paid. */
  readonly cost: number | null;
  /** Where values were looked for, if there are none. */
  readonly sources: readonly string[];
}

/** What a run would ask for, and what that would cost. */
export interface RunPlan {
  readonly pipeline: string;
  readonly currency: string;
  readonly maxCost: number | null;
  readonly minBalance: number | null;
  readonly resources: readonly PlannedResource[];
  /** Of all paid requests; null where what one of them costs is not known. */
  readonly cost: number | null;
}
