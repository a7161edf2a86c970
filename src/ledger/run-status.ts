import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pid } from 'node:process';
import { readOwnJson, writeOwnJson } from '../files/own-json.ts';
import type { RunRecord } from './run-record.ts';

/** A run as its successors remember it. */
export type PastRun = Omit<RunRecord, 'runId'>;

/**
 * `ledger.run.json` in the working folder: what a run that is going on tells those who cannot open its ledger. It counts only as long
 * as the process that wrote it holds the ledger, so one that a killed run left behind does no harm.
 */
export interface RunStatus {
  readonly pid: number;
  readonly pipelineName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** null: it has none yet. */
  readonly loadId: string | null;
  /** The runs before it, the newest first. */
  readonly lastRuns: readonly PastRun[];
}

export function writeRunStatus(workingDir: string, status: Omit<RunStatus, 'pid'>): void {
  writeOwnJson(statusFile(workingDir), { pid, ...status });
}

/**
 * What the holder of the ledger says of itself; undefined where it says nothing.
 *
 * @param holder its pid; null is this process
 */
export function readRunStatus(workingDir: string, holder: number | null): RunStatus | undefined {
  const status = readOwnJson(statusFile(workingDir));
  return isRunStatus(status) && status.pid === (holder ?? pid) ? status : undefined;
}

export async function removeRunStatus(workingDir: string): Promise<void> {
  await rm(statusFile(workingDir), { force: true }).catch(() => undefined);
}

function statusFile(workingDir: string): string {
  return join(workingDir, 'ledger.run.json');
}

function isRunStatus(status: unknown): status is RunStatus {
  if (typeof status !== 'object' || status === null) return false;
  const { pid, pipelineName, startedAt, loadId, lastRuns }: Partial<Record<keyof RunStatus, unknown>> = status;
  return (
    typeof pid === 'number' &&
    typeof pipelineName === 'string' &&
    typeof startedAt === 'number' &&
    (loadId === null || typeof loadId === 'string') &&
    Array.isArray(lastRuns)
  );
}
