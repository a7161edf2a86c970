import { describe, expect, it } from 'vitest';
import { type LogStream, progressLog, progressStyle } from '../../src/report/progress.ts';

function recorder({ isTerminal = true, columns = 20 } = {}): LogStream & { text: string } {
  return {
    isTerminal,
    columns,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

const NOW = Date.UTC(2026, 0, 15, 12);
const time = '2026-01-15T12:00:00.000Z';

describe('progressStyle(choice, stream, env)', () => {
  it('rewrites a line only for a person at a terminal', () => {
    expect(progressStyle('auto', recorder(), {})).toBe('line');
    expect(progressStyle('auto', recorder({ isTerminal: false }), {})).toBe('none');
    expect(progressStyle('auto', recorder(), { CI: 'true' })).toBe('none');
    expect(progressStyle('auto', recorder(), { TERM: 'dumb' })).toBe('none');
  });

  it('obeys a choice, whatever the terminal', () => {
    expect(progressStyle('log', recorder({ isTerminal: false }), { CI: 'true' })).toBe('log');
    expect(progressStyle('none', recorder(), {})).toBe('none');
  });
});

describe('progressLog(stream, style, quiet, now)', () => {
  const clear = '\r\u001b[2K';

  it('rewrites one line, cut to the width of the terminal, and leaves nothing behind', () => {
    const stream = recorder({ columns: 10 });
    const log = progressLog(stream, 'line', false, () => NOW);
    log.progress('models: page 1');
    log.progress('jobs');
    log.end();
    expect(stream.text).toBe(`models: p${clear}jobs${clear}`);
  });

  it('keeps on a terminal what is over; in a log it stands already', () => {
    const stream = recorder({ columns: 40 });
    const log = progressLog(stream, 'line', false, () => NOW);
    log.progress('models: 1 record');
    log.keep?.('models: 1 record, 0.2 s');
    log.progress('jobs');
    expect(stream.text).toBe(`models: 1 record${clear}models: 1 record, 0.2 s\njobs`);
    for (const [style, quiet] of [
      ['log', false],
      ['none', false],
      ['line', true],
    ] as const) {
      const silent = recorder();
      progressLog(silent, style, quiet, () => NOW).keep?.('models');
      expect(silent.text).toBe('');
    }
  });

  it('takes a terminal that does not say how wide it is for one of the usual width', () => {
    const stream = recorder({ columns: 0 });
    progressLog(stream, 'line', false, () => NOW).progress('x'.repeat(100));
    expect(stream.text).toBe('x'.repeat(79));
  });

  it('puts a warning above the line that is shown', () => {
    const stream = recorder();
    const log = progressLog(stream, 'line', false, () => NOW);
    log.progress('models');
    log.warn('slow\u001b[31m');
    expect(stream.text).toBe(`models${clear}warning: slow\nmodels`);
  });

  it('writes a line each, with its time, in the style of a log', () => {
    const stream = recorder({ isTerminal: false });
    const log = progressLog(stream, 'log', false, () => NOW);
    log.progress('one');
    log.progress('two\nthree');
    log.warn('four');
    log.end();
    expect(stream.text).toBe(`${time} one\n${time} two three\n${time} warning: four\n`);
  });

  it('answers a person above the line that is shown, also when it is to be quiet', () => {
    const stream = recorder();
    const log = progressLog(stream, 'line', false, () => NOW);
    log.progress('models');
    log.tell('Stopping');
    const quiet = recorder();
    progressLog(quiet, 'none', true, () => NOW).tell('Stopping');
    expect([stream.text, quiet.text]).toEqual([`models${clear}Stopping\nmodels`, 'Stopping\n']);
  });

  it('keeps quiet about progress, but never about a warning', () => {
    const stream = recorder();
    const log = progressLog(stream, 'none', true, () => NOW);
    log.progress('one');
    log.warn('two');
    log.end();
    expect(stream.text).toBe('warning: two\n');
  });
});
