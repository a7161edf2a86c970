import { PipelineError } from '../errors.ts';
import type { OrderConfig } from './cursor-order.ts';
import { type CursorFormat, cursorInstant } from './cursor-time.ts';
import { type CursorValue, cursorOfText, cursorText, isCursorNumber } from './cursor-value.ts';
import { isAlmostRelative, settledValue } from './relative-time.ts';

interface GivenConfig extends OrderConfig {
  readonly initial_value?: string | number | null | undefined;
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

export type CursorKind = 'a time' | 'a number' | 'text';

/** What a value is compared as. `now`: milliseconds since 1970. */
export function cursorKind(value: CursorValue, now: number, format: CursorFormat): CursorKind {
  const settled = settledValue(value, now, format);
  if (cursorInstant(settled, format) !== undefined) return 'a time';
  return isCursorNumber(settled) ? 'a number' : 'text';
}

/** On the command line everything is text: a number where the cursor has numbers, digit for digit. */
export function valueLike<Given extends string | number | undefined>(
  given: Given,
  sample: CursorValue | undefined,
): CursorValue | Given {
  const isNumber = typeof given === 'string' && typeof sample !== 'string' && NUMBER.test(given);
  return (isNumber ? cursorOfText(given) : undefined) ?? given;
}

/**
 * What a person gives as the last value of a cursor: as its records have the values, or `now - 30d`.
 *
 * @param last the one that is kept, as JSON text
 * @throws PipelineError UsageInvalid: it is of another kind than the values of the cursor
 */
export function givenCursor(
  { cursor_path, cursor_format, initial_value }: GivenConfig,
  text: string,
  { last, now }: { readonly last: string | null; readonly now: number },
): CursorValue {
  const sample = cursorOfText(last) ?? initial_value ?? undefined;
  const value = valueLike(text, sample);
  const kind = sample === undefined ? undefined : cursorKind(sample, now, cursor_format);
  const isOther = kind !== undefined && kind !== 'text' && cursorKind(value, now, cursor_format) !== kind;
  if (!isOther && !isAlmostRelative(value)) return settledValue(value, now, cursor_format);
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `The cursor \`${cursor_path}\` cannot be ${cursorText(value)}${sample === undefined ? '' : `, which is not ${kind} as ${cursorText(sample)} is`}.`,
    hint: 'Give a value as the records have it, a day such as 2024-01-15 where they are times, or `now - 30d`.',
    facts: { cursorPath: cursor_path, value: text },
  });
}
