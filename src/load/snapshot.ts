/** A destination as it was before a load, or a rollback, took its place. */
export interface Snapshot {
  /** The id of its last load, with `-2` and so on where another one has the same. */
  readonly id: string;
  /** Its last load of this dataset. */
  readonly loadId: string;
  /** When that was, ISO 8601; null where its books do not say. */
  readonly loadedAt: string | null;
  /** When it was replaced, and by which load or rollback. */
  readonly takenAt: string;
  readonly replacedBy: string;
  /** Of all tables of the dataset, without those of the books. */
  readonly rows: number;
  readonly tables: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** Absolute path of a file that can be queried. */
  readonly file: string;
}
