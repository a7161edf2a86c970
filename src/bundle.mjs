// Joins the command line, the library and what they are made of into a few files, `dist/bin/`: finding hundreds of small ones took a third of a cold
// run. `--debug` finds names and lines again through the source maps; the driver's native part stays outside.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { chunkOf } from './bundle-chunks.mjs';
import { licensesIn } from './bundled-licenses.mjs';
import { foldDoors } from './fold-doors.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What few configurations need, or one command, is read from where npm has put it. */
const ofFew = [/^@modelcontextprotocol\//, 'image-size', 'smol-toml', 'undici'];

const { peerDependencies } = JSON.parse(readFileSync(here('../package.json'), 'utf8'));
rmSync(here('../dist/bin'), { recursive: true, force: true }); // pieces of an earlier build have other names
const { output } = await build({
  input: { cli: here('cli.ts'), index: here('index.ts') },
  preserveEntrySignatures: 'allow-extension',
  platform: 'node',
  external: ['@duckdb/node-bindings', ...ofFew, ...Object.keys(peerDependencies)],
  logLevel: 'warn',
  checks: { ineffectiveDynamicImport: false },
  plugins: [foldDoors()],
  output: {
    dir: here('../dist/bin'),
    format: 'esm',
    sourcemap: true,
    minify: { codegen: { removeWhitespace: false } },
    keepNames: true, // errors tell their class
    chunkFileNames: '[name].js',
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ debugName: 'asked', name: chunkOf() }] },
  },
});
chmodSync(here('../dist/bin/cli.js'), 0o755);
writeFileSync(here('../dist/bin/LICENSES.txt'), licensesIn(output));
writeFileSync(here('../dist/bin/index.d.ts'), "export * from '../index.js';\n"); // in a package: bundle-types.mjs
