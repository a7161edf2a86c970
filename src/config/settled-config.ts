import { type Effects, realEffects } from '../effects.ts';
import type { Environment } from './environment-name.ts';
import type { ConfigFileInput } from './grammar/config-schema.ts';
import { isResolved, type PipelineConfig } from './pipeline-config.ts';

/** A configuration object is checked and completed; one that has been through that is taken as it is, without loading zod. */
export async function settledConfig(
  input: PipelineConfig | ConfigFileInput,
  env: Environment,
): Promise<PipelineConfig> {
  if (isResolved(input)) return input;
  const { resolveConfig } = await import('./load-config.ts');
  return resolveConfig(input, { env });
}

/** The effects of a run of this configuration: what its `.env` holds is of the environment. */
export function effectsFor({ envFile }: PipelineConfig, effects: Effects = realEffects): Effects {
  return envFile === undefined ? effects : { ...effects, env: envFile.under(effects.env) };
}
