import { PipelineError } from '../errors.ts';
import type { Amount } from './amount.ts';
import type { Conversion } from './convert.ts';
import { CursorOrder } from './cursor-order.ts';
import type { CursorFormat } from './cursor-time.ts';
import { type CursorValue, cursorOfText, cursorText } from './cursor-value.ts';
import { cursorKind } from './given-cursor.ts';
import { lagged } from './lag.ts';
import { isRelative, settledValue } from './relative-time.ts';

/** `endpoint.incremental` of a resource, as the configuration has it. */
export interface IncrementalConfig {
  readonly cursor_path: string;
  readonly initial_value?: string | number | null | undefined;
  readonly end_value?: string | number | null | undefined;
  readonly row_order?: 'asc' | 'desc' | null | undefined;
  readonly lag?: Amount | null | undefined;
  readonly on_cursor_value_missing?: 'raise' | 'include' | 'exclude' | undefined;
  readonly range_start?: 'open' | 'closed' | undefined;
  readonly range_end?: 'open' | 'closed' | undefined;
  readonly last_value_func?: 'max' | 'min' | undefined;
  readonly primary_key?: string | readonly string[] | undefined;
  readonly convert?: Conversion;
  readonly cursor_format?: CursorFormat;
  readonly step?: Amount | undefined;
  readonly granularity?: Amount | undefined;
}

/** What dlt's state has of a cursor: values as JSON texts, as they came. */
interface StoredCursor {
  readonly initial_value: string | null;
  readonly last_value: string | null;
  readonly unique_hashes: readonly string[];
}

/** What a resource begins with, the same for all of its requests, also when it is continued. Values are JSON texts. */
export interface IncrementalStart extends StoredCursor {
  readonly cursor_path: string;
  /** `last_value` without its `lag`; null: from the very beginning. */
  readonly start_value: string | null;
  /** null: there is no end. */
  readonly end_value: string | null;
  /** Of the run, milliseconds since 1970. */
  readonly now: number;
  /** Of a range that was asked for nothing is kept, and nothing in it counts as known. */
  readonly isStateless: boolean;
  /** What was kept of the resource before goes. */
  readonly isReset: boolean;
}

export interface StartFacts {
  /** Undefined where nothing was kept yet. */
  readonly stored: StoredCursor | undefined;
  readonly now: number;
  /** The range that a run was asked for. */
  readonly from?: CursorValue | undefined;
  readonly to?: CursorValue | undefined;
  readonly isReset: boolean;
}

/** Throws UsageInvalid for a range without a beginning or against its order. */
export function settledStart(config: IncrementalConfig, facts: StartFacts): IncrementalStart {
  const { stored, now, from, to, isReset } = facts;
  const settled = (value: CursorValue | null | undefined) =>
    value == null ? undefined : settledValue(value, now, config.cursor_format);
  requireKind(config, facts);
  const initial = settled(from ?? config.initial_value);
  const end = settled(to ?? config.end_value);
  const isStateless = from !== undefined || end !== undefined;
  const common = {
    cursor_path: config.cursor_path,
    end_value: textOf(end),
    now: Math.floor(now),
    isStateless,
    isReset: isReset && !isStateless,
  };
  if (isStateless) requireRange(config, initial, end);
  const last = cursorOfText(stored?.last_value);
  if (isStateless || isReset || stored === undefined || last === undefined) {
    const text = textOf(initial);
    return { ...common, initial_value: text, last_value: text, start_value: text, unique_hashes: [] };
  }
  const first = isRelative(config.initial_value) ? cursorOfText(stored.initial_value) : initial;
  return { ...common, ...stored, start_value: textOf(startAfter(last, first, config)) };
}

// --- internal ---

/** Never before the initial value, as dlt; but never after the last one either, should the initial value have been raised. */
function startAfter(last: CursorValue, initial: CursorValue | undefined, config: IncrementalConfig): CursorValue {
  if (!config.lag) return last;
  const start = lagged(last, config.lag, initial, config);
  if (initial === undefined) return start;
  const order = new CursorOrder(config);
  const [first, begin, end] = [order.point(initial), order.point(start), order.point(last)];
  if (order.compare(first, begin) <= 0) return start;
  return order.compare(first, end) < 0 ? initial : last;
}

function requireRange(config: IncrementalConfig, initial: CursorValue | undefined, end: CursorValue | undefined): void {
  if (initial === undefined) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: `A range of \`${config.cursor_path}\` that ends needs a beginning, and there is no \`initial_value\`.`,
      hint: 'Add `--from VALUE`, or an `initial_value` to the configuration.',
      facts: { cursorPath: config.cursor_path },
    });
  }
  if (end === undefined) return;
  const order = new CursorOrder(config);
  if (order.compare(order.point(end), order.point(initial)) >= 0) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `The range of \`${config.cursor_path}\` begins with ${cursorText(initial)}, which is beyond its end ${cursorText(end)}.`,
    hint: 'Swap the two: `--from` and `initial_value` begin it, `--to` and `end_value` end it.',
    facts: { cursorPath: config.cursor_path, from: cursorText(initial), to: cursorText(end) },
  });
}

/** Beside times and numbers anything else would be compared as text, or not at all. */
function requireKind(config: IncrementalConfig, { stored, from, to, now }: StartFacts): void {
  const sample = config.initial_value ?? cursorOfText(stored?.last_value);
  const kindOf = (value: CursorValue) => cursorKind(value, now, config.cursor_format);
  const kind = sample == null ? 'text' : kindOf(sample);
  const other = [from, to].find((value) => value !== undefined && kindOf(value) !== kind);
  if (kind === 'text' || other === undefined || sample == null) return;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `The range of \`${config.cursor_path}\` cannot have the end ${cursorText(other)}, which is not ${kind} as ${cursorText(sample)} is.`,
    hint: 'Give `--from` and `--to` as the records have the values, a day such as 2024-01-15 where they are times, or `now - 30d`.',
    facts: { cursorPath: config.cursor_path, value: cursorText(other) },
  });
}

function textOf(value: CursorValue | undefined): string | null {
  return value === undefined ? null : cursorText(value);
}
