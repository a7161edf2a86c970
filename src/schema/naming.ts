import { withoutEnd, withoutStart } from '../text/ends.ts';
import { fitted, type NameLimit } from './fitted-name.ts';
import { PATH_SEPARATOR } from './names.ts';
import { shortenTag } from './tag.ts';

// dlt's `snake_case` convention; Python's `\d` and `strip` know all of Unicode, hence \p{Nd} and the list of blanks.
// https://dlthub.com/docs/general-usage/naming-convention
const BLANKS =
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';
const REPLACED: Readonly<Record<string, string>> = { '+': 'x', '-': '_', '*': 'x', '@': 'a', '|': 'l' };

/** Stands for a key of nothing but blanks, as in dlt. */
const EMPTY_KEY = '_empty';

/** Python's `strip()`. */
export function stripBlanks(text: string): string {
  return withoutEnd(withoutStart(text, BLANKS), BLANKS);
}

/**
 * One name in dlt's `snake_case` convention; '' for a blank one. Not cached: callers cache per key.
 *
 * @example
 * normalizeIdentifier('HTTPServer') // 'http_server'
 * normalizeIdentifier('c++') // 'cxx'
 * @internal
 */
export function normalizeIdentifier(name: string): string {
  const snake = stripBlanks(name)
    .replace(/[+\-*@|]/g, (symbol) => REPLACED[symbol] ?? '_')
    .replace(/[^A-Za-z\p{Nd}_]+/gu, '_')
    .replace(/([^_])([A-Z][a-z]+)/gu, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
  const kept = withoutEnd(snake, '_');
  const trailing = 'x'.repeat(snake.length - kept.length);
  return (kept + trailing).replace(/^(?=\p{Nd})/u, '_').replace(/__+/g, '_');
}

/**
 * A column key or table name: every part between `__` normalized, blank parts dropped. '' when nothing is left (`__`):
 * callers must give such a name a place; see `columnName`.
 *
 * @param limit each part that is too long is shortened, then the whole, as in dlt. Default: none
 */
export function normalizePath(path: string, limit?: NameLimit): string {
  const parts = path.split(PATH_SEPARATOR).map((part) => fitted(normalizeIdentifier(part), limit, stripBlanks(part)));
  return fitted(parts.filter(Boolean).join(PATH_SEPARATOR), limit, path);
}

/**
 * The column (or part of a path) for a key of a record; never empty. A blank key is `_empty`, as in dlt. A key that leaves
 * nothing, such as `__` (dlt fails on it), is `_empty__` and the tag of the key: what a collision with `_empty` would make of it.
 */
export function columnName(key: string, limit?: NameLimit): string {
  const name = normalizePath(key, limit);
  if (name !== '') return name;
  return stripBlanks(key) === '' ? EMPTY_KEY : `${EMPTY_KEY}${PATH_SEPARATOR}${shortenTag(key)}`;
}
