import { realEffects } from '../effects.ts';
import { runPipeline } from '../pipeline.ts';
import { jsonReport } from '../report/json-report.ts';
import { textReport } from '../report/text-report.ts';
import type { Trace } from '../report/trace.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

type RunOptions = CommonOptions & { readonly format: OutputFormat };

/** `dezgo-elt run [RESOURCE…]`: one run; the report to stdout, everything else to stderr. */
export async function runCommand(
  terminal: Terminal,
  options: RunOptions,
  resources: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  let failed = true;
  try {
    const config = await loadProject(terminal, options, log);
    announceInterrupt(terminal);
    const effects = { ...realEffects, env: terminal.env, log };
    const trace = await runPipeline(config, { resources, effects, signal: terminal.signal });
    failed = trace.exitCode !== 0;
    log.end(failed);
    reportTrace(terminal, options, trace);
    return trace.exitCode;
  } catch (error) {
    log.end(failed);
    throw error;
  }
}

/** The report, then the one line of a failure. `--quiet` prints nothing when all went well. */
export function reportTrace(terminal: Terminal, { quiet, debug, format }: RunOptions, trace: Trace): void {
  const { failure, exitCode } = trace;
  if (exitCode === 0 && quiet) return;
  terminal.print(format === 'json' ? jsonReport(trace) : textReport(trace));
  if (failure === undefined) return;
  if (debug && failure.stack !== undefined) terminal.stderr.write(`${failure.stack}\n`);
  terminal.fail(failure);
}

export function announceInterrupt({ signal, stderr }: Terminal): void {
  const announce = () => stderr.write('Stopping after the current page. Once more stops at once.\n');
  signal.addEventListener('abort', announce, { once: true });
}
