import { JSONPathEnvironment, JSONPathError, type JSONPathQuery } from 'json-p3';

/** Why an expression is no JSONPath. */
export interface NoJsonPath {
  readonly reason: string;
  /** What jsonpath-ng's dialect, which dlt speaks, is in RFC 9535, if that is all that is wrong. */
  readonly rfcForm: string | undefined;
}

/** Levels of objects and lists that a descent (`$..id`) goes down. */
export const DEEPEST_DESCENT = 500;

const environment = new JSONPathEnvironment({ maxRecursionDepth: DEEPEST_DESCENT + 1 });

/** Compiles a JSONPath of RFC 9535, with or without its leading `$`, by json-p3: import this file only where it is needed. */
export function rfcQuery(expression: string): JSONPathQuery | NoJsonPath {
  try {
    return environment.compile(withRoot(expression));
  } catch (error) {
    if (error instanceof RangeError) return { reason: 'it is nested too deeply', rfcForm: undefined };
    if (!(error instanceof JSONPathError)) throw error;
    return { reason: error.message, rfcForm: rfcForm(expression) };
  }
}

// --- internal ---

/** What jsonpath-ng's `'x.y'`, `a[?c>1]` and `&` are in the RFC, and names that it wants in quotes. */
function rfcForm(expression: string): string | undefined {
  const quoted = expression.replace(/\.?(?<!\[)(['"])([^'"]*)\1(?!\])/g, "['$2']");
  const filtered = quoted.replace(/\[\?\s*(\(?)([^\]]*)\]/g, (_, parenthesis: string, condition: string) => {
    const named = condition.replace(/(^|&&?|\|\|?|!)\s*([A-Za-z_][\w.]*)(?!\w|\()/g, '$1 @.$2').trim();
    return `[?${parenthesis}${named.replace(/(?<![&])&(?!&)/g, '&&').replace(/(?<![|])\|(?!\|)/g, '||')}]`;
  });
  return [withRoot(filtered), quotedNames(expression)].find(isQuery);
}

/** `@odata.nextLink` → `$['@odata.nextLink']`: names that the RFC wants in quotes. Those of OData hold a dot. */
function quotedNames(expression: string): string {
  if (/['"[\]]/.test(expression)) return '';
  const names =
    expression
      .trim()
      .replace(/^\$\.?/, '')
      .match(/@\w+\.\w+|[^.]+/g) ?? [];
  return `$${names.map((name) => (/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name}']`)).join('')}`;
}

function isQuery(expression: string): boolean {
  try {
    return expression !== '' && expression !== '$' && environment.compile(expression) !== undefined;
  } catch {
    return false;
  }
}

/** `data.items` → `$.data.items`, `[0]` → `$[0]`. */
function withRoot(expression: string): string {
  const text = expression.trim();
  if (text.startsWith('$')) return text;
  return text.startsWith('[') || text.startsWith('.') ? `$${text}` : `$.${text}`;
}
