import { readOwnJson } from '../files/own-json.ts';
import type { PackageInfo } from './layout.ts';

/**
 * `packages/<load_id>.json`: whose a package is and how far it came, for those who do not open it. Opening a large one replays
 * its write-ahead log, which takes many seconds, and the run that fills it has it locked.
 */
export interface PackageLabel {
  readonly pipeline: string;
  readonly dataset: string;
  readonly destination: string;
  /** Every resource is done: the package can be loaded. */
  readonly complete: boolean;
  /** Of all its tables; null of a package that is not complete. */
  readonly rows: number | null;
}

export function packageLabel(
  { pipeline_name, dataset_name, destination }: Pick<PackageInfo, 'pipeline_name' | 'dataset_name' | 'destination'>,
  state: Pick<PackageLabel, 'complete' | 'rows'>,
): PackageLabel {
  return { pipeline: pipeline_name, dataset: dataset_name, destination, ...state };
}

/** Undefined for a package of an earlier version, or one that was killed at its birth. */
export function readLabel(file: string): PackageLabel | undefined {
  const label = readOwnJson(file);
  return isLabel(label) ? label : undefined;
}

function isLabel(label: unknown): label is PackageLabel {
  if (typeof label !== 'object' || label === null) return false;
  const { pipeline, dataset, destination, complete, rows }: Partial<Record<keyof PackageLabel, unknown>> = label;
  return (
    [pipeline, dataset, destination].every((name) => typeof name === 'string') &&
    typeof complete === 'boolean' &&
    (rows === null || typeof rows === 'number')
  );
}
