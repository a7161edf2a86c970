import { describe, expect, it } from 'vitest';
import { yamlProject } from '../support/project.ts';

describe('--format json, when nothing could be begun', () => {
  it.each(['run', 'info'])('%s prints the failure as one document, and its line on stderr', async (command) => {
    const { run } = await yamlProject();
    const { code, stdout, stderr } = await run([command, '--format', 'json', '-c', 'none.yaml']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 2,
      failure: { code: 'ConfigNotFound', message: expect.stringContaining('none.yaml'), loadId: null },
    });
    expect(stderr).toMatch(/^error: .*none\.yaml.*\n$/);
  });

  it('prints nothing on stdout where text was asked for', async () => {
    const { run } = await yamlProject();
    expect((await run(['run', '-c', 'none.yaml'])).stdout).toBe('');
  });
});
