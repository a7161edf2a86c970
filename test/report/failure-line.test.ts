import { describe, expect, it } from 'vitest';
import { failureLine } from '../../src/report/failure-line.ts';

describe('failureLine(failure)', () => {
  it('is one line: what failed, the load id, what to do next', () => {
    expect(
      failureLine({
        code: 'DestinationLocked',
        message: 'python3 (PID 7) has the file open.',
        hint: 'Close it there.\n  Then run again.',
        loadId: '1.000001',
      }),
    ).toBe('error: python3 (PID 7) has the file open. (load id 1.000001) — Close it there. Then run again.');
  });

  it('leaves out a load id that there is not', () => {
    const parts = { code: 'SourceRefused', message: 'no', hint: 'ask' } as const;
    expect(failureLine({ ...parts, loadId: null })).toBe('error: no — ask');
    expect(failureLine(parts)).toBe('error: no — ask');
  });

  it('gives the problems of a configuration a line each', () => {
    const message = 'The configuration has 2 problems:\n  a.yaml:1:1  x\n  a.yaml:2:1  y\u001b[31m';
    expect(failureLine({ code: 'ConfigInvalid', message, hint: 'Correct them.' }).split('\n')).toEqual([
      'error: The configuration has 2 problems:',
      '  a.yaml:1:1  x',
      '  a.yaml:2:1  y',
      'Correct them.',
    ]);
  });

  it('prints no control character of a reply that the message quotes', () => {
    const line = failureLine({ code: 'ReplyUnusable', message: 'got "\u001b[2J\r\nerror: fake"', hint: 'x' });
    expect(line).toBe('error: got " error: fake" — x');
  });
});
