import { PipelineError } from '../errors.ts';
import { type CursorFormat, cursorInstant, floorDivide, isoDay, isoText, MICROS_A_SECOND } from './cursor-time.ts';
import { type CursorValue, cursorText, shownCursor } from './cursor-value.ts';
import { writeTime } from './time-pattern.ts';

/** In what form a value is sent: `iso`, `date`, `unix`, `unix_ms` or a pattern of strftime; undefined: as it is. */
export type Conversion = string | undefined;

/** A cursor's value as it is sent. Throws ConfigInvalid for one that is no time, where a time is to be made of it. */
export function sentValue(value: CursorValue, conversion: Conversion, format: CursorFormat): string | number {
  if (conversion === undefined)
    return typeof value === 'string' || typeof value === 'number' ? value : cursorText(value);
  const instant = cursorInstant(value, format);
  if (instant !== undefined) return sentInstant(instant, conversion);
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: `\`convert: ${conversion}\` needs a time, and the cursor's value is ${shownCursor(value)}.`,
    hint: 'Say with `cursor_format` how records write their times (`unix`, `unix_ms`, `%d.%m.%Y`), or remove `convert`.',
    facts: { convert: conversion, value: shownCursor(value) },
  });
}

/** What an instant is after it was sent and read again: whatever the form leaves out is cut off. */
export function throughConversion(instant: bigint, conversion: Conversion): bigint {
  if (conversion === undefined) return instant;
  return cursorInstant(sentInstant(instant, conversion), conversion) ?? instant;
}

// --- internal ---

const forms: Readonly<Record<string, (instant: bigint) => string | number>> = {
  iso: isoText,
  date: isoDay,
  unix: (instant) => Number(floorDivide(instant, MICROS_A_SECOND)),
  unix_ms: (instant) => Number(floorDivide(instant, 1000n)),
};

function sentInstant(instant: bigint, conversion: string): string | number {
  return forms[conversion]?.(instant) ?? writeTime(instant, conversion);
}
