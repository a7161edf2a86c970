import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCli } from '../support/cli.ts';
import { smallProject } from '../support/project.ts';
import { query, value } from '../support/published.ts';
import { shared } from '../support/shared.ts';
import { cursorsIn, idsIn, paged, type TimedRecord, useTimedSource } from './timed-source.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Six days and a half ago: seven windows of a day, the last of which is half as long. */
const begin = Math.floor((Date.now() - 6.5 * DAY) / 1000) * 1000;
const at = (milliseconds: number) => new Date(begin + milliseconds).toISOString();

/** Three records a window, on two pages; the first of each stands where two windows meet. */
const records: readonly TimedRecord[] = Array.from({ length: 7 }, (_, day) =>
  [0, 1, 2].map((number) => ({ id: day * 3 + number, at: at(day * DAY + number * 2 * HOUR) })),
).flat();

const cursor = { cursor_path: 'at', initial_value: at(0), start_param: 'since' };
const resources = [
  {
    name: 'windows',
    primary_key: 'id',
    endpoint: { ...paged, incremental: { ...cursor, end_param: 'until', step: '1d' } },
  },
  { name: 'pages', primary_key: 'id', endpoint: { ...paged, incremental: cursor } },
];

/** The source, and what a run leaves that nobody disturbs. */
const undisturbed = shared(async () => {
  const source = await useTimedSource({ windows: [...records], pages: [...records] });
  const { run, file } = await smallProject(source.url, { resources });
  expect(await run()).toMatchObject({ code: 0 });
  return { source, whole: { file } };
});

describe('an incremental run that is killed', () => {
  it.each([
    ['windows', 5, 1],
    ['windows', 10, 8],
    ['pages', 8, 1],
  ])(
    'in %s, at request %i, with %i at once, and continued gives the rows and the state of one that was not',
    async (list, stuckAt, concurrency) => {
      const { source, whole } = await undisturbed();
      const project = await smallProject(source.url, { resources, client: { concurrency } });
      const stuck = new Promise<void>((arrived) => {
        let asked = 0;
        source.before = async (path) => {
          asked += path === list ? 1 : 0;
          if (path === list && asked === stuckAt + 1) arrived();
          if (path === list && asked > stuckAt) return new Promise(() => {});
          return sleep(150);
        };
      });
      const child = startCli(['run'], project);
      await stuck;
      await sleep(600); // what was read becomes durable in that time
      child.kill('SIGKILL');
      await once(child, 'exit');
      source.before = () => undefined;
      const asked = source.asked.length;
      const continued = await project.run();
      expect(continued).toMatchObject({ code: 0 });
      expect(continued.stdout).toContain('which an earlier run began');
      const again = source.asked.slice(asked).filter(({ path }) => path === `/${list}`);
      expect(again.map(({ query: sent }) => `${sent.get('since')} ${sent.get('page')}`)).not.toContain(`${at(0)} 1`);

      expect(await idsIn(project.file, list)).toBe(await idsIn(whole.file, list));
      expect(await cursorsIn(project.file)).toEqual(await cursorsIn(whole.file));
      expect(await value(project.file, 'select count(*)::integer from _dlt_loads')).toBe(1);
      const rows = `select id, count(*)::integer as n from ${list} group by id having n > 1`;
      expect(await query(project.file, rows)).toEqual([]);
    },
  );
});
