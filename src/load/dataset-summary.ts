/** What a person asks a destination about: what was loaded, and what is there. */
export interface DatasetSummary {
  /** The newest first. */
  readonly loads: readonly LoadSummary[];
  /** By name, without the tables of the books. */
  readonly tables: readonly TableSummary[];
}

interface LoadSummary {
  readonly loadId: string;
  /** ISO 8601, UTC. */
  readonly insertedAt: string;
  /** dlt's: 0 is a finished load. */
  readonly status: number;
}

interface TableSummary {
  readonly name: string;
  readonly rows: number;
  /** When the latest load that wrote rows of it was made; null of nested tables and of those that are not ours. */
  readonly loadedAt: string | null;
}
