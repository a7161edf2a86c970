import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { type Project, smallConfig, smallProject } from '../support/project.ts';
import { query, value } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import type { CommandResult } from '../support/terminal.ts';
import { startOtherProgram } from './other-program.ts';

/** `npm run test:crash` does it for longer. */
const rounds = (few: number) => (process.env.MODE === 'crash' ? 150 : few);
const hours = 3_600_000;
const records = 500;

const list = (name: string, write_disposition: string) => ({
  name,
  primary_key: 'id',
  write_disposition,
  endpoint: { path: name, data_selector: 'data' },
});

/** Load ids that a run says it published. A program that writes all the time may be in the way: then the next run loads. */
async function load(running: Promise<CommandResult>): Promise<string[]> {
  const { code, stdout, stderr } = await running;
  if (code !== 6) expect({ code, stderr }).toMatchObject({ code: 0 });
  else expect({ stdout, stderr }).toMatchObject({ stdout: expect.stringContaining('the next run loads it') });
  return [...stdout.matchAll(/Load package (\S+) is LOADED/g)].map(([, loadId = '']) => loadId);
}

/** A source whose records change with every round. */
async function useSource() {
  const source = { version: 0, url: '' };
  const { url } = await useServer(() => ({
    data: Array.from({ length: records }, (_, id) => ({ id, name: `${id} of ${source.version}` })),
  }));
  source.url = url;
  return source;
}

const own = 'select id::integer as id from items where id >= 1000000 order by id';
const wrong = 'select count(*) from items where id >= 1000000 and name <> md5(id::varchar)';

async function expectRecordsOf(version: number, { file }: Project): Promise<void> {
  expect(
    await query(
      file,
      'select count(*)::integer as rows, count(distinct id)::integer as ids, min(name) as name from items where id < 1000000',
    ),
  ).toEqual([{ rows: records, ids: records, name: `0 of ${version}` }]);
}

async function idsIn(file: string): Promise<Set<number>> {
  return new Set((await query(file, own)).map(({ id }) => Number(id)));
}

it('two pipelines and a program that commits all the time, killed now and then, lose nothing of each other', {
  timeout: hours,
}, async () => {
  const source = await useSource();
  const project = await smallProject(source.url, { resources: [list('items', 'merge')] });
  const other = smallConfig(source.url, {
    resources: [list('events', 'append')],
    pipeline: { name: 'other', working_dir: '.other' },
  });
  await writeFile(join(project.cwd, 'other.yaml'), JSON.stringify(other));
  const runOther = ['run', '-c', 'other.yaml'];
  expect(await load(project.run())).toHaveLength(1);

  const told: string[] = [];
  const program = await startOtherProgram(project.file, 'opens and closes');
  for (let round = 1; round <= rounds(1); round += 1) {
    source.version = round;
    const [, loaded] = await Promise.all([load(project.run()), load(runCli(runOther, project))]);
    told.push(...loaded);
  }
  const { inserted, deleted, open } = await program.stop();
  expect(await load(project.run())).not.toEqual([]);
  told.push(...(await load(project.run(runOther))));

  const left = await idsIn(project.file);
  expect(inserted.filter((id) => !deleted.includes(id) && !open.includes(id) && !left.has(id))).toEqual([]);
  expect(deleted.filter((id) => left.has(id))).toEqual([]);
  expect([...left].filter((id) => !inserted.includes(id) && !open.includes(id))).toEqual([]);
  expect(await value(project.file, wrong)).toBe(0);
  await expectRecordsOf(source.version, project);
  expect(
    await query(project.file, 'select _dlt_load_id as id, count(*)::integer as rows from events group by 1 order by 1'),
  ).toEqual(told.sort().map((id) => ({ id, rows: records })));
  expect(inserted.length).toBeGreaterThan(rounds(1));
  expect((await readdir(project.cwd)).filter((name) => name.includes('file.duckdb'))).toEqual(['file.duckdb']);
});

it('what a program commits that keeps the file open is in the file, or in one that was kept, with `on_writer: swap`', {
  timeout: hours,
}, async () => {
  const source = await useSource();
  const pipeline = { publish: { on_writer: 'swap', wait: 0 } };
  const project = await smallProject(source.url, { resources: [list('items', 'merge')], pipeline });
  await load(project.run());
  const program = await startOtherProgram(project.file, 'stays open');
  for (let round = 1; round <= rounds(2); round += 1) {
    source.version = round;
    await load(project.run());
  }
  const { inserted, open } = await program.stop();
  source.version += 1;
  expect(await load(project.run())).not.toEqual([]);

  const beside = (await readdir(project.cwd)).filter((name) => name.startsWith('file.duckdb.'));
  const kept = beside.filter((name) => name.endsWith('.kept'));
  expect(beside.filter((name) => !name.includes('.kept'))).toEqual([]);
  const found = await Promise.all([project.file, ...kept.map((name) => join(project.cwd, name))].map(idsIn));
  expect(inserted.filter((id) => !open.includes(id) && !found.some((ids) => ids.has(id)))).toEqual([]);
  expect([...(found[0] ?? [])].filter((id) => !inserted.includes(id) && !open.includes(id))).toEqual([]);
  expect(await value(project.file, wrong)).toBe(0);
  await expectRecordsOf(source.version, project);
});
