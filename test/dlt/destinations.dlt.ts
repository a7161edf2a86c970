import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realEffects, runPipeline } from '../../src/index.ts';
import { ducklake } from '../destinations/contract/kinds/ducklake.ts';
import { filesystem } from '../destinations/contract/kinds/filesystem.ts';
import { postgres } from '../destinations/contract/kinds/postgres.ts';
import { newPlace } from '../destinations/contract/project-on.ts';
import type { Place, TestDestination } from '../destinations/contract/test-destination.ts';
import { useDlt } from './dlt.ts';

interface Loaded {
  readonly found: Described;
  readonly left: Described;
  readonly load_ids: readonly string[];
}

interface Described {
  readonly first_run: boolean;
  readonly schemas: Readonly<Record<string, { readonly stored: string; readonly computed: string }>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly sources: readonly string[];
}

/** Each, and how dlt gets to it. */
const kinds: readonly (readonly [TestDestination, (place: Place) => string])[] = [
  [postgres, () => process.env.TEST_POSTGRES ?? ''],
  [ducklake, ({ folder }) => join(folder, 'lake.ducklake')],
  [filesystem, ({ folder }) => join(folder, 'bucket')],
];

const models = (word: string, ...ids: number[]) =>
  ids.map((id) => ({ id, word, price: 0.5, at: '2026-01-01T00:00:00Z', tags: [word, 'both'], size: { width: id } }));

const dlt = useDlt('1.5', async (home) => {
  await mkdir(join(home, '.duckdb'));
  await symlink(process.env.TEST_EXTENSIONS ?? '', join(home, '.duckdb', 'extensions'));
});

describe.each(kinds)('$name', (destination, where) => {
  const merge = destination.lacks.merge === undefined;
  const hints = { primary_key: 'id', write_disposition: merge ? 'merge' : 'append' } as const;
  const rowCount = (merged: number, appended: number) => (merge ? merged : appended);

  async function open() {
    const place = await newPlace(destination);
    const names = { kind: destination.name, where: where(place), pipeline: 'p', dataset: place.dataset, schema: 's' };
    const ours = async (rows: readonly object[]) => {
      const { failure } = await runPipeline(
        {
          pipeline: {
            name: 'p',
            dataset_name: place.dataset,
            destination: destination.settings(place),
            working_dir: join(place.folder, 'work'),
          },
          source: { name: 's', resources: [{ name: 'models', data: () => rows, ...hints }] },
        },
        { effects: { ...realEffects, env: destination.env ?? {} } },
      );
      expect(failure).toBeUndefined();
    };
    const theirs = (rows: readonly object[]) =>
      dlt<Loaded>('load_at', { ...names, resources: [{ name: 'models', rows, ...hints }] });
    const rows = async () => {
      const { models: roots = [], models__tags: tags = [], _dlt_loads: loads = [] } = await destination.read(place);
      return { models: roots.map(({ id, word }) => `${id}${word}`).sort(), tags: tags.length, loads: loads.length };
    };
    return { ours, theirs, rows };
  }

  test('dlt restores, reads and continues a dataset of ours, and we go on with what it left', async () => {
    const { ours, theirs, rows } = await open();
    await ours(models('a', 1, 2, 3));

    const { found, left, load_ids } = await theirs(models('b', 3, 4));
    expect(found).toMatchObject({ first_run: false, counts: { models: 3, models__tags: 6 } });
    expect(found.schemas.s?.computed).toBe(found.schemas.s?.stored);
    expect(load_ids).toHaveLength(1);
    expect(left.counts).toMatchObject({ models: rowCount(4, 5), models__tags: rowCount(8, 10) });

    await ours(models('c', 4, 5));
    expect(await rows()).toEqual({
      models: merge ? ['1a', '2a', '3b', '4c', '5c'] : ['1a', '2a', '3a', '3b', '4b', '4c', '5c'],
      tags: rowCount(10, 14),
      loads: 3,
    });
  });

  test('we continue a dataset that dlt made, and dlt goes on with what we left', async () => {
    const { ours, theirs, rows } = await open();
    await theirs(models('a', 1, 2, 3));
    await ours(models('b', 3, 4));
    const { found } = await theirs(models('c', 4, 5));

    expect(found.schemas.s?.computed).toBe(found.schemas.s?.stored);
    expect(found.counts).toMatchObject({ models: rowCount(4, 5), models__tags: rowCount(8, 10) });
    expect(await rows()).toMatchObject({
      models: merge ? ['1a', '2a', '3b', '4c', '5c'] : ['1a', '2a', '3a', '3b', '4b', '4c', '5c'],
      tags: rowCount(10, 14),
      loads: 3,
    });
  });
});
