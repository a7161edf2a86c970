import { expect, test } from 'vitest';
import { useDlt } from './dlt.ts';
import { type Rows, RowsProject } from './library.ts';

const dlt = useDlt('1.5');

test.each(['delete-insert', 'upsert'] as const)(
  'dlt goes on with a table of `delete_missing: soft`, and we after it: %s',
  async (strategy) => {
    const project = await RowsProject.open();
    const rows = (...ids: number[]) => ids.map((id) => ({ id, parts: [{ of: id }] }));
    const merge = { disposition: 'merge', strategy } as const;
    const soft = (...ids: number[]): Rows => ({
      name: 't',
      rows: rows(...ids),
      hints: { primary_key: 'id', write_disposition: { ...merge, delete_missing: 'soft' } },
    });
    const marked = async () =>
      (await project.rows('select id::int as id from t where _elt_deleted_at is not null order by id')).map(
        ({ id }) => id,
      );
    const versions = async () =>
      (await project.rows('select version, version_hash from _dlt_version order by version')).length;

    await project.run(soft(1, 2, 3));
    await project.run(soft(1, 2));
    expect(await marked()).toEqual([3]);
    const before = await versions();
    await dlt(
      'run_rows',
      project.given({ name: 't', rows: rows(3, 4), hints: { primary_key: 'id', write_disposition: merge } }),
    );
    expect(await marked()).toEqual([]); // what dlt merges is there
    const ofDlt = await versions();
    expect(ofDlt - before).toBeLessThanOrEqual(1);
    await project.run(soft(1, 2, 3));
    expect(await marked()).toEqual([4]);
    await dlt(
      'run_rows',
      project.given({ name: 't', rows: rows(1), hints: { primary_key: 'id', write_disposition: merge } }),
    );
    expect(await marked()).toEqual([4]);
    expect(await project.rows('select count(*)::int as n from t__parts')).toEqual([{ n: 4 }]);
  },
);
