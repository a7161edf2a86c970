import { describe, expect, it } from 'vitest';
import type { DatasetTable } from '../../src/recording/dataset-table.ts';
import { differencesText, tableDifferences } from '../../src/recording/table-differences.ts';

const columns = { id: 'VARCHAR', price: 'DOUBLE' };
const models = (...rows: DatasetTable['rows']): DatasetTable => ({ name: 'models', key: ['id'], columns, rows });
const events = (...rows: DatasetTable['rows']): DatasetTable => ({ name: 'events', key: [], columns, rows });
const text = (expected: DatasetTable[], got: DatasetTable[], ignored: string[] = []) =>
  differencesText(tableDifferences(expected, got, new Set(ignored)));

describe('what is other in tables than was expected', () => {
  it('names the row by its key and the column, missing rows and rows that nobody expected', () => {
    const expected = models({ id: 'a', price: 1 }, { id: 'b', price: 2n ** 70n }, { id: 'c' });
    const got = models({ id: 'a', price: 1 }, { id: 'b', price: 2n ** 70n + 1n }, { id: 'd', price: 4 });
    expect(text([expected], [got])).toBe(
      [
        'models:',
        '  b  price: 1180591620717411303424 → 1180591620717411303425',
        '  c  missing: {"id":"c"}',
        '  d  not expected: {"id":"d","price":4}',
      ].join('\n'),
    );
    expect(text([expected], [expected])).toBe('');
  });

  it('takes a null for a value that is not there, and names types and tables', () => {
    const got = { ...models({ id: 'a', name: 'x' }), columns: { id: 'VARCHAR', name: 'VARCHAR' } };
    expect(text([models({ id: 'a', price: 1 }), events()], [got])).toBe(
      [
        'events:',
        '  the table is missing; 0 rows expected',
        'models:',
        '  column price: DOUBLE → missing',
        '  column name: not expected → VARCHAR',
        '  a  price: 1 → null',
        '  a  name: null → "x"',
      ].join('\n'),
    );
  });

  it('compares rows without a key wherever they are, and those that are left one by one', () => {
    const [one, two, three] = [{ id: 'x', price: 1 }, { id: 'x', price: 2 }, { id: 'y' }];
    expect(text([events(one, two)], [events(two, one)])).toBe('');
    expect(text([events(one, two)], [events(two, { id: 'x', price: 3 })])).toBe('events:\n  #1  price: 1 → 3');
    expect(text([events(one)], [events(three, one, two)])).toBe(
      'events:\n  #1  not expected: {"id":"y"}\n  #3  not expected: {"id":"x","price":2}',
    );
  });

  it('tells rows of one key apart by their order, and leaves out what is ignored', () => {
    const expected = models({ id: 'a', price: 1 }, { id: 'a', price: 2 });
    expect(text([expected], [models({ id: 'a', price: 1 }, { id: 'a', price: 3 })])).toContain('a~2  price: 2 → 3');
    expect(text([expected], [models({ id: 'a' }, { id: 'a' })], ['models.price'])).toBe('');
  });

  it('says how many there are beyond those that it shows, in lines without control characters', () => {
    const many = Array.from({ length: 100 }, (_, at) => ({ id: `m${at}\n\u001b[31m` }));
    const lines = text([models()], [models(...many)]).split('\n');
    expect(lines).toHaveLength(62);
    expect(lines.at(-1)).toBe('… and 40 more differences');
    expect(lines.join('')).not.toContain('\u001b');
  });
});
