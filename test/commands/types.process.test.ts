import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resultOf } from '../support/cli.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { yamlProject } from '../support/project.ts';
import { projectRoot } from '../support/repository.ts';

const use = `
import type { Tables } from './tables.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

type Row = Tables['models'];
same<Row['id'], string>(true);
same<Row['big'], number | bigint | null>(true);
same<Row['price'], string | null>(true);
same<Row['seen_at'], Date | string | null>(true);
same<Row['document'], unknown>(true);
same<Row['list'], unknown>(true);
same<Row['bytes'], Uint8Array | null>(true);
same<Row['odd "name"\\n*/'], number | null>(true);
same<keyof Tables, 'models' | 'date' | 'a__b' | 'a_b' | '1 two' | 'm²' | 'recent'>(true);
same<Tables['recent']['id'], string | null>(true);
export const today: Date = new Date();
`;

test('dezgo-elt types declares every table and view, whatever its names are, as TypeScript that compiles', async () => {
  const { cwd, file, run } = await yamlProject();
  await withDuckdbFile(file, async (connection) => {
    await connection.run('create schema data');
    await connection.run('use file.data');
    await connection.run(
      `create table models (id varchar not null, big bigint, price decimal(18, 4), seen_at timestamptz, document json,
         list integer[], bytes blob, "odd ""name""\n*/" double, kind enum ('a', 'it''s, b'))`,
    );
    await connection.run("comment on column models.id is 'of a model */ export const broken = 1; /*\n\u001b[31m'");
    await connection.run("comment on table models is 'Models, */ all of them'");
    for (const name of ['date', 'a__b', 'a_b', '1 two', 'm²'])
      await connection.run(`create table "${name}" ("Date" date, "constructor" int, "x²" int, "a‍b" int)`);
    await connection.run('create view recent as select id from models');
  });
  expect(await run(['types', '--to', 'tables.ts'])).toEqual({ code: 0, stdout: '', stderr: '' });
  await writeFile(join(cwd, 'use.ts'), use);
  await writeFile(join(cwd, 'package.json'), '{"type":"module"}');
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--allowImportingTsExtensions',
    '--types',
    '',
  ];
  const compiled = await resultOf(spawn(process.execPath, [tsc, ...options, 'use.ts'], { cwd }));
  expect(compiled).toEqual({ code: 0, stdout: '', stderr: '' });

  const { stdout } = await run(['types', '--format', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    dataset: 'data',
    tables: [
      {
        name: 'models',
        columns: [
          { name: 'id', type: 'VARCHAR', nullable: false, valueType: 'string' },
          {},
          {},
          {},
          {},
          {},
          {},
          {},
          {},
        ],
      },
      {},
      {},
      {},
      {},
      {},
      {},
    ],
    exitCode: 0,
  });
});
