import { join } from 'node:path';
import { readOwnJson, writeOwnJson } from '../files/own-json.ts';

/** How a pipeline stood after its last run, and what was told of that. */
export interface Standing {
  readonly pipeline: string;
  /** Runs in a row that failed. */
  readonly failures: number;
  /** ISO 8601: when the first of them ended; null where the last run went well. */
  readonly failingSince: string | null;
  /** By hook: `failure SourceRefused`, `low_balance`, `stale models`. */
  readonly told: Readonly<Record<string, readonly string[]>>;
}

/** What is not known counts as well. */
export function readStanding(workingDir: string, pipeline: string): Standing {
  const found = standings(workingDir).find((one) => one.pipeline === pipeline);
  return found ?? { pipeline, failures: 0, failingSince: null, told: {} };
}

/** False where it could not be written: the next run will not know of this one. */
export function keepStanding(workingDir: string, standing: Standing): boolean {
  const others = standings(workingDir).filter(({ pipeline }) => pipeline !== standing.pipeline);
  writeOwnJson(fileIn(workingDir), [...others, standing]);
  return JSON.stringify(readStanding(workingDir, standing.pipeline)) === JSON.stringify(standing);
}

// --- internal ---

/** Of all pipelines that share the working folder. */
function fileIn(workingDir: string): string {
  return join(workingDir, 'notified.json');
}

function standings(workingDir: string): Standing[] {
  const found = readOwnJson(fileIn(workingDir));
  return Array.isArray(found) ? found.flatMap(standingOf) : [];
}

function standingOf(value: unknown): Standing[] {
  if (typeof value !== 'object' || value === null) return [];
  const { pipeline, failures, failingSince, told }: Partial<Record<keyof Standing, unknown>> = value;
  if (typeof pipeline !== 'string' || !isCount(failures) || typeof told !== 'object' || told === null) return [];
  const hooks = Object.entries(told).flatMap(([hook, what]: [string, unknown]) => {
    return Array.isArray(what) ? [[hook, what.map(String)] as const] : [];
  });
  const since = typeof failingSince === 'string' ? failingSince : null;
  return [{ pipeline, failures, failingSince: since, told: Object.fromEntries(hooks) }];
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
