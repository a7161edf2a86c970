/** Names on the way to a value as a JSONPath: `data.items`, `$["a b"]["c"]`. */
export function jsonPathOf(path: readonly string[]): string {
  if (path.length === 0) return '$';
  const isPlain = path.every((key) => /^[A-Za-z_]\w*$/.test(key));
  if (isPlain) return path.join('.');
  return `$${path.map((key) => `[${JSON.stringify(key).replace(/[\u007f-\uffff]/g, escaped)}]`).join('')}`;
}

/** Whether a key can stand in a placeholder, and how: `.id`, `['x-y']`; also two names on a way, `.owner.login`. */
export function placeholderStep(key: string): string | undefined {
  if (/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/.test(key)) return `.${key}`;
  return /^[\w $@-]{1,100}$/.test(key) ? `['${key}']` : undefined;
}

// --- internal ---

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
