import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ConfigFileInput,
  PipelineError,
  readTable,
  realEffects,
  resolveConfig,
  runPipeline,
  textReport,
} from '../../src/index.ts';
import { query, value } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Resources = ConfigFileInput['source']['resources'];

const configOf = (
  folder: string,
  resources: Resources,
  client?: ConfigFileInput['source']['client'],
): ConfigFileInput => ({
  pipeline: {
    name: 'shop',
    dataset_name: 'data',
    destination: { type: 'duckdb', path: join(folder, 'file.duckdb') },
    working_dir: join(folder, '.dezgo-elt'),
  },
  source: { name: 'shop_source', resources, ...(client === undefined ? {} : { client }) },
});

async function rowsOf(config: ConfigFileInput, table: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const row of readTable(await resolveConfig(config), table)) rows.push(row);
  return rows;
}

const own = (row: Record<string, unknown> | undefined) =>
  Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => !name.startsWith('_dlt_')));

describe('the library', () => {
  it('gives every value back in the form that the documentation promises', async () => {
    const folder = await tempFolder();
    async function* things() {
      yield {
        id: 1,
        exact: 9_007_199_254_740_993n,
        price: '12.3400',
        ratio: 0.25,
        done: true,
        at: '2026-01-08T05:22:53.569Z',
        day: '2026-01-08',
        extra: { a: [1, { b: null }], big: 1 },
        words: ['x', 'y'],
      };
    }
    const columns = {
      price: { data_type: 'decimal', precision: 18, scale: 4 },
      day: { data_type: 'date' },
      extra: { data_type: 'json' },
    } as const;
    const config = configOf(folder, [{ name: 'things', data: things, columns }]);
    expect(await runPipeline(config)).toMatchObject({ exitCode: 0, published: true });
    const [thing, ...more] = await rowsOf(config, 'things');
    expect(more).toEqual([]);
    expect(own(thing)).toEqual({
      id: 1,
      exact: 9_007_199_254_740_993n,
      price: '12.3400',
      ratio: 0.25,
      done: true,
      at: new Date('2026-01-08T05:22:53.569Z'),
      day: '2026-01-08',
      extra: { a: [1, { b: null }], big: 1 },
    });
    const words = await rowsOf(config, 'things__words');
    expect(
      words.map(({ value: word, _dlt_list_idx, _dlt_parent_id }) => [word, _dlt_list_idx, _dlt_parent_id]),
    ).toEqual([
      ['x', 0, thing?._dlt_id],
      ['y', 1, thing?._dlt_id],
    ]);
  });

  it('runs resources of a source beside those of a generator, and tells what it did', async () => {
    const { url } = await useServer(() => [{ id: 1, name: 'over HTTP' }]);
    const folder = await tempFolder();
    const resources: Resources = [
      { name: 'remote', endpoint: { path: 'remote', data_selector: '$' } },
      { name: 'local', data: () => [{ id: 2 }, { id: 3 }] },
      { name: 'unasked', selected: false, data: () => [{ id: 4 }] },
    ];
    const trace = await runPipeline(configOf(folder, resources, { base_url: url }));
    expect(trace.resources.map(({ name, status, records }) => [name, status, records])).toEqual([
      ['remote', 'extracted', 1],
      ['local', 'extracted', 2],
    ]);
    expect(trace.packages[0]?.tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['remote', 1],
      ['local', 2],
    ]);
    expect(textReport(trace)).toMatch(/^Pipeline shop load step completed in /);
    const only = await runPipeline(configOf(folder, resources, { base_url: url }), { resources: ['unasked'] });
    expect(only.resources.map(({ name }) => name)).toEqual(['unasked']);
  });

  it('answers a failed run with its failure, and throws what is wrong before a run begins', async () => {
    const folder = await tempFolder();
    async function* breaks() {
      yield { id: 1 };
      throw new Error('no more');
    }
    const config = configOf(folder, [{ name: 'things', data: breaks }]);
    const trace = await runPipeline(config);
    expect(trace).toMatchObject({ exitCode: 5, published: false, failure: { code: 'ResourceGeneratorFailed' } });
    expect(trace.failure?.message).toContain('no more');
    const unknown: unknown = await runPipeline(config, { resources: ['thing'] }).catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(PipelineError);
    expect(unknown).toMatchObject({ code: 'ResourceUnknown', exitCode: 2 });
    expect(await runPipeline(configOf(folder, [{ name: 'things', data: () => [{ id: 1 }] }]))).toMatchObject({
      exitCode: 0,
    });
  });

  it('takes the dates and bytes of a program as timestamps and blobs, with hints and without', async () => {
    const folder = await tempFolder();
    const at = new Date('2026-01-08T05:22:53.569Z');
    const data = async () => [
      { at, hinted: at, inner: { at }, list: [{ at }], file: Buffer.from('hi'), none: undefined },
    ];
    const columns = { hinted: { data_type: 'timestamp' }, file: { data_type: 'binary' } } as const;
    const config = configOf(folder, [{ name: 'things', data, columns }]);
    expect(await runPipeline(config)).toMatchObject({ exitCode: 0, published: true });
    const [thing] = await rowsOf(config, 'things');
    expect(own(thing)).toMatchObject({ at, hinted: at, inner__at: at });
    const [part] = await rowsOf(config, 'things__list');
    expect(own(part)).toEqual({ at });
    const file = join(folder, 'file.duckdb');
    expect(await value(file, 'select decode(file) from things')).toBe('hi');
  });

  it('fails for records that JSON has no form for, and publishes nothing', async () => {
    const folder = await tempFolder();
    const circle: Record<string, unknown> = { id: 1 };
    circle.self = circle;
    for (const record of [circle, { id: 1, tags: new Set(['a']) }, { id: 1, f: () => 1 }]) {
      const trace = await runPipeline(configOf(folder, [{ name: 'things', data: () => [record] }]));
      expect(trace).toMatchObject({
        exitCode: 5,
        published: false,
        resources: [{ error: { code: 'ResourceGeneratorFailed' } }],
      });
    }
  });

  it.each<[string, () => AsyncGenerator<unknown>]>([
    [
      'an endless generator',
      async function* () {
        for (let id = 0; ; id += 1) yield { id };
      },
    ],
    [
      'a generator that waits for ever',
      async function* () {
        yield { id: 1 };
        await new Promise(() => {});
      },
    ],
  ])('interrupts %s, whatever reason the signal gives', async (_, data) => {
    const folder = await tempFolder();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const trace = await runPipeline(configOf(folder, [{ name: 'things', data }]), { signal: stop.signal });
    expect(trace).toMatchObject({ exitCode: 130, published: false, resources: [{ error: { code: 'Interrupted' } }] });
  });

  it('answers a trace, and throws nothing, for a signal that was aborted before the run began', async () => {
    const reason = new PipelineError({ code: 'Terminated', message: 'Enough.', hint: 'Run again.' });
    const config = configOf(await tempFolder(), [{ name: 'things', data: () => [{ id: 1 }] }]);
    const failure = { code: 'Terminated', message: 'Enough.' };
    expect(await runPipeline(config, { signal: AbortSignal.abort(reason) })).toMatchObject({ exitCode: 143, failure });
    expect(await runPipeline(config, { signal: AbortSignal.abort('enough') })).toMatchObject({ exitCode: 130 });
  });

  it('starts a generator that was stopped in the middle from its beginning, and loads no record twice', async () => {
    const folder = await tempFolder();
    const stop = new AbortController();
    const effects = { ...realEffects, env: {} };
    let stopAt = 2500;
    async function* numbers() {
      for (let id = 0; id < 4000; id += 1) {
        if (id === stopAt)
          stop.abort(new PipelineError({ code: 'Interrupted', message: 'Stopped.', hint: 'Run again.' }));
        yield { id, list: [id] };
      }
    }
    const config = configOf(folder, [{ name: 'numbers', data: numbers }]);
    expect(await runPipeline(config, { effects, signal: stop.signal })).toMatchObject({
      exitCode: 130,
      published: false,
    });
    stopAt = -1;
    const again = await runPipeline(config, { effects });
    expect(again).toMatchObject({ exitCode: 0, published: true });
    expect(again.notes).toEqual([
      expect.stringMatching(/was dropped: the function of resource numbers starts anew\.$/),
    ]);
    const file = join(folder, 'file.duckdb');
    expect(await query(file, 'select count(*)::integer as n, count(distinct id)::integer as ids from numbers')).toEqual(
      [{ n: 4000, ids: 4000 }],
    );
    expect(await value(file, 'select count(*) from numbers__list')).toBe(4000);
  });

  it('refuses to read a table that there is not, and names those there are', async () => {
    const folder = await tempFolder();
    const config = configOf(folder, [{ name: 'things', data: () => [{ id: 1, tags: ['a'] }] }]);
    await runPipeline(config);
    await expect(rowsOf(config, 'thing')).rejects.toMatchObject({
      code: 'UsageInvalid',
      hint: expect.stringContaining('things, things__tags'),
    });
  });

  it('reads while the next run publishes: rows of the load that was there when the loop began', async () => {
    const folder = await tempFolder();
    let version = 1;
    const data = () => Array.from({ length: 3000 }, (_, id) => ({ id, version }));
    const config = configOf(folder, [{ name: 'things', data, write_disposition: 'replace' }]);
    await runPipeline(config);
    const seen = new Set<unknown>();
    let rows = 0;
    for await (const row of readTable(await resolveConfig(config), 'things')) {
      seen.add(row.version);
      rows += 1;
    }
    version = 2;
    expect(await runPipeline(config)).toMatchObject({ exitCode: 0 });
    expect({ rows, seen: [...seen] }).toEqual({ rows: 3000, seen: [1] });
    expect((await rowsOf(config, 'things')).every((row) => row.version === 2)).toBe(true);
  });
});
