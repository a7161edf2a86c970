import { defineConfig } from 'vitest/config';

/** `npm run test:package`: what `npm pack` makes, installed in an empty project. Not part of `npm test`: it bundles types, and starts compilers. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['**/*.tarball.ts'],
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
