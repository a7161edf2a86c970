import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/**
 * The tests of the command line spawn `dist/bin/cli.js`, so it is built first; only what changed, because another process may be
 * running it. Type errors are the business of `npm run typecheck`.
 */
export default function build(): void {
  const tsc = resolve(root, 'node_modules/typescript/bin/tsc');
  const onlyChanges = ['--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo']; // as `npm run build`
  spawnSync(process.execPath, [tsc, '-p', 'src', ...onlyChanges], { cwd: root, stdio: 'ignore' });
  const bundled = spawnSync('npm', ['run', '--silent', 'bundle'], { cwd: root, encoding: 'utf8', shell: true });
  if (bundled.status !== 0) throw new Error(`\`npm run bundle\` failed:\n${bundled.stdout}${bundled.stderr}`);
  if (!existsSync(resolve(root, 'dist/bin/cli.js'))) throw new Error('`npm run bundle` made no dist/bin/cli.js');
}
