import { describe, expect, it } from 'vitest';
import {
  formatDate,
  microsOfSeconds,
  parseDateOrTimestamp,
  parseTime,
  parseTimestamp,
} from '../../src/values/timestamp.ts';

const dayOf = (text: string) => formatDate(parseDateOrTimestamp(text) ?? 0);

const tenEleven = Date.UTC(2024, 0, 15, 10, 11, 12) * 1000;

describe('parseTimestamp(text)', () => {
  it.each([
    ['2024-01-15T10:11:12Z', tenEleven],
    ['2024-01-15T10:11:12', tenEleven],
    ['2024-01-15 10:11:12', tenEleven],
    ['2024-01-15T12:11:12+02:00', tenEleven],
    ['2024-01-15T12:11:12+0200', tenEleven],
    ['2024-01-15T12:11:12+02', tenEleven],
    ['2024-01-15T04:41:12-05:30', tenEleven],
    ['2024-01-15T10:11:12.5Z', tenEleven + 500_000],
    ['2024-01-15T10:11:12,5Z', tenEleven + 500_000],
    ['2024-01-15T10:11:12.123456', tenEleven + 123_456],
    ['2024-01-15T10:11:12.123456789Z', tenEleven + 123_456],
    ['2024-01-15T10:11:12.9999999Z', tenEleven + 999_999],
    ['2024-01-15T10:11', tenEleven - 12_000_000],
    ['2024-01-15T10', tenEleven - (11 * 60 + 12) * 1_000_000],
    ['20240115T101112', tenEleven],
    ['20240115T10:11', tenEleven - 12_000_000],
    ['2024-015T10:11:12', tenEleven],
    ['2024-W03-1T10:11:12', tenEleven],
    ['2024W031T101112', tenEleven],
    ['2024/01/15 10:11:12', tenEleven],
    ['1969-12-31T23:59:59.5Z', -500_000],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29) * 1000],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29) * 1000],
  ])('reads %s as microseconds of UTC', (text, micros) => {
    expect(parseTimestamp(text)).toBe(micros);
  });

  it('gives a bigint where a number would not be exact', () => {
    expect(parseTimestamp('9999-12-31T23:59:59.999999Z')).toBe(253_402_300_799_999_999n);
    expect(parseTimestamp('0001-01-01T00:00:00Z')).toBe(-62_135_596_800_000_000n);
  });

  it.each([
    '',
    'abc',
    '2024-01-15',
    '2024',
    '20240115',
    '2024-W03-1',
    '10:11:12',
    'T101112',
    'P1D',
    '2024-01-15t10:11:12',
    '2024-01-15T10:11:12z',
    '2024-01-15 10:11:12 +0000',
    'Mon, 15 Jan 2024 10:11:12 GMT',
    '2024-13-01T00:00:00Z',
    '2024-00-01T00:00:00Z',
    '2024-01-00T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-01-15T24:00:00Z',
    '2024-01-15T10:60:00Z',
    '2024-01-15T10:11:60Z',
    '2024-01-15T10:11:12.Z',
    '2024-01-15T10:11:12Zx',
    '2024-01-15T10:11:12+24:00',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '2024-01-15T101112',
    '20240115T10:11:12',
    '2021-W53-1T00:00',
    '2024-367T00:00',
    '2024-01-01T00:00:00Z/2024-02-01T00:00:00Z',
    '12345678-1234-5678-9abc-def012345678',
  ])('leaves %j alone', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

describe('parseDateOrTimestamp(text)', () => {
  it.each(['2024-01-15', '20240115', '2024-015', '2024015', '2024-W03-1', '2024-W03', '2024W031', '2024/01/15'])(
    'reads the date %s as its midnight',
    (text) => {
      expect(parseDateOrTimestamp(text)).toBe(Date.UTC(2024, 0, 15) * 1000);
    },
  );

  it('fills up what a date leaves out', () => {
    expect(dayOf('2024')).toBe('2024-01-01');
    expect(dayOf('2024-07')).toBe('2024-07-01');
  });

  it.each(['202401', '2024-1-1', '24-01-01', '2024-02-30', 'today'])('leaves %j alone', (text) => {
    expect(parseDateOrTimestamp(text)).toBeUndefined();
  });
});

describe('formatDate(micros)', () => {
  it('is the day in UTC', () => {
    expect(dayOf('2024-01-15T23:30:00-02:00')).toBe('2024-01-16');
    expect(dayOf('9999-12-31T23:59:59.999999Z')).toBe('9999-12-31');
    expect(dayOf('0001-01-01')).toBe('0001-01-01');
  });
});

describe('parseTime(text)', () => {
  it.each([
    ['10:11:12', '10:11:12'],
    ['10:11', '10:11:00'],
    ['1:2:3', '01:02:03'],
    ['10:11:12.5', '10:11:12.500000'],
    ['10:11:12Z', '10:11:12'],
    ['01:00:00+02:00', '23:00:00'],
    ['T101112', '10:11:12'],
    ['T10:11', '10:11:00'],
  ])('reads %s as %s', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  it.each(['', '10', '10:', '24:00', '10:60', '2024-01-15T10:11:12', '101112', 'T10:11:12', '-1'])(
    'leaves %j alone',
    (text) => {
      expect(parseTime(text)).toBeUndefined();
    },
  );
});

describe('microsOfSeconds(seconds)', () => {
  it('rounds half a microsecond to the even one, as Python does', () => {
    expect(microsOfSeconds(1705313472.5)).toBe(1_705_313_472_500_000);
    expect(microsOfSeconds(0.0000005)).toBe(0);
    expect(microsOfSeconds(0.0000015)).toBe(2);
    expect(microsOfSeconds(-1.5)).toBe(-1_500_000);
  });

  it.each([253_402_300_800, -62_135_596_801, 1e20, Number.NaN, Number.POSITIVE_INFINITY])(
    'knows no time for %d',
    (seconds) => {
      expect(microsOfSeconds(seconds)).toBeUndefined();
    },
  );
});

it('formats the day of instants before 1970', () => {
  expect(formatDate(-1)).toBe('1969-12-31');
});
