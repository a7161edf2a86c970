import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vitest/config';

/** Vite answers for packages that are not there; those of a lane are, beside what is a dependency of ours: see `servers/clients.mjs`. */
export function installedClients(): Plugin {
  const folders = Object.entries(process.env).flatMap(([name, value = '']) =>
    name.startsWith('TEST_CLIENTS_') ? value : [],
  );
  return {
    name: 'installed-clients',
    enforce: 'pre',
    resolveId(name) {
      if (!/^(@[\w.-]+\/)?[\w.-]+$/.test(name) || found(name, import.meta.dirname) !== undefined) return null;
      for (const folder of folders) {
        const id = found(name, folder);
        if (id !== undefined) return { id, external: true };
      }
      return null;
    },
  };
}

function found(name: string, folder: string): string | undefined {
  try {
    return pathToFileURL(createRequire(join(folder, 'x.js')).resolve(name)).href;
  } catch {
    return undefined;
  }
}
