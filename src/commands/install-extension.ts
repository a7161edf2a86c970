import { resolve } from 'node:path';
import { type ExtensionName, extensionNames, installExtension } from '../duckdb/extensions.ts';
import { exitCodes, PipelineError } from '../errors.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

interface InstallOptions extends CommonOptions {
  readonly from?: string;
  readonly directory?: string;
}

/** `dezgo-elt install-extension NAME`: the only command that downloads code, and only where no file is named. */
export async function installExtensionCommand(
  terminal: Terminal,
  options: InstallOptions,
  [operand]: readonly string[],
): Promise<number> {
  const name = extensionNames.find((one) => one === operand) ?? noSuchName(operand);
  const from = options.from === undefined ? undefined : resolve(terminal.cwd, options.from);
  const { version, path } = await installExtension(name, { from, directory: await directoryOf(terminal, options) });
  if (options.quiet !== true) terminal.print(`Installed ${name} ${version}: ${path}`);
  return exitCodes.ok;
}

// --- internal ---

/** Undefined: DuckDB's own. An extension can be installed before there is a configuration. */
async function directoryOf(terminal: Terminal, options: InstallOptions): Promise<string | undefined> {
  if (options.directory !== undefined) return resolve(terminal.cwd, options.directory);
  try {
    const { destination } = (await loadProject(terminal, options, openLog(terminal, options))).pipeline;
    return 'extension_directory' in destination ? destination.extension_directory : undefined;
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'ConfigNotFound') return undefined;
    throw error;
  }
}

function noSuchName(operand: string | undefined): ExtensionName {
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `There is no extension \`${operand ?? ''}\` that a destination needs.`,
    hint: `These can be installed: ${extensionNames.join(', ')}.`,
  });
}
