import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { Database } from '../../src/duckdb/database.ts';
import { resultOf } from '../support/cli.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { projectIn, smallYaml } from '../support/project.ts';
import { projectRoot } from '../support/repository.ts';
import { shared } from '../support/shared.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A path and a dataset that have to be quoted in every language. */
const odd = shared(() => projectAt(`it's "odd" $HOME \\u0041 {x} é`));
/** DuckDB 2.0 for Python takes a backslash for a slash, on Linux, too: whatever a program says, it finds no such file. */
const oddForPython = shared(() => projectAt(`it's "odd" $HOME {x} é`));

async function projectAt(name: string) {
  const folder = join(await tempFolder(), name);
  await mkdir(folder);
  const project = projectIn(folder, 'file.duckdb', {});
  await writeFile(join(folder, 'pipeline.config.yaml'), smallYaml);
  await withDuckdbFile(project.file, (connection) =>
    connection.run('create schema data; create table data.models as select 1 as id'),
  );
  return project;
}

async function snippet(client: string, project = odd): Promise<string> {
  const { run } = await project();
  const { code, stdout, stderr } = await run(['connect', '--for', client]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('dezgo-elt connect', () => {
  it('prints SQL that any DuckDB runs, again after a newer load, too', async () => {
    const sql = await snippet('sql');
    const database = await Database.open();
    try {
      const connection = await database.connect();
      for (let time = 0; time < 2; time += 1) {
        const [tables = '', end = ''] = sql.split('-- A newer');
        expect(await connection.rows(tables)).toEqual([{ name: 'models' }]);
        await connection.run(`-- ${end}`);
      }
    } finally {
      database.close();
    }
  });

  it('prints a program for Node that runs', async () => {
    const cwd = await tempFolder();
    await symlink(join(projectRoot, 'node_modules'), join(cwd, 'node_modules'));
    await writeFile(join(cwd, 'look.mjs'), await snippet('node'));
    const result = await resultOf(spawn(process.execPath, ['look.mjs'], { cwd }));
    expect(result).toEqual({ code: 0, stdout: "[ { name: 'models' } ]\n", stderr: '' });
  });

  const python = join(projectRoot, '.venv-dlt/bin/python');
  // The list is written when all is installed: a build server makes the environment meanwhile.
  test.skipIf(!existsSync(join(projectRoot, '.venv-dlt/installed.txt')))(
    'prints a program for Python that runs, where the tests with dlt have put one',
    async () => {
      const { cwd } = await oddForPython();
      await writeFile(join(cwd, 'look.py'), await snippet('python', oddForPython));
      const result = await resultOf(spawn(python, ['look.py'], { cwd }));
      expect(result).toEqual({ code: 0, stdout: "[('models',)]\n", stderr: '' });
    },
  );

  it('prints what is provisioned for Grafana: read-only, with the path as it is', async () => {
    const { file } = await odd();
    const { datasources } = parse(await snippet('grafana'));
    expect(datasources).toEqual([
      {
        name: 'data',
        type: 'motherduck-duckdb-datasource',
        access: 'proxy',
        jsonData: { path: `${file}?access_mode=READ_ONLY` },
      },
    ]);
  });

  it.each([
    ['python', 'read_only=True'],
    ['r', 'read_only = TRUE'],
    ['jdbc', '"duckdb.read_only", "true"'],
  ])('opens for %s only to read, and says how a newer load is seen', async (client, readOnly) => {
    const { file } = await odd();
    const text = await snippet(client);
    expect(text).toContain(readOnly);
    expect(text).toContain(JSON.stringify(file).slice(1, -1));
    expect(text).toContain('A newer load is seen');
  });

  it('says the same as JSON, and which programs it knows', async () => {
    const { run, file } = await odd();
    const { stdout } = await run(['connect', '--for', 'r', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ client: 'r', path: file, dataset: 'data', exitCode: 0, failure: null });
    const { code, stderr } = await run(['connect', '--for', 'excel']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('python, sql, node, r, jdbc, grafana'),
    });
  });
});
