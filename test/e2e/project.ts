import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CliResult, projectRoot, runCli, startCli } from '../support/cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A folder with a configuration, as a user has one. */
export interface Project {
  readonly cwd: string;
  /** The destination. */
  readonly file: string;
  readonly packages: string;
  /** Runs the command line there. */
  run(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>;
  start(args?: readonly string[], env?: Readonly<Record<string, string>>): ReturnType<typeof startCli>;
}

/** Invented; long enough that no text holds it by chance. */
export const key = 'KEY-5A4DB0C5-0123456789';

/** Retries without long waits. */
const quickRetries = { RUNTIME__REQUEST_MAX_ATTEMPTS: '3', RUNTIME__REQUEST_BACKOFF_FACTOR: '0.01' };

/** The configuration that the package ships with, pointed at `url`. */
export async function shippedProject(url: string, env: Readonly<Record<string, string>> = {}): Promise<Project> {
  const cwd = await tempFolder();
  await copyFile(join(projectRoot, 'pipeline.config.yaml'), join(cwd, 'pipeline.config.yaml'));
  return projectIn(cwd, 'dezgo_api_pipeline.duckdb', {
    SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL: `${url}/`,
    DEZGO_API_KEY: key,
    ...quickRetries,
    ...env,
  });
}

export interface SmallConfig {
  readonly resources: readonly object[];
  readonly pipeline?: object;
  readonly client?: object;
}

/** `data` in `file.duckdb`, from resources given as they would stand in YAML, which JSON is a part of. */
export function smallConfig(url: string, { resources, pipeline = {}, client = {} }: SmallConfig): object {
  return {
    pipeline: {
      name: 'small',
      dataset_name: 'data',
      destination: { type: 'duckdb', path: 'file.duckdb' },
      ...pipeline,
    },
    source: {
      name: 'shop',
      client: {
        base_url: `${url}/`,
        auth: { type: 'api_key', name: 'X-Key', location: 'header', api_key: { secret: 'api_key', env: 'SHOP_KEY' } },
        ...client,
      },
      resources,
    },
  };
}

export async function smallProject(url: string, config: SmallConfig): Promise<Project> {
  const project = projectIn(await tempFolder(), 'file.duckdb', { SHOP_KEY: key, ...quickRetries });
  await writeConfig(project, smallConfig(url, config));
  return project;
}

export async function writeConfig({ cwd }: Pick<Project, 'cwd'>, config: object): Promise<void> {
  await writeFile(join(cwd, 'pipeline.config.yaml'), JSON.stringify(config, null, 2));
}

export function projectIn(cwd: string, file: string, base: Readonly<Record<string, string>>): Project {
  return {
    cwd,
    file: join(cwd, file),
    packages: join(cwd, '.dezgo-elt', 'packages'),
    run: (args = ['run'], env = {}) => runCli(args, { cwd, env: { ...base, ...env } }),
    start: (args = ['run'], env = {}) => startCli(args, { cwd, env: { ...base, ...env } }),
  };
}
