import { realEffects } from '../effects.ts';
import { checkText } from '../report/check-text.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { checkResources } from '../run/check-resources.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

/** `dezgo-elt check [RESOURCE…]`: asks the source once for each resource, and writes nothing. */
export async function checkCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: OutputFormat },
  resources: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  try {
    const config = await loadProject(terminal, options, log);
    const effects = { ...realEffects, env: terminal.env, log };
    const found = await checkResources(config, { resources, effects, signal: terminal.signal });
    log.end();
    const failures = found.resources.flatMap(({ error }) => error ?? []);
    const ending = failureMembers(failures[0]);
    if (options.format === 'json') terminal.print(jsonDocument({ ...found, ...ending }));
    else if (options.quiet !== true || failures.length > 0) terminal.print(checkText(found));
    for (const failure of failures) terminal.fail(failure);
    return ending.exitCode;
  } finally {
    log.end();
  }
}
