import { didYouMean, nearest } from '../text/nearest.ts';
import { environmentName } from './environment-name.ts';
import type { ConfigWarning } from './pipeline-config.ts';

/** What a file of secrets says, by its keys alone. */
export interface SecretKeys {
  readonly file: string;
  readonly keys: readonly (readonly string[])[];
}

interface Asked {
  readonly source: string;
  /** The type of the destination, and all that there are. */
  readonly type: string;
  readonly types: readonly string[];
  /** Whether a value of the destination sets something, by dlt's name for it in the environment. */
  readonly isAsked: (variable: string) => boolean;
  /** The name of the variable that a mistyped one most likely was meant for. */
  readonly nearestOf: (variable: string) => string | undefined;
}

/**
 * Warnings about keys in a file of secrets that are meant for this configuration and that nothing in it asks for. What can be for another
 * one, such as another source or kind of destination, is left alone; a secret of the source says itself what it misses.
 */
export function idleSecrets({ file, keys }: SecretKeys, asked: Asked): ConfigWarning[] {
  const warnings = keys.flatMap((words) => {
    const idle = idleKey(words, keys, asked);
    return idle === undefined
      ? []
      : [{ at: `\`${idle.key}\` in ${file}`, message: `is asked for by nothing here and is ignored${idle.meant}` }];
  });
  return [...new Map(warnings.map((warning) => [warning.at, warning])).values()];
}

/** The key that is there and was most likely meant by one that is not: ` (did you mean it by \`pasword\`?)`, or nothing. */
export function meantBy(wanted: readonly string[], keys: SecretKeys['keys']): string {
  const depth = wanted.findIndex((_, at) => !keys.some((words) => startsWith(words, wanted.slice(0, at + 1))));
  const above = wanted.slice(0, depth);
  const there = keys.flatMap((words) => (startsWith(words, above) ? (words[depth] ?? []) : []));
  const near = nearest(wanted[depth] ?? '', there);
  return near === undefined ? '' : ` (did you mean it by \`${[...above, near].join('.')}\`?)`;
}

// --- internal ---

interface IdleKey {
  readonly key: string;
  /** The end of a message. */
  readonly meant: string;
}

const TOPS = ['sources', 'destination'];

function idleKey(
  words: readonly string[],
  keys: SecretKeys['keys'],
  { source, type, types, isAsked, nearestOf }: Asked,
): IdleKey | undefined {
  const [top = '', section = ''] = words;
  if (!TOPS.includes(top)) return nearKey(top, [], TOPS);
  if (top === 'sources') {
    const isThere = section === source || keys.some((other) => startsWith(other, [top, source]));
    return isThere ? undefined : nearKey(section, [top], [source]);
  }
  if (section !== type) return types.includes(section) ? undefined : nearKey(section, [top], types);
  const variable = words.map(environmentName).join('__');
  if (isAsked(variable)) return undefined;
  const near = nearestOf(variable)?.toLowerCase().replaceAll('__', '.');
  return { key: words.join('.'), meant: near === undefined ? '' : `, did you mean \`${near}\`?` };
}

function nearKey(word: string, above: readonly string[], candidates: readonly string[]): IdleKey | undefined {
  const meant = didYouMean(word, candidates);
  return meant === '' ? undefined : { key: [...above, word].join('.'), meant };
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.every((word, at) => words[at] === word);
}
