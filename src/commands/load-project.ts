import { loadConfig } from '../config/load-config.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { Log } from '../effects.ts';
import { shownWarning } from './shown-warning.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

/** The configuration that the options name; its warnings go to the log. */
export async function loadProject(
  { cwd, env }: Pick<Terminal, 'cwd' | 'env'>,
  { config: file, secrets }: Pick<CommonOptions, 'config' | 'secrets'>,
  log: Log,
): Promise<PipelineConfig> {
  const config = await loadConfig(file, { env, cwd, ...(secrets !== undefined && { secretsFile: secrets }) });
  for (const warning of config.warnings) log.warn(shownWarning(warning));
  return config;
}
