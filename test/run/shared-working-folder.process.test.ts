import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { realEffects, silentLog } from '../../src/effects.ts';
import { PipelineError } from '../../src/errors.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { readTable } from '../../src/read-table.ts';
import { openInOtherProcess } from '../support/duckdb-process.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A pipeline in `folder`, with the working folder that all of them share. */
function pipeline(folder: string, name: string, file: string): ConfigFileInput {
  return {
    pipeline: {
      name,
      dataset_name: 'd',
      working_dir: join(folder, 'shared'),
      destination: { type: 'duckdb', path: join(folder, file) },
      publish: { wait: 0.2 },
    },
    source: { name: 's', resources: [{ name: `${name}_rows`, data: () => [{ id: 1 }] }] },
  };
}

/** Runs while another process has the file open for writing: the package is made, and stays pending. */
async function leavePending(config: ConfigFileInput, path: string): Promise<string> {
  const writers: Awaited<ReturnType<typeof openInOtherProcess>>[] = [];
  const open = async () => {
    if (writers.length === 0) writers.push(await openInOtherProcess(path));
    return [{ id: 2 }];
  };
  const held: ConfigFileInput = {
    ...config,
    source: {
      ...config.source,
      resources: [
        {
          name: `${config.pipeline.name}_rows`,
          data: async function* () {
            yield await open();
          },
        },
      ],
    },
  };
  const trace = await runPipeline(held);
  for (const writer of writers) await writer.kill();
  expect(trace).toMatchObject({ exitCode: 6, packages: [{ state: 'pending' }] });
  return trace.packages[0]?.loadId ?? '';
}

async function ids(config: ConfigFileInput): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { id } of readTable(config, `${config.pipeline.name}_rows`)) found.push(id);
  return found;
}

describe('two pipelines with one working folder', () => {
  test('leave each other the packages that wait for their file', async () => {
    const folder = await tempFolder();
    const first = pipeline(folder, 'first', 'first.duckdb');
    const second = pipeline(folder, 'second', 'second.duckdb');
    await runPipeline(first);
    const waiting = await leavePending(first, join(folder, 'first.duckdb'));
    const other = await runPipeline(second);
    expect(other).toMatchObject({ exitCode: 0, notes: [] });
    expect(other.packages.map(({ loadId }) => loadId)).not.toContain(waiting);
    await expect(ids({ ...second, pipeline: { ...second.pipeline, name: 'first' } })).rejects.toThrow(PipelineError);
    const next = await runPipeline(first);
    expect(next.packages.map(({ loadId, recovered }) => ({ loadId, recovered }))).toContainEqual({
      loadId: waiting,
      recovered: true,
    });
    expect(await ids(first)).toEqual([1, 2, 1]);
  });

  test('leave each other’s packages unopened, and those that do not say whose they are are looked into', async () => {
    const folder = await tempFolder();
    const first = pipeline(folder, 'first', 'first.duckdb');
    const second = pipeline(folder, 'second', 'second.duckdb');
    await runPipeline(first);
    const waiting = join(folder, 'shared', 'packages', await leavePending(first, join(folder, 'first.duckdb')));
    const written = await readFile(`${waiting}.json`, 'utf8');
    expect(JSON.parse(written)).toMatchObject({
      pipeline: 'first',
      dataset: 'd',
      destination: join(folder, 'first.duckdb'),
      complete: true,
      rows: 1,
    });
    await rm(`${waiting}.json`);
    expect(await runPipeline(second)).toMatchObject({ exitCode: 0, notes: [] });
    const { failure: _, ...label } = JSON.parse(written); // why it waits is nowhere else
    const again = await readFile(`${waiting}.json`, 'utf8');
    expect(JSON.parse(again)).toEqual(label);

    const unreadable = '1700000000.000000';
    const third = { pipeline: 'third', dataset: 'd', destination: '/third.duckdb', complete: true, rows: 1 };
    await writeFile(join(folder, 'shared', 'packages', `${unreadable}.json`), JSON.stringify(third));
    await writeFile(join(folder, 'shared', 'packages', `${unreadable}.duckdb`), 'whoever opens this finds it damaged');
    expect(await runPipeline(second)).toMatchObject({ exitCode: 0, notes: [] });
    await rm(join(folder, 'shared', 'packages', `${unreadable}.json`));
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (text: string) => warnings.push(text) };
    const { notes } = await runPipeline(second, { effects: { ...realEffects, log } });
    expect(warnings).toEqual([expect.stringContaining(`Package ${unreadable} was damaged`)]);
    expect(notes).toEqual([...warnings, expect.stringContaining(join('rejected', `${unreadable}.duckdb`))]);
  });

  test('the same pipeline with another file leaves the package for the file it was made for, and says so', async () => {
    const folder = await tempFolder();
    const before = pipeline(folder, 'p', 'before.duckdb');
    await runPipeline(before);
    const waiting = await leavePending(before, join(folder, 'before.duckdb'));
    const moved = await runPipeline(pipeline(folder, 'p', 'after.duckdb'));
    expect(moved.packages).toHaveLength(1);
    expect(moved.notes.join()).toContain(`Package ${waiting} is left alone`);
    expect(moved.notes.join()).toContain('before.duckdb');
  });
});
