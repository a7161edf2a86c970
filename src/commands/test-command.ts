import { resolve } from 'node:path';
import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { differencesText } from '../recording/table-differences.ts';
import { type TestOutcome, testRecording } from '../recording/test-recording.ts';
import { count } from '../text/count.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

interface TestOptions extends CommonOptions {
  readonly update?: boolean;
}

/** `dezgo-elt test DIR`: 0 where the tables of a recording are as expected, 1 with the differences where they are not. */
export async function testCommand(
  terminal: Terminal,
  options: TestOptions,
  [dir = '']: readonly string[],
): Promise<number> {
  const { update: isUpdate = false, quiet = false } = options;
  const log = openLog(terminal, options);
  try {
    const config = await loadProject(terminal, options, log);
    const effects = { ...realEffects, env: terminal.env, log };
    const { signal } = terminal;
    const outcome = await testRecording(config, resolve(terminal.cwd, dir), { isUpdate, effects, signal });
    log.end();
    const { trace, differences, isExpected, otherHost } = outcome;
    if (trace.failure !== undefined) {
      terminal.fail(trace.failure);
      return trace.exitCode;
    }
    if (otherHost !== undefined && !quiet)
      terminal.print(`Recorded from ${otherHost}, and taken for what this configuration asks.`);
    if (differences.length === 0 && isExpected) {
      if (!quiet) terminal.print(`As expected: ${compared(outcome)}`);
      return exitCodes.ok;
    }
    if (!quiet || !isUpdate) terminal.print(differencesText(differences));
    if (isUpdate) {
      if (!quiet) terminal.print(`\nFrom now on expected in ${dir}: ${compared(outcome)}`);
      return exitCodes.ok;
    }
    terminal.print(`\nCompared: ${compared(outcome)}. If this is how it should be: dezgo-elt test ${dir} --update`);
    return exitCodes.internal;
  } finally {
    log.end();
  }
}

// --- internal ---

/** `2 tables, 14 rows, 9 columns, from 3 replies`. */
function compared({ tables = [], replies }: TestOutcome): string {
  const rows = tables.reduce((sum, table) => sum + table.rows.length, 0);
  const columns = tables.reduce((sum, table) => sum + Object.keys(table.columns).length, 0);
  const parts = [count(tables.length, 'table'), count(rows, 'row'), count(columns, 'column')];
  return `${parts.join(', ')}, from ${count(replies, 'reply', 'replies')}`;
}
