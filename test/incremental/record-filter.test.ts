import { describe, expect, test } from 'vitest';
import { dedupHash } from '../../src/incremental/dedup-hash.ts';
import { type IncrementalConfig, type StartFacts, settledStart } from '../../src/incremental/incremental-start.ts';
import { type HighWater, RecordFilter } from '../../src/incremental/record-filter.ts';
import { windowsOf } from '../../src/incremental/windows.ts';

const now = Date.parse('2024-01-15T10:30:00Z');
const record = (id: number, at: unknown) => ({ id, at });
const idsOf = (records: readonly unknown[]) => records.map((one) => (one as { id: number }).id);

interface Options {
  readonly stored?: NonNullable<StartFacts['stored']>;
  readonly isReset?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly reached?: HighWater;
  readonly primaryKey?: readonly string[];
}

function filterOf(config: Partial<IncrementalConfig> = {}, options: Options = {}) {
  const whole = { cursor_path: 'at', ...config };
  const { stored, isReset = false, from, to, reached = null, primaryKey = ['id'] } = options;
  const start = settledStart(whole, { stored, now, isReset, from, to });
  const cursorIn = (one: unknown) => (one as { at?: unknown }).at;
  const filter = new RecordFilter({ config: whole, start, primaryKey, reached, cursorIn });
  return { filter, windows: windowsOf(whole, start) ?? [] };
}

const hashOf = (id: number) => dedupHash({ id }, { fields: 'id', isRequired: true }, false);
const storedAt = (at: unknown, ...ids: number[]): NonNullable<StartFacts['stored']> => ({
  initial_value: null,
  last_value: JSON.stringify(at),
  unique_hashes: ids.map(hashOf),
});

describe('which records are new', () => {
  test('on the first run all from the initial value on; the furthest value and who has it are kept', () => {
    const { filter } = filterOf({ initial_value: 3 });
    const { records } = filter.page([record(1, 2), record(2, 3), record(3, 5), record(4, 4), record(5, 5)], undefined);
    expect(idsOf(records)).toEqual([2, 3, 4, 5]);
    expect(filter.reached).toEqual({ last_value: '5', unique_hashes: [hashOf(3), hashOf(5)] });
  });

  test('on the next one those at the boundary that were there are known, by key; others of the same value are new', () => {
    const { filter } = filterOf({ initial_value: 3 }, { stored: storedAt(5, 3, 5) });
    expect(idsOf(filter.page([record(4, 4), record(3, 5), record(6, 5), record(5, 5)], undefined).records)).toEqual([
      6,
    ]);
    expect(filter.reached).toEqual({ last_value: '5', unique_hashes: [hashOf(3), hashOf(5), hashOf(6)] });
    expect(idsOf(filter.page([record(7, 6)], undefined).records)).toEqual([7]);
    expect(filter.reached).toEqual({ last_value: '6', unique_hashes: [hashOf(7)] });
  });

  test('without a key the whole record counts, so that a change of it is new', () => {
    const stored = {
      ...storedAt(5),
      unique_hashes: [dedupHash(record(1, 5), { fields: undefined, isRequired: false }, false)],
    };
    const page = [record(1, 5), { ...record(1, 5), name: 'changed' }];
    expect(filterOf({}, { stored, primaryKey: [] }).filter.page(page, undefined).records).toHaveLength(1);
  });

  test('hashes of an older dlt are compared as it made them, and grow in its length until the value moves on', () => {
    const legacy = (id: number) => dedupHash({ id }, { fields: 'id', isRequired: true }, true);
    const { filter } = filterOf({}, { stored: { ...storedAt(5), unique_hashes: [legacy(1)] } });
    expect(idsOf(filter.page([record(1, 5), record(2, 5)], undefined).records)).toEqual([2]);
    expect(filter.reached.unique_hashes).toEqual([legacy(1), legacy(2)]);
    filter.page([record(3, 6)], undefined);
    expect(filter.reached.unique_hashes).toEqual([hashOf(3)]);
  });

  test.each([
    ['an open start', { range_start: 'open' }, [7], []],
    ['no key', { primary_key: [] }, [5, 6, 7], []],
    ['a lag', { lag: 1 }, [4, 5, 6, 7], []],
  ] as const)('%s: nothing at the boundary counts as known', (_, config, ids, hashes) => {
    const { filter } = filterOf({ ...config }, { stored: storedAt(5, 5) });
    const page = [record(4, 4), record(5, 5), record(6, 5), record(7, 6)];
    expect(idsOf(filter.page(page, undefined).records)).toEqual(ids);
    expect(filter.reached).toEqual({ last_value: '6', unique_hashes: hashes });
  });

  test('with a lag the furthest value stays, though only late records came', () => {
    const { filter } = filterOf({ lag: 2 }, { stored: storedAt(5) });
    expect(idsOf(filter.page([record(1, 4), record(2, 2)], undefined).records)).toEqual([1]);
    expect(filter.reached.last_value).toBe('5');
  });

  test('the lag does not lead before the initial value, and a raised initial value not beyond the last one', () => {
    const start = (initial_value: number) =>
      settledStart({ cursor_path: 'at', initial_value, lag: 4 }, { stored: storedAt(5), now, isReset: false })
        .start_value;
    expect([start(0), start(3), start(9)]).toEqual(['1', '3', '5']);
    const relative = { cursor_path: 'at', initial_value: 'now - 1d', lag: '2d' };
    const stored = { ...storedAt('2023-12-20T00:00:00Z'), initial_value: '"2023-12-01T00:00:00Z"' };
    expect(settledStart(relative, { stored, now, isReset: false }).start_value).toBe('"2023-12-18T00:00:00Z"');
  });

  test('min keeps the least', () => {
    const { filter } = filterOf({ last_value_func: 'min' }, { stored: storedAt(5, 5) });
    expect(idsOf(filter.page([record(5, 5), record(6, 6), record(4, 4)], undefined).records)).toEqual([4]);
    expect(filter.reached.last_value).toBe('4');
  });

  test('a range that is asked for keeps nothing, ends before its end, and knows nothing', () => {
    const config = { initial_value: 2, end_value: 5 };
    const page = [record(1, 1), record(2, 2), record(5, 5), record(6, 6)];
    expect(idsOf(filterOf(config, { stored: storedAt(2, 2) }).filter.page(page, undefined).records)).toEqual([2]);
    const closed = filterOf({ ...config, range_end: 'closed' }).filter;
    expect(idsOf(closed.page(page, undefined).records)).toEqual([2, 5]);
    const start = settledStart({ cursor_path: 'at', ...config }, { stored: storedAt(9), now, isReset: true });
    expect(start).toMatchObject({ isStateless: true, isReset: false, start_value: '2', end_value: '5' });
  });

  test('`to` needs a beginning, and the range its order', () => {
    const settle = (config: object, facts: object) => () =>
      settledStart({ cursor_path: 'at', ...config }, { stored: undefined, now, isReset: false, ...facts });
    expect(settle({}, { to: '2024-01-02' })).toThrow('needs a beginning, and there is no `initial_value`');
    expect(settle({ initial_value: 1, end_value: 9 }, { from: 5 })()).toMatchObject({
      start_value: '5',
      end_value: '9',
    });
    expect(settle({}, { from: '2024-01-02', to: '2024-01-01' })).toThrow('is beyond its end "2024-01-01"');
  });

  test('an end that is asked for is of the kind that the values are', () => {
    const settle = (initial_value: string | number | undefined, facts: object) => () =>
      settledStart({ cursor_path: 'at', initial_value }, { stored: undefined, now, isReset: false, ...facts });
    const time = '2024-01-01T00:00:00Z';
    expect(settle(time, { from: 'yesterday' })).toThrow(
      `cannot have the end "yesterday", which is not a time as "${time}" is`,
    );
    expect(settle(time, { from: '2024-13-45' })).toThrow('which is not a time');
    expect(settle(5, { from: 1, to: '2024-01-01' })).toThrow('which is not a number as 5 is');
    expect(settle(undefined, { from: '5', stored: storedAt(time) })).toThrow('which is not a time');
    expect(settle('now - 30d', { from: 'now - 2d', to: '2024-01-15' })).not.toThrow();
    expect(settle('a', { from: 'b' })).not.toThrow();
  });

  test('records without a value', () => {
    const page = [record(1, null), { id: 2 }, record(3, 1)];
    expect(() => filterOf().filter.page(page, undefined)).toThrow(
      'The cursor `at` is null in a record, which has `id`, `at`',
    );
    expect(() => filterOf().filter.page(page.slice(1), undefined)).toThrow('The cursor `at` is not there in a record');
    expect(filterOf({ on_cursor_value_missing: 'include' }).filter.page(page, undefined).records).toHaveLength(3);
    const { filter } = filterOf({ on_cursor_value_missing: 'exclude' });
    expect(idsOf(filter.page(page, undefined).records)).toEqual([3]);
    expect(filter.notes()).toEqual(['2 without `at` left out (on_cursor_value_missing)']);
  });

  test('a list in a known order is over when it leaves the range', () => {
    const isOver = (config: Partial<IncrementalConfig>, at: number) =>
      filterOf(config, { stored: storedAt(5, 5) }).filter.page([record(5, at)], undefined).isOver;
    expect([4, 6].map((at) => isOver({ row_order: 'desc' }, at))).toEqual([true, false]);
    expect(isOver({ row_order: 'desc', range_start: 'open' }, 5)).toBe(true);
    expect(isOver({}, 4)).toBe(false);
    // Behind a record that was loaded before may stand others of the same value.
    expect(isOver({ row_order: 'desc' }, 5)).toBe(false);
    const range = { row_order: 'asc', initial_value: 1, end_value: 7 } as const;
    expect([isOver(range, 6), isOver(range, 7)]).toEqual([false, true]);
  });

  test('in windows each record is in one, wherever it comes; what comes in another is counted', () => {
    const { filter, windows } = filterOf({ initial_value: '2024-01-13', step: '1d' });
    const all = ['2024-01-13', '2024-01-14', '2024-01-15', '2024-01-16'].map((day, id) => record(id, day));
    const kept = windows.map((window) => idsOf(filter.page(all, window).records));
    expect(kept).toEqual([[0], [1], [2, 3]]);
    expect(filter.notes()).toEqual(['8 left out of windows that they do not belong to']);
  });

  test('a filter that goes on from what was reached ends as one that never stopped', () => {
    const config = { initial_value: 1 };
    const pages = [[record(1, 1), record(2, 3)], [record(3, 3), record(4, 2)], [record(5, 3)]];
    const { filter: whole } = filterOf(config);
    for (const page of pages) whole.page(page, undefined);
    const { filter: first } = filterOf(config);
    first.page(pages[0] ?? [], undefined);
    const { filter: second } = filterOf(config, { reached: first.reached });
    for (const page of pages.slice(1)) second.page(page, undefined);
    expect(second.reached).toEqual(whole.reached);
  });
});
