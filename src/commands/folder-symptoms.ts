import { stat } from 'node:fs/promises';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { asPipelineError, exitCodes } from '../errors.ts';
import { keptReplies } from '../inspection/kept-summary.ts';
import { type LedgerHolder, readLedger } from '../ledger/read-ledger.ts';
import { PackageFolder } from '../package/package-folder.ts';
import { fail, ok, type Symptom, warn } from '../report/doctor-text.ts';
import { checkFolders } from '../run/check-folders.ts';
import { count } from '../text/count.ts';
import { isoTime } from '../text/iso-time.ts';

const FOLDER = 'working folder';

/** What a run writes to, who has the run lock, and what waits in the working folder. Tried; nothing stays behind. */
export async function folderSymptoms(config: PipelineConfig): Promise<Symptom[]> {
  const { working_dir: path } = config.pipeline;
  const refused = await checkFolders(path, destinationOf(config));
  const failed = refused.map((error) => fail(error.exitCode === exitCodes.config ? 'destination' : 'folders', error));
  const tried = refused.length === 0 ? [ok('folders', 'a run can write where it has to')] : [];
  const mode = await stat(path).then(
    (found) => found.mode & 0o777,
    () => undefined,
  );
  if (mode === undefined) return [...failed, ...tried];
  return [
    ...failed,
    ...tried,
    ...openToOthers(path, mode),
    ...(await orFailed('run lock', () => runLock(path))),
    ...(await orFailed(FOLDER, () => waiting(config))),
  ];
}

// --- internal ---

function openToOthers(path: string, mode: number): Symptom[] {
  if ((mode & 0o077) === 0 || process.platform === 'win32') return [];
  const message = `other users of this machine can look into ${path} (mode ${mode.toString(8)}), which holds what the source sent`;
  return [warn(FOLDER, message, `Close it to them: chmod 700 ${path}`)];
}

async function runLock(path: string): Promise<Symptom[]> {
  const { running } = await readLedger(path);
  return [
    ok(
      'run lock',
      running === null ? 'free' : `a run is in progress, or another program has the ledger open: ${holder(running)}`,
    ),
  ];
}

function holder({ name, status }: LedgerHolder): string {
  if (status === undefined) return name;
  return `${name}, pipeline ${status.pipelineName}, began ${isoTime(status.startedAt)}`;
}

async function waiting({ pipeline: { name, working_dir } }: PipelineConfig): Promise<Symptom[]> {
  const folder = new PackageFolder(working_dir);
  const [pending, rejected] = [(await folder.pending()).length, (await folder.rejected()).length];
  const { paidReplies } = await keptReplies(working_dir, name);
  const more = 'What they are: dezgo-elt info';
  return [
    ...(pending === 0
      ? []
      : [warn('packages', `${count(pending, 'package')} not loaded yet: the next run does`, more)]),
    ...(rejected === 0 ? [] : [warn('packages', `${count(rejected, 'package')} set aside: no run loads them`, more)]),
    ...(paidReplies.length === 0
      ? []
      : [warn('paid replies', `${count(paidReplies.length, 'reply', 'replies')} paid for and not loaded yet`, more)]),
  ];
}

async function orFailed(subject: string, work: () => Promise<Symptom[]>): Promise<Symptom[]> {
  return work().catch((error: unknown) => [fail(subject, asPipelineError(error))]);
}
