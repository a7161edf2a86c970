import { describe, expect, test } from 'vitest';
import { jsonCell } from '../../src/duckdb/cells.ts';
import { foreignText, foreignType } from '../../src/duckdb/foreign-values.ts';
import { parameterOf } from '../../src/duckdb/parameter.ts';

describe('what another engine writes as text is the value that DuckDB would have', () => {
  test.each([
    ['BOOLEAN', 't', 'true'],
    ['SMALLINT', '-32768', '-32768'],
    ['BIGINT', '9223372036854775807', '9223372036854775807'],
    ['HUGEINT', '170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
    ['FLOAT', '0.1', '0.1'],
    ['DOUBLE', '5e-324', '5e-324'],
    ['DOUBLE', 'NaN', '"NaN"'],
    ['DECIMAL(18,4)', '-0.5000', '-0.5000'],
    ['DECIMAL(38,0)', '-1.000', '-1'],
    ['DECIMAL(38,0)', '1.5', '1.5'],
    ['DECIMAL', '123456789012345678901234567890123456789.5', '123456789012345678901234567890123456789.5'],
    ['DECIMAL', 'NaN', '"NaN"'],
    ['VARCHAR', 'a\\"b', '"a\\\\\\"b"'],
    ['JSON', '{"a": 12345678901234567890}', '{"a":12345678901234567890}'],
    ['BLOB', '\\x00ff', '"AP8="'],
    ['DATE', '2024-02-29', '"2024-02-29"'],
    ['DATE', '-infinity', '"-infinity"'],
    ['DATE', '5874897-12-31', '"5874897-12-31"'],
    ['TIME', '23:59:59.000001', '"23:59:59.000001"'],
    ['TIMESTAMP', '2024-02-29 12:00:00', '"2024-02-29T12:00:00"'],
    ['TIMESTAMP WITH TIME ZONE', '2024-02-29 23:59:59.123456+02', '"2024-02-29T21:59:59.123456Z"'],
    ['TIMESTAMP WITH TIME ZONE', '2024-02-29T23:59:59Z', '"2024-02-29T23:59:59Z"'],
    ['TIMESTAMP WITH TIME ZONE', 'infinity', '"infinity"'],
    ['inet', '10.0.0.1', '"10.0.0.1"'],
  ])('%s %s', (name, text, json) => {
    const { type, read } = foreignType(name);
    expect(jsonCell(read(text), type)).toBe(json);
  });

  test('parameters go as text, bytes in hexadecimal digits', () => {
    const values = ['a', 1.5, 12345678901234567890n, true, null, new Uint8Array([0, 255]), new Date(0)];
    expect(values.map((value) => foreignText(parameterOf(value)))).toEqual([
      'a',
      '1.5',
      '12345678901234567890',
      'true',
      null,
      '\\x00ff',
      '1970-01-01 00:00:00+00',
    ]);
  });
});
