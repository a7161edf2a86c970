import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resultOf, runCli, startCli } from '../support/cli.ts';
import { yamlProject } from '../support/project.ts';
import { projectRoot } from '../support/repository.ts';
import { tempFolder } from '../support/temp-folder.ts';

const here = { cwd: projectRoot };

/** Preloaded, it tells on stderr whether the process loaded DuckDB's native library. */
const saysDuckdb = `process.on('exit', () => {
  const loaded = process.report.getReport().sharedObjects.some((file) => /duckdb/i.test(file));
  process.stderr.write(loaded ? '[DuckDB was loaded]' : '[DuckDB was not loaded]');
})`;

describe('the process of dezgo-elt', () => {
  it('prints on stdout and ends with 0', async () => {
    const { version } = JSON.parse(await readFile(resolve(projectRoot, 'package.json'), 'utf8'));
    expect(await runCli(['--version'], here)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('ends with the exit code of the command, its failure on stderr, without colours where there is no terminal', async () => {
    const { code, stdout, stderr } = await runCli(['validate', '-c', 'nowhere.yaml'], here);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: The configuration \S*nowhere\.yaml was not found — .*\n$/);
    expect(stderr).not.toContain('\u001b');
  });

  it('prints a stack trace of the files that we wrote with --debug', async () => {
    const { stderr } = await runCli(['validate', '-c', 'nowhere.yaml', '--debug'], here);
    expect(stderr).toMatch(/ {4}at .*\.ts:\d+/);
  });

  it('finds the configuration that it is shipped with', async () => {
    const cwd = await tempFolder();
    expect(await runCli(['demo', '--quiet'], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
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

  it.each([
    ['not loaded', '--help'],
    ['not loaded', '--version'],
    ['not loaded', 'validate'],
    ['not loaded', 'run --help'],
    ['loaded', 'info'],
  ])('has DuckDB %s by %s', async (expected, args) => {
    const { cwd } = await yamlProject();
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
