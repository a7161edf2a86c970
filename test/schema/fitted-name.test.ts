import { describe, expect, test } from 'vitest';
import { fitted } from '../../src/schema/fitted-name.ts';
import { columnName, normalizePath } from '../../src/schema/naming.ts';

const limit = { longest: 63, unit: 'bytes' } as const;

describe('a name that is too long is shortened as dlt 1.31 does it', () => {
  test.each([
    ['HTTPServerOf'.padEnd(76, 'VeryLong'), 'http_server_of_very_long_veryjfprsqery_long_very_long_very_long'],
    ['a'.repeat(64), `${'a'.repeat(29)}fv1mma${'a'.repeat(28)}`],
    ['a'.repeat(65), `${'a'.repeat(29)}xxvnwa${'a'.repeat(28)}`],
    [
      'The quick brown fox jumps over the lazy dog and runs away from it, twice',
      'the_quick_brown_fox_jumps_oveagwciw_and_runs_away_from_it_twice',
    ],
    [`${'c'.repeat(40)}__${'d'.repeat(40)}`, `${'c'.repeat(29)}lu6bia${'d'.repeat(28)}`],
    ['trailing_'.repeat(10), 'trailing_trailing_trailing_trwifaag_trailing_trailing_trailingx'],
    [`  padded ${'name '.repeat(20)}`, 'padded_name_name_name_name_naadnz2qame_name_name_name_name_name'],
    ['1'.repeat(70), `_${'1'.repeat(28)}lniiwq${'1'.repeat(28)}`],
    [`foo__${'Bar'.repeat(30)}`, 'foo__bar_bar_bar_bar_bar_bar_ebbzrg_bar_bar_bar_bar_bar_bar_bar'],
    [`a__b__c__${'deep__'.repeat(12)}end`, 'a__b__c__deep__deep__deep__de01bpxq_deep__deep__deep__deep__end'],
    ['+-*@|'.repeat(14), 'x_xalx_xalx_xalx_xalx_xalx_xa3pklpaxalx_xalx_xalx_xalx_xalx_xal'],
    [`_____${'lead'.repeat(16)}`, '_leadleadleadleadleadleadlead236oowleadleadleadleadleadleadlead'],
    ['lead__'.repeat(11), 'lead__lead__lead__lead__lead_imky3wlead__lead__lead__lead__lead'],
    ['日本語'.repeat(30), 'x'],
    [`${'x'.repeat(62)}__`, 'x'.repeat(62)],
  ])('%s', (name, expected) => {
    expect(normalizePath(name, limit)).toBe(expected);
  });

  test('where more fits, it is kept', () => {
    const long = { longest: 127, unit: 'characters' } as const;
    expect(normalizePath('b'.repeat(200), long)).toBe(`${'b'.repeat(61)}pahkla${'b'.repeat(60)}`);
    expect(normalizePath('b'.repeat(127), long)).toBe('b'.repeat(127));
    expect(normalizePath('b'.repeat(500))).toBe('b'.repeat(500));
  });

  test('the parts of a path are, and then the path', () => {
    const column = ['a'.repeat(60), 'v_text'].map((key) => columnName(key, limit)).join('__');
    expect(fitted(column, limit)).toBe(`${'a'.repeat(29)}90xrmg${'a'.repeat(20)}__v_text`);
  });
});

test('digits of other scripts count by their bytes where the destination counts those', () => {
  const digits = '٣'.repeat(40);
  const name = fitted(digits, limit);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
  expect(Buffer.byteLength(name)).toBeGreaterThan(60);
  expect(fitted(digits, { longest: 63, unit: 'characters' })).toBe(digits);
  expect(fitted('𝟘'.repeat(63), { longest: 63, unit: 'characters' })).toBe('𝟘'.repeat(63));
});
