/**
 * What a reply in JSON says about its failure: problem JSON (RFC 9457), the errors of GraphQL and JSON:API, the usual names.
 * Empty where it says nothing.
 */
export function errorText(body: unknown): string {
  if (typeof body === 'string') return body;
  return joined(
    ['title', 'detail', 'message', 'error', 'error_description', 'errors'].flatMap((key) => said(body, key)),
  );
}

/** The same of a reply that is no error by its status: only what it calls an error itself. */
export function declaredError(body: unknown): string {
  return joined(['error', 'error_description', 'errors'].flatMap((key) => said(body, key)));
}

// --- internal ---

const MOST_ERRORS = 3;

function said(body: unknown, key: string): string[] {
  const value = memberOf(body, key);
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.slice(0, MOST_ERRORS).flatMap(sentences);
  return ['error', 'errors', 'detail'].includes(key) ? sentences(value) : [];
}

/** Of one error: its own text, what stands under the usual names, or the complaints about each field. */
function sentences(error: unknown): string[] {
  if (typeof error === 'string') return [error];
  const named = ['title', 'message', 'detail', 'msg'].flatMap((key) => textsOf(memberOf(error, key)));
  if (named.length > 0 || typeof error !== 'object' || error === null || Array.isArray(error)) return named;
  return Object.entries(error)
    .slice(0, MOST_ERRORS)
    .flatMap(([field, complaint]) => textsOf(complaint).map((text) => `${field} ${text}`));
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((item): item is string => typeof item === 'string');
}

function memberOf(body: unknown, key: string): unknown {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? Reflect.get(body, key) : undefined;
}

function joined(parts: readonly string[]): string {
  return [...new Set(parts.filter((part) => part.trim() !== ''))].join(': ');
}
