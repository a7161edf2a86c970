import { spawnSync } from 'node:child_process';
import { expect, it, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { runCommand } from '../support/terminal.ts';

/** What is typed up to the key, and what is then offered. */
const cases: readonly (readonly [typed: readonly string[], offered: readonly string[]])[] = [
  [['roll'], ['rollback']],
  [['packages', 'r'], ['retry']],
  [['packages', 'show', '--fo'], ['--format']],
  [
    ['packages', 'list', '--format', ''],
    ['text', 'json', 'csv'],
  ],
  [
    ['packages', 'show', '--format', ''],
    ['text', 'json'],
  ],
  [
    ['--progress', ''],
    ['auto', 'log', 'none'],
  ],
  [['run', '--progress', 'l'], ['log']],
  [['-c', 'run', 'vali'], ['validate']],
  [['deploy', 'k'], ['kubernetes']],
  [['deploy', '--keep', 'b'], ['branch']],
  [['help', 'roll'], ['rollback']],
  [['help', '--fo'], []],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['run', '--exclude', ''], []],
];

it('bash offers what stands at this place of the command line', async () => {
  const cwd = await tempFolder();
  const tries = [...cases, [['run', '--format', '=', 'j'], ['json']] as const].map(
    ([typed]) => `tried dezgo-elt ${typed.map((word) => `'${word}'`).join(' ')}`,
  );
  const offered = `echo "$\{COMPREPLY[*]}"`;
  const tried = `tried() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _dezgo_elt; ${offered}; }`;
  const script = [await scriptOf('bash'), tried, ...tries].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd, encoding: 'utf8' });
  expect({ stdout: linesOf(stdout), stderr }).toEqual({
    stdout: [...cases.map(([, offered]) => offered.join(' ')), 'json'],
    stderr: '',
  });
});

test.skipIf(!isInstalled('fish'))('so does fish', async () => {
  const cwd = await tempFolder();
  const tries = cases.map(([typed]) => `complete -C'dezgo-elt ${typed.join(' ')}'; echo .`);
  const script = [await scriptOf('fish'), ...tries].join('\n');
  const env = { ...process.env, HOME: await tempFolder() };
  const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { cwd, encoding: 'utf8', env });
  const offered = stdout
    .split('.\n')
    .slice(0, -1)
    .map((lines) => lines.replace(/\t.*/g, '').split('\n').filter(Boolean).sort());
  expect({ offered, stderr }).toEqual({ offered: cases.map(([, words]) => [...words].sort()), stderr: '' });
});

test.skipIf(!isInstalled('zsh'))('zsh takes its script', async () => {
  const script = `autoload -Uz compinit && compinit -u -D\n${await scriptOf('zsh')}\nprint -- $_comps[dezgo-elt]`;
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: '_dezgo-elt\n', stderr: '' });
});

async function scriptOf(shell: string): Promise<string> {
  const { code, stdout } = await runCommand(['completion', shell], { cwd: await tempFolder() });
  expect(code).toBe(0);
  return stdout;
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}
