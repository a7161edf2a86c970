import { defineConfig } from 'vitest/config';

// The time is for busy machines: tests start processes and wait for files, none asserts how long anything took.
export default defineConfig({ test: { globalSetup: 'test/support/build.ts', testTimeout: 60_000, hookTimeout: 60_000 } });
