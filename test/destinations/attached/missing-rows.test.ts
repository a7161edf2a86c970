import { expect, it } from 'vitest';
import { PipelineError } from '../../../src/errors.ts';
import type { MissingRule } from '../../../src/package/layout.ts';
import { CREATED_AT, TestDestination, type TestPackage, type TestTable } from '../../support/package.ts';

interface Item {
  readonly a: number;
  readonly b: string;
  readonly value: number;
  readonly isDeleted: boolean;
  readonly parts: readonly number[];
}

interface Load {
  readonly items: readonly Item[];
  /** Undefined: rows that did not come stay. */
  readonly missing: MissingRule | undefined;
  readonly isWhole: boolean;
  readonly allowDelete: boolean;
  readonly strategy: 'delete-insert' | 'upsert';
}

/** Numbers below `below`, the same ones for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const limits: readonly MissingRule['most'][] = [{ share: 0.5 }, { share: 1 }, { share: 1 }, { rows: 2 }];

function randomLoad(random: (below: number) => number): Load {
  const pick = <T>(list: readonly T[]): T | undefined => list[random(list.length)];
  const most = pick(limits) ?? { share: 1 };
  return {
    items: Array.from({ length: random(9) }, () => ({
      a: random(4),
      b: 'xyz'.charAt(random(2)),
      value: random(100),
      isDeleted: random(12) === 0,
      parts: Array.from({ length: random(3) }, () => random(10)),
    })),
    missing: pick([
      undefined,
      { how: 'soft', most },
      { how: 'soft', most },
      { how: 'soft', most },
      { how: 'hard', most },
    ]),
    isWhole: random(4) > 0,
    allowDelete: random(4) === 0,
    strategy: pick(['delete-insert', 'upsert'] as const) ?? 'upsert',
  };
}

interface Row {
  readonly value: number;
  readonly parts: readonly number[];
  /** The load that did not bring it; null while loads do. */
  readonly gone: number | null;
}

interface Outcome {
  readonly rows: ReadonlyMap<string, Row>;
  readonly counts: { readonly retired: number; readonly returned: number; readonly deleted: number };
}

/** What a load has to come to, said as plainly as can be; undefined: it is refused. */
function loaded(before: ReadonlyMap<string, Row>, load: Load, number: number): Outcome | undefined {
  const { items, missing, isWhole, allowDelete } = load;
  const came = new Map(items.map((item) => [`${item.a} ${item.b}`, item]));
  const rule = isWhole ? missing : undefined;
  const live = [...before].filter(([, { gone }]) => rule?.how === 'hard' || gone === null).map(([key]) => key);
  const lost = rule === undefined ? [] : live.filter((key) => !came.has(key));
  const most = rule === undefined ? 0 : 'rows' in rule.most ? rule.most.rows : rule.most.share * live.length;
  if (lost.length > most && !allowDelete) return undefined;
  const rows = new Map(before);
  for (const key of lost) {
    const row = before.get(key);
    if (rule?.how === 'hard' || row === undefined) rows.delete(key);
    else rows.set(key, { ...row, gone: number });
  }
  let returned = 0;
  for (const [key, { value, parts, isDeleted }] of came) {
    if (isDeleted) rows.delete(key);
    else {
      if ((before.get(key)?.gone ?? null) !== null) returned += 1;
      rows.set(key, { value, parts, gone: null });
    }
  }
  const soft = missing?.how === 'soft';
  return {
    rows,
    counts: {
      retired: soft ? lost.length : 0,
      returned: soft ? returned : 0,
      deleted: rule?.how === 'hard' ? lost.length : 0,
    },
  };
}

/** `isMarking`: an earlier load made `_elt_deleted_at`, which documents have from then on. */
function packageOf({ items, missing, isWhole, strategy }: Load, number: number, isMarking: boolean): TestPackage {
  const root: TestTable = {
    name: 't',
    hints: { write_disposition: 'merge', 'x-merge-strategy': strategy },
    columns: {
      a: { data_type: 'bigint', primary_key: true },
      b: { data_type: 'text', primary_key: true },
      value: 'bigint',
      is_deleted: { data_type: 'bool', hard_delete: true },
      ...(isMarking ? { _elt_deleted_at: 'timestamp' as const } : {}),
    },
    rows: items.map(({ a, b, value, isDeleted }) => ({ a, b, value, is_deleted: isDeleted })),
  };
  const nested: TestTable = {
    name: 't__parts',
    parent: 't',
    rootKey: true,
    columns: { value: 'bigint' },
    rows: items.flatMap(({ parts }, row) => parts.map((value, index) => ({ '#parent': row, '#index': index, value }))),
  };
  const facts = { t: { isWhole, ...(missing === undefined ? {} : { missing }) } };
  return { tables: [root, nested], facts, createdAt: CREATED_AT + number * 1000 };
}

async function markOf(destination: TestDestination): Promise<string | undefined> {
  return (await destination.columns('t')).find((column) => column === '_elt_deleted_at TIMESTAMP WITH TIME ZONE');
}

async function found(destination: TestDestination): Promise<Map<string, Row>> {
  if ((await destination.columns('t')).length === 0) return new Map();
  const mark = (await markOf(destination)) === undefined ? 'null' : 'epoch_ms(_elt_deleted_at)';
  const nested = (await destination.columns('t__parts')).length > 0;
  const list = nested
    ? 'select list(value order by _dlt_list_idx) from t__parts as p where p._dlt_root_id = t._dlt_id'
    : 'null';
  const rows = await destination.sql(`select a, b, value, ${mark} as gone, (${list})::varchar as parts from t`);
  return new Map(
    rows.map(({ a, b, value, gone, parts }) => [
      `${a} ${b}`,
      {
        value: Number(value),
        parts: JSON.parse(String(parts ?? '[]')),
        gone: gone === null ? null : (Number(gone) - CREATED_AT) / 1000,
      },
    ]),
  );
}

it.each([3, 8])('whatever comes, stays away and comes again ends as a map of the rows would: %i', async (seed) => {
  const random = randomOf(seed);
  const destination = await TestDestination.open();
  let rows: ReadonlyMap<string, Row> = new Map();
  const kinds = new Set<string>();
  for (let number = 1; number <= 15; number++) {
    const load = randomLoad(random);
    const expected = loaded(rows, load, number);
    const result = await destination
      .load(packageOf(load, number, (await markOf(destination)) !== undefined), { allowDelete: load.allowDelete })
      .catch((error: unknown) => error);
    if (expected === undefined) expect(result, JSON.stringify({ number, load })).toBeInstanceOf(PipelineError);
    else {
      const table = (result as { tables?: { name: string }[] }).tables?.find(({ name }) => name === 't');
      expect({ retired: 0, returned: 0, deleted: 0, ...table }).toMatchObject(expected.counts);
      for (const [kind, count] of Object.entries(expected.counts)) if (count > 0) kinds.add(kind);
      rows = expected.rows;
    }
    expect(await found(destination), JSON.stringify({ number, load })).toEqual(rows);
  }
  expect(kinds).toEqual(new Set(['retired', 'returned', 'deleted']));
  expect(
    await destination.sql('select count(*)::int as n from t__parts where _dlt_root_id not in (select _dlt_id from t)'),
  ).toEqual([{ n: 0 }]);
});
