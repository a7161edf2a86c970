import { Secret } from './secret.ts';

/** `origin` of a secret that stands in the configuration itself. */
export const inConfiguration = 'the configuration file';

/** A text that stands where a secret belongs: accepted with a warning. A placeholder is a secret that is missing. */
export function plainSecret(key: string, value: string): Secret {
  if (isPlaceholder(value)) return Secret.missing(key, [`${inConfiguration} (it still holds a placeholder)`]);
  return Secret.found(key, value, inConfiguration);
}

/** Whether a value stands for one that is still to be set, such as `<set me up!>`. */
export function isPlaceholder(value: string): boolean {
  const words = value
    .trim()
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .toLowerCase()
    .replace(/[-_ ]+/g, ' ');
  return placeholders.some((pattern) => pattern.test(words));
}

// --- internal ---

const placeholders = [
  /^<.*>$/,
  /^\$\{.*\}$/,
  /^(insert|enter|put|paste|add|your|my)\b.*\b(key|token|secret|password)\b/,
  /^(change|replace|set|fill) ?(me|this|with)\b/,
  /^(todo|placeholder|dummy|none|null|secret|password)$/,
  /^([a-z]{2,6} )?(x{3,}|\*{3,}|\.{3,}|…)$/,
];
