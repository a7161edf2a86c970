// What the library's types are in a package: one file instead of the hundred that the compiler writes, which a clone has in `dist/`.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const built = (path) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

await build({
  input: { index: built('index.d.ts') },
  external: /^[^./]/,
  plugins: [dts({ dtsInput: true, sourcemap: false })],
  checks: { pluginTimings: false },
  logLevel: 'warn',
  output: { dir: built('bin'), format: 'esm' },
});
