import { describe, expect, it } from 'vitest';
import { textReport } from '../../src/report/text-report.ts';
import { asked, failedTrace, loadPackage, table, trace } from './traces.ts';

const lines = (text: string) => text.split('\n');

describe('textReport(trace)', () => {
  it('opens with the sentences of dlt, word for word, and says how long the whole run took', () => {
    expect(textReport(trace())).toBe(
      [
        'Pipeline dezgo_api_pipeline load step completed in 0.26 seconds',
        '1 load package(s) were loaded to destination duckdb and into dataset dezgo_api_data',
        'The duckdb destination used duckdb:////data/dezgo_api_pipeline.duckdb location to store data',
        'Load package 1749667187.541553 is LOADED and contains no failed jobs',
        'The whole run took 9.20 seconds',
      ].join('\n'),
    );
  });

  it('names the destination by its kind', () => {
    const [, loaded, used] = lines(textReport(trace({ destinationType: 'ducklake' })));
    expect(loaded).toContain('to destination ducklake and');
    expect(used).toMatch(/^The ducklake destination used ducklake:\/\/\//);
  });

  it('writes a location that is a URL as it is', () => {
    const there = { destinationType: 'postgres', destination: 'postgresql://host/shop' };
    const [, , used] = lines(textReport(trace(there)));
    expect(used).toBe('The postgres destination used postgresql://host/shop location to store data');
  });

  it('counts only the packages that were loaded', () => {
    const packages = [loadPackage({ loadId: '1.000001' }), loadPackage({ loadId: '2.000002', state: 'unchanged' })];
    const [, count, , first, second] = lines(textReport(trace({ packages })));
    expect(count).toContain('1 load package(s)');
    expect(first).toBe('Load package 1.000001 is LOADED and contains no failed jobs');
    expect(second).toBe('Load package 2.000002 was LOADED by an earlier run already');
  });

  it('says minutes and hours of a long load', () => {
    const opening = (loadMilliseconds: number) => lines(textReport(trace({ loadMilliseconds })))[0];
    expect(opening(61_500)).toMatch(/in 1 minute and 1\.50 seconds$/);
    expect(opening(7_384_250)).toMatch(/in 2 hours, 3 minutes and 4\.25 seconds$/);
  });

  it('gives every table a line, its columns under one another, with what is new', () => {
    const packages = [
      loadPackage({
        tables: [
          table('models', 1200, { newColumns: ['id', 'name', '_dlt_load_id', '_dlt_id'] }),
          table('models__functions', 1, { newColumns: ['value__v_bigint'] }),
          table('jobs', 0),
        ],
        schemaChanges: [
          { table: 'models', column: null, change: 'table_added', oldType: null, newType: null, firstValue: null },
        ],
      }),
    ];
    expect(lines(textReport(trace({ packages }))).slice(5)).toEqual([
      '',
      '  models             1,200 rows  new table, 2 columns: id, name',
      '  models__functions       1 row  +1 column: value__v_bigint',
      '  jobs                   0 rows',
    ]);
  });

  it('lists the tables of two packages each under its load id', () => {
    const packages = ['1.000001', '2.000002'].map((loadId, index) =>
      loadPackage({ loadId, tables: [table('models', 112), table(`jobs_${index}`, 1)] }),
    );
    expect(lines(textReport(trace({ packages }))).slice(6)).toEqual([
      '',
      'Load package 1.000001:',
      '  models  112 rows',
      '  jobs_0     1 row',
      'Load package 2.000002:',
      '  models  112 rows',
      '  jobs_1     1 row',
    ]);
  });

  it('shortens a long list of new columns', () => {
    const newColumns = Array.from({ length: 2000 }, (_, index) => `c${index}`);
    const text = textReport(trace({ packages: [loadPackage({ tables: [table('wide', 1, { newColumns })] })] }));
    expect(text).toContain('+2,000 columns: c0, c1, c2, c3, c4, c5 and 1,994 more');
  });

  it('claims no load for a run that published nothing', () => {
    const text = textReport(failedTrace());
    expect(lines(text)[0]).toBe('Pipeline dezgo_api_pipeline failed after 9.20 seconds: nothing was published');
    expect(text).not.toContain('load package(s) were loaded');
    expect(text).not.toContain('LOADED');
  });

  it('says that a run failed also where it published what an earlier one had left', () => {
    const packages = [loadPackage({ recovered: true })];
    const text = textReport(failedTrace({ published: true, packages }));
    expect(lines(text).slice(0, 2)).toEqual([
      'Pipeline dezgo_api_pipeline failed after 9.20 seconds; what is LOADED was published',
      '1 load package(s) were loaded to destination duckdb and into dataset dezgo_api_data',
    ]);
    expect(text).not.toContain('completed');
  });

  it('reports a run without one of its resources as completed', () => {
    const failure = { code: 'ResourceFailed', message: 'jobs', hint: '', loadId: '1.000001' } as const;
    const text = textReport(trace({ failure, exitCode: 3 }));
    expect(lines(text)[0]).toBe('Pipeline dezgo_api_pipeline load step completed in 0.26 seconds');
  });

  it('names a package that waits and one that was refused', () => {
    const packages = [
      loadPackage({ loadId: '1.000001', state: 'pending' }),
      loadPackage({ loadId: '1.000002', state: 'pending', complete: false }),
      loadPackage({ loadId: '2.000002', state: 'rejected' }),
    ];
    const text = textReport(failedTrace({ packages }));
    expect(text).toContain('Load package 1.000001 is NOT YET LOADED to the destination: the next run loads it\n');
    expect(text).toMatch(
      /1\.000002 is NOT YET LOADED .*: it is not complete, the next run of the same resources continues it\n/,
    );
    expect(text).toContain('Load package 2.000002 is ABORTED: it was moved aside and nothing of it was published');
  });

  it('notes skipped, ignored and failed resources with their reasons, and who did not run', () => {
    const resource = { ...asked, notes: [] as string[] };
    const text = textReport(
      trace({
        resources: [
          { ...resource, name: 'models', status: 'extracted', notes: ['`models` answered 404, `info` answered'] },
          { ...resource, name: 'jobs', status: 'skipped', notes: ['no values for `id`'] },
          { ...resource, name: 'again', status: 'skipped', notes: ['skipped: no ids'] },
          { ...resource, name: 'account', status: 'ignored' },
          { ...resource, name: 'images', status: 'not_executed' },
          {
            ...resource,
            name: 'broken',
            status: 'failed',
            error: { code: 'ReplyUnusable', message: '`broken`: The reply is no JSON.', hint: '' },
          },
        ],
      }),
    );
    expect(lines(text).slice(6)).toEqual([
      'Notes:',
      '  models: `models` answered 404, `info` answered',
      '  jobs: skipped: no values for `id`',
      '  again: skipped: no ids',
      '  account: left as it was',
      '  images: not executed',
      '  broken: failed: The reply is no JSON.',
    ]);
  });

  it('notes what was waited for: retries by their reason, and a slow request', () => {
    const retries = [
      { after: '429', times: 2, waitedMilliseconds: 4000 },
      { after: 'timeout', times: 1, waitedMilliseconds: 750 },
    ];
    const quick = { request: 'GET https://x.test/jobs', milliseconds: 4999 };
    const slow = { request: 'GET https://x.test/models', milliseconds: 12_345 };
    const resources = [
      { ...asked, name: 'models', status: 'extracted', retries, slowestRequest: slow, notes: [] },
      { ...asked, name: 'jobs', status: 'extracted', slowestRequest: quick, notes: [] },
    ] as const;
    expect(lines(textReport(trace({ resources }))).slice(6)).toEqual([
      'Notes:',
      '  models: 2 retries after 429, waited 4 s',
      '  models: 1 retry after timeout, waited 0.75 s',
      '  models: the slowest request took 12 s: GET https://x.test/models',
    ]);
  });

  it('notes null-only columns, widened columns, counts, recovered packages and the notes of the run', () => {
    const packages = [
      loadPackage({
        recovered: true,
        tables: [table('models', 2, { nullOnly: ['triggers'] })],
        schemaChanges: [
          {
            table: 'models',
            column: 'price',
            change: 'column_widened',
            oldType: 'BIGINT',
            newType: 'DOUBLE',
            firstValue: '0.5',
          },
        ],
      }),
    ];
    const counts = { 'secrets masked in rows': 3, duplicates: 0 };
    const text = textReport(trace({ packages, counts, notes: ['the destination was replaced in place'] }));
    expect(lines(text).slice(-6)).toEqual([
      'Notes:',
      '  load package 1749667187.541553 was left behind by an earlier run',
      '  models: only null came for triggers: no column made',
      '  models.price widened from BIGINT to DOUBLE',
      '  secrets masked in rows: 3',
      '  the destination was replaced in place',
    ]);
  });

  it('lets no text of the API move the cursor or forge a line', () => {
    const name = 'evil\u001b[2J\u001b]0;title\u0007\nLoad package 9 is LOADED';
    const text = textReport(
      trace({
        packages: [loadPackage({ tables: [table(name, 1, { newColumns: ['a\rb\u009b31m', '\u202egnp.exe'] })] })],
        notes: ['first\nsecond'],
      }),
    );
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).not.toContain('\u202e');
    expect(lines(text).filter((line) => line.startsWith('Load package'))).toHaveLength(1);
    expect(text).toContain('  first second');
  });

  it.each([
    [{}, 'loaded', ', published all the same'],
    [{ published: false }, 'rejected', ' (`severity: warn`)'],
    [{ published: false, isDry: true }, 'loaded', ' (`severity: warn`)'],
  ] as const)(
    'says of an expectation that only warns whether it was published all the same: %j',
    (more, state, told) => {
      const warned = {
        status: 'warned',
        severity: 'warn',
        name: 'n',
        check: 'sql',
        resource: 'models',
        table: null,
      } as const;
      const expectations = [{ ...warned, message: 'no', failing: 1, sample: [] }];
      const text = textReport(trace({ ...more, packages: [loadPackage({ state, expectations })] }));
      expect(lines(text)).toContain(`  \`models\`: expectation \`n\` is not met: no${told}`);
    },
  );

  it.each([
    [2, 2, 'no reply came that could say what they cost'],
    [2, 1, 'nobody said what they cost (neither `client.cost_header` nor `endpoint.cost`)'],
  ])('says why it is not known what %i requests cost, %i of them without a reply', (requests, unanswered, why) => {
    const cost = { spent: 0, currency: 'usd', requests, unknown: requests, unanswered };
    const resources = [{ ...asked, name: 'images', status: 'failed', notes: [], cost } as const];
    expect(textReport(trace({ cost: { ...cost, balance: null }, resources }))).toContain(
      `images: 2 paid requests; ${why}`,
    );
  });
});
