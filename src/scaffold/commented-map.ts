import { isNode, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { printable } from '../text/printable.ts';

type Plain = string | number | boolean | null;
export type YamlValue = Plain | YAMLMap | YAMLSeq;

/** A mapping of YAML whose keys have comments above them. What is written into it may come from anybody. */
export class CommentedMap {
  readonly #map = new YAMLMap();
  #waiting: string[] = [];

  /** A line above the next key; at the end, below the last one. */
  say(line: string | undefined): this {
    if (line !== undefined && line !== '') this.#waiting.push(commentLine(line));
    return this;
  }

  /** `undefined` is left out. */
  set(key: string, value: YamlValue | undefined, why?: string): this {
    if (value === undefined) return this;
    this.say(why);
    const name = textNode(key);
    if (this.#waiting.length > 0) name.commentBefore = this.#waiting.join('\n');
    this.#waiting = [];
    this.#map.items.push(
      new Pair(name, isNode(value) ? value : typeof value === 'string' ? textNode(value) : new Scalar(value)),
    );
    return this;
  }

  /** In one line: `{ a: 1, b: 2 }`. Comments cannot stand in it. */
  flow(): YAMLMap {
    this.#map.flow = true;
    return this.#map;
  }

  get isEmpty(): boolean {
    return this.#map.items.length === 0;
  }

  end(): YAMLMap {
    if (this.#waiting.length > 0) this.#map.comment = this.#waiting.join('\n');
    return this.#map;
  }
}

/** Mappings one under another, each with a line above it, and a blank one above that. */
export function paragraphs(items: readonly { readonly line: string; readonly map: YAMLMap }[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items = items.map(({ line, map }, index) => {
    map.commentBefore = commentLine(line);
    map.spaceBefore = index > 0;
    return map;
  });
  return list;
}

/** In one line: `[a, b]`. */
export function listOf(items: readonly YamlValue[]): YAMLSeq {
  const list = new YAMLSeq();
  list.flow = true;
  list.items = items.map((item) =>
    isNode(item) ? item : typeof item === 'string' ? textNode(item) : new Scalar(item),
  );
  return list;
}

// --- internal ---

const LONGEST_LINE = 300;

/** One line, whatever it holds; the library puts the `#` before it. */
function commentLine(line: string): string {
  return ` ${printable(line, LONGEST_LINE)}`;
}

/** In quotes where anything stands in it that a reader of YAML, or of the file, could take for something else. */
function textNode(text: string): Scalar<string> {
  const node = new Scalar(text);
  if (!/^[A-Za-z_$/][\w ./$()-]*$/.test(text) || text.endsWith(' ')) node.type = Scalar.QUOTE_DOUBLE;
  return node;
}
