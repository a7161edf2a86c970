import { readOwnJson } from '../../../files/own-json.ts';

/** `label.json` in the folder of a snapshot: what it holds, for those who do not open it. Keys are only ever added. */
export interface SnapshotLabel {
  readonly loadId: string;
  /** ISO 8601. */
  readonly loadedAt: string | null;
  readonly takenAt: string;
  readonly replacedBy: string;
  readonly pipeline: string;
  readonly dataset: string;
  /** By table of the dataset, without those of the books. */
  readonly tables: Readonly<Record<string, number>>;
}

export const LABEL = 'label.json';

/** Undefined where there is none that was written here. */
export function readSnapshotLabel(path: string): SnapshotLabel | undefined {
  const label = readOwnJson(path);
  return isLabel(label) ? label : undefined;
}

function isLabel(label: unknown): label is SnapshotLabel {
  if (typeof label !== 'object' || label === null) return false;
  const { loadedAt, tables, ...others }: Partial<Record<keyof SnapshotLabel, unknown>> = label;
  const texts = ['loadId', 'takenAt', 'replacedBy', 'pipeline', 'dataset'] as const;
  return (
    texts.every((name) => typeof others[name] === 'string') &&
    (loadedAt === null || typeof loadedAt === 'string') &&
    typeof tables === 'object' &&
    tables !== null &&
    Object.values(tables).every((rows) => typeof rows === 'number')
  );
}
