// npm's `prepare`: builds after an install, where the compiler is there. Without it, what was built before serves as well.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (existsSync(root('node_modules/typescript'))) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root('.'), stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
} else if (!existsSync(root('dist/bin/cli.js'))) {
  process.stderr.write(
    'dezgo-elt is not built, and the compiler is a development package that was left out.\n' +
      'Run `npm ci`, which builds, and then `npm prune --omit=dev` to have the rest removed.\n',
  );
  process.exitCode = 1;
}
