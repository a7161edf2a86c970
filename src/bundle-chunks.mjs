// Which file of `dist/bin/` a module lies in. Few files, because finding hundreds took a third of a cold run; several, because
// `--version` reads no configuration and `validate` no DuckDB.
import { fileURLToPath } from 'node:url';

/** What is read together, by the modules that ask for it: those and everything that they import. The first that has a module keeps it. */
const asked = {
  program: ['cli.ts'],
  config: ['commands/validate.ts', 'json-path/rfc-json-path.ts', 'json-path/rfc-query.ts'],
  duckdb: ['duckdb/expressions.ts'],
  run: ['commands/run.ts', 'destinations/attached/open-attached-file.ts', 'index.ts'],
};

const source = (path) => fileURLToPath(new URL(path, import.meta.url));
const entries = [source('cli.ts'), source('index.ts')];

/** The name of a module's chunk; none for an entry, which waits for what it has begun, so that nobody may import it. */
export function chunkOf() {
  const needed = new Map();
  const needs = (id, context) => {
    if (!needed.has(id)) needed.set(id, closureOf(id, context));
    return needed.get(id);
  };
  return (id, context) => {
    if (entries.includes(id)) return null;
    const isAsked = ([, roots]) => roots.some((root) => needs(source(root), context).has(id));
    const [name] = Object.entries(asked).find(isAsked) ?? ['more'];
    const opensDuckdb = [...needs(id, context)].some((each) => each.includes('@duckdb/node-bindings'));
    return opensDuckdb && name !== 'duckdb' ? `${name}-duckdb` : name;
  };
}

/** Everything that is loaded with a module, itself too. */
function closureOf(id, context) {
  const found = new Set([id]);
  for (const each of found) for (const next of context.getModuleInfo(each)?.importedIds ?? []) found.add(next);
  return found;
}
