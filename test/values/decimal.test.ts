import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/duckdb/database.ts';
import { decimalText, exactInteger } from '../../src/values/decimal.ts';

describe('decimalText(text, precision, scale)', () => {
  it.each([
    ['1.25e-1', 9, 2, '0.13'],
    ['-0.125', 9, 2, '-0.13'],
    ['0.1249999999999999999999999', 9, 2, '0.12'],
    ['1e3', 9, 0, '1000'],
    ['.5', 9, 1, '0.5'],
    ['5.', 9, 1, '5.0'],
    ['+007', 9, 0, '7'],
    ['1_000', 9, 0, '1000'],
    ['-0', 9, 2, '0.00'],
    ['-0.001', 9, 2, '0.00'],
    ['1e-999999999', 9, 2, '0.00'],
    ['0e999999999', 9, 2, '0.00'],
    ['999.994', 5, 2, '999.99'],
    [`0.005${'0'.repeat(300)}`, 9, 2, '0.01'],
    [`0.00${'4'.repeat(300)}9`, 9, 2, '0.00'],
    [`-0.00499${'0'.repeat(300)}9`, 9, 2, '0.00'],
    [`${'0'.repeat(300)}7`, 9, 0, '7'],
  ])('makes %s at (%i,%i) %s', (text, precision, scale, expected) => {
    expect(decimalText(text, precision, scale)).toBe(expected);
  });

  it.each(['999.995', '1000', '1e999999999', '', '.', 'e5', '1.2.3', 'NaN', '--1', '1e1.5'])('refuses %j', (text) => {
    expect(decimalText(text, 5, 2)).toBeUndefined();
  });
});

describe('exactInteger(text)', () => {
  it.each([
    ['12', 12n],
    ['-1.20e1', -12n],
    ['2.000', 2n],
    ['1e20', 10n ** 20n],
    [`5.${'0'.repeat(300)}`, 5n],
  ])('of %s', (text, integer) => {
    expect(exactInteger(text)).toBe(integer);
  });

  it.each(['0.5', '2.000000000000000000001', '1e-999999999', '1e400', 'x', `5.${'0'.repeat(300)}1`])(
    'is none for %s',
    (text) => {
      expect(exactInteger(text)).toBeUndefined();
    },
  );
});

describe('DuckDB', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.open({ tempDirectory: tmpdir() });
  });
  afterAll(() => database.close());

  it('rounds as we do', async () => {
    const connection = await database.connect();
    for (const text of ['0.5', '-0.5', '2.5', '1.45', '-1.45', '1.4499999', '1.25e-1', '0.05', '99.94']) {
      const row = await connection.row('select cast(cast(? as decimal(9,1)) as varchar) as d', [text]);
      expect(row).toEqual({ d: decimalText(text, 9, 1) });
    }
  });
});
