import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ConfigFileInput,
  type PlainRow,
  type RunEvent,
  readTable,
  realEffects,
  runEvents,
  runPipeline,
  silentLog,
} from '../../src/index.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Two resources of a program's own. */
async function twoLists(): Promise<ConfigFileInput> {
  const folder = await tempFolder();
  return {
    pipeline: {
      name: 'small',
      dataset_name: 'data',
      working_dir: join(folder, 'work'),
      destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
    },
    source: {
      name: 'lists',
      resources: [
        { name: 'ones', data: () => [{ id: 1 }] },
        { name: 'twos', data: () => [{ id: 2 }, { id: 3 }] },
      ],
    },
  };
}

async function rowsOf(config: ConfigFileInput, table: string): Promise<PlainRow[]> {
  const rows: PlainRow[] = [];
  for await (const row of readTable(config, table)) rows.push(row);
  return rows;
}

describe('the events of a run', () => {
  it('come as they happen, in the order of the run; the trace comes beside them', async () => {
    const run = runEvents(await twoLists());
    const events: RunEvent[] = [];
    for await (const event of run) events.push(event);
    const told = events.flatMap((event) => {
      if (event.event === 'progress') return [];
      return ['resource' in event ? `${event.event} ${event.resource}` : event.event];
    });
    expect(told).toEqual([
      'run.started',
      'step.started',
      'resource.started ones',
      'resource.finished ones',
      'resource.started twos',
      'resource.finished twos',
      'step.finished',
      'step.started',
      'package.finished',
      'step.finished',
      'run.finished',
    ]);
    const { exitCode, startedAt } = await run.trace;
    expect(events.at(-1)).toMatchObject({ event: 'run.finished', exitCode, published: true, failure: null });
    expect(Math.min(...events.map(({ time }) => time))).toBeGreaterThanOrEqual(startedAt);
  });

  it('may be left early: no row is lost, and the loop is left when the run is over', async () => {
    const config = await twoLists();
    const seen: string[] = [];
    for await (const { event } of runEvents(config)) {
      seen.push(event);
      break;
    }
    expect(seen).toEqual(['run.started']);
    expect((await rowsOf(config, 'twos')).length).toBe(2);
    expect((await runPipeline(config)).failure).toBeUndefined();
  });

  it('need nobody to read them', async () => {
    const config = await twoLists();
    expect((await runEvents(config).trace).published).toBe(true);
  });

  it('throw what keeps the run from beginning, in the loop and as the trace', async () => {
    const run = runEvents(await twoLists(), { resources: ['threes'] });
    const read = async () => {
      for await (const _ of run);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ResourceUnknown' });
    await expect(run.trace).rejects.toMatchObject({ code: 'ResourceUnknown' });
  });

  it('go to a listener as well; one that throws is a warning, and the run goes on', async () => {
    const [seen, warned]: string[][] = [[], []];
    const trace = await runPipeline(await twoLists(), {
      effects: { ...realEffects, log: { ...silentLog, warn: (message) => void warned?.push(message) } },
      onEvent: ({ event }) => {
        seen?.push(event);
        throw new Error('full');
      },
    });
    expect([trace.exitCode, seen]).toEqual([0, ['run.started']]);
    expect(warned).toEqual(['Who listened to the events of the run failed, and is told nothing more: full']);
  });
});
