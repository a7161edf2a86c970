import { parentField } from './parent-field.ts';

/** A piece of a text: plain, what stands in single braces, or a single brace without its partner. */
type Piece =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'field'; readonly text: string; readonly expression: string }
  | { readonly kind: 'brace'; readonly text: string };

const token = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** Names in braces: `jobs/{id}` → `id`. `{{` and `}}` stand for the braces themselves. */
export function placeholders(text: string): string[] {
  return piecesOf(text).flatMap((piece) => (piece.kind === 'field' ? [piece.expression] : []));
}

/** `jobs/{id}` with what `fill` gives for `id`; `{{` and `}}` become single. `isStart`: nothing stands before it. */
export function fillPlaceholders(text: string, fill: (expression: string, isStart: boolean) => string): string {
  return piecesOf(text)
    .map((piece, index) => (piece.kind === 'field' ? fill(piece.expression, index === 0) : piece.text))
    .join('');
}

/** What placeholders stand for, by what stands in their braces; null: for nothing. */
export type PlaceholderValues = Readonly<Record<string, string | number | boolean | null>>;

/**
 * A text outside of a path as it is sent. dlt's rule, doubled braces for single ones, holds where they are doubled or a
 * placeholder has a value: GraphQL and JSON go out as they were written.
 */
export function filledText(text: string, values: PlaceholderValues): string {
  const isTemplate = hasDoubled(text) || placeholders(text).some((name) => Object.hasOwn(values, name));
  if (!isTemplate) return text;
  return fillPlaceholders(text, (name) => (Object.hasOwn(values, name) ? String(values[name] ?? '') : `{${name}}`));
}

/** The same where numbers and booleans can stand, too: of a text that is nothing but one placeholder, its value as it is. */
export function filledValue(text: string, values: PlaceholderValues): PlaceholderValues[string] {
  const [name, ...more] = text.startsWith('{') ? placeholders(text) : [];
  const isAlone = name !== undefined && more.length === 0 && text === `{${name}}`;
  const alone = isAlone && Object.hasOwn(values, name) ? values[name] : undefined;
  return alone === undefined ? filledText(text, values) : alone;
}

/** dlt's rule: a placeholder in the last segment of the path means that the reply is one record. One in its query does not, nor a variable. */
export function isSingleEntity(path: string): boolean {
  const marked = piecesOf(path).map((piece) =>
    piece.kind === 'field' && !piece.expression.startsWith('variables.') ? FILLED : piece.text,
  );
  const [segments = ''] = marked.join('').split('?');
  const last = segments.split('/').findLast((segment) => segment !== '');
  return last?.includes(FILLED) === true;
}

/** Which expressions have a value: those in braces that are placeholders. */
export interface KnownNames {
  has(expression: string): boolean;
}

/**
 * What is wrong with the braces of a text outside of a path, in the words of a message about it; undefined if nothing is.
 * `names` are what a placeholder may name. Braces that are no placeholder mean themselves.
 *
 * @example
 * placeholderProblem('query { jobs(id: 5) { status } }', new Set(['id'])) // undefined
 * placeholderProblem('{unknown.id}', new Set())                           // '`{unknown.id}`: expected …'
 */
export function placeholderProblem(text: string, names: KnownNames): string | undefined {
  const pieces = piecesOf(text);
  const fields = pieces.filter((piece) => piece.kind === 'field');
  for (const { expression, text: braces } of fields) {
    if (names.has(expression) || isCursor(expression)) continue;
    const wrong = referenceProblem(expression);
    if (wrong !== undefined) return wrong;
    const formatted = formatProblem(expression, (name) => names.has(name));
    if (formatted !== undefined) return formatted;
    if (isDotted(expression))
      return `\`${braces}\`: expected \`resources.<name>.<field>\`, \`incremental.<member>\` or the name of a \`values\` parameter; double the braces if they are meant`;
  }
  const isFilled = fields.some(({ expression }) => names.has(expression));
  const meansItself = (piece: Piece) =>
    piece.kind === 'brace' || (piece.kind === 'field' && !names.has(piece.expression));
  if ((!isFilled && !hasDoubled(text)) || !pieces.some(meansItself)) return undefined;
  const what = isFilled ? 'braces beside a placeholder have to be doubled' : 'some braces are doubled and some are not';
  return `${what}: expected \`${doubled(text, names)}\``;
}

/** What is wrong with a text in which nothing is filled in: the name of a key, say. `where` ends the sentence. */
export function strayPlaceholder(text: string, names: KnownNames, where: string): string | undefined {
  const stray = placeholders(text).find((name) => names.has(name) || isReference(name));
  return stray === undefined ? undefined : `\`{${stray}}\` cannot stand ${where}`;
}

/** What is wrong with a placeholder that names something known with Python's format behind it: `{id:>5}`, `{id!r}`. */
export function formatProblem(expression: string, isKnown: (name: string) => boolean): string | undefined {
  const name = /^([^!:]+)[!:]/.exec(expression)?.[1] ?? '';
  return isKnown(name) ? `\`{${expression}}\`: a placeholder has no format, expected \`{${name}}\`` : undefined;
}

/** What is wrong with a placeholder of dlt's grammar that names no value; undefined for one that does, and for any other. */
export function referenceProblem(expression: string): string | undefined {
  if (!/^resources(\.|$)/.test(expression) || parentField(expression) !== undefined) return undefined;
  const formatted = formatProblem(expression, (name) => parentField(name) !== undefined);
  return formatted ?? `\`{${expression}}\`: expected \`resources.<name>.<field>\``;
}

// --- internal ---

/** In the place of what a placeholder stands for. */
const FILLED = '\0';

/** A configuration has few, and a run needs them for each of its requests. */
const known = new Map<string, readonly Piece[]>();

function piecesOf(text: string): readonly Piece[] {
  const pieces = known.get(text) ?? readPieces(text);
  if (known.size < MOST_KNOWN) known.set(text, pieces);
  return pieces;
}

const MOST_KNOWN = 1000;

function readPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [found, expression] = match;
    if (match.index > end) pieces.push({ kind: 'plain', text: text.slice(end, match.index) });
    if (expression !== undefined) pieces.push({ kind: 'field', text: found, expression });
    else pieces.push({ kind: found.length === 2 ? 'plain' : 'brace', text: found.charAt(0) });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ kind: 'plain', text: text.slice(end) });
  return pieces;
}

/** With every brace that is single doubled, but those of placeholders. */
function doubled(text: string, names: KnownNames): string {
  return text.replace(token, (found, expression?: string) => {
    if (expression !== undefined) return names.has(expression) ? found : `{${found}}`;
    return found.length === 2 ? found : found.repeat(2);
  });
}

function hasDoubled(text: string): boolean {
  return text.includes('{{');
}

function isReference(expression: string): boolean {
  return /^(resources|incremental)\./.test(expression);
}

/** What `incremental` gives: whether it does is told where the configuration is known. */
function isCursor(expression: string): boolean {
  return expression.startsWith('incremental.');
}

function isDotted(expression: string): boolean {
  return /^[A-Za-z_]\w*\.[A-Za-z_][\w.[\]'-]*$/.test(expression);
}
