import { expect, test } from 'vitest';
import { resultOf, startCli } from '../support/cli.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { yamlProject } from '../support/project.ts';
import { shared } from '../support/shared.ts';

const asked = shared(async () => {
  const project = await yamlProject();
  await withDuckdbFile(project.file, (connection) =>
    connection.run(
      "create schema data; create table data.many as select i as id, 'row ' || i as name from range(200000) r(i)",
    ),
  );
  return project;
});

test('a reader that has seen enough, such as `head`, ends a query without a word', async () => {
  const { cwd } = await asked();
  const child = startCli(['query', 'from many', '-o', 'csv'], { cwd });
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { code, stderr } = await resultOf(child);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('SIGINT stops a query whose answer does not end, exit 130', async () => {
  const { cwd } = await asked();
  const child = startCli(['query', 'from range(100000000000)', '-o', 'csv'], { cwd });
  child.stdout?.once('data', () => child.kill('SIGINT'));
  const { code, stderr } = await resultOf(child);
  expect({ code, stderr }).toEqual({
    code: 130,
    stderr: 'error: The query was stopped by SIGINT. — Nothing was changed. `--limit` gives fewer rows.\n',
  });
});

test('the SQL comes from standard input', async () => {
  const { cwd } = await asked();
  const child = startCli(['query', '-', '-o', 'jsonl'], { cwd });
  child.stdin?.end('select count(*) as n from many');
  expect(await resultOf(child)).toEqual({ code: 0, stdout: '{"n":200000}\n', stderr: '' });
});
