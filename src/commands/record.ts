import { resolve } from 'node:path';
import { realEffects } from '../effects.ts';
import { type RecordOutcome, recordRun } from '../recording/record-run.ts';
import { count } from '../text/count.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import { requireAllowed } from './require-allowed.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

export interface RecordOptions extends CommonOptions {
  readonly allowPaid?: boolean;
  readonly maxCost?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `dezgo-elt record DIR [RESOURCE…]`: a run whose replies and tables are kept in a folder, and nothing else of it. */
export async function recordCommand(
  terminal: Terminal,
  options: RecordOptions,
  [dir = '', ...resources]: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  try {
    const config = await loadProject(terminal, options, log);
    requireAllowed(config, resources, terminal, { ...options, command: `record ${dir}` });
    const { from, to, maxCost } = options;
    const effects = { ...realEffects, env: terminal.env, log };
    const { signal } = terminal;
    const outcome = await recordRun(
      config,
      { name: dir, folder: resolve(terminal.cwd, dir) },
      {
        resources,
        from,
        to,
        maxCost,
        effects,
        signal,
      },
    );
    log.end();
    report(terminal, options, outcome, dir);
    return outcome.trace.exitCode;
  } finally {
    log.end();
  }
}

// --- internal ---

function report(
  terminal: Terminal,
  { quiet = false }: RecordOptions,
  { trace, place, replies, tables, ignored }: RecordOutcome,
  dir: string,
): void {
  if (trace.failure !== undefined) {
    if (place !== undefined)
      terminal.print(
        `The run failed. What it got, ${count(replies, 'reply', 'replies')}, is in ${place}. Correct the configuration, then: dezgo-elt test ${place} --update`,
      );
    terminal.fail(trace.failure);
    return;
  }
  if (quiet) return;
  if (place === undefined) {
    terminal.print('Nothing was asked for, and nothing recorded. What would be asked for: dezgo-elt plan');
    return;
  }
  const rows = (tables ?? []).map(({ name, rows: { length } }) => `  ${name}: ${count(length, 'row')}`);
  const told = [
    `Recorded ${count(replies, 'reply', 'replies')} in ${dir}, and what they become:`,
    ...rows,
    ...(ignored.length === 0
      ? []
      : [`Other ones each time, and not compared (\`ignore\` in recording.json): ${ignored.join(', ')}`]),
    `Compare with it: dezgo-elt test ${dir}`,
  ];
  terminal.print(told.join('\n'));
}
