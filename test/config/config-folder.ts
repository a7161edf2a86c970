import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { type LoadOptions, loadConfig } from '../../src/config/load-config.ts';
import type { PipelineConfig } from '../../src/config/pipeline-config.ts';
import { PipelineError } from '../../src/errors.ts';

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A temporary folder with these files, removed after the test. */
export async function configFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'config-')));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** Loads `yaml` as `pipeline.config.yaml` of a folder of its own, with nothing in the environment but `env`. */
export async function load(yaml: string, options: LoadOptions = {}): Promise<PipelineConfig> {
  const cwd = await configFolder({ 'pipeline.config.yaml': yaml });
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
