import type { ConfigFileInput } from './grammar/config-schema.ts';
import { isResolved, type PipelineConfig } from './pipeline-config.ts';
import type { Environment } from './secrets.ts';

/** A configuration object is checked and completed; one that has been through that is taken as it is, without loading zod. */
export async function settledConfig(
  input: PipelineConfig | ConfigFileInput,
  env: Environment,
): Promise<PipelineConfig> {
  if (isResolved(input)) return input;
  const { resolveConfig } = await import('./load-config.ts');
  return resolveConfig(input, { env });
}
