import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const SCHEMA = 'node_modules/dezgo-elt/dist/config.schema.json';

/** The JSON Schema as a file of this folder names it: where the package is installed, or will be. */
export function schemaFor(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, SCHEMA);
    if (existsSync(found)) return asWritten(relative(folder, found));
    if (dirname(at) === at) return `./${SCHEMA}`;
  }
}

/** A shipped configuration, with the lines at its head that are right for a copy of it in this folder. */
export function copiedConfig(text: string, folder: string): string {
  return text
    .replace(
      /^# yaml-language-server: \$schema=.*$/m,
      `# yaml-language-server: $schema=${schemaFor(folder).replaceAll('$', '$$$$')}`,
    )
    .replace(/^# For editors; in a copy of this file .*\n#\n/m, '#\n');
}

// --- internal ---

function asWritten(path: string): string {
  const slashed = path.split(sep).join('/');
  return slashed.startsWith('.') ? slashed : `./${slashed}`;
}
