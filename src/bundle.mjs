// Joins the command line and its libraries into a few files, `dist/bin/`: finding hundreds of small ones took a third of a cold
// run. `--debug` finds names and lines again through the source maps; the driver's native part stays outside.
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { peerDependencies } = JSON.parse(readFileSync(here('../package.json'), 'utf8'));
rmSync(here('../dist/bin'), { recursive: true, force: true }); // pieces of an earlier build have other names
await build({
  input: here('cli.ts'),
  platform: 'node',
  external: ['@duckdb/node-bindings', ...Object.keys(peerDependencies)],
  logLevel: 'warn',
  output: {
    dir: here('../dist/bin'),
    format: 'esm',
    sourcemap: true,
    minify: true,
    keepNames: true, // errors tell their class
  },
});
chmodSync(here('../dist/bin/cli.js'), 0o755);
