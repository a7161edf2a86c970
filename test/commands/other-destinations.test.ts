import { expect, test } from 'vitest';
import { reachedElsewhere } from '../../src/commands/connect.ts';
import { requireFile } from '../../src/commands/require-file.ts';
import { resolveConfig } from '../../src/config/load-config.ts';

test('a command for DuckDB files says that the pipeline loads elsewhere', async () => {
  const config = (
    destination: { type: 'postgres' | 'duckdb' | 'ducklake' } | { type: 'filesystem'; bucket_url: string },
  ) =>
    resolveConfig(
      { pipeline: { name: 'shop', destination }, source: { name: 's', resources: [{ name: 'r', data: () => [] }] } },
      { env: {} },
    );
  const postgres = await config({ type: 'postgres' });
  const duckdb = await config({ type: 'duckdb' });
  expect(() => requireFile(duckdb, 'It', 'Do so.')).not.toThrow();
  expect(() => requireFile(postgres, '`connect` tells how programs open a DuckDB file', 'Ask.')).toThrow(
    '`connect` tells how programs open a DuckDB file, and this pipeline loads to `postgres`.',
  );
  expect(reachedElsewhere(postgres.pipeline)).toContain('in the schema `shop_dataset`');
  expect(reachedElsewhere((await config({ type: 'ducklake' })).pipeline)).toContain('docs/ducklake.md');
  const files = await config({ type: 'filesystem', bucket_url: 'out' });
  expect(reachedElsewhere(files.pipeline)).toContain('docs/filesystem.md');
});
