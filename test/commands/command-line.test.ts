import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/errors.ts';
import { yamlProject } from '../support/project.ts';
import { projectRoot } from '../support/repository.ts';
import { runCommand } from '../support/terminal.ts';

const here = { cwd: projectRoot };

describe('dezgo-elt', () => {
  it('prints its help: every command, every exit code, exit 0', async () => {
    const { code, stdout, stderr } = await runCommand(['--help'], here);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of ['run', 'validate', 'info', 'sandbox', 'demo'])
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    const epilogue = stdout.slice(stdout.indexOf('Exit codes:'));
    for (const exitCode of Object.values(exitCodes)) expect(epilogue).toMatch(new RegExp(`\\b${exitCode}\\b`));
  });

  it('prints the version of its package.json', async () => {
    const { version } = JSON.parse(await readFile(resolve(projectRoot, 'package.json'), 'utf8'));
    expect(await runCommand(['--version'], here)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints its help on stderr and exits with 2 when no command is given', async () => {
    const { code, stdout, stderr } = await runCommand([], here);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Begin with:');
  });

  it.each([
    ['an unknown command', ['rnu'], "unknown command 'rnu'", 'Did you mean run?'],
    ['help for an unknown command', ['help', 'rnu'], "unknown command 'rnu'", 'Did you mean run?'],
    ['an unknown option', ['run', '--quite'], "unknown option '--quite'", 'Did you mean --quiet?'],
    ['a choice that there is not', ['run', '--format', 'xml'], "'xml'", 'Allowed choices are text, json'],
    ['a port that is none', ['sandbox', '--port', '70000'], "'70000'", 'from 0 to 65535'],
    ['an argument too many', ['validate', 'models'], 'too many arguments', '--help'],
  ])('refuses %s with exit 2 and says what to write instead', async (_, args, problem, hint) => {
    const { code, stdout, stderr } = await runCommand(args, here);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).toContain(hint);
  });

  it('takes the common options before the command and after it', async () => {
    const { run } = await yamlProject();
    for (const args of [
      ['-c', 'nowhere.yaml', 'validate'],
      ['validate', '--config', 'nowhere.yaml'],
      ['run', 'models', '--config=nowhere.yaml', '--format', 'json'],
      ['run', '-c', 'nowhere.yaml', 'models'],
    ]) {
      const { code, stderr } = await run(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: The configuration \S*nowhere\.yaml was not found — Name the file with/);
    }
  });

  it('prints a stack trace only with --debug', async () => {
    const { run } = await yamlProject();
    const args = ['validate', '-c', 'nowhere.yaml'];
    expect((await run(args)).stderr).not.toContain('    at ');
    expect((await run([...args, '--debug'])).stderr).toContain('    at ');
  });
});
