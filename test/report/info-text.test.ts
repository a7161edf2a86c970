import { describe, expect, it } from 'vitest';
import { type Info, infoText, timeOfLoadId } from '../../src/report/info-text.ts';

const DAY = 86_400;

const info = (more: Partial<Info> = {}): Info => ({
  pipeline: 'p',
  dataset: 'd',
  destination: '/data/p.duckdb',
  running: null,
  pending: [],
  rejected: [],
  packages: [],
  runs: [],
  lastFailure: null,
  resources: [],
  loads: null,
  tables: null,
  paidReplies: [],
  archivedLoads: [],
  exitCode: 0,
  failure: null,
  unreadable: null,
  ...more,
});

const own = {
  pipeline: 'p',
  dataset: 'd',
  destination: '/data/p.duckdb',
  createdAt: null,
  failure: null,
  file: '/w/1',
} as const;
const others = {
  pipeline: 'q',
  dataset: 'e',
  destination: '/data/q.duckdb',
  createdAt: null,
  failure: null,
  file: '/w/2',
} as const;
const unknown = {
  file: '/w/3',
  pipeline: null,
  dataset: null,
  destination: null,
  createdAt: null,
  failure: null,
  complete: null,
  rows: null,
};

const sectionsOf = (text: string) => text.split('\n\n').slice(2);

describe('infoText(info)', () => {
  it('tells of each table when it was written, and when its source last had nothing new', () => {
    const table = { rows: 2, loadedAt: 'T1', ageSeconds: 3 * DAY, unchangedAt: null, unchangedSeconds: null };
    const tables = [
      { ...table, name: 'jobs' },
      { ...table, name: 'models', unchangedAt: 'T2', unchangedSeconds: 120 },
    ];
    expect(sectionsOf(infoText(info({ tables })))).toEqual([
      [
        'Tables:',
        '  jobs    2 rows  last written 3 days ago',
        '  models  2 rows  last written 3 days ago, unchanged 2 minutes ago',
      ].join('\n'),
    ]);
  });

  it('tells of replies that were paid for and wait, and of loads that can be replayed', () => {
    const reply = { resource: 'images', request: 'POST /images', at: 'T1', ageSeconds: 120, file: '/w/0001.paid' };
    const paidReplies = [
      { ...reply, isAnswered: true },
      { ...reply, isAnswered: false, file: '/w/0002.paid' },
    ];
    const archivedLoads = ['7.0', '6.0', '5.0', '4.0', '3.0', '2.0', '1.0'];
    expect(sectionsOf(infoText(info({ paidReplies, archivedLoads })))).toEqual([
      [
        'Replies that were paid for and are not loaded yet (`dezgo-elt run images --allow-paid` loads them without asking again):',
        '  images  POST /images  2 minutes ago                 /w/0001.paid',
        '  images  POST /images  2 minutes ago  no reply came  /w/0002.paid',
      ].join('\n'),
      [
        'Archived loads (`dezgo-elt replay LOAD_ID` loads one again):',
        '  7.0\n  6.0\n  5.0\n  4.0\n  3.0',
        '  and 2 older ones',
      ].join('\n'),
    ]);
  });

  it('tells each run: when, whose, how many rows, how it ended, after how long, and why', () => {
    const run = { finishedAt: '', loadId: null, failureCode: null };
    const runs = [
      { ...run, startedAt: 'T3', milliseconds: null, pipeline: 'p', exitCode: null, rows: null, failure: null },
      { ...run, startedAt: 'T2', milliseconds: 4200, pipeline: 'p', exitCode: 3, rows: 1200, failure: 'jobs failed' },
      { ...run, startedAt: 'T1', milliseconds: 61_000, pipeline: 'other', exitCode: 0, rows: 1, failure: null },
    ];
    expect(sectionsOf(infoText(info({ runs })))).toEqual([
      [
        'Last runs (times are UTC):',
        '  T3  p                  was killed',
        '  T2  p      1,200 rows  exit 3 after 4.20 seconds: jobs failed',
        '  T1  other       1 row  exit 0 after 1 minute and 1.00 seconds',
      ].join('\n'),
    ]);
  });

  it('tells of packages whose they are, how old, how many rows they hold, and why one was refused', () => {
    const failure = { code: 'ContractViolated', message: 'the contract \u001b[31mred\nsays no', at: 'T' };
    const why = { failure };
    const packages = [
      { ...own, loadId: '1', state: 'pending', complete: true, rows: 1200, ageSeconds: 3 * DAY },
      { ...own, loadId: '2', state: 'pending', complete: false, rows: null, ageSeconds: 60 },
      { ...others, loadId: '3', state: 'pending', complete: true, rows: 5, ageSeconds: 0 },
      { ...unknown, loadId: '4', state: 'pending', ageSeconds: null },
      { ...others, ...why, loadId: '5', state: 'rejected', complete: false, rows: null, ageSeconds: DAY },
    ] as const;
    expect(sectionsOf(infoText(info({ packages })))).toEqual([
      [
        'Pending packages (the next run loads or, where not complete, continues them):',
        '  1  3 days ago    1,200 rows',
        '  2  1 minute ago  not complete',
        '  4',
      ].join('\n'),
      [
        'Pending packages of others in this working folder:',
        '  3  just now  5 rows  pipeline q, dataset e of /data/q.duckdb',
      ].join('\n'),
      [
        'Packages set aside (no run loads them: `dezgo-elt packages list` says what can be done):',
        '  5  1 day ago    pipeline q, dataset e of /data/q.duckdb  /w/2',
        '    the contract red says no',
      ].join('\n'),
    ]);
  });

  it('names the run in progress and its package, and does not take another program for one', () => {
    const holder = { pid: 7, name: 'node (PID 7)', ageSeconds: 120 };
    const running = { ...holder, pipeline: 'p', startedAt: 'T', loadId: '2' };
    const filling = { ...own, loadId: '2', state: 'pending', complete: false, rows: null, ageSeconds: 100 } as const;
    const text = infoText(info({ running, packages: [filling] }));
    expect(text).toContain('\nA run is in progress: node (PID 7), pipeline p, load 2, began 2 minutes ago\n');
    expect(text).toContain('  2  1 minute ago  of the run in progress');
    const silent = { pid: 8, name: 'duckdb (PID 8)', pipeline: null, startedAt: null, loadId: null, ageSeconds: null };
    expect(infoText(info({ running: silent, runs: null }))).toContain(
      '\nA run that has only just begun, or another program, has the ledger open: duckdb (PID 8)\n',
    );
  });

  it('lets no name from outside move the cursor', () => {
    const running = { pid: 7, name: 'a\u001b[2J\nb', pipeline: 'p\u0007', startedAt: 'T', loadId: null, ageSeconds: 0 };
    expect(infoText(info({ running, dataset: 'd\u009b31m' }))).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

it('timeOfLoadId(loadId) is the moment that a load id begins with', () => {
  expect(timeOfLoadId('1749667187.541553')).toBe('2025-06-11T18:39:47.541Z');
  expect(timeOfLoadId('copy of it')).toBeNull();
});
