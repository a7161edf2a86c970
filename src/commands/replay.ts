import { loadProject } from './load-project.ts';
import { runAndReport } from './run.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

/** `dezgo-elt replay LOAD_ID`: a run that asks nobody, and gets the replies of an archived one. */
export async function replayCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: OutputFormat },
  [loadId = '']: readonly string[],
): Promise<number> {
  return runAndReport(terminal, { ...options, replay: loadId }, (log) => loadProject(terminal, options, log));
}
