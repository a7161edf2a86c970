import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './repository.ts';
import { tempFolder } from './temp-folder.ts';
import { type CommandResult, runCommand } from './terminal.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * A folder with a `pipeline.config.yaml`, as a user has one, removed when the test ends. Commands are run in the process of the
 * test. Where the process itself is what is tested (signals, kills, locks, exit), `startCli` and `runCli` take a project too.
 */
export interface Project {
  readonly cwd: string;
  /** What every command finds in the environment. */
  readonly env: Environment;
  /** The destination. */
  readonly file: string;
  readonly packages: string;
  /** `answer`: of the person at the terminal; nobody is there without it. */
  run(args?: readonly string[], env?: Environment, answer?: string): Promise<CommandResult>;
}

/** Invented; long enough that no text holds it by chance. */
export const key = 'KEY-5A4DB0C5-0123456789';

/** Retries without long waits. */
const quickRetries = { RUNTIME__REQUEST_MAX_ATTEMPTS: '3', RUNTIME__REQUEST_BACKOFF_FACTOR: '0.01' };

/** The configuration that the package ships with, pointed at `url`. */
export async function shippedProject(url: string, env: Environment = {}): Promise<Project> {
  const yaml = await readFile(join(projectRoot, 'pipeline.config.yaml'), 'utf8');
  const cwd = await tempFolder({ 'pipeline.config.yaml': yaml });
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

export async function smallProject(url: string, config: SmallConfig, env: Environment = {}): Promise<Project> {
  const project = projectIn(await tempFolder(), 'file.duckdb', { SHOP_KEY: key, ...quickRetries, ...env });
  await writeConfig(project, smallConfig(url, config));
  return project;
}

export async function writeConfig({ cwd }: Pick<Project, 'cwd'>, config: object): Promise<void> {
  await writeFile(join(cwd, 'pipeline.config.yaml'), JSON.stringify(config, null, 2));
}

/** A configuration as text, and nothing in the environment. */
export async function yamlProject(yaml = smallYaml): Promise<Project> {
  return projectIn(await tempFolder({ 'pipeline.config.yaml': yaml }), 'file.duckdb', {});
}

/** Where nobody listens, with a resource that is selected and one that is not. */
export const smallYaml = `
pipeline:
  name: small
  dataset_name: data
  destination: { type: duckdb, path: file.duckdb }
source:
  name: shop
  client:
    base_url: http://127.0.0.1:9/
    auth: { type: api_key, name: X-Key, api_key: { secret: api_key, env: SHOP_KEY } }
  resources:
    - name: models
      primary_key: id
      write_disposition: merge
      endpoint: { path: models, data_selector: data, fallbacks: [{ path: info, data_selector: models }] }
    - name: images
      selected: false
      endpoint: { path: "images/{id}", method: POST, params: { id: { type: values, from: [{ list: [] }] } } }
`;

export function projectIn(cwd: string, file: string, env: Environment): Project {
  return {
    cwd,
    env,
    file: join(cwd, file),
    packages: join(cwd, '.dezgo-elt', 'packages'),
    run: (args = ['run'], more = {}, answer) =>
      runCommand(args, { cwd, env: { ...env, ...more }, ...(answer === undefined ? {} : { answer }) }),
  };
}
