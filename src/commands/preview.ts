import { realEffects } from '../effects.ts';
import { exitCodes } from '../errors.ts';
import { previewResource } from '../recording/preview-resource.ts';
import { failureMembers, jsonDocument } from '../report/json-report.ts';
import { previewText } from '../report/preview-text.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, OutputFormat, Terminal } from './terminal.ts';

/** `dezgo-elt preview RESOURCE`: its first rows, and the tables that a run would make. Nothing of it stays. */
export async function previewCommand(
  terminal: Terminal,
  options: CommonOptions & { readonly format: OutputFormat; readonly limit: number },
  [resource = '']: readonly string[],
): Promise<number> {
  const log = openLog(terminal, options);
  try {
    const config = await loadProject(terminal, options, log);
    const effects = { ...realEffects, env: terminal.env, log };
    const { signal } = terminal;
    const preview = await previewResource(config, resource, { most: options.limit, effects, signal });
    log.end();
    terminal.print(
      options.format === 'json' ? jsonDocument({ ...preview, ...failureMembers(undefined) }) : previewText(preview),
    );
    return exitCodes.ok;
  } finally {
    log.end();
  }
}
