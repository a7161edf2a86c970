import path from 'node:path';
import { PipelineError } from '../../errors.ts';
import type { Located, Origin, Path } from '../file/located-tree.ts';
import { scalarAt } from '../file/located-tree.ts';

/** Nobody reads more at once. */
const shownProblems = 100;

/** One thing that is wrong with a configuration. */
export interface Problem {
  readonly origin: Origin;
  /** What was expected; a clause without a full stop. */
  readonly message: string;
}

/** `source.resources.models.endpoint`: list items that have a name go by their name. */
export function pathText(keys: Path, root: Located | undefined): string {
  const words = keys.map((key, depth) => {
    if (typeof key !== 'number') return key;
    const name = scalarAt(root, ...keys.slice(0, depth + 1), 'name');
    return typeof name === 'string' && name !== '' ? name : key;
  });
  return words.reduce<string>((text, word) => {
    if (typeof word === 'number') return `${text}[${word}]`;
    return text === '' ? word : `${text}.${word}`;
  }, '');
}

/** `pipeline.config.yaml:12:5`, `environment NAME`, or nothing for a configuration object. */
export function placeText(origin: Origin, file: string | undefined): string {
  if (origin.place !== undefined) return origin.place;
  if (origin.variable !== undefined) return `environment ${origin.variable}`;
  if (file === undefined || origin.line === undefined) return '';
  return `${file}:${origin.line}:${origin.column}`;
}

/** All problems, the first hundred of them, as one error, a line each, in the order of the file; what the environment caused comes last. */
export function invalidConfig(
  problems: readonly Problem[],
  root: Located | undefined,
  file?: string,
  kind = 'configuration',
): PipelineError {
  const lines = new Set(
    [...problems].sort(byPlace).map(({ origin, message }) => {
      return [placeText(origin, file), pathText(origin.path, root), message].filter((part) => part !== '').join('  ');
    }),
  );
  const what = file === undefined ? `The ${kind}` : `The ${kind} ${path.basename(file)}`;
  const count = lines.size === 1 ? '1 problem' : `${lines.size} problems`;
  const shown = [...lines].slice(0, shownProblems);
  const some = shown.length === lines.size ? '' : `, of which these are the first ${shownProblems}`;
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `${what} has ${count}${some}:\n${shown.map((line) => `  ${line}`).join('\n')}`,
    hint: 'Correct what is listed, then check with `dezgo-elt validate`.',
    facts: { ...(file !== undefined && { file }), problems: shown },
  });
}

function byPlace(a: Problem, b: Problem): number {
  const line = (origin: Origin) => (origin.variable === undefined ? (origin.line ?? 0) : Number.MAX_SAFE_INTEGER);
  return line(a.origin) - line(b.origin) || (a.origin.column ?? 0) - (b.origin.column ?? 0);
}
