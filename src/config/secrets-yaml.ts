import path from 'node:path';
import { PipelineError } from '../errors.ts';
import { environmentName } from './environment-name.ts';
import { type Located, nodeAt } from './file/located-tree.ts';
import { readYaml } from './file/yaml-file.ts';
import { meantBy, type SecretKeys } from './idle-secrets.ts';
import { readSecretsText } from './read-secrets-text.ts';
import type { FileValue, SecretsFile } from './secret-place.ts';

/** What can be YAML, but is more than any secrets are. */
const EXCESSES: ReadonlySet<string> = new Set(['RESOURCE_EXHAUSTION', 'TOO_DEEP', 'TOO_LARGE']);
const tooMuch = 'It has too many levels, values or aliases';

/** `variables`: what it says of destinations beside secrets, such as a host, as dlt calls it in the environment. */
interface SecretsYaml extends SecretsFile, SecretKeys {
  readonly variables: ReadonlyMap<string, FileValue>;
}

/**
 * `sources: { <source>: { <key>: … } }`. A file that is not there holds nothing, unless it was asked for by name.
 * Every value is a text (`0123` keeps its zero), and no message repeats anything of the file.
 */
export async function readSecretsYaml(file: string, required: boolean): Promise<SecretsYaml> {
  const text = await readSecretsText(file, required);
  const root = text === undefined ? undefined : parsed(text, file);
  const texts = textsIn(root);
  const keys = texts.map(([words]) => words);
  return {
    file,
    keys,
    places: ({ section, key }) => {
      const [words, value] = [[...section, key], textAt(root, [...section, key])];
      const meant = value === undefined ? meantBy(words, keys) : '';
      return [{ name: `\`${words.join('.')}\` in ${file}${meant}`, value }];
    },
    variables: new Map(
      texts.flatMap(([words, text]) => (words[0] === 'destination' ? [variableOf(words, text, file)] : [])),
    ),
  };
}

/** The text at these keys; undefined where there is none, or no text. */
export function textAt(root: Located | undefined, keys: readonly string[]): string | undefined {
  const node = root === undefined ? undefined : nodeAt(root, keys);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

// --- internal ---

/** Every text, and the keys that lead to it. */
function textsIn(node: Located | undefined, keys: readonly string[] = []): [keys: readonly string[], text: string][] {
  if (node?.kind === 'map') return [...node.entries].flatMap(([key, member]) => textsIn(member, [...keys, key]));
  return node?.kind === 'scalar' && typeof node.value === 'string' ? [[keys, node.value]] : [];
}

function variableOf(keys: readonly string[], text: string, file: string): [string, FileValue] {
  return [keys.map(environmentName).join('__'), { text, place: `\`${keys.join('.')}\` in ${file}` }];
}

function parsed(text: string, file: string): Located {
  const { root, problems } = readYaml(text, 'failsafe');
  const [problem] = problems;
  if (problem === undefined) return root;
  const { line = 1, column = 1 } = problem.origin;
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `${path.basename(file)}:${line}:${column}  is not valid YAML (${problem.code}).`,
    hint: `${EXCESSES.has(problem.code) ? tooMuch : 'Write values in quotes'}; secrets.example.yaml shows the form of this file.`,
    facts: { file, line, column },
  });
}
