import { PipelineError } from '../errors.ts';
import { type Amount, amountMicros } from './amount.ts';
import { type CursorFormat, cursorInstant, floorDivide, isDay, MICROS_A_DAY, writtenLike } from './cursor-time.ts';
import { type CursorValue, isCursorNumber, shownCursor } from './cursor-value.ts';

interface LagConfig {
  readonly cursor_path: string;
  readonly cursor_format?: CursorFormat;
  readonly last_value_func?: 'max' | 'min' | undefined;
}

/**
 * A value so much before another (with `min`: after it), in its form. As in dlt a number means days where the initial value is a
 * day, also for a last value that is a time: then it is the beginning of a day. Throws ConfigInvalid for what is neither time nor number.
 */
export function lagged(
  last: CursorValue,
  lag: Amount,
  initial: CursorValue | undefined,
  { cursor_path, cursor_format, last_value_func = 'max' }: LagConfig,
): CursorValue {
  const direction = last_value_func === 'max' ? -1n : 1n;
  const instant = cursorInstant(last, cursor_format);
  if (instant !== undefined) {
    const inDays = cursor_format === undefined && isDay(initial ?? last);
    const moved = instant + direction * amountMicros(lag, inDays ? 'days' : 'seconds');
    if (!inDays || isDay(last) || typeof lag === 'string') return writtenLike(last, moved, cursor_format);
    const day = floorDivide(moved, MICROS_A_DAY) * MICROS_A_DAY;
    return writtenLike(last, last_value_func === 'max' ? day : day + MICROS_A_DAY - 1n, cursor_format);
  }
  if (isCursorNumber(last) && typeof lag === 'number') {
    if (typeof last === 'bigint' && Number.isInteger(lag)) return last + direction * BigInt(lag);
    const moved = Number(last) + Number(direction) * lag;
    return Number.isInteger(Number(last)) ? Math.trunc(moved) : moved;
  }
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `\`lag: ${lag}\` goes with a cursor of times or numbers, and \`${cursor_path}\` has ${shownCursor(last)}.`,
    hint: 'Remove `lag`, give it as a number for numbers, or say with `cursor_format` how records write their times.',
    facts: { cursorPath: cursor_path, lag },
  });
}
