import { z } from 'zod';

/**
 * An address of the web; one with `{variables.x}` in it is looked at when they are filled in. `fetch` refuses one that holds a
 * password, and messages show addresses.
 */
export const urlWithVariables = z
  .string()
  .refine((url) => !holdsUser(url), noUser('URL'))
  .pipe(z.union([z.url({ protocol: /^https?$/ }), z.string().regex(/\{variables\.[^{}]+\}/)]));

/** What follows `base_url`, or an address of its own. */
export const pathOrUrl = z.string().refine((path) => !holdsUser(path), noUser('path or URL'));

/** As a browser reads an address: it skips line breaks, and takes `\` for `/` and one slash or none for two. */
export function holdsUser(text: string): boolean {
  return /^(https?:[\\/]*|[\\/]{2,})[^\\/?#]*@/i.test(text.replace(/[\t\r\n]/g, '').trim());
}

// --- internal ---

function noUser(what: string): string {
  return `expected a ${what} without user name and password: those belong in \`auth\``;
}
