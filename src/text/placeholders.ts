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

/** `jobs/{id}` with what `fill` gives for `id`; `{{` and `}}` become single. */
export function fillPlaceholders(text: string, fill: (expression: string) => string): string {
  return piecesOf(text)
    .map((piece) => (piece.kind === 'field' ? fill(piece.expression) : piece.text))
    .join('');
}

/** What placeholders stand for, by what stands in their braces. */
export type PlaceholderValues = Readonly<Record<string, string | number | boolean>>;

/**
 * A text outside of a path as it is sent. dlt's rule, doubled braces for single ones, holds where they are doubled or a
 * placeholder has a value: GraphQL and JSON go out as they were written.
 */
export function filledText(text: string, values: PlaceholderValues): string {
  const isTemplate = hasDoubled(text) || placeholders(text).some((name) => Object.hasOwn(values, name));
  if (!isTemplate) return text;
  return fillPlaceholders(text, (name) => (Object.hasOwn(values, name) ? String(values[name]) : `{${name}}`));
}

/** The same where numbers and booleans can stand, too: of a text that is nothing but one placeholder, its value as it is. */
export function filledValue(text: string, values: PlaceholderValues): PlaceholderValues[string] {
  const [name, ...more] = text.startsWith('{') ? placeholders(text) : [];
  const isAlone = name !== undefined && more.length === 0 && text === `{${name}}`;
  return (isAlone && Object.hasOwn(values, name) ? values[name] : undefined) ?? filledText(text, values);
}

/** dlt's rule: a placeholder in the last segment of the path means that the reply is one record. One in its query does not, nor a variable. */
export function isSingleEntity(path: string): boolean {
  const [segments = ''] = path.split('?');
  const last = segments.split('/').findLast((segment) => segment !== '');
  return last !== undefined && placeholders(last).some((name) => !name.startsWith('variables.'));
}

/**
 * What is wrong with the braces of a text outside of a path, in the words of a message about it; undefined if nothing is.
 * `names` are the parameters that a placeholder may name. Braces that are no placeholder mean themselves.
 *
 * @example
 * placeholderProblem('query { jobs(id: 5) { status } }', new Set(['id'])) // undefined
 * placeholderProblem('{unknown.id}', new Set())                           // '`{unknown.id}`: expected …'
 */
export function placeholderProblem(text: string, names: ReadonlySet<string>): string | undefined {
  const pieces = piecesOf(text);
  const fields = pieces.filter((piece) => piece.kind === 'field');
  for (const { expression, text: braces } of fields) {
    if (isReference(expression)) return notSupported(expression);
    const name = /^([^!:]+)[!:]/.exec(expression)?.[1] ?? '';
    if (isReference(name) || names.has(name))
      return `\`${braces}\`: a placeholder has no format, expected \`{${name}}\``;
    if (isDotted(expression) && !names.has(expression))
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
export function strayPlaceholder(text: string, names: ReadonlySet<string>, where: string): string | undefined {
  const stray = placeholders(text).find((name) => names.has(name) || isReference(name));
  return stray === undefined ? undefined : `\`{${stray}}\` cannot stand ${where}`;
}

/** Of a placeholder of dlt's grammar that is not built. */
export function notSupported(expression: string): string | undefined {
  return isReference(expression) ? `\`{${expression}}\` of dlt is not supported here yet` : undefined;
}

// --- internal ---

function piecesOf(text: string): Piece[] {
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
function doubled(text: string, names: ReadonlySet<string>): string {
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

function isDotted(expression: string): boolean {
  return /^[A-Za-z_]\w*\.[A-Za-z_][\w.[\]'-]*$/.test(expression);
}
