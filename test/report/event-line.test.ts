import { describe, expect, it } from 'vitest';
import type { EventOf, RunEvent } from '../../src/events.ts';
import { eventLine } from '../../src/report/event-line.ts';
import { logJsonSchema, logLineSchema } from '../../src/report/log-schema.ts';

const time = Date.UTC(2026, 0, 15, 12);
const failure = { code: 'SourceRefused', message: 'no', hint: 'look' } as const;
const loadId = '1795244406.059659';

/** One of each kind: the compiler asks for those that are missing. */
const samples: { readonly [E in RunEvent['event']]: EventOf<E> } = {
  'run.started': {
    time,
    event: 'run.started',
    pipeline: 'p',
    dataset: 'd',
    destination: '/x.duckdb',
    destinationType: 'duckdb',
    resources: ['models'],
  },
  'step.started': { time, event: 'step.started', step: 'extract' },
  'step.finished': { time, event: 'step.finished', step: 'load', milliseconds: 12.7 },
  'resource.started': { time, event: 'resource.started', resource: 'models' },
  'resource.finished': {
    time,
    event: 'resource.finished',
    resource: 'models',
    status: 'failed',
    records: 3,
    requests: 1,
    milliseconds: 200,
    error: failure,
  },
  request: {
    time,
    event: 'request',
    resource: 'models',
    method: 'GET',
    url: 'https://x/models',
    status: null,
    attempts: 5,
    milliseconds: 20.5,
    bytes: 0,
  },
  waiting: { time, event: 'waiting', resource: 'models', kind: 'retry', message: '429', milliseconds: 4000 },
  'package.finished': {
    time,
    event: 'package.finished',
    loadId,
    state: 'loaded',
    recovered: false,
    tables: [{ name: 'models', rows: 1200 }],
    schemaChanges: 0,
  },
  progress: { time, event: 'progress', message: 'models: started' },
  notice: { time, event: 'notice', message: 'Stopping' },
  note: { time, event: 'note', message: 'models is empty now' },
  warning: { time, event: 'warning', message: 'look' },
  'run.finished': {
    time,
    event: 'run.finished',
    pipeline: 'p',
    exitCode: 4,
    published: false,
    milliseconds: 1500,
    failure: { ...failure, loadId: null },
  },
  failure: { time, event: 'failure', ...failure, loadId, exitCode: 4 },
};

describe('a line of the log', () => {
  it.each(Object.entries(samples))('of %s is as its JSON Schema says, without a member more', (_, event) => {
    const line = JSON.parse(eventLine(event));
    expect(logLineSchema.parse(line)).toEqual(line);
    expect(Object.keys(line).slice(0, 4)).toEqual(['time', 'level', 'event', 'message']);
    expect(line.message).not.toBe('');
  });

  it('says who should care, and reads well', () => {
    const shown = (event: RunEvent) => {
      const { level, message } = JSON.parse(eventLine(event));
      return [level, message];
    };
    expect(shown(samples.warning)).toEqual(['warn', 'look']);
    expect(shown(samples.failure)).toEqual(['error', 'no']);
    expect(shown(samples.request)).toEqual(['debug', 'models: GET https://x/models got no reply, 0.02 s']);
    expect(shown(samples['package.finished'])).toEqual(['info', `load package ${loadId} is loaded: 1,200 rows`]);
    expect(shown(samples['run.finished'])).toEqual(['info', 'run of p finished with 4 after 1.5 s: no']);
  });

  it('is one line that no terminal acts on, whatever the text holds', () => {
    const line = eventLine({ time, event: 'warning', message: 'a\nb\u001b[2J\u009b\u202e"' });
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(line).message).toBe('a\nb\u001b[2J\u009b\u202e"');
  });

  it('has a JSON Schema that names every kind', () => {
    const text = JSON.stringify(logJsonSchema());
    for (const event of Object.keys(samples)) expect(text).toContain(`"const":"${event}"`);
  });
});
