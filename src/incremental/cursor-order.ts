import { PipelineError } from '../errors.ts';
import { compareUtf8 } from '../json/sorted-json.ts';
import { parseDateOrTimestamp, parseTimestamp } from '../values/timestamp.ts';
import { type CursorFormat, cursorInstant, isDay } from './cursor-time.ts';
import { type CursorValue, isCursorValue, shownCursor } from './cursor-value.ts';

type Instant = number | bigint;

/** A value with what it is compared by, read once. */
export interface CursorPoint {
  readonly value: CursorValue;
  /** Microseconds since 1970 of a time; undefined for what is none. */
  readonly instant: Instant | undefined;
}

/**
 * The order of the values of one cursor: times as instants, numbers as numbers, everything else as text, by code points. Where
 * the cursor has a format, everything is a time.
 */
export class CursorOrder {
  readonly #path: string;
  readonly #format: CursorFormat;
  readonly #sign: 1 | -1;

  constructor({ cursor_path, cursor_format, last_value_func = 'max' }: OrderConfig) {
    this.#path = cursor_path;
    this.#format = cursor_format;
    this.#sign = last_value_func === 'max' ? 1 : -1;
  }

  /** Throws CursorUnusable for what is neither text nor number, or not of the cursor's format. */
  point(value: unknown): CursorPoint {
    if (!isCursorValue(value)) throw this.#unusable(`holds ${shownCursor(value)}`, { value: shownCursor(value) });
    if (this.#format === undefined) {
      return { value, instant: typeof value === 'string' ? parseTimestamp(value) : undefined };
    }
    const instant = cursorInstant(value, this.#format);
    if (instant !== undefined) return { value, instant };
    throw this.#unusable(`holds ${shownCursor(value)}, which is not of the format \`${this.#format}\``, {
      value: shownCursor(value),
    });
  }

  /** Above 0 where `one` is further than `other`: later, or with `min` earlier. Throws CursorUnusable for two of different kinds. */
  compare(one: CursorPoint, other: CursorPoint): number {
    const plain = this.#plain(one, other);
    return plain === 0 ? 0 : this.#sign * plain;
  }

  #plain(one: CursorPoint, other: CursorPoint): number {
    if (one.instant !== undefined && other.instant !== undefined) return signOf(one.instant, other.instant);
    if (typeof one.value === 'string' && typeof other.value === 'string') {
      const [a, b] = [instantBeside(one, other), instantBeside(other, one)];
      return a !== undefined && b !== undefined ? signOf(a, b) : compareUtf8Or0(one.value, other.value);
    }
    if (typeof one.value !== 'string' && typeof other.value !== 'string') {
      return signOf(numeric(one.value), numeric(other.value));
    }
    throw this.#unusable(`cannot be compared: ${shownCursor(one.value)} with ${shownCursor(other.value)}`, {
      value: shownCursor(one.value),
      other: shownCursor(other.value),
    });
  }

  #unusable(what: string, facts: Readonly<Record<string, string>>): PipelineError {
    return new PipelineError({
      code: 'CursorUnusable',
      message: `The cursor \`${this.#path}\` ${what}.`,
      hint: 'Give `initial_value` and `end_value` as the records have them, `cursor_format` where they are times in a form of their own, or another `cursor_path`. After a change of the API: `run --full-refresh`.',
      facts: { cursorPath: this.#path, ...facts },
    });
  }
}

export interface OrderConfig {
  readonly cursor_path: string;
  readonly cursor_format?: CursorFormat;
  readonly last_value_func?: 'max' | 'min' | undefined;
}

// --- internal ---

/** A day beside a time is its midnight at UTC; beside another day, both are text. */
function instantBeside({ value, instant }: CursorPoint, other: CursorPoint): Instant | undefined {
  if (instant !== undefined || other.instant === undefined) return instant;
  return typeof value === 'string' && isDay(value) ? parseDateOrTimestamp(value) : undefined;
}

function numeric(value: Exclude<CursorValue, string>): Instant {
  return typeof value === 'object' ? Number(value) : value;
}

function signOf(one: Instant, other: Instant): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function compareUtf8Or0(one: string, other: string): number {
  return one === other ? 0 : compareUtf8(one, other);
}
