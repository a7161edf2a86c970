import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
/** What the build writes at its end. */
const last = resolve(root, 'dist/run-summary.schema.json');
const program = resolve(root, 'dist/bin/cli.js');

/**
 * The tests of the command line spawn `dist/bin/cli.js`, so it is built first, where it is older than what it is made of; only
 * what changed, because another process may be running it. Type errors are the business of `npm run typecheck`.
 */
export default function build(): void {
  if (isBuilt()) return;
  const tsc = resolve(root, 'node_modules/typescript/bin/tsc');
  const onlyChanges = ['--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo']; // as `npm run build`
  spawnSync(process.execPath, [tsc, '-p', 'src', ...onlyChanges], { cwd: root, stdio: 'ignore' });
  const bundled = spawnSync('npm', ['run', '--silent', 'bundle'], { cwd: root, encoding: 'utf8', shell: true });
  if (bundled.status !== 0) throw new Error(`\`npm run bundle\` failed:\n${bundled.stdout}${bundled.stderr}`);
  if (!existsSync(program)) throw new Error('`npm run bundle` made no dist/bin/cli.js');
}

function isBuilt(): boolean {
  if (!existsSync(program) || !existsSync(last)) return false;
  const built = statSync(last).mtimeMs;
  const sources = readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' }); // with folders: one that lost a file is young
  const parts = ['src', ...sources.map((name) => `src/${name}`), 'tsconfig.json', 'node_modules/.package-lock.json'];
  return parts.every((name) => (statSync(resolve(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) < built);
}
