// The dashboard's page, which a browser runs: one script and one sheet, `dist/page/`, which go into one document.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { licensesIn } from './bundled-licenses.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { output } = await build({
  input: here('dashboard/page/main.tsx'),
  platform: 'browser',
  transform: { target: 'es2022' },
  logLevel: 'warn',
  output: { file: here('../dist/page/page.js'), format: 'esm', minify: true },
});
const sheet = readFileSync(here('dashboard/page/page.css'), 'utf8');
writeFileSync(here('../dist/page/page.css'), sheet.replace(/\s+/g, ' '));
appendFileSync(here('../dist/bin/LICENSES.txt'), `\n${licensesIn(output)}`);
