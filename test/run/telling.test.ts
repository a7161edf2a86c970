import { join } from 'node:path';
import { expect, test } from 'vitest';
import { realEffects, silentLog } from '../../src/effects.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a command for secrets that fails is quoted once, by the run that fails for it', async () => {
  const folder = await tempFolder();
  const hook = { url: { secret: 'slack' } };
  const warnings: string[] = [];
  const effects = { ...realEffects, env: {}, log: { ...silentLog, warn: (text: string) => void warnings.push(text) } };
  const config = (auth: object) => ({
    secrets: { command: [process.execPath, '-e', 'console.error("vault is sealed"); process.exit(1)'] },
    pipeline: {
      name: 'shop',
      destination: { type: 'duckdb' as const, path: join(folder, 'file.duckdb') },
      working_dir: join(folder, 'working'),
      notify: [{ ...hook, on: ['failure' as const, 'schema_change' as const] }],
      ping: hook,
    },
    source: {
      name: 'shop',
      client: { base_url: 'http://127.0.0.1:9/', ...auth },
      resources: [
        { name: 'a', endpoint: { path: 'a' }, selected: 'auth' in auth },
        ...('auth' in auth ? [] : [{ name: 'b', data: () => [{ id: 1 }] }]),
      ],
    },
  });
  const failing = runPipeline(config({ auth: { type: 'bearer' as const, token: { secret: 'token' } } }), { effects });
  await expect(failing).rejects.toMatchObject({ message: expect.stringContaining('vault is sealed') });
  expect(warnings).toEqual([
    '`pipeline.ping` could not be told of the end, because of what the run failed for',
    '`pipeline.notify` could not be told of the failure, because of what the run failed for',
  ]);

  warnings.length = 0;
  expect(await runPipeline(config({}), { effects })).toMatchObject({ exitCode: 0 });
  expect(warnings).toEqual([
    expect.stringMatching(/^`pipeline\.ping` could not be told of the end: .*vault is sealed/s),
    '`pipeline.notify` could not be told of the schema change, for the same reason',
  ]);
});
