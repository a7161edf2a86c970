import { describe, expect, it } from 'vitest';
import { jsonDocument, jsonReport } from '../../src/report/json-report.ts';
import { failedTrace, loadPackage, table, trace } from './traces.ts';

describe('jsonReport(trace)', () => {
  it('is one document with the keys of the trace, always in the same order', () => {
    const keys = (text: string) => Object.keys(JSON.parse(text));
    const expected = [
      'pipeline',
      'dataset',
      'destination',
      'destinationType',
      'startedAt',
      'finishedAt',
      'milliseconds',
      'loadMilliseconds',
      'published',
      'cost',
      'exitCode',
      'failure',
      'resources',
      'packages',
      'counts',
      'notes',
    ];
    expect(keys(jsonReport(trace()))).toEqual(expected);
    expect(keys(jsonReport(failedTrace()))).toEqual(expected);
  });

  it('gives times as ISO 8601, and how long the whole run took', () => {
    const { startedAt } = trace();
    expect(JSON.parse(jsonReport(trace({ finishedAt: startedAt + 9200.2, loadMilliseconds: 259.9 })))).toMatchObject({
      startedAt: '2025-06-11T18:39:47.000Z',
      finishedAt: '2025-06-11T18:39:56.200Z',
      milliseconds: 9200,
      loadMilliseconds: 260,
    });
  });

  it('holds a failure without its stack trace, and null where there is none', () => {
    const failure = { code: 'SourceRefused', message: 'no', hint: 'yes', loadId: null } as const;
    const text = jsonReport(failedTrace({ failure: { ...failure, stack: 'at secret (file.ts:1)' } }));
    expect(JSON.parse(text).failure).toEqual(failure);
    expect(JSON.parse(jsonReport(trace())).failure).toBeNull();
  });

  it('keeps every character of the API, escaped where a terminal would act on it', () => {
    const name = 'a\u001b[31m\u0085\u007f\u202e\u2028b';
    const text = jsonReport(trace({ packages: [loadPackage({ tables: [table(name, 1)] })] }));
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).not.toMatch(/[\u202e\u2028]/);
    expect(JSON.parse(text).packages[0].tables[0].name).toBe(name);
  });
});

describe('jsonDocument(value)', () => {
  it('writes bigints as numbers where a double holds them, else as text', () => {
    expect(JSON.parse(jsonDocument({ small: 12n, big: 9_007_199_254_740_993n }))).toEqual({
      small: 12,
      big: '9007199254740993',
    });
  });
});
