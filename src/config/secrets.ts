import path from 'node:path';
import { PipelineError } from '../errors.ts';
import { readText } from '../files/read-text.ts';
import { errorCode, reasonOf } from '../files/reason.ts';
import { withoutEnd } from '../text/ends.ts';
import { type Located, nodeAt } from './file/located-tree.ts';
import { readYaml } from './file/yaml-file.ts';
import { isPlaceholder } from './plain-secret.ts';
import { Secret } from './secret.ts';
import type { SecretReference } from './secret-reference.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `sources: { <source>: { <key>: … } }` of a secrets file; an empty map where there is no file. */
export interface SecretsFile {
  readonly file: string;
  readonly values: ReadonlyMap<string, string>;
}

/** What can be YAML, but is more than any secrets are. */
const EXCESSES: ReadonlySet<string> = new Set(['RESOURCE_EXHAUSTION', 'TOO_DEEP', 'TOO_LARGE']);
const tooMuch = 'It has too many levels, values or aliases';

/**
 * Reads the secrets of one source. A file that is not there holds nothing, unless it was asked for by name.
 * Every value is a text (`0123` keeps its zero), and no message repeats anything of the file.
 */
export async function readSecretsFile(file: string, source: string, required: boolean): Promise<SecretsFile> {
  const text = await readOptional(file, required);
  if (text === undefined) return { file, values: new Map() };
  const { root, problems } = readYaml(text, 'failsafe');
  const [problem] = problems;
  if (problem !== undefined) {
    const { line = 1, column = 1 } = problem.origin;
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `${path.basename(file)}:${line}:${column}  is not valid YAML (${problem.code}).`,
      hint: `${EXCESSES.has(problem.code) ? tooMuch : 'Write values in quotes'}; secrets.example.yaml shows the form of this file.`,
      facts: { file, line, column },
    });
  }
  return { file, values: textsIn(root, source) };
}

async function readOptional(file: string, required: boolean): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT' && !required) return undefined;
    throw new PipelineError({
      code: 'ConfigNotFound',
      message: `The secrets file ${file} cannot be read: ${reasonOf(cause)}`,
      hint: 'Copy secrets.example.yaml to this place, or leave out `--secrets` and set the environment variable.',
      facts: { file },
      cause,
    });
  }
}

function textsIn(root: Located, source: string): Map<string, string> {
  const values = nodeAt(root, ['sources', source]);
  const entries = values?.kind === 'map' ? [...values.entries] : [];
  return new Map(
    entries.flatMap(([key, node]) =>
      node.kind === 'scalar' && typeof node.value === 'string' ? [[key, node.value] as const] : [],
    ),
  );
}

export interface SecretSource {
  lookUp(reference: SecretReference): Secret;
  /** Every variable that a secret was looked for in. */
  readonly variables: ReadonlySet<string>;
}

/**
 * Finds secrets in the order of dlt's naming in the environment, the variable that `env:` names, the secrets file.
 * A placeholder such as `<set me up!>` counts as not set. What is not found is missing only when it is revealed.
 */
export function secretSource(source: string, env: Environment, secretsFile: SecretsFile): SecretSource {
  const variables = new Set<string>();
  return {
    variables,
    lookUp({ key, variable }) {
      for (const name of [variableOf(source, key), variable]) if (name !== undefined) variables.add(name);
      const places = [
        environmentPlace(variableOf(source, key), env),
        ...(variable === undefined ? [] : [environmentPlace(variable, env)]),
        {
          name: `\`sources.${source}.${key}\` in ${secretsFile.file}`,
          value: secretsFile.values.get(key),
        },
      ];
      const found = places.find(({ value }) => isSet(value) && !isPlaceholder(value));
      if (found?.value !== undefined) return Secret.found(key, withoutLineEnd(found.value), found.name);
      return Secret.missing(
        key,
        places.map(({ name, value }) => (isSet(value) ? `${name} (it still holds a placeholder)` : name)),
      );
    },
  };
}

/** dlt's name of a key of a source in the environment. */
function variableOf(source: string, key: string): string {
  return `SOURCES__${environmentName(source)}__${environmentName(key)}`;
}

/** A key as it stands in the name of a variable: upper case, and `_` for what a variable cannot hold. */
export function environmentName(key: string): string {
  return key.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function environmentPlace(name: string, env: Environment) {
  return { name: `environment ${name}`, value: env[name] };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

/** The end of a line comes along when a key is read from a file into a variable; no header can carry it. */
function withoutLineEnd(value: string): string {
  return withoutEnd(value, '\r\n');
}
