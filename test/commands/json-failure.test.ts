import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { projectFolder } from '../support/project.ts';

describe('--format json, when nothing could be begun', () => {
  it.each(['run', 'info'])('%s prints the failure as one document, and its line on stderr', async (command) => {
    const cwd = await projectFolder();
    const { code, stdout, stderr } = await runCli([command, '--format', 'json', '-c', 'none.yaml'], { cwd });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 2,
      failure: { code: 'ConfigNotFound', message: expect.stringContaining('none.yaml'), loadId: null },
    });
    expect(stderr).toMatch(/^error: .*none\.yaml.*\n$/);
  });

  it('prints nothing on stdout where text was asked for', async () => {
    const cwd = await projectFolder();
    expect((await runCli(['run', '-c', 'none.yaml'], { cwd })).stdout).toBe('');
  });
});
