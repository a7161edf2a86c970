import { defineConfig } from 'vitest/config';

/** `npm run test:destinations`: not part of `npm test`, because it needs servers, which `main.mjs` will start. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['contract/*.contract.ts'],
    globalSetup: `${import.meta.dirname}/../support/build.ts`,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
