import type { ErrorCode } from '../errors.ts';
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
  /** Why it was not loaded when that was tried last; absent where it was not tried, or an earlier version tried it. */
  readonly failure?: PackageFailure;
}

export interface PackageFailure {
  readonly code: ErrorCode;
  /** Without secrets. */
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
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
  const { pipeline, dataset, destination, complete, rows, failure }: Partial<Record<keyof PackageLabel, unknown>> =
    label;
  return (
    [pipeline, dataset, destination].every((name) => typeof name === 'string') &&
    typeof complete === 'boolean' &&
    (rows === null || typeof rows === 'number') &&
    (failure === undefined || isFailure(failure))
  );
}

function isFailure(failure: unknown): failure is PackageFailure {
  if (typeof failure !== 'object' || failure === null) return false;
  const { code, message, at }: Partial<Record<keyof PackageFailure, unknown>> = failure;
  return typeof code === 'string' && typeof message === 'string' && typeof at === 'number';
}
