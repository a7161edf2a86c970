import { destinationOf } from '../destinations/destination-kinds.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { csvText } from '../report/csv-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { snapshotsText } from '../report/snapshots-text.ts';
import { bytesText } from '../text/bytes.ts';
import { count } from '../text/count.ts';
import { isConfirmed } from './confirm.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, ListFormat, OutputFormat, Terminal } from './terminal.ts';

/** `dezgo-elt snapshots list`: opens none of them. */
export async function listSnapshotsCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: ListFormat },
): Promise<number> {
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const { name: pipeline, dataset_name: dataset } = config.pipeline;
  const found = await (await destinationOf(config).snapshots()).list();
  if (options.format === 'json')
    terminal.print(jsonDocument({ pipeline, dataset, snapshots: found, ...failureMembers(undefined) }));
  else if (options.format === 'csv') terminal.print(csvText(columns, found));
  else terminal.print(snapshotsText(found));
  return exitCodes.ok;
}

interface PruneOptions extends CommonOptions {
  readonly format: OutputFormat;
  readonly keep?: string;
  readonly yes?: boolean;
}

/** `dezgo-elt snapshots prune`: removes the oldest. */
export async function pruneSnapshotsCommand(terminal: Terminal, options: PruneOptions): Promise<number> {
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const keep = options.keep === undefined ? config.pipeline.publish.snapshots?.keep : Number(options.keep);
  if (keep === undefined) throw keepMissing();
  const snapshots = await destinationOf(config).snapshots();
  const old = (await snapshots.list()).slice(keep);
  const size = bytesText(old.reduce((sum, { bytes }) => sum + bytes, 0));
  const what = `This removes ${count(old.length, 'snapshot')}, ${size}: ${old.map(({ id }) => id).join(', ')}.`;
  const command = `snapshots prune --keep ${keep}`;
  if (old.length > 0 && !(await isConfirmed(terminal, { yes: options.yes ?? false, what, command }))) {
    terminal.print('Nothing was changed.');
    return exitCodes.ok;
  }
  const removed = old.length === 0 ? [] : await snapshots.prune(keep);
  const ids = removed.map(({ id }) => id);
  if (options.format === 'json') terminal.print(jsonDocument({ removed: ids, ...failureMembers(undefined) }));
  else if (options.quiet !== true)
    terminal.print(
      ids.length === 0 ? 'There is nothing to remove.' : `Removed ${count(ids.length, 'snapshot')}: ${ids.join(', ')}.`,
    );
  return exitCodes.ok;
}

// --- internal ---

const columns = ['id', 'loadId', 'loadedAt', 'takenAt', 'replacedBy', 'rows', 'bytes', 'file'] as const;

function keepMissing(): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: 'Nobody says how many snapshots to keep: there is no `pipeline.publish.snapshots`.',
    hint: 'Say it: dezgo-elt snapshots prune --keep 3',
  });
}
