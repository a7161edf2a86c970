/** What a run would ask for one resource. */
export interface PlannedResource {
  readonly name: string;
  /** Null where a function gives the records. */
  readonly method: string | null;
  /** Placeholders as they were written; no query, and no secret. */
  readonly url: string | null;
  /** How often it is asked for, each list counted once; null where that is known only once the parent is read. */
  readonly requests: number | null;
  readonly parent: string | null;
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
