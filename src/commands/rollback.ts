import { destinationOf } from '../destinations/destination-kinds.ts';
import type { RolledBack } from '../destinations/kept-snapshots.ts';
import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { rollBackRun } from '../run/roll-back-run.ts';
import { count } from '../text/count.ts';
import { plainText } from '../text/plain-text.ts';
import { isConfirmed } from './confirm.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

interface RollbackOptions extends CommonOptions {
  readonly format: OutputFormat;
  readonly wholeFile?: boolean;
  readonly yes?: boolean;
}

/** `dezgo-elt rollback [LOAD]`: puts a snapshot in the place of the live file, which becomes one. */
export async function rollbackCommand(
  terminal: Terminal,
  options: RollbackOptions,
  [id]: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  try {
    const config = await loadProject(terminal, options, log);
    const destination = destinationOf(config);
    await destination.snapshots(); // whoever keeps none says so before anybody is asked
    const { wholeFile, yes = false } = options;
    const what = `This puts ${id === undefined ? 'the snapshot that was taken last' : `the snapshot ${id}`} in the place of ${plainText(destination.location)}, which is kept as a snapshot.`;
    const command = ['rollback', ...(id === undefined ? [] : [id]), ...(wholeFile ? ['--whole-file'] : [])].join(' ');
    if (!(await isConfirmed(terminal, { yes, what, command }))) {
      terminal.print('Nothing was changed.');
      return exitCodes.ok;
    }
    const effects = { ...realEffects, env: terminal.env, log };
    const done = await rollBackRun(config, destination, { id, wholeFile, effects, signal: terminal.signal });
    log.end();
    if (options.format === 'json')
      terminal.print(jsonDocument({ ...done, kept: done.kept ?? null, ...failureMembers(undefined) }));
    else if (options.quiet !== true) terminal.print(rollbackText(done, destination.location));
    return exitCodes.ok;
  } finally {
    log.end();
  }
}

// --- internal ---

function rollbackText({ from, to, kept }: RolledBack, location: string): string {
  const back = from === null ? '' : ` It was as after load ${from}`;
  const undo = kept === undefined ? '.' : `, which is kept as snapshot ${kept.id}: dezgo-elt rollback ${kept.id}`;
  return [
    `${plainText(location)} is as after load ${to.loadId} again (${count(to.rows, 'row')}).${back}${from === null ? '' : undo}`,
    'The next run goes on from there.',
  ].join('\n');
}
