import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/**
 * The tests of the command line spawn `dist/cli.js`, so it is built first; only what changed, because another process may be
 * running it. Type errors are the business of `npm run typecheck`.
 */
export default function build(): void {
  const tsc = resolve(root, 'node_modules/typescript/bin/tsc');
  const onlyChanges = ['--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo'];
  spawnSync(process.execPath, [tsc, '-p', 'src', ...onlyChanges], { cwd: root, stdio: 'ignore' });
  if (!existsSync(resolve(root, 'dist/cli.js'))) throw new Error('`tsc -p src` made no dist/cli.js');
}
