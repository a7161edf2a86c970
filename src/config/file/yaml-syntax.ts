import type { Alias, Document, Node, YAMLError } from 'yaml';
import { Lexer, LineCounter, parseDocument, visit } from 'yaml';

/** Parsing takes about a kilobyte of memory for each: a few megabytes of commas would take all there is. */
const maximumTokens = 1_000_000;
/** One mistake in YAML breaks much of what follows: the first few say enough. */
const shownMistakes = 5;

/** Something that is not YAML, or that YAML does not know. */
interface Mistake {
  /** The parser's name for it, such as `BAD_INDENT`; of nothing that stands in the text. */
  readonly code: string;
  /** Repeats nothing of the text but a tag's name. */
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export interface ParsedYaml {
  readonly document: Document.Parsed | undefined;
  readonly mistakes: readonly Mistake[];
  readonly place: (offset: number) => { readonly line: number; readonly column: number };
}

/** @param schema `failsafe`: every value is text */
export function parseYaml(text: string, schema: 'core' | 'failsafe'): ParsedYaml {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (hasTooManyTokens(text)) {
    const message = `too large: more than ${maximumTokens.toLocaleString('en')} keys, values and signs`;
    return { document: undefined, mistakes: [{ code: 'TOO_LARGE', message, line: 1, column: 1 }], place };
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, schema });
  const broken = document.errors.length > 0;
  const tooDeep = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const told = tooDeep === undefined ? [...document.errors, ...document.warnings] : [tooDeep];
  const mistakes = told
    .slice(0, shownMistakes)
    .map((error) => ({ code: error.code, message: messageOf(error), ...place(error.pos[0]) }));
  return { document: broken ? undefined : document, mistakes, place };
}

/** What every alias stands for: the last anchor of its name before it. In one pass: `alias.resolve` is one for each. */
export function aliasTargets(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Alias(_, alias) {
      const target = anchors.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

function hasTooManyTokens(text: string): boolean {
  if (text.length <= maximumTokens) return false;
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) if (++tokens > maximumTokens) return true;
  return false;
}

/** Without the piece of the text that some messages end with: it may be a secret. */
function messageOf({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'expected one document: `---` starts a second';
  return code === 'RESOURCE_EXHAUSTION' ? 'nested too deep' : message.replace(/:? ".*"$/s, '');
}
