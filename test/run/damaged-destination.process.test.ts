import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { summarizeDataset } from '../../src/destinations/attached/summarize-dataset.ts';
import { ReadOnlyFile } from '../../src/duckdb/read-only-file.ts';
import { PipelineError } from '../../src/errors.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { readTable } from '../../src/read-table.ts';
import { openInOtherProcess } from '../support/duckdb-process.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A file of some megabytes that two loads made, and the log of a program that was killed. */
let sound: Buffer;
let log: Buffer;
let folder: string;
let file: string;

function config(within: string, version: number): ConfigFileInput {
  const records = (count: number) =>
    Array.from({ length: count }, (_, id) => ({
      id,
      version,
      text: createHash('sha256').update(`${id}`).digest('hex'),
      tags: [id % 3, id % 5],
    }));
  return {
    pipeline: {
      name: 'p',
      dataset_name: 'data',
      working_dir: join(within, 'work'),
      destination: { type: 'duckdb', path: join(within, 'file.duckdb') },
    },
    source: {
      name: 's',
      resources: [
        {
          name: 'items',
          primary_key: 'id',
          write_disposition: 'merge',
          data: () => records(version < 3 ? 1_500 : 100),
        },
        { name: 'events', write_disposition: 'append', data: () => records(100) },
      ],
    },
  };
}

beforeAll(async () => {
  const within = await mkdtemp(join(tmpdir(), 'sound-'));
  for (const version of [1, 2]) expect(await runPipeline(config(within, version))).toMatchObject({ exitCode: 0 });
  const path = join(within, 'file.duckdb');
  const program = await openInOtherProcess(path);
  await program.run('insert into data.events by name select * replace (id + 1000 as id) from data.events');
  await program.run('delete from data.items where id < 10');
  await program.kill();
  sound = await readFile(path);
  log = await readFile(`${path}.wal`);
  await rm(within, { recursive: true });
});

beforeEach(async () => {
  folder = await tempFolder();
  file = join(folder, 'file.duckdb');
});

/** The exit codes of a run and of what only reads; a defect is 1. */
async function exitCodes(): Promise<{ info: number; rows: number; run: number }> {
  const codeOf = (thrown: unknown) => (thrown instanceof PipelineError ? thrown.exitCode : 1);
  const info = await summarizeDataset(
    { location: file, open: () => ReadOnlyFile.openIfThere(file) },
    { dataset: 'data' },
  ).then(() => 0, codeOf);
  const rows = await allRows().then(() => 0, codeOf);
  const run = (await runPipeline(config(folder, 3))).exitCode;
  return { info, rows, run };
}

async function allRows(): Promise<void> {
  for await (const row of readTable(config(folder, 3), 'items')) expect(row).toHaveProperty('id');
}

const flipped = (bytes: Buffer, at: number, length: number) => {
  const copy = Buffer.from(bytes);
  for (let place = at; place < Math.min(at + length, copy.length); place += 1) copy[place] = ~(copy[place] ?? 0);
  return copy;
};
const parts = (count: number) => Array.from({ length: count }, (_, n) => (n + 0.5) / count);

describe('a damaged file', () => {
  it.each([0, 1, 4095, 4096, 12_287, 12_288, 12_289])(
    'cut off after %i bytes ends with 6, and is left as it is',
    async (length) => {
      const cut = sound.subarray(0, length);
      await writeFile(file, cut);
      expect(await exitCodes()).toEqual({ info: 6, rows: 6, run: 6 });
      expect((await readFile(file)).equals(cut)).toBe(true);
    },
  );

  it.each(parts(2))('cut off after %f of it ends with 6, and is left as it is', async (part) => {
    const cut = sound.subarray(0, Math.floor(sound.length * part));
    await writeFile(file, cut);
    expect((await exitCodes()).run).toBe(6);
    expect((await readFile(file)).equals(cut)).toBe(true);
  });

  it.each(parts(4))('with other bytes at %f of it ends with 6 where they are read, never with 1', async (part) => {
    const damaged = flipped(sound, Math.floor(sound.length * part), 64);
    await writeFile(file, damaged);
    const codes = await exitCodes();
    for (const code of Object.values(codes)) expect([0, 6]).toContain(code);
    if (codes.run === 6) expect((await readFile(file)).equals(damaged)).toBe(true);
    expect((await readdir(folder)).filter((name) => name.startsWith('file.duckdb'))).toEqual(['file.duckdb']);
  });
});

describe('a damaged write-ahead log', () => {
  it.each(parts(2))('with other bytes at %f of it ends with 6, and is left as it is', async (part) => {
    const damaged = flipped(log, Math.floor(log.length * part), 8);
    await writeFile(file, sound);
    await writeFile(`${file}.wal`, damaged);
    expect(await exitCodes()).toEqual({ info: 6, rows: 6, run: 6 });
    expect((await readFile(`${file}.wal`)).equals(damaged)).toBe(true);
  });

  it.each(parts(2))('cut off after %f of it holds what was committed before, and the load goes on', async (part) => {
    await writeFile(file, sound);
    await writeFile(`${file}.wal`, log.subarray(0, Math.floor(log.length * part)));
    expect(await exitCodes()).toEqual({ info: 0, rows: 0, run: 0 });
    expect((await readdir(folder)).filter((name) => name.startsWith('file.duckdb'))).toEqual(['file.duckdb']);
  });
});
