import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exitCodes } from '../../src/errors.ts';
import { projectRoot, resultOf, runCli, startCli } from '../support/cli.ts';
import { projectFolder } from '../support/project.ts';
import { tempFolder } from '../support/temp-folder.ts';

const here = { cwd: projectRoot };

/** Preloaded, it tells on stderr whether the process loaded DuckDB's native library. */
const saysDuckdb = `process.on('exit', () => {
  const loaded = process.report.getReport().sharedObjects.some((file) => /duckdb/i.test(file));
  process.stderr.write(loaded ? '[DuckDB was loaded]' : '[DuckDB was not loaded]');
})`;

describe('dezgo-elt', () => {
  it('prints its help: every command, every exit code, exit 0', async () => {
    const { code, stdout, stderr } = await runCli(['--help'], here);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of ['run', 'validate', 'info', 'sandbox', 'demo'])
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    const epilogue = stdout.slice(stdout.indexOf('Exit codes:'));
    for (const exitCode of Object.values(exitCodes)) expect(epilogue).toMatch(new RegExp(`\\b${exitCode}\\b`));
  });

  it('prints the version of its package.json', async () => {
    const { version } = JSON.parse(await readFile(resolve(projectRoot, 'package.json'), 'utf8'));
    expect(await runCli(['--version'], here)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints its help on stderr and exits with 2 when no command is given', async () => {
    const { code, stdout, stderr } = await runCli([], here);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Begin with:');
  });

  it.each([
    ['an unknown command', ['rnu'], "unknown command 'rnu'", 'Did you mean run?'],
    ['an unknown option', ['run', '--quite'], "unknown option '--quite'", 'Did you mean --quiet?'],
    ['a choice that there is not', ['run', '--format', 'xml'], "'xml'", 'Allowed choices are text, json'],
    ['a port that is none', ['sandbox', '--port', '70000'], "'70000'", 'from 0 to 65535'],
    ['an argument too many', ['validate', 'models'], 'too many arguments', '--help'],
  ])('refuses %s with exit 2 and says what to write instead', async (_, args, problem, hint) => {
    const { code, stdout, stderr } = await runCli(args, here);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).toContain(hint);
  });

  it('says so when the current folder was removed, exit 2', async () => {
    const cwd = await tempFolder();
    const script = resolve(projectRoot, 'dist/bin/cli.js');
    const child = spawn('sh', ['-c', 'rmdir "$PWD" && exec "$0" "$@"', process.execPath, script, 'run'], { cwd });
    expect(await resultOf(child)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: The current folder does not exist any more\. — Change into one/),
    });
  });

  it('takes the common options before the command and after it', async () => {
    const cwd = await projectFolder();
    for (const args of [
      ['-c', 'nowhere.yaml', 'validate'],
      ['validate', '--config', 'nowhere.yaml'],
      ['run', 'models', '--config=nowhere.yaml', '--format', 'json'],
      ['run', '-c', 'nowhere.yaml', 'models'],
    ]) {
      const { code, stderr } = await runCli(args, { cwd });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: The configuration \S*nowhere\.yaml was not found — Name the file with/);
    }
  });

  it('prints a stack trace only with --debug', async () => {
    const cwd = await projectFolder();
    const args = ['validate', '-c', 'nowhere.yaml'];
    expect((await runCli(args, { cwd })).stderr).not.toContain('    at ');
    expect((await runCli([...args, '--debug'], { cwd })).stderr).toContain('    at ');
  });

  it('prints no colours where there is no terminal', async () => {
    const { stderr } = await runCli(['validate', '-c', 'nowhere.yaml'], here);
    expect(stderr).not.toContain('\u001b');
  });

  it.each([
    ['not loaded', '--help'],
    ['not loaded', '--version'],
    ['not loaded', 'validate'],
    ['not loaded', 'run --help'],
    ['loaded', 'info'],
  ])('has DuckDB %s by %s', async (expected, args) => {
    const cwd = await projectFolder();
    const preload = `data:text/javascript,${encodeURIComponent(saysDuckdb)}`;
    const { stderr } = await runCli(args.split(' '), {
      cwd,
      env: { NODE_OPTIONS: `--import=${preload}`, SHOP_KEY: 'k' },
    });
    expect(stderr).toContain(`[DuckDB was ${expected}]`);
  });

  it('does not mind a reader that stops reading', async () => {
    const child = startCli(['--help'], here);
    child.stdout?.destroy();
    const { code, stderr } = await resultOf(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.skipIf(!existsSync('/dev/full'))('says that the report could not be written, exit 1', async () => {
    const full = await open('/dev/full', 'w');
    onTestFinished(() => full.close());
    const child = spawn(process.execPath, [resolve(projectRoot, 'dist/cli.js'), '--help'], {
      stdio: ['ignore', full.fd, 'pipe'],
    });
    const { code, stderr } = await resultOf(child);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the report could not be written: .*\n$/);
  });
});
