import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { jsonDocument } from '../report/json-report.ts';
import { planText } from '../report/plan-text.ts';
import { planRun } from '../run/run-plan.ts';
import type { RunScope } from '../run/run-scope.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

type PlanOptions = CommonOptions &
  RunScope & { readonly format: OutputFormat; readonly maxCost?: string; readonly exclude?: readonly string[] };

/** `dezgo-elt plan [RESOURCE…]`: what a run would ask for, and what that would cost. Sends and writes nothing. */
export async function planCommand(
  terminal: Terminal,
  options: PlanOptions,
  resources: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  try {
    const config = await loadProject(terminal, options, log);
    const { from, to, fullRefresh, exclude, maxCost, format } = options;
    const effects = { ...realEffects, env: terminal.env, log };
    const { signal } = terminal;
    const plan = await planRun(config, { from, to, fullRefresh, exclude, maxCost, resources, effects, signal });
    terminal.print(format === 'json' ? jsonDocument(plan) : planText(plan));
    return exitCodes.ok;
  } finally {
    log.end();
  }
}
