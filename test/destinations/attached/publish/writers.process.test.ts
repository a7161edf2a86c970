import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PublishOptions, publishInto } from '../../../../src/destinations/attached/publish/publish-into.ts';
import type { Database } from '../../../../src/duckdb/database.ts';
import { type Effects, realEffects } from '../../../../src/effects.ts';
import { type DuckdbProcess, openInOtherProcess } from '../../../support/duckdb-process.ts';
import { handOn, takeDatabase } from '../../../support/idle-database.ts';
import { slowDisk } from '../../../support/slow-disk.ts';

let folder: string;
let path: string;
let database: Database;
let notes: string[];
const others: DuckdbProcess[] = [];
const effects: Effects = { ...realEffects, sleep: async () => {} };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'writers-'));
  path = join(folder, 'live.duckdb');
  database = await takeDatabase();
  notes = [];
});

afterEach(async () => {
  for (const other of others.splice(0)) await other.kill();
  await handOn(database);
  await rm(folder, { recursive: true });
});

/** Publishes the values as further rows. */
async function publish(values: readonly number[], change: Partial<PublishOptions> = {}) {
  const options: PublishOptions = {
    database,
    path,
    loadId: '1767355200.000001',
    publish: { mode: 'swap', on_writer: 'wait', wait: 1000 },
    effects,
    findings: { warn: (note) => notes.push(note) },
    ...change,
  };
  return publishInto(options, async (catalog) => {
    const connection = await database.connect();
    await connection.transaction(async () => {
      await connection.run(`create table if not exists ${catalog}.numbers (value integer)`);
      for (const value of values) await connection.run(`insert into ${catalog}.numbers values ($1)`, [value]);
    });
    connection.close();
  });
}

async function openElsewhere(): Promise<DuckdbProcess> {
  const other = await openInOtherProcess(path);
  others.push(other);
  return other;
}

async function numbers(file = path): Promise<unknown> {
  await database.attach(file, 'reading', { readOnly: true });
  const connection = await database.connect();
  const rows = await connection.rows('select value from reading.numbers order by value');
  connection.close();
  await database.detach('reading');
  return rows.map((row) => row.value);
}

describe('while the new file is flushed to a slow disk', () => {
  it('what another program commits is not lost', async () => {
    await publish([1]);
    await slowDisk(async (flushes) => {
      if (flushes > 0) return;
      const program = await openElsewhere();
      await program.run('insert into numbers values (10)');
      await program.end();
    });
    expect(await publish([2])).toMatchObject({ attempts: 2 });
    expect(await numbers()).toEqual([1, 2, 10]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('the log of a notebook that was killed is not replayed into the new file', async () => {
    await publish([1, 2, 3, 4, 5]);
    await slowDisk(async (flushes) => {
      if (flushes > 0) return;
      const notebook = await openElsewhere();
      await notebook.run('delete from numbers where value = 4');
      await notebook.kill();
    });
    expect(await publish([6])).toMatchObject({ attempts: 2 });
    expect(await numbers()).toEqual([1, 2, 3, 5, 6]);
    expect(await readdir(folder)).toEqual(['live.duckdb']);
  });

  it('a notebook that keeps the file open for writing is waited for', async () => {
    await publish([1]);
    await slowDisk(async (flushes) => {
      if (flushes > 0) return;
      const notebook = await openElsewhere();
      await notebook.run('insert into numbers values (10)');
    });
    const sleep = async () => others[0]?.end();
    expect(await publish([2], { effects: { ...effects, sleep } })).toMatchObject({ attempts: 2 });
    expect(await numbers()).toEqual([1, 2, 10]);
  });

  it('what another program commits just after the new file took its place is in the new file', async () => {
    await publish([1]);
    await slowDisk(async (flushes) => {
      if (flushes === 0) return; // then the folder, after the rename
      const program = await openElsewhere();
      await program.run('insert into numbers values (10)');
      await program.end();
    });
    expect(await publish([2])).toMatchObject({ attempts: 1 });
    expect(await numbers()).toEqual([1, 2, 10]);
  });

  it('a file that another program makes where there was none is not replaced unseen', async () => {
    await slowDisk(async (flushes) => {
      if (flushes > 0) return;
      const program = await openElsewhere();
      await program.run('create table numbers as select 10 as value');
      await program.end();
    });
    expect(await publish([2])).toMatchObject({ attempts: 2 });
    expect(await numbers()).toEqual([2, 10]);
  });
});

describe('a program that has the file open for writing, with `on_writer: swap`,', () => {
  const onWriter = { publish: { mode: 'swap', on_writer: 'swap', wait: 0 } } as const;
  const beside = async () => (await readdir(folder)).filter((name) => name !== 'live.duckdb');
  const kept = () => join(folder, 'live.duckdb.1767355200.000001.kept');

  it('does not hold up a load, and what it committed before is kept', async () => {
    await publish([1]);
    const program = await openElsewhere();
    await program.run('insert into numbers values (10)');
    expect(await publish([2], onWriter)).toMatchObject({ attempts: 1 });
    expect(await numbers()).toEqual([1, 2, 10]);
    expect(notes).toEqual([expect.stringMatching(`PID ${program.pid}.* has the replaced .* open for writing`)]);
  });

  it('cannot change the new file: its next commit fails', async () => {
    await publish([1, 2, 3, 4, 5]);
    const program = await openElsewhere();
    await publish([6], onWriter);
    await expect(program.run('delete from numbers where value = 4')).rejects.toThrow('Failed to commit');
    await program.run('checkpoint');
    await expect(program.run('insert into numbers values (10)')).rejects.toThrow('Failed to commit');
    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6]);
    await program.end();
    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each(['end', 'kill'] as const)('keeps what it goes on committing, in a file of its own (%s)', async (leave) => {
    await publish([1, 2, 3, 4, 5]);
    const program = await openElsewhere();
    await program.run('insert into numbers values (10)');
    await publish([6], onWriter);
    await program.run('delete from numbers where value = 4');
    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 10]);
    await program.run('checkpoint');
    await expect(program.run('insert into numbers values (11)')).rejects.toThrow('Failed to commit');
    await program[leave]();
    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 10]);

    await publish([7], { loadId: '1767355200.000002' });
    expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 10]);
    expect(notes.at(-1)).toContain(kept());
    expect(await numbers(kept())).toEqual([1, 2, 3, 5, 10]);
  });

  it('that writes nothing leaves nothing behind once it has closed the file', async () => {
    await publish([1]);
    const program = await openElsewhere();
    await publish([2], onWriter);
    await publish([3], { ...onWriter, loadId: '1767355200.000002' });
    expect(await beside()).not.toEqual([]);
    await program.end();
    await publish([4], { loadId: '1767355200.000003' });
    expect(await numbers()).toEqual([1, 2, 3, 4]);
    expect(await beside()).toEqual([]);
    const other = await openElsewhere();
    await other.run('insert into numbers values (5)');
  });

  it('makes a load into the file itself wait, and is named', async () => {
    await publish([1]);
    const program = await openElsewhere();
    await publish([2], onWriter);
    const inPlace = { publish: { mode: 'in_place', on_writer: 'wait', wait: 0 } } as const;
    await expect(publish([3], inPlace)).rejects.toThrow(`PID ${program.pid}) has`);
    await program.end();
    await publish([3], inPlace);
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it('and commits while the new file is flushed makes the load begin again', async () => {
    await publish([1]);
    const program = await openElsewhere();
    await slowDisk(async (flushes) => {
      if (flushes === 0) await program.run('insert into numbers values (10)');
    });
    expect(await publish([2], onWriter)).toMatchObject({ attempts: 2 });
    expect(await numbers()).toEqual([1, 2, 10]);
  });
});
