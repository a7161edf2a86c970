import type { Node, Pair } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Problem } from '../problems/problem.ts';
import type { Located, Origin, Path } from './located-tree.ts';
import { aliasTargets, parseYaml } from './yaml-syntax.ts';

/** More levels than any configuration has. */
const maximumDepth = 100;
/** Values that aliases may add: those that multiply one another end here. */
const maximumCopies = 100_000;

/** One thing that is wrong with a text. Its code repeats nothing of it, as its message may. */
interface YamlProblem extends Problem {
  readonly code: string;
}

export interface ReadYaml {
  readonly root: Located;
  /** Syntax errors, duplicate keys, unknown tags, numbers that would lose digits. */
  readonly problems: readonly YamlProblem[];
  /** The text is not YAML, or more than can be read: what was read of it says nothing. */
  readonly broken: boolean;
}

/**
 * YAML text → values with their places. `<<` merges mappings; the first of two equal keys counts.
 *
 * @param schema `failsafe`: every value is text
 */
export function readYaml(text: string, schema: 'core' | 'failsafe' = 'core'): ReadYaml {
  const { document, mistakes, place } = parseYaml(text, schema);
  const problems: YamlProblem[] = mistakes.map(({ code, message, line, column }) => ({
    origin: { path: [], line, column },
    code,
    message,
  }));
  if (document === undefined) return { root: nothing({ path: [], line: 1, column: 1 }), problems, broken: true };
  const parsed = document;
  let aliases: ReturnType<typeof aliasTargets> | undefined;
  let copies = 0;
  let excess = false;

  function origin(path: Path, offset: number | undefined): Origin {
    return { path, ...place(offset ?? 0) };
  }

  function report(at: Origin, code: string, message: string): void {
    problems.push({ origin: at, code, message });
  }

  /** The first excess ends it all: what follows is not worth the time that it would take. */
  function isExcess(at: Origin, depth: number, copied: boolean): boolean {
    if (copied) copies += 1;
    if (excess || (depth <= maximumDepth && copies <= maximumCopies)) return excess;
    excess = true;
    if (depth > maximumDepth) report(at, 'TOO_DEEP', 'nested too deep, or an alias that holds itself');
    else report(at, 'TOO_LARGE', 'aliases that multiply into too many values');
    return true;
  }

  function read(node: Node | null | undefined, at: Origin, depth: number, copied: boolean): Located {
    if (isExcess(at, depth, copied)) return nothing(at);
    if (isAlias(node)) {
      aliases ??= aliasTargets(parsed);
      const target = aliases.get(node);
      if (target === undefined) report(at, 'BAD_ALIAS', `there is no anchor \`&${node.source}\` before this alias`);
      return read(target, at, depth + 1, true);
    }
    if (isSeq<Node>(node)) {
      const items = node.items.map((item, index) =>
        read(item, origin([...at.path, index], item.range?.[0]), depth + 1, copied),
      );
      return { kind: 'list', origin: at, items };
    }
    if (isMap<Node, Node | null>(node)) {
      return { kind: 'map', origin: at, entries: readEntries(node.items, at, depth, copied) };
    }
    const value = isScalar(node) ? node.value : null;
    if (isScalar(node) && !isExact(value, node.source)) {
      report(at, 'BAD_NUMBER', 'a number that cannot be kept exactly: write it in quotes');
    }
    return { kind: 'scalar', origin: at, value };
  }

  function readEntries(
    pairs: readonly Pair<Node, Node | null>[],
    at: Origin,
    depth: number,
    copied: boolean,
  ): Map<string, Located> {
    const own = new Map<string, Located>();
    const merged = new Map<string, Located>();
    for (const { key, value } of pairs) {
      if (isMergeKey(key)) {
        for (const base of basesOf(read(value, at, depth + 1, copied))) {
          for (const [name, member] of base) if (!merged.has(name)) merged.set(name, member);
        }
        continue;
      }
      const name = isScalar(key) && key.value !== null ? (key.source ?? String(key.value)) : undefined;
      const here = origin([...at.path, name ?? '?'], key.range?.[0]);
      if (name === undefined) {
        report(here, 'BAD_KEY', 'expected text as key');
        continue;
      }
      const first = own.get(name);
      if (first !== undefined) {
        report(here, 'DUPLICATE_KEY', `the key \`${name}\` is there twice, first in line ${first.origin.line}`);
        continue;
      }
      own.set(name, read(value, here, depth + 1, copied));
    }
    for (const [name, member] of merged) if (!own.has(name)) own.set(name, member);
    return own;
  }

  const root = read(parsed.contents, { path: [], line: 1, column: 1 }, 0, false);
  return { root, problems, broken: excess };
}

function nothing(origin: Origin): Located {
  return { kind: 'scalar', origin, value: null };
}

function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

function basesOf(value: Located): ReadonlyMap<string, Located>[] {
  if (value.kind === 'map') return [value.entries];
  if (value.kind === 'list') return value.items.flatMap(basesOf);
  return [];
}

/** Integers beyond 2^53 would lose digits, `1e400` and `.inf` everything. */
function isExact(value: unknown, source: string | undefined): boolean {
  if (typeof value !== 'number') return true;
  const isInteger = /^[-+]?(\d+|0[xo][\da-f]+)$/i.test(source ?? '');
  return isInteger ? Number.isSafeInteger(value) : Number.isFinite(value);
}
