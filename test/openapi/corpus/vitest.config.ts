import { defineConfig } from 'vitest/config';
import { useMemory } from '../../support/temporary.ts';

useMemory();

/** `npm run test:openapi`: every document of a large collection. Not part of `npm test`, because it is 45 MB to fetch. */
export default defineConfig({
  test: { dir: import.meta.dirname, include: ['**/*.openapi.ts'], testTimeout: 1_800_000, reporters: ['verbose'] },
});
