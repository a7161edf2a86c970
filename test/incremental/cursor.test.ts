import { describe, expect, test } from 'vitest';
import { sentValue } from '../../src/incremental/convert.ts';
import { CursorOrder } from '../../src/incremental/cursor-order.ts';
import { cursorInstant, writtenLike } from '../../src/incremental/cursor-time.ts';
import { cursorOfText } from '../../src/incremental/cursor-value.ts';
import { dedupHash } from '../../src/incremental/dedup-hash.ts';
import { lagged } from '../../src/incremental/lag.ts';
import { isAlmostRelative, isRelative, settledValue } from '../../src/incremental/relative-time.ts';
import { patternProblem, readTime, writeTime } from '../../src/incremental/time-pattern.ts';

const micros = (text: string) => cursorInstant(text, undefined) ?? 0n;

describe('the order of a cursor', () => {
  const compared = (one: unknown, other: unknown, config: object = {}) => {
    const order = new CursorOrder({ cursor_path: 'at', ...config });
    return Math.sign(order.compare(order.point(one), order.point(other)));
  };

  test.each([
    ['2024-01-15T10:00:00-06:00', '2024-01-15T15:59:59Z', 1, 'an offset counts'],
    ['2024-01-15T10:00:00.000Z', '2024-01-15T10:00:00Z', 0, 'digits of the second do not'],
    ['2024-01-15T10:00:00', '2024-01-15 10:00:00Z', 0, 'without an offset it is UTC'],
    ['2024-01-14T23:00:00-06:00', '2024-01-15', 1, 'a day beside a time is its midnight'],
    ['2024-01-15', '2024-01-09', 1, 'days'],
    [10, 9, 1, 'numbers'],
    [9007199254740993n, 9007199254740992, 1, 'integers beyond 2^53'],
    ['10', '9', -1, 'text'],
    ['\u{1F600}', '\uFFFD', 1, 'text by code points, as Python'],
  ])('%s and %s: %i, %s', (one, other, sign, _why) => {
    expect(compared(one, other)).toBe(sign);
    expect(compared(other, one)).toBe(sign === 0 ? 0 : -sign);
    expect(compared(one, other, { last_value_func: 'min' })).toBe(sign === 0 ? 0 : -sign);
  });

  test.each([
    ['unix', 1705312800, '2024-01-15T10:00:00Z', 0],
    ['unix', '1705312801', '2024-01-15T10:00:00Z', 1],
    ['unix_ms', 1705312800001, '2024-01-15T10:00:00Z', 1],
    ['%d.%m.%Y', '02.01.2024', '15.12.2023', 1],
  ])('of the format %s: %s and %s', (cursor_format, one, other, sign) => {
    expect(compared(one, other, { cursor_format })).toBe(sign);
  });

  test.each([
    [5, '2024-01-15', {}, 'The cursor `at` cannot be compared: 5 (a number) with "2024-01-15" (text)'],
    [{ a: 1 }, 1, {}, 'The cursor `at` holds {"a":1} (neither text nor number)'],
    ['x', '1.1.2024', { cursor_format: '%d.%m.%Y' }, 'holds "x" (text), which is not of the format `%d.%m.%Y`'],
  ])('%j and %j cannot be compared', (one, other, config, message) => {
    expect(() => compared(one, other, config)).toThrow(message);
  });
});

describe('times', () => {
  test.each([
    ['%Y%m%d', '20240105'],
    ['%d.%m.%y %H:%M:%S', '05.01.24 13:07:09'],
    ['%b %d, %Y %I:%M %p', 'Jan 05, 2024 01:07 PM'],
    ['%Y-%jT%H:%M:%S.%f%z', '2024-005T13:07:09.250000+0000'],
    ['%s', '1704460029'],
    ['100%% %Y', '100% 2024'],
  ])('%s writes %s, and reads it', (pattern, text) => {
    const instant = micros('2024-01-05T13:07:09.25Z');
    expect(writeTime(instant, pattern)).toBe(text);
    const read = readTime(text, pattern);
    expect(read).toBeDefined();
    expect(writeTime(read ?? 0n, pattern)).toBe(text);
  });

  test('a pattern reads offsets, and nothing that is no day', () => {
    expect(readTime('2024-01-15 10:00 -0600', '%Y-%m-%d %H:%M %z')).toBe(micros('2024-01-15T16:00:00Z'));
    expect(readTime('30.02.2024', '%d.%m.%Y')).toBeUndefined();
    expect(readTime('1.1.2024x', '%d.%m.%Y')).toBeUndefined();
  });

  test.each<[string | number, string]>([
    [Number.POSITIVE_INFINITY, 'unix'],
    ['9'.repeat(400), 'unix'],
    [1.7e19, 'unix_ms'],
    [-1.7e19, 'unix'],
    ['9'.repeat(400), '%s'],
    ['9999999999999', '%s'],
    [`${'1'.repeat(5000)}x`, '%s%s%s%s%s'],
  ])('%s is no time of `%s`: none is so far away', (value, format) => {
    expect(cursorInstant(value, format)).toBeUndefined();
  });

  test('a pattern that is none says what may stand there', () => {
    expect(patternProblem('%Y-%Q')).toContain('`%Q` is no part of a time');
    expect(patternProblem('YYYY-MM-DD')).toContain('such as `%Y-%m-%d`');
    expect(patternProblem('%Y-%m-%dT%H:%M:%S%:z')).toBeUndefined();
  });

  test.each([
    ['2024-01-01T00:00:00-06:00', '2024-01-15T04:00:00-06:00'],
    ['2024-01-01 00:00:00.5+02:00', '2024-01-15 12:00:00.000000+02:00'],
    ['2024-01-01T00:00:00', '2024-01-15T10:00:00'],
    ['2024-01-01', '2024-01-15'],
    ['20240101T00', '2024-01-15T10:00:00Z'],
  ])('like %s: %s', (sample, written) => {
    expect(writtenLike(sample, micros('2024-01-15T10:00:00Z'), undefined)).toBe(written);
  });

  const now = Date.parse('2024-01-15T10:30:15.900Z');
  test.each([
    ['now', undefined, '2024-01-15T10:30:15Z'],
    ['now - 30d', undefined, '2023-12-16T10:30:15Z'],
    ['now-90m', undefined, '2024-01-15T09:00:15Z'],
    ['today - 1w', undefined, '2024-01-08'],
    ['today + 6h', undefined, '2024-01-15T06:00:00Z'],
    ['now - 15s', 'unix', 1705314600],
    ['today', '%d.%m.%Y', '15.01.2024'],
    ['2024-01-01', undefined, '2024-01-01'],
    [17, undefined, 17],
  ])('%s is settled once a run (format %s): %s', (value, format, settled) => {
    expect(settledValue(value, now, format)).toBe(settled);
  });

  test('what looks like a relative time and is none is told apart', () => {
    expect(['now - 30d', 'today-7d'].every(isRelative)).toBe(true);
    expect(['now - 2 months', 'today - 7', 'now-30days'].every(isAlmostRelative)).toBe(true);
    expect(isAlmostRelative('nowhere')).toBe(false);
  });

  test.each([
    ['iso', '2024-01-15T10:11:12-06:00', undefined, '2024-01-15T16:11:12Z'],
    ['date', '2024-01-15T23:11:12-06:00', undefined, '2024-01-16'],
    ['unix', '2024-01-15T10:00:00.999Z', undefined, 1705312800],
    ['unix_ms', '2024-01-15', undefined, 1705276800000],
    ['%Y%m%d', 1705312800, 'unix', '20240115'],
    [undefined, '2024-01-15T10:11:12-06:00', undefined, '2024-01-15T10:11:12-06:00'],
    [undefined, 12345678901234567890n, undefined, '12345678901234567890'],
  ])('convert %s sends %s (format %s) as %s', (conversion, value, format, sent) => {
    expect(sentValue(value, conversion, format)).toBe(sent);
  });

  test('a number without a format is no time to convert', () => {
    expect(() => sentValue(5, 'date', undefined)).toThrow(
      "`convert: date` needs a time, and the cursor's value is 5 (a number)",
    );
  });
});

describe('what dlt 1.31 answers', () => {
  test.each([
    [3600, '2024-01-01T00:00:00Z', '2024-01-15T10:00:00Z', '2024-01-15T09:00:00Z'],
    [3600, '2024-01-01T00:00:00Z', '2024-01-15T10:00:00-06:00', '2024-01-15T09:00:00-06:00'],
    [2, '2024-01-01', '2024-01-15', '2024-01-13'],
    [2, '2024-01-01', '2024-01-15T10:00:00Z', '2024-01-13T00:00:00Z'],
    [5, 0, 17, 12],
    [3600, undefined, '2024-01-15T10:00:00.123456+02:00', '2024-01-15T09:00:00.123456+02:00'],
    [1.5, undefined, 17, 15],
  ])('a lag of %s, from %s, last %s: %s', (lag, initial, last, start) => {
    expect(lagged(last, lag, initial, { cursor_path: 'at' })).toBe(start);
  });

  test('a lag can be a duration', () => {
    expect(lagged('2024-01-15T10:00:00Z', '2h', undefined, { cursor_path: 'at' })).toBe('2024-01-15T08:00:00Z');
    expect(lagged(1705312800, '1d', 0, { cursor_path: 'at', cursor_format: 'unix' })).toBe(1705226400);
    expect(() => lagged('abc', '2h', undefined, { cursor_path: 'at' })).toThrow(
      'goes with a cursor of times or numbers',
    );
  });

  const record = JSON.parse(
    '{"id":7,"updated_at":"2024-01-15T10:11:12Z","name":"Zoë \\"q\\"","price":0.5,"nested":{"b":[1,null,true],"a":1e22},"emoji":"😀"}',
  );
  const whole = { ...record, big: 12345678901234567890n };

  test.each([
    [whole, undefined, false, '2FLZ4Kc3Gp8d'],
    [whole, undefined, true, '2FLZ4Kc3Gp8dk3+PUBCP'],
    [{ id: '7' }, 'id', false, '11g7xy2AxBKA'],
    [{ id: 7 }, 'id', false, '+ZB5qOrG8FH6'],
    [{ id: 7, kind: 'a' }, ['id', 'kind'], false, 'AsbmYyKpNE4Z'],
  ])('the hash of record %#', (row, fields, isLegacy, hash) => {
    expect(dedupHash(row, { fields, isRequired: true }, isLegacy)).toBe(hash);
  });

  test('a record without its key is an error where the key was named for this, else it counts as a whole', () => {
    expect(() => dedupHash({ a: 1 }, { fields: 'id', isRequired: true }, false)).toThrow('A record has no `id`');
    const missing = { fields: ['id'], isRequired: false };
    expect(dedupHash(whole, missing, false)).not.toBe(dedupHash({ ...whole, id: 8 }, missing, false));
    expect(dedupHash({ a: 1 }, missing, false)).toBe(dedupHash({ a: 1 }, { ...missing, fields: undefined }, false));
  });

  test('a typed value of its state is the text that it holds', () => {
    expect(cursorOfText('"\\uf0272024-01-15T10:00:00+00:00"')).toBe('2024-01-15T10:00:00+00:00');
    expect(cursorOfText('12345678901234567890')).toBe(12345678901234567890n);
    expect(cursorOfText('null')).toBeUndefined();
  });
});
