import { loadWithPlaces } from '../config/load-config.ts';
import { realEffects, silentLog } from '../effects.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { QueryProcess } from '../inspection/query-process.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

export interface McpOptions extends CommonOptions {
  readonly allowNetwork?: boolean;
  readonly allowRun?: boolean;
}

/** `dezgo-elt mcp`: a server of the Model Context Protocol on stdin and stdout, until the client has gone. */
export async function mcpCommand(terminal: Terminal, options: McpOptions): Promise<number> {
  const { streams, env, program, cwd, signal } = terminal;
  if (streams === undefined) throw nobodyThere();
  const { config: file, secrets } = options;
  const { serveMcp } = await import('../mcp/serve.ts');
  const effects = { ...realEffects, env, log: silentLog };
  const queries = new QueryProcess(
    { program, options: ['-c', file, ...(secrets === undefined ? [] : ['--secrets', secrets])], cwd, env },
    effects,
  );
  const project = {
    load: () => loadWithPlaces(file, { env, cwd, ...(secrets !== undefined && { secretsFile: secrets }) }),
    shownFile: file,
    ask: queries.ask.bind(queries),
    effects,
    mayPreview: options.allowNetwork ?? false,
    mayRun: options.allowRun ?? false,
  };
  const warn = (message: string) => {
    if (options.quiet !== true) terminal.stderr.write(`warning: ${message}\n`);
  };
  try {
    await serveMcp(project, { ...streams, signal, warn });
    return exitCodes.ok;
  } finally {
    queries.close();
  }
}

// --- internal ---

function nobodyThere(): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: 'There is no client to talk with.',
    hint: 'A client of the Model Context Protocol starts it: docs/assistants.md says how.',
  });
}
