import type { z } from 'zod';
import { didYouMean } from '../../text/nearest.ts';
import type { Located, Path } from '../file/located-tree.ts';
import { nodeAt, originAt, plain, scalarAt } from '../file/located-tree.ts';
import { keysAt } from '../file/schema-walk.ts';
import type { Problem } from './problem.ts';
import { unsupportedKey, unsupportedType } from './unsupported.ts';
import { expectedOneOf, mismatch } from './zod-messages.ts';

type Issue = z.core.$ZodIssue;

/** zod's issues as problems: one for every unknown key, one for a union that nothing fits. */
export function problemsOf(issues: readonly Issue[], schema: z.core.$ZodType, tree: Located): Problem[] {
  return flattenAll(issues, [], tree).flatMap((issue) => problemsOfOne(issue, schema, tree));
}

function problemsOfOne(issue: Issue, schema: z.core.$ZodType, tree: Located): Problem[] {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      origin: originAt(tree, [...path, key]),
      message: unsupportedKey(key, path) ?? `unknown key${suggestion(key, path, schema, tree)}`,
    }));
  }
  const message = unsupportedType(scalarAt(tree, ...path), path) ?? issue.message;
  return [{ origin: originAt(tree, path), message }];
}

/** What the other keys of a write disposition belong to. */
const keysOfMerge: Readonly<Record<string, string>> = {
  strategy: 'disposition: merge',
  deduplicated: 'disposition: merge` without `strategy: scd2',
  delete_missing: 'disposition: merge` without `strategy: scd2',
  max_delete: 'disposition: merge` without `strategy: scd2',
  validity_column_names: 'strategy: scd2',
  active_record_timestamp: 'strategy: scd2',
  boundary_timestamp: 'strategy: scd2',
  row_version_column_name: 'strategy: scd2',
};

/** The nearest key of this mapping; else the very key where it belongs, one level up or down. */
function suggestion(key: string, path: Path, schema: z.core.$ZodType, tree: Located): string {
  const keys = keysAt(schema, tree, path);
  if (keys.has(key)) return ': it belongs to another `type`';
  const above = path.length > 0 && keysAt(schema, tree, path.slice(0, -1)).has(key);
  if (above) return ': it belongs one level up';
  const below = [...keys].find((name) => keysAt(schema, tree, [...path, name]).has(key));
  if (below !== undefined) return `, did you mean \`${below}.${key}\`?`;
  const owner = path.at(-1) === 'write_disposition' ? keysOfMerge[key] : undefined;
  if (owner !== undefined) return `: it goes with \`${owner}\``;
  const near = didYouMean(key, keys);
  return near !== '' ? near : `, expected one of ${[...keys].map((name) => `\`${name}\``).join(', ')}`;
}

/** A value of the wrong kind is reported as that alone: zod goes on and finds its length wrong too. */
function flattenAll(issues: readonly Issue[], base: Path, tree: Located): Issue[] {
  const wrongKind = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => path.join()));
  return issues
    .filter(({ code, path }) => code === 'invalid_type' || !wrongKind.has(path.join()))
    .flatMap((issue) => flatten(issue, base, tree));
}

/** A union's issue becomes the issues of the branch that fits best; paths become absolute. */
function flatten(issue: Issue, base: Path, tree: Located): Issue[] {
  const path = [...base, ...pathOf(issue)];
  const absolute = { ...issue, path: [...path] };
  if (issue.code !== 'invalid_union' || issue.errors.length === 0 || issue.message !== '') return [absolute];
  const branches = issue.errors.map((branch) => flattenAll(branch, path, tree));
  return bestBranch(branches, absolute, tree);
}

function bestBranch(branches: Issue[][], union: Issue, tree: Located): Issue[] {
  const depth = union.path.length;
  const node = nodeAt(tree, pathOf(union));
  const input = node === undefined ? undefined : plain(node);
  const fitting = branches.filter((branch) => !branch.some((issue) => isWrongKind(issue, depth, input)));
  if (fitting.length === 0) return [{ ...union, message: mismatch(anyOf(branches.map(expectations)), input) }];
  const isUnknown = fitting.every((branch) =>
    wrongDiscriminators(branch).some(({ path }) => path.length === depth + 1),
  );
  const ranked = (isUnknown ? fitting.map(onlyDiscriminator) : fitting).map((branch) => ({
    branch,
    rank: (unknownKeys(branch) * 100 + wrongWords(branch)) * 100 + branch.length,
  }));
  const lowest = Math.min(...ranked.map(({ rank }) => rank));
  const best = ranked.filter(({ rank }) => rank === lowest).map(({ branch }) => branch);
  return onlyDiscriminator(best.length > 1 ? joinedWords(best, tree) : (best[0] ?? []));
}

/** A branch for texts, say, where a mapping was given. */
function isWrongKind(issue: Issue, depth: number, input: unknown): boolean {
  if (issue.path.length > depth) return false;
  if (issue.code === 'invalid_value') return issue.values.every((value) => typeof value !== typeof input);
  return issue.code === 'invalid_type' || issue.code === 'invalid_union';
}

/** What a branch asks for: the part of its message between `expected` and `got`. */
function expectations(branch: readonly Issue[]): string {
  return anyOf(branch.map(({ message }) => /expected (.*?)(, got|$)/.exec(message)?.[1] ?? message));
}

function anyOf(words: readonly string[]): string {
  const distinct = [...new Set(words)];
  return distinct.length < 3 ? distinct.join(' or ') : `${distinct.slice(0, -1).join(', ')} or ${distinct.at(-1)}`;
}

/** Fixed words that did not match: each makes it less likely that this branch was meant. */
function wrongWords(branch: readonly Issue[]): number {
  return branch.filter((issue) => issue.code === 'invalid_value' || issue.code === 'invalid_union').length;
}

function unknownKeys(branch: readonly Issue[]): number {
  return branch.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [])).length;
}

/** Branches that differ in the words they accept at one place: all the words in one sentence. */
function joinedWords(branches: readonly Issue[][], tree: Located): Issue[] {
  const [first] = branches[0] ?? [];
  if (first?.code !== 'invalid_value') return branches[0] ?? [];
  const words = branches.flat().flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : []));
  return [{ ...first, message: expectedOneOf([...new Set(words)], scalarAt(tree, ...pathOf(first))) }];
}

/** When the word that decides what the other keys of its mapping mean is wrong, nothing can be said about those keys. */
function onlyDiscriminator(branch: Issue[]): Issue[] {
  const wrong = wrongDiscriminators(branch);
  const isUndecided = (path: readonly PropertyKey[]) => wrong.some((word) => startsWith(path, word.path.slice(0, -1)));
  return branch.filter((issue) => wrong.includes(issue) || !isUndecided(issue.path));
}

function wrongDiscriminators(branch: readonly Issue[]): Issue[] {
  return branch.filter(
    (issue) => issue.code === 'invalid_value' && ['type', 'disposition'].includes(String(issue.path.at(-1))),
  );
}

function startsWith(path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean {
  return start.every((key, index) => path[index] === key);
}

function pathOf(issue: { readonly path: readonly PropertyKey[] }): (string | number)[] {
  return issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
}
