import { type LoadOptions, loadConfig } from '../../src/config/load-config.ts';
import type { PipelineConfig } from '../../src/config/pipeline-config.ts';
import { PipelineError } from '../../src/errors.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Loads `yaml` as `pipeline.config.yaml` of a folder of its own, with nothing in the environment but `env`. */
export async function load(yaml: string, options: LoadOptions = {}): Promise<PipelineConfig> {
  const cwd = await tempFolder({ 'pipeline.config.yaml': yaml });
  return loadConfig('pipeline.config.yaml', { cwd, env: {}, ...options });
}

/** The lines of the problems that loading `yaml` reports. */
export async function problems(yaml: string, options: LoadOptions = {}): Promise<string[]> {
  const error = await failure(load(yaml, options));
  if (error.code !== 'ConfigInvalid') throw error;
  return error.message
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

export async function failure(promise: Promise<unknown>): Promise<PipelineError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof PipelineError) return thrown;
  throw new Error(`expected a PipelineError, got ${String(thrown)}`, { cause: thrown });
}

/** A whole configuration around the lines of its resources. */
export function withResources(...lines: readonly string[]): string {
  return [
    'pipeline: { name: shop }',
    'source:',
    '  name: shop_api',
    '  client: { base_url: https://api.example.com/ }',
    '  resources:',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
}
