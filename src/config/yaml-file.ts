import type { Node, Pair, YAMLError } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Located, Origin, Path } from './located.ts';
import type { Problem } from './problem.ts';

/** More values than any configuration has: aliases that multiply one another end here. */
const maximumValues = 100_000;
const maximumDepth = 100;

export interface ReadYaml {
  readonly root: Located;
  /** Syntax errors, duplicate keys, unknown tags, numbers that would lose digits. */
  readonly problems: readonly Problem[];
  /** The text is not YAML: what was read of it says nothing. */
  readonly broken: boolean;
}

/** YAML text → values with their places. `<<` merges mappings; the first of two equal keys counts. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const problems: Problem[] = [];
  let values = 0;

  function origin(path: Path, offset: number | undefined): Origin {
    const { line, col } = lines.linePos(offset ?? 0);
    return { path, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  function report(at: Origin, message: string): void {
    problems.push({ origin: at, message });
  }

  function read(node: Node | null | undefined, at: Origin, depth: number): Located {
    values += 1;
    if (depth > maximumDepth || values > maximumValues) {
      if (values <= maximumValues + 1) report(at, 'too deep or too large, or an alias that holds itself');
      values = maximumValues + 1;
      return { kind: 'scalar', origin: at, value: null };
    }
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) report(at, `there is no anchor \`&${node.source}\` before this alias`);
      return read(target, at, depth + 1);
    }
    if (isSeq<Node>(node)) {
      const items = node.items.map((item, index) =>
        read(item, origin([...at.path, index], item.range?.[0]), depth + 1),
      );
      return { kind: 'list', origin: at, items };
    }
    if (isMap<Node, Node | null>(node)) return { kind: 'map', origin: at, entries: readEntries(node.items, at, depth) };
    const value = isScalar(node) ? node.value : null;
    if (isScalar(node) && !isExact(value, node.source)) {
      report(at, 'a number that cannot be kept exactly: write it in quotes');
    }
    return { kind: 'scalar', origin: at, value };
  }

  function readEntries(pairs: readonly Pair<Node, Node | null>[], at: Origin, depth: number): Map<string, Located> {
    const own = new Map<string, Located>();
    const merged = new Map<string, Located>();
    for (const { key, value } of pairs) {
      if (isMergeKey(key)) {
        for (const base of basesOf(read(value, at, depth + 1))) {
          for (const [name, member] of base) if (!merged.has(name)) merged.set(name, member);
        }
        continue;
      }
      const name = isScalar(key) && key.value !== null ? (key.source ?? String(key.value)) : undefined;
      const place = origin([...at.path, name ?? '?'], key.range?.[0]);
      if (name === undefined) {
        report(place, 'expected text as key');
        continue;
      }
      const first = own.get(name);
      if (first !== undefined) {
        report(place, `the key \`${name}\` is there twice, first in line ${first.origin.line}`);
        continue;
      }
      own.set(name, read(value, place, depth + 1));
    }
    for (const [name, member] of merged) if (!own.has(name)) own.set(name, member);
    return own;
  }

  for (const error of [...document.errors.slice(0, shownSyntaxErrors), ...document.warnings]) {
    report(origin([], error.pos[0]), syntaxMessage(error));
  }
  const root = read(document.contents, { path: [], line: 1, column: 1 }, 0);
  return { root, problems, broken: document.errors.length > 0 };
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

/** One mistake in YAML breaks much of what follows: the first few say enough. */
const shownSyntaxErrors = 5;

/** Without the piece of the text that some messages end with: it may be a secret. */
function syntaxMessage({ code, message }: YAMLError): string {
  return code === 'MULTIPLE_DOCS' ? 'expected one document: `---` starts a second' : message.replace(/:? ".*"$/s, '');
}
