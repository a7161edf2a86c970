import { sentValue } from './convert.ts';
import { type CursorValue, cursorOfText } from './cursor-value.ts';
import type { IncrementalConfig, IncrementalStart } from './incremental-start.ts';
import { type Window, windowsOf } from './windows.ts';

/** What may follow `incremental.` in a placeholder. */
export const incrementalMembers = ['start_value', 'last_value', 'initial_value', 'end_value', 'lag'] as const;

/** What placeholders stand for, by what stands in their braces; null: nothing, so that a parameter is left out. */
type IncrementalValues = Readonly<Record<`incremental.${(typeof incrementalMembers)[number]}`, string | number | null>>;

/** Of one request chain. */
export interface IncrementalChain {
  readonly values: IncrementalValues;
  readonly window: Window | undefined;
}

/** A request chain for each window, or one for the whole range. Throws ConfigInvalid for values that cannot be converted. */
export function incrementalChains(config: IncrementalConfig, start: IncrementalStart): readonly IncrementalChain[] {
  const chain = (window: Window | undefined) => ({ window, values: valuesOf(config, start, window) });
  return windowsOf(config, start)?.map(chain) ?? [chain(undefined)];
}

// --- internal ---

function valuesOf(config: IncrementalConfig, start: IncrementalStart, window: Window | undefined): IncrementalValues {
  const sent = (value: CursorValue | undefined) =>
    value === undefined ? null : sentValue(value, config.convert, config.cursor_format);
  const from = sent(window?.start ?? cursorOfText(start.start_value));
  return {
    'incremental.start_value': from,
    'incremental.last_value': from,
    'incremental.initial_value': sent(cursorOfText(start.initial_value)),
    'incremental.end_value': sent(window?.sentEnd ?? cursorOfText(start.end_value)),
    'incremental.lag': config.lag ?? null,
  };
}
