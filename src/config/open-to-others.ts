import { stat } from 'node:fs/promises';
import type { ConfigWarning } from './pipeline-config.ts';

/**
 * A warning for each of these files, which gave a secret, that other users of the machine can read. The group may read a file of
 * root: so administrators hand one to a service. Windows has no such rights.
 */
export async function openToOthers(files: Iterable<string>): Promise<ConfigWarning[]> {
  if (process.platform === 'win32') return [];
  const warnings: ConfigWarning[] = [];
  for (const file of files) {
    const found = await stat(file);
    const rights = found.mode & 0o777;
    const readable = found.uid === 0 ? 0o004 : 0o044;
    if (!found.isFile() || (rights & readable) === 0) continue;
    const message = `holds secrets, and other users of this machine can read it (mode ${rights.toString(8).padStart(4, '0')}): \`chmod 600\` closes it to them`;
    warnings.push({ at: file, message });
  }
  return warnings;
}
