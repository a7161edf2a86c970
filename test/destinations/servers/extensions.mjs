import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { installed } from './installed.mjs';
import { run } from './programs.mjs';

const names = ['ducklake', 'httpfs', 'azure', 'postgres-scanner', 'sqlite-scanner'];

/**
 * DuckDB's extensions, as the package index of Python has them: where tests run, DuckDB's own repository is often out of reach. DuckDB
 * looks at their signatures, whoever has packed them.
 */
export async function provideExtensions() {
  const [version] = createRequire(import.meta.url)('@duckdb/node-api/package.json').version.split('-');
  const wanted = names.map((name) => `duckdb-extension-${name}==${version}`);
  const folder = await installed('duckdb-extensions', wanted.join(' '), async (made) => {
    const wheels = join(made, 'wheels');
    await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '-d', wheels, ...wanted]);
    for (const wheel of await readdir(wheels))
      await run('python3', ['-m', 'zipfile', '-e', join(wheels, wheel), wheels]);
    await install(join(made, 'extensions'), wheels);
    await run('rm', ['-r', wheels]);
  });
  return { env: { TEST_EXTENSIONS: join(folder, 'extensions') }, stop: async () => {} };
}

/** As DuckDB lays them out. */
async function install(folder, wheels) {
  const instance = await DuckDBInstance.create(':memory:', { extension_directory: folder });
  const connection = await instance.connect();
  for (const file of await readdir(wheels, { recursive: true }))
    if (file.endsWith('.duckdb_extension')) await connection.run(`install '${join(wheels, file)}'`);
  connection.closeSync();
  instance.closeSync();
}
