import { expect, test } from 'vitest';
import { requireFile } from '../../src/commands/require-file.ts';
import { resolveConfig } from '../../src/config/load-config.ts';

test('a command for DuckDB files says that the pipeline loads elsewhere', async () => {
  const config = (destination: { type: 'postgres' } | { type: 'duckdb' }) =>
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
});
