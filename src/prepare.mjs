// npm's `prepare`: builds after an install, where the compiler is there. Without it, what was built before serves as well.
// It is also what npm runs, and nothing else, before it packs a dependency that was named by its address in git.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (existsSync(root('node_modules/typescript'))) {
  const isPacked = process.env.npm_package_resolved !== undefined;
  if (!isPacked) run('build');
  else if (!hasTypes()) run('prepack');
} else if (!existsSync(root('dist/bin/cli.js'))) {
  process.stderr.write(
    'dezgo-elt is not built, and the compiler is a development package that was left out.\n' +
      'Run `npm ci`, which builds, and then `npm prune --omit=dev` to have the rest removed.\n',
  );
  process.exitCode = 1;
}

function run(script) {
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: root('.'), stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
}

/** `npm pack` has run `prepack` before: the types are no longer those of the clone. */
function hasTypes() {
  const types = root('dist/bin/index.d.ts');
  return existsSync(types) && !readFileSync(types, 'utf8').startsWith('export * from');
}
