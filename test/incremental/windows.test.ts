import { describe, expect, test } from 'vitest';
import { type IncrementalConfig, settledStart } from '../../src/incremental/incremental-start.ts';
import { windowsOf } from '../../src/incremental/windows.ts';

const now = Date.parse('2024-01-15T10:30:00.500Z');

/** `start … end, sent` of each window. */
function windows(config: Omit<IncrementalConfig, 'cursor_path'>, facts: object = {}) {
  const whole = { cursor_path: 'at', ...config };
  const start = settledStart(whole, { stored: undefined, now, isReset: false, ...facts });
  return windowsOf(whole, start)?.map(({ start: from, end, sentEnd }) => `${from} … ${end}, ${sentEnd}`);
}

describe('windows', () => {
  test('without a step there are none', () => {
    expect(windows({ initial_value: '2024-01-01' })).toBeUndefined();
  });

  test.each([
    [
      'days up to an end',
      { initial_value: '2024-01-01', end_value: '2024-01-05', step: '2d' },
      ['2024-01-01 … 2024-01-03, 2024-01-03', '2024-01-03 … 2024-01-05, 2024-01-05'],
    ],
    [
      'a day less where the end is sent inclusively',
      { initial_value: '2024-01-01', end_value: '2024-01-05', step: 2, granularity: '1d' },
      ['2024-01-01 … 2024-01-03, 2024-01-02', '2024-01-03 … 2024-01-05, 2024-01-04'],
    ],
    [
      'without an end the last one ends now; of a day all is asked for',
      { initial_value: '2024-01-14', step: '1d' },
      ['2024-01-14 … 2024-01-15, 2024-01-15', '2024-01-15 … 2024-01-15, 2024-01-16'],
    ],
    [
      'and of a day that is sent inclusively, itself',
      { initial_value: '2024-01-14', step: '1d', granularity: '1d' },
      ['2024-01-14 … 2024-01-15, 2024-01-14', '2024-01-15 … 2024-01-15, 2024-01-15'],
    ],
    [
      'times keep the offset that they came with',
      { initial_value: '2024-01-15T02:00:00-06:00', step: '2h' },
      [
        '2024-01-15T02:00:00-06:00 … 2024-01-15T04:00:00-06:00, 2024-01-15T04:00:00-06:00',
        '2024-01-15T04:00:00-06:00 … 2024-01-15T04:30:00-06:00, 2024-01-15T04:30:00-06:00',
      ],
    ],
    [
      'they meet where what is sent begins, so that nothing falls between',
      { initial_value: '2024-01-01T13:45:00Z', end_value: '2024-01-05T00:00:00Z', step: '2d', convert: 'date' },
      [
        '2024-01-01T13:45:00Z … 2024-01-03T00:00:00Z, 2024-01-03T00:00:00Z',
        '2024-01-03T00:00:00Z … 2024-01-05T00:00:00Z, 2024-01-05T00:00:00Z',
      ],
    ],
    [
      'steps that are shorter than what is sent become longer',
      { initial_value: '2024-01-01', end_value: '2024-01-03', step: '12h', convert: 'date' },
      ['2024-01-01 … 2024-01-02T00:00:00Z, 2024-01-02T00:00:00Z', '2024-01-02T00:00:00Z … 2024-01-03, 2024-01-03'],
    ],
    [
      'seconds since 1970',
      { initial_value: 'now - 2h', step: '1h', cursor_format: 'unix' },
      ['1705307400 … 1705311000, 1705311000', '1705311000 … 1705314600, 1705314600'],
    ],
    [
      'numbers up to an end',
      { initial_value: 0, end_value: 25, step: 10, granularity: 1 },
      ['0 … 10, 9', '10 … 20, 19', '20 … 25, 24'],
    ],
  ])('%s', (_, config, expected) => {
    expect(windows(config)).toEqual(expected);
  });

  test('they begin where the last run ended, and there is one also when that is now', () => {
    const stored = { initial_value: '"2024-01-01T00:00:00Z"', unique_hashes: [] };
    const config = { initial_value: '2024-01-01T00:00:00Z', step: '1d' };
    const last = (value: string) => windows(config, { stored: { ...stored, last_value: JSON.stringify(value) } });
    expect(last('2024-01-14T12:00:00Z')).toEqual(['2024-01-14T12:00:00Z … 2024-01-15T10:30:00Z, 2024-01-15T10:30:00Z']);
    expect(last('2024-01-15T10:30:00Z')).toEqual(['2024-01-15T10:30:00Z … 2024-01-16T10:30:00Z, 2024-01-16T10:30:00Z']);
  });

  test.each([
    [{ step: '1d' }, 'there is no value to begin with'],
    [{ initial_value: 'abc', step: '1d' }, 'from "abc" (text) to now there are no steps of 1d'],
    [{ initial_value: 1, step: 1 }, 'there are no steps of 1'],
    [{ initial_value: '1990-01-01', step: '1m' }, 'windows'],
  ])('%j cannot be', (config, message) => {
    expect(() => windows(config)).toThrow(message);
  });
});
