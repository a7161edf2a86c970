import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Plugin } from 'vitest/config';

const root = resolve(import.meta.dirname, '../..');

/**
 * A test that imports `src/x.ts` gets `dist/x.js`, as Node loads it: what the package ships, and one that is not transformed for
 * each process again. What is in `dist` was built at the start: see build.ts.
 */
export function builtModules(): Plugin {
  return {
    name: 'built-modules',
    enforce: 'pre',
    resolveId(name, importer) {
      if (importer === undefined || !name.startsWith('.') || !name.endsWith('.ts')) return null;
      const path = relative(resolve(root, 'src'), resolve(dirname(importer), name));
      const built = resolve(root, 'dist', path.replace(/\.ts$/, '.js'));
      return !path.startsWith('..') && existsSync(built) ? built : null;
    },
  };
}
