import { defineConfig } from 'vitest/config';
import { builtModules } from '../support/built-modules.ts';
import { useMemory } from '../support/temporary.ts';

useMemory();

/** `npm run test:browser`: not part of `npm test`, because it needs Chromium, which `main.mjs` looks for. */
export default defineConfig({
  plugins: [builtModules()],
  test: {
    dir: import.meta.dirname,
    include: ['*.browser.ts'],
    globalSetup: `${import.meta.dirname}/../support/build.ts`,
    server: { deps: { external: [/\/dist\/.*\.js$/] } },
    pool: 'forks',
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
