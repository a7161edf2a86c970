import { describe, expect, it } from 'vitest';
import { hasOracle, readOracle } from '../support/dlt-oracle.ts';
import { expectAsListed } from './differences.ts';
import { caseName, type RowIds } from './oracle-case.ts';
import { Replay, type Resource } from './replay.ts';

const recorded = readOracle<RowIds>('row_ids.json', { child_ids: [], row_hashes: [] });

/** One run of resources r0, r1, …; the `_dlt_id`s of each table. */
async function idsOf(resources: readonly Omit<Resource, 'name'>[]): Promise<Record<string, readonly unknown[]>> {
  const project = await Replay.open();
  const trace = await project.run(...resources.map((resource, index) => ({ name: `r${index}`, ...resource })));
  expect(trace.failure).toBeUndefined();
  const tables = Object.entries(await project.tables());
  return Object.fromEntries(tables.map(([name, { rows }]) => [name, rows.map(({ _dlt_id: id }) => id)]));
}

describe.skipIf(!hasOracle)("keys of rows are dlt's in the recorded cases", () => {
  it('of list items, made of the key of their parent', async () => {
    const longest = new Map<string, (typeof recorded.child_ids)[number]>();
    for (const one of recorded.child_ids)
      if (one.idx >= (longest.get(one.table)?.idx ?? 0)) longest.set(one.table, one);
    const ids = await idsOf(
      [...longest.values()].map(({ parent_id: _dlt_id, table, idx }) => {
        const [table_name = '', key = ''] = table.split('__');
        return { table_name, rows: [{ _dlt_id, [key]: Array.from({ length: idx + 1 }, (_, index) => index) }] };
      }),
    );
    expect(recorded.child_ids).not.toEqual([]);
    for (const { table, idx, _dlt_id: expected } of recorded.child_ids) expect(ids[table]?.[idx]).toBe(expected);
  });

  it('of records that are their own version', async () => {
    const hashes = recorded.row_hashes.filter(({ row_hash }) => row_hash !== undefined);
    const ids = await idsOf(
      hashes.map(({ row }) => ({ write_disposition: { disposition: 'merge', strategy: 'scd2' }, rows: [row] })),
    );
    for (const [index, one] of hashes.entries()) {
      const [id] = ids[`r${index}`] ?? [];
      expectAsListed(caseName.rowHash(one), id === one.row_hash ? [] : { here: id, dlt: one.row_hash });
    }
  });

  it('of records by their primary key', async () => {
    const keyed = recorded.row_hashes.filter(({ pk_hash_id }) => typeof pk_hash_id === 'string');
    const ids = await idsOf(
      keyed.map(({ row }) => ({
        primary_key: 'id',
        write_disposition: { disposition: 'merge', strategy: 'upsert' },
        rows: [row],
      })),
    );
    expect(keyed.map((_, index) => ids[`r${index}`])).toEqual(keyed.map(({ pk_hash_id }) => [pk_hash_id]));
    expect(keyed).not.toEqual([]);
  });
});
