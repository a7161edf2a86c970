import { describe, expect, test } from 'vitest';
import { parseSchedule } from '../../src/deploy/schedule.ts';

describe('a schedule', () => {
  test.each<[string, string, string[]]>([
    ['0 3 * * *', '0 3 * * *', ['*-*-* 03:00:00']],
    [
      '*/15 8-18 * * mon-fri',
      '*/15 8-18 * * mon-fri',
      ['Mon,Tue,Wed,Thu,Fri *-*-* 08,09,10,11,12,13,14,15,16,17,18:00,15,30,45:00'],
    ],
    ['30 1 1 jan,7 *', '30 1 1 jan,7 *', ['*-01,07-01 01:30:00']],
    ['0 0 13 * 5', '0 0 13 * 5', ['*-*-13 00:00:00', 'Fri *-*-* 00:00:00']],
    ['0 4 * * 7', '0 4 * * 7', ['Sun *-*-* 04:00:00']],
    ['5/20 * * * *', '5/20 * * * *', ['*-*-* *:05,25,45:00']],
    ['@daily', '0 0 * * *', ['*-*-* 00:00:00']],
    ['  17   3 * * * ', '17 3 * * *', ['*-*-* 03:17:00']],
  ])('%s is told to cron and to systemd', (text, cron, calendar) => {
    expect(parseSchedule(text)).toEqual({ cron, calendar });
  });

  test.each([
    '',
    'daily',
    '0 3 * *',
    '60 3 * * *',
    '0 3 * * * *',
    '0 3 0 * *',
    '5-1 * * * *',
    '*/0 * * * *',
    '0 3 * * *\n0 4 * * *',
    '@reboot',
    '0 3 * * $(x)',
  ])('%j is refused', (text) => {
    expect(() => parseSchedule(text)).toThrow(/^The schedule .* cannot be read: .*\.$/);
  });
});
