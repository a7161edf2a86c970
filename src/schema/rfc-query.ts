import { compile, JSONPathError, type JSONPathQuery } from 'json-p3';

/** Why an expression is no JSONPath. */
export interface NoJsonPath {
  readonly reason: string;
  /** What jsonpath-ng's dialect, which dlt speaks, is in RFC 9535, if that is all that is wrong. */
  readonly rfcForm: string | undefined;
}

/** Compiles a JSONPath of RFC 9535, with or without its leading `$`, by json-p3: import this file only where it is needed. */
export function rfcQuery(expression: string): JSONPathQuery | NoJsonPath {
  try {
    return compile(withRoot(expression));
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    return { reason: error.message, rfcForm: rfcForm(expression) };
  }
}

// --- internal ---

/** What jsonpath-ng's `'x.y'`, `a[?c>1]` and `&` are in the RFC. */
function rfcForm(expression: string): string | undefined {
  const quoted = expression.replace(/\.?(?<!\[)'([^']*)'(?!\])/g, "['$1']");
  const filtered = quoted.replace(/\[\?\s*(\(?)([^\]]*)\]/g, (_, parenthesis: string, condition: string) => {
    const named = condition.replace(/(^|&&?|\|\|?|!)\s*([A-Za-z_][\w.]*)(?!\w|\()/g, '$1 @.$2').trim();
    return `[?${parenthesis}${named.replace(/(?<![&])&(?!&)/g, '&&').replace(/(?<![|])\|(?!\|)/g, '||')}]`;
  });
  const form = withRoot(filtered);
  try {
    compile(form);
    return form;
  } catch {
    return undefined;
  }
}

/** `data.items` → `$.data.items`, `[0]` → `$[0]`. */
function withRoot(expression: string): string {
  const text = expression.trim();
  if (text.startsWith('$')) return text;
  return text.startsWith('[') || text.startsWith('.') ? `$${text}` : `$.${text}`;
}
