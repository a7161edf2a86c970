import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/destinations/destination.ts';
import { isPlainFor } from './cases/all-cases.ts';
import { evolution } from './cases/evolution.ts';
import { values } from './cases/values.ts';
import type { Tellings } from './rows.ts';

/** What commands and programs get to see, after the last run. */
export function expectReading({ ours, theirs, destination }: Tellings): void {
  const isPlain = isPlainFor(destination);
  const both = async <T>(ask: (asked: Destination) => Promise<T>) => {
    const [wanted, found] = [
      await (await ours.together()).story.asked(),
      await (await theirs.together()).story.asked(),
    ];
    return { wanted: await ask(wanted), found: await ask(found) };
  };

  describe('readers get what they get of a DuckDB file', () => {
    test('the last loads, and the rows of each table', async () => {
      const { wanted, found } = await both(async (asked) => {
        const summary = await asked.summary();
        return { ...summary, tables: summary?.tables.filter(({ name }) => isPlain(name)) };
      });
      expect(found).toEqual(wanted);
    });

    test('what was kept between the runs', async () => {
      const { wanted, found } = await both(async (asked) =>
        (await asked.states()).map(({ version, loadId, createdAt }) => ({ version, loadId, createdAt })),
      );
      expect(found).toEqual(wanted);
    });

    test('the schema document and its changes', async () => {
      const { wanted, found } = await both(async (asked) => {
        const { schema, changes } = await asked.books();
        const tables = Object.entries(schema?.tables ?? {}).filter(([name]) => isPlain(name));
        const known = changes.filter(({ table }) => isPlain(table));
        const told = known.map(({ oldType: _, newType: __, firstValue: ___, ...change }) => change);
        return { tables: Object.fromEntries(tables), changes: told.map((change) => JSON.stringify(change)).sort() };
      });
      expect(found).toEqual(wanted);
    });

    test('the rows of a table', async () => {
      const { readsOtherwise = {} } = destination;
      const of = [...values, ...evolution].filter(({ name }) => isPlain(name) && !(name in readsOtherwise));
      const names = [...of.map(({ name }) => name), 'append_nested__lines__tags'];
      const { wanted, found } = await both(async (asked) => {
        const tables: Record<string, unknown[]> = {};
        for (const name of names) tables[name] = await rowsOf(asked, name);
        return tables;
      });
      expect(found).toEqual(wanted);
    });

    test('tables and columns with their comments, and the answer to a question in SQL', async () => {
      const { wanted, found } = await both(async (asked) => {
        const reader = await asked.reader();
        try {
          const tables = reader.tables.filter(({ name }) => isPlain(name));
          const { batches } = await reader.query(
            'select count(*) as n, sum(id) as total from append_nested where id > 1',
          );
          const answers: string[][] = [];
          for await (const rows of batches()) for (const row of rows) answers.push(row.map(String));
          return { tables: tables.map(described).sort(), answers };
        } finally {
          reader.close();
        }
      });
      expect(found).toEqual(wanted);
    });

    test('an error for a table that is not there', async () => {
      const asked = await (await theirs.together()).story.asked();
      await expect(rowsOf(asked, 'nowhere')).rejects.toMatchObject({ code: 'UsageInvalid' });
    });
  });

  function described({ name, comment, columns }: { name: string; comment: string | null; columns: readonly Column[] }) {
    const comments = destination.lacks.comments === undefined;
    const required = destination.lacks['required columns'] === undefined;
    const told = columns.map((column) =>
      [column.name, required && !column.nullable ? 'NOT NULL' : '', (comments && column.comment) || ''].join(' '),
    );
    return `${name} ${(comments && comment) || ''}: ${told.sort().join(', ')}`;
  }
}

interface Column {
  readonly name: string;
  readonly nullable: boolean;
  readonly comment: string | null;
}

async function rowsOf(asked: Destination, table: string): Promise<unknown[]> {
  const rows: { readonly text: string; readonly row: object }[] = [];
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
  for await (const row of asked.rows(table)) {
    const sorted = Object.fromEntries(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)));
    rows.push({ text: JSON.stringify(sorted, plain), row: sorted });
  }
  return rows.sort((one, other) => (one.text < other.text ? -1 : 1)).map(({ row }) => row);
}
