import { InvalidArgumentError } from 'commander';

const MOST = 10_000;

/** Of an option that says how many. */
export function countFrom1(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MOST) return value;
  throw new InvalidArgumentError(`Expected a number from 1 to ${MOST}.`);
}

/** Of an option that may be given several times. */
export function repeated(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** 0 is any free one. */
export function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}
