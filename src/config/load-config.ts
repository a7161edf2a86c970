import path from 'node:path';
import { realEffects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { currentFolder } from '../files/current-folder.ts';
import { readText } from '../files/read-text.ts';
import { errorCode, reasonOf } from '../files/reason.ts';
import { nothingBeside, readBesideFiles } from './beside-files.ts';
import { checkExpectedSql } from './checks/check-expectations.ts';
import { checkExpressions } from './checks/check-expressions.ts';
import { checkParentFields } from './checks/check-parents.ts';
import { checkSelectors } from './checks/check-selectors.ts';
import { checkSteps } from './checks/check-steps.ts';
import { partsOf, partsThatPass } from './checks/checked-parts.ts';
import { crossCheck } from './checks/cross-checks.ts';
import type { Finding } from './checks/finding.ts';
import { completeConfig } from './complete.ts';
import type { Environment } from './environment-name.ts';
import { destinationType } from './file/addressing.ts';
import { applyEnvironment } from './file/environment.ts';
import { idleVariables, nearestOf } from './file/idle-variables.ts';
import { child, type Located, located, nodeAt, originAt, plain, scalarAt } from './file/located-tree.ts';
import { mergeResourceDefaults } from './file/resource-defaults.ts';
import { readYaml } from './file/yaml-file.ts';
import { type ConfigFileInput, configSchema } from './grammar/config-schema.ts';
import { destinationTypes } from './grammar/destination-schema.ts';
import { idleSecrets } from './idle-secrets.ts';
import { openToOthers } from './open-to-others.ts';
import type { ConfigWarning, PipelineConfig } from './pipeline-config.ts';
import { problemsOf } from './problems/issues.ts';
import { invalidConfig, type Problem, pathText } from './problems/problem.ts';
import { wording } from './problems/zod-messages.ts';
import { noCommands, secretCommands } from './secret-commands.ts';
import { withSecrets } from './secret-reference.ts';
import { sectionsAt } from './secret-sections.ts';
import { secretSource } from './secrets.ts';
import { secretsIn } from './secrets-in.ts';

export interface LoadOptions {
  /** @default the environment of the process */
  readonly env?: Environment;
  /** @default `secrets.yaml` beside the configuration */
  readonly secretsFile?: string;
  /** What relative paths in variables start from, and those of a configuration object. @default the current folder */
  readonly cwd?: string;
  /** Nothing but the configuration is looked at: no environment, no file, no program. Every secret is missing then. */
  readonly isAlone?: boolean;
}

/**
 * Reads, checks and completes a configuration file.
 *
 * @throws PipelineError `ConfigNotFound`; `ConfigInvalid` with every problem at once, a line each:
 * `file:line:column  path  what was expected`. A missing secret is not thrown here; see `missingSecrets`.
 *
 * @example
 * const config = await loadConfig('pipeline.config.yaml');
 */
export async function loadConfig(file: string, options: LoadOptions = {}): Promise<PipelineConfig> {
  return (await loadWithPlaces(file, options)).config;
}

/** A configuration with where each of its values was written. */
export interface PlacedConfig {
  readonly config: PipelineConfig;
  /** As written, with what `resource_defaults`, `.dlt/config.toml` and the environment brought. */
  readonly tree: Located;
}

/** Like `loadConfig`, for those who tell where values came from. */
export async function loadWithPlaces(file: string, options: LoadOptions = {}): Promise<PlacedConfig> {
  const cwd = path.resolve(options.cwd ?? currentFolder());
  const absolute = path.resolve(cwd, file);
  const { root, problems, broken } = readYaml(await readConfigFile(absolute));
  if (broken) throw invalidConfig(problems, undefined, file);
  return resolve({ root, problems, file: absolute, shownFile: file, folder: path.dirname(absolute), cwd, options });
}

/**
 * The configuration of a text that stands in no file yet.
 *
 * @param folder absolute: what relative paths start from, and where `secrets.yaml` is looked for
 */
export async function loadConfigText(
  text: string,
  folder: string,
  { shownFile, ...options }: LoadOptions & { readonly shownFile?: string } = {},
): Promise<PipelineConfig> {
  const { root, problems, broken } = readYaml(text);
  if (broken) throw invalidConfig(problems, undefined, shownFile);
  const cwd = path.resolve(options.cwd ?? folder);
  return (await resolve({ root, problems, folder, cwd, options, ...(shownFile !== undefined && { shownFile }) }))
    .config;
}

/**
 * Checks and completes a configuration object, with the same rules as a file. Its paths, and `secrets.yaml`, are
 * relative to `cwd`; a resource can have `data`, a function that returns an (async) iterable of records.
 */
export async function resolveConfig(input: ConfigFileInput, options: LoadOptions = {}): Promise<PipelineConfig> {
  const cwd = path.resolve(options.cwd ?? currentFolder());
  return (await resolve({ root: located(input), problems: [], folder: cwd, cwd, options })).config;
}

async function readConfigFile(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (cause) {
    const reason = errorCode(cause) === 'ENOENT' ? 'was not found' : `cannot be read: ${reasonOf(cause)}`;
    throw new PipelineError({
      code: 'ConfigNotFound',
      message: `The configuration ${file} ${reason}`,
      hint: 'Name the file with `--config FILE`, or make one with `dezgo-elt init`.',
      facts: { file },
      cause,
    });
  }
}

interface Draft {
  readonly root: Located;
  readonly problems: readonly Problem[];
  readonly file?: string;
  /** As the caller wrote it: what messages show. */
  readonly shownFile?: string;
  readonly folder: string;
  readonly cwd: string;
  readonly options: LoadOptions;
}

async function resolve({ root, problems, file, shownFile, folder, cwd, options }: Draft): Promise<PlacedConfig> {
  const { isAlone = false } = options;
  const env = isAlone ? {} : (options.env ?? realEffects.env);
  const secretsFile = options.secretsFile === undefined ? undefined : path.resolve(cwd, options.secretsFile);
  const beside = isAlone ? nothingBeside : await readBesideFiles({ folder, env, secretsFile });
  const { env: defaults, placeOf: defaultPlace } = beside.defaults;
  const withDefaults = applyEnvironment(mergeResourceDefaults(root), configSchema, defaults, {
    placeOf: defaultPlace,
    areDefaults: true,
  });
  const { env: variables, placeOf } = beside.variables;
  const environment = applyEnvironment(withDefaults.root, configSchema, variables, { placeOf });
  const tree = environment.root;
  const source = String(scalarAt(root, 'source', 'name') ?? '');
  const secrets = secretSource({
    pipeline: String(scalarAt(tree, 'pipeline', 'name') ?? ''),
    wantedAt: (at) => ({
      sections: sectionsAt(at, source, destinationType(tree)),
      isOptional: at[1] === 'destination' && nodeAt(tree, at) === undefined,
    }),
    env,
    envFile: beside.envFile,
    files: beside.secrets,
    commands: isAlone ? noCommands : secretCommands({ ...commandSettings(tree), cwd: folder, env: variables }),
  });
  // Without `jitless`, zod compiles every schema for the one object that it will ever see: 6 ms more.
  const parsed = configSchema.safeParse(plain(tree), { error: wording, jitless: true });
  const checked = parsed.success ? withSecrets(parsed.data, secrets.lookUp) : undefined;
  await settleAddresses(checked?.pipeline.destination);
  const parts = checked === undefined ? partsThatPass(tree, secrets.lookUp) : partsOf(checked);
  const found = [
    ...problems,
    ...withDefaults.problems,
    ...environment.problems,
    ...(parsed.success ? [] : problemsOf(parsed.error.issues, configSchema, tree)),
    ...[
      ...crossCheck(parts),
      ...(await checkSelectors(tree)),
      ...(await checkParentFields(parts.resources)),
      ...checkSteps(tree),
      ...(await checkExpressions(tree)),
      ...(await checkExpectedSql(tree, parts.pipeline)),
    ].map((finding) => problemAt(tree, finding)),
  ];
  const addressable = { source, secrets: secrets.variables, schema: configSchema, tree };
  const idleKeys = idleSecrets(beside.secretKeys, {
    source,
    type: destinationType(tree),
    types: destinationTypes,
    isAsked: (variable) => !withDefaults.idle.includes(variable) || secrets.variables.has(variable),
    nearestOf: (variable) => nearestOf(variable, addressable),
  });
  if (checked === undefined || found.length > 0)
    throw invalidConfig([...found, ...idleKeys.map(asProblem)], tree, shownFile);
  const config = completeConfig(checked, {
    tree,
    cwd,
    ...(file !== undefined && { file }),
    ...(shownFile !== undefined && { shownFile }),
  });
  const idle = idleVariables(environment.idle, { ...addressable, placeOf });
  const warnings = [...config.warnings, ...idle, ...idleKeys, ...(await openToOthers(secrets.files))];
  const envFile = beside.envFile === undefined ? {} : { envFile: beside.envFile };
  return { config: { ...config, ...envFile, secretVariables: [...secrets.preferred], warnings }, tree };
}

/** What a command is asked for at once: where the destination is decides more than a key does. */
async function settleAddresses(destination: unknown): Promise<void> {
  for (const { secret, path: keys } of secretsIn(destination))
    if (keys.at(-1) === 'connection_string' && !secret.isOptional) await secret.settle();
}

/** How secrets are asked for that are found nowhere else; what is wrong with it is a problem of the file, told elsewhere. */
function commandSettings(tree: Located) {
  const node = child(tree, 'secrets');
  const { command, timeout } =
    (node && configSchema.shape.secrets.safeParse(plain(node)).data) ?? configSchema.shape.secrets.parse({});
  return { command, timeout };
}

/** It may be what is missing. */
function asProblem({ at, message }: ConfigWarning): Problem {
  return { origin: { path: [], ...(at !== undefined && { place: at }) }, message };
}

/** A finding at the place it is about; where that is a shared default, with the resource it is about. */
function problemAt(tree: Located, { path: keys, message }: Finding): Problem {
  const origin = originAt(tree, keys);
  const isShared = origin.path.includes('resource_defaults');
  return { origin, message: isShared ? `${message} (for \`${pathText(keys.slice(0, 3), tree)}\`)` : message };
}
