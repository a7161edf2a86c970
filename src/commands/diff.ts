import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { exitCodes } from '../errors.ts';
import { diffText } from '../report/diff-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

interface DiffOptions extends CommonOptions {
  readonly format: OutputFormat;
  readonly table?: string;
  readonly limit: number;
}

/** `dezgo-elt diff BEFORE [AFTER]`: what differs between two states of the dataset. Changes nothing. */
export async function diffCommand(
  terminal: Terminal,
  options: DiffOptions,
  [before = 'live', after = 'live']: readonly string[],
): Promise<number> {
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const snapshots = await destinationOf(config).snapshots();
  const { table, limit, format } = options;
  const found = await snapshots.diff(stateOf(before, terminal.cwd), stateOf(after, terminal.cwd), { table, limit });
  terminal.print(format === 'json' ? jsonDocument({ ...found, ...failureMembers(undefined) }) : diffText(found));
  return exitCodes.ok;
}

// --- internal ---

/** A path is told from a load id by its slash, or by the file that is there. */
function stateOf(written: string, cwd: string): string {
  if (written === 'live') return written;
  const path = resolve(cwd, written);
  return /[/\\]/.test(written) || existsSync(path) ? path : written;
}
