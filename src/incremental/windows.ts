import { PipelineError } from '../errors.ts';
import { type Amount, amountMicros } from './amount.ts';
import { throughConversion } from './convert.ts';
import { cursorInstant, isDay, isoText, MICROS_A_DAY, writtenLike } from './cursor-time.ts';
import { type CursorValue, cursorOfText, isCursorNumber, shownCursor } from './cursor-value.ts';
import type { IncrementalConfig, IncrementalStart } from './incremental-start.ts';

/** A part of the range: from `start` to before `end`. */
export interface Window {
  readonly start: CursorValue;
  readonly end: CursorValue;
  /** What is sent as the end, before it is converted: less by the granularity. */
  readonly sentEnd: CursorValue;
  /** What comes after `end` belongs to no other one. */
  readonly isLast: boolean;
}

/** Each is a list of its own that is asked for. */
const MOST_WINDOWS = 100_000;

/**
 * The range of a resource in steps, the first one first; undefined where there are none. Where they meet is what is left of it
 * when it is sent: a window whose ends are sent as days begins and ends with a day. Without an end value the last one ends now.
 * Throws ConfigInvalid for a range that has no steps, or too many.
 */
export function windowsOf(config: IncrementalConfig, start: IncrementalStart): readonly Window[] | undefined {
  const { step, cursor_format } = config;
  if (step === undefined) return undefined;
  const [from, to] = [cursorOfText(start.start_value), cursorOfText(start.end_value)];
  if (from === undefined) throw noSteps(config, 'there is no value to begin with', 'Add an `initial_value`.');
  const instant = cursorInstant(from, cursor_format);
  if (instant !== undefined) return timeWindows(config, { from, instant, to, now: start.now });
  if (isCursorNumber(from) && isCursorNumber(to) && typeof step === 'number') {
    return numberWindows(config, Number(from), Number(to), step);
  }
  throw noSteps(
    config,
    `from ${shownCursor(from)} to ${to === undefined ? 'now' : shownCursor(to)} there are no steps of ${step}`,
    'A step goes with times; with numbers where there is an `end_value` and the step is a number, too. `cursor_format` says how records write times.',
  );
}

// --- internal ---

interface TimeRange {
  readonly from: CursorValue;
  readonly instant: bigint;
  readonly to: CursorValue | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

function timeWindows(config: IncrementalConfig, { from, instant, to, now }: TimeRange): Window[] {
  const { step = 0, granularity = 0, convert, cursor_format: format } = config;
  const unit = isDay(from) && format === undefined ? 'days' : 'seconds';
  const [length, grain] = [amountMicros(step, unit), amountMicros(granularity, unit)];
  const sample = isDay(from) && length % MICROS_A_DAY !== 0n ? isoText(instant) : from;
  const written = (micros: bigint) => writtenLike(sample, micros, format);
  const read = (value: CursorValue) => cursorInstant(value, format) ?? instant;
  const cut = (micros: bigint) => throughConversion(read(written(micros)), convert);
  const end = to === undefined ? BigInt(Math.floor(now / 1000)) * 1_000_000n : read(to);
  if ((end - instant) / length > MOST_WINDOWS) throw tooMany(config, (end - instant) / length);

  const windows: Window[] = [];
  let begin = instant;
  for (let next = instant + length; cut(next) < end; next += length) {
    const meeting = cut(next);
    if (meeting <= begin) continue;
    const sentEnd = written(later(begin, meeting - grain));
    windows.push({ start: startOf(begin), end: written(meeting), sentEnd, isLast: false });
    begin = meeting;
  }
  const isOpen = to === undefined;
  const until = isOpen && end <= begin ? begin + length : end;
  const sentEnd = !isOpen ? until - grain : grain > 0n ? until : roundedUp(until, cut, length);
  const last = to ?? written(until);
  const isExact = !isOpen && grain === 0n;
  windows.push({
    start: startOf(begin),
    end: last,
    sentEnd: isExact ? last : written(later(begin, sentEnd)),
    isLast: true,
  });
  return windows;

  function startOf(micros: bigint): CursorValue {
    return micros === instant ? from : written(micros);
  }
}

/** What the form of sending cuts off now is of today: the least end that is sent and is not before it. */
function roundedUp(until: bigint, cut: (micros: bigint) => bigint, length: bigint): bigint {
  const sent = cut(until);
  if (sent >= until) return until;
  for (const unit of [1_000_000n, 60_000_000n, 3_600_000_000n, MICROS_A_DAY]) {
    if (cut(until + unit) >= until) return until + unit;
  }
  return until + length;
}

function numberWindows(config: IncrementalConfig, from: number, to: number, step: number): Window[] {
  const granularity = typeof config.granularity === 'number' ? config.granularity : 0;
  if ((to - from) / step > MOST_WINDOWS) throw tooMany(config, BigInt(Math.floor((to - from) / step)));
  const windows: Window[] = [];
  for (let start = from; start < to || windows.length === 0; start += step) {
    const end = Math.min(start + step, to);
    windows.push({ start, end, sentEnd: Math.max(start, end - granularity), isLast: end === to });
  }
  return windows;
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

function tooMany(config: IncrementalConfig, windows: bigint): PipelineError {
  return noSteps(config, `these would be ${windows} windows`, 'Make `step` longer, or `initial_value` later.');
}

function noSteps({ cursor_path, step }: IncrementalConfig, why: string, hint: string): PipelineError {
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `\`step: ${step}\` makes no windows of \`${cursor_path}\`: ${why}.`,
    hint,
    facts: { cursorPath: cursor_path, step: step as Amount },
  });
}
