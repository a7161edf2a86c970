import { describe, expect, it } from 'vitest';
import { TestDestination, type TestTable } from '../support/package.ts';

type Type = TestTable['columns'][string];

/** Rows of a table with a key and a column `v`. */
function offers(type: Type, values: readonly (string | number | boolean | bigint)[], first = 1): TestTable {
  const rows = values.map((v, at) => ({ id: first + at, v }));
  return { name: 'offers', columns: { id: { data_type: 'bigint', primary_key: true }, v: type }, rows };
}

const money = { data_type: 'decimal', precision: 18, scale: 4 } as const;

describe('a column that somebody made narrower', () => {
  it.each<{ from: Type; to: string; fits: string | number; lost: string | number; said?: string }>([
    { from: 'double', to: 'DECIMAL(6,2)', fits: 1.25, lost: 1.2345 },
    { from: 'double', to: 'FLOAT', fits: 0.5, lost: 0.1 },
    { from: money, to: 'DECIMAL(6,2)', fits: '1.25', lost: '1.2345' },
    { from: money, to: 'INTEGER', fits: '2', lost: '1.5', said: '1.5000' },
    { from: 'bigint', to: 'SMALLINT', fits: 7, lost: 70_000 },
    { from: 'bigint', to: 'BOOLEAN', fits: 1, lost: 5 },
    { from: 'bigint', to: 'DOUBLE', fits: 7, lost: '9007199254740993' },
    {
      from: 'timestamp',
      to: 'DATE',
      fits: '2026-01-01T00:00:00Z',
      lost: '2026-01-01T10:00:00Z',
      said: '2026-01-01 10:00:00+00',
    },
    {
      from: 'timestamp',
      to: 'TIMESTAMP_S',
      fits: '2026-01-01T10:00:00Z',
      lost: '2026-01-01T10:00:00.5Z',
      said: '2026-01-01 10:00:00.5+00',
    },
    { from: 'text', to: 'INTEGER', fits: '12', lost: '1.5' },
    { from: 'text', to: 'DATE', fits: '2026-01-01', lost: '2026-01-01T10:00:00Z' },
    { from: 'text', to: 'TIMESTAMP WITH TIME ZONE', fits: '2026-01-01T10:00:00+02:00', lost: 'soon' },
    { from: 'text', to: 'UUID', fits: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', lost: 'none' },
  ])('takes what $to holds, and refuses $lost', async ({ from, to, fits, lost, said = String(lost) }) => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [offers(from, [fits])] });
    await destination.sql(`alter table offers alter v type ${to}`);
    await destination.load({ tables: [offers(from, [fits], 2)] });
    const refused = destination.load({ tables: [offers(from, [fits, lost, lost], 3)] });

    await expect(refused).rejects.toMatchObject({
      code: 'ContractViolated',
      message: `Column \`v\` of table \`offers\` is ${to} in the destination, and does not hold 2 values as they are: ${said} (id = 4).`,
      facts: { table: 'offers', column: 'v', type: to, values: 2 },
    });
    expect(await destination.rows('offers')).toHaveLength(2);
  });

  it('is no matter where it holds all: a wider one, one without values, one that widens again', async () => {
    const destination = await TestDestination.open();
    await destination.load({ tables: [offers('bigint', [1])] });
    await destination.sql('alter table offers alter v type varchar');
    await destination.load({ tables: [offers('bigint', [2], 2)] });
    await destination.sql('alter table offers alter v type integer');
    await destination.load({ tables: [offers('double', [0.5], 3)] });
    await destination.sql('alter table offers alter v type date using null');
    await destination.load({ tables: [{ ...offers('double', []), rows: [{ id: 4 }] }] });

    expect(await destination.rows('offers', 'id, v is null as none')).toHaveLength(4);
  });
});
