import type { StoredSchema } from '../schema/table-schema.ts';
import { textOrNull } from '../text/text-or-null.ts';
import type { Catalogue } from './catalogue.ts';
import type { PipelineState } from './pipeline-state.ts';

/** What a destination holds for a pipeline, before a load. */
export interface StoredDataset {
  /** Whether the dataset is there. */
  readonly exists: boolean;
  /** Every table of the dataset as it really is, by lower-case name. */
  readonly tables: Catalogue;
  /** Newest schema document in `_dlt_version` for the schema's name, as it is. */
  readonly stored: StoredSchema | undefined;
  /**
   * What the next records have to fit: the stored document, with the tables and columns that only the destination has (made by a
   * user, or the books are gone) added from the catalogue. Undefined where nothing is known.
   */
  readonly schema: StoredSchema | undefined;
  /** Newest state of the pipeline. */
  readonly state: PipelineState | undefined;
  /** Greatest load id in `_dlt_loads`, or id of a rollback. */
  readonly lastLoadId: string | undefined;
}

export interface DatasetNames {
  readonly dataset: string;
  readonly schemaName: string;
  readonly pipelineName: string;
}

/** A row of `_elt_schema_changes`, in the keys that a run reports its changes with. Public: keys are only ever added. */
export interface StoredChange {
  readonly loadId: string;
  readonly table: string;
  /** null: the table itself. */
  readonly column: string | null;
  readonly change: string;
  readonly oldType: string | null;
  readonly newType: string | null;
  readonly firstValue: string | null;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
}

/** From the row itself. `changedAt`: ISO 8601, as engines read their time each in its own way. */
export function storedChange(row: Readonly<Record<string, unknown>>, changedAt: string): StoredChange {
  return {
    loadId: String(row.load_id),
    table: String(row.table_name),
    column: textOrNull(row.column_name),
    change: String(row.change),
    oldType: textOrNull(row.old_type),
    newType: textOrNull(row.new_type),
    firstValue: textOrNull(row.first_value),
    changedAt,
  };
}
