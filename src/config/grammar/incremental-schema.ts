import { z } from 'zod';
import { isDurationText } from '../../incremental/amount.ts';
import { isAlmostRelative } from '../../incremental/relative-time.ts';
import { patternProblem } from '../../incremental/time-pattern.ts';
import { about } from './about.ts';

const cursorValue = z
  .union([z.string(), z.number()])
  .refine((value) => !isAlmostRelative(value), 'expected a value, `now`, `now - 30d` or `today - 7d` (s, m, h, d, w)');

/** A length on the axis of the cursor. */
const amount = z
  .union([z.number().nonnegative(), z.string()])
  .refine(
    (value) => typeof value === 'number' || isDurationText(value),
    'expected a number, or a duration such as `30s`, `2h`, `7d`',
  );

const length = amount.refine((value) => Number.parseFloat(String(value)) > 0, 'expected more than 0');

const pattern = (words: readonly string[]) =>
  z.string().superRefine((text, context) => {
    const problem = words.includes(text) ? undefined : patternProblem(text);
    if (problem === undefined) return;
    const expected = words.map((word) => `\`${word}\``).join(', ');
    context.addIssue({ code: 'custom', message: `expected ${expected} or a pattern of strftime: ${problem}` });
  });

const range = z.enum(['open', 'closed']);

/** dlt's keys of `incremental`, and those that it has a Python function for. */
const incrementalFields = {
  cursor_path: about(
    'JSONPath to the value in each record by which new ones are told from those that were loaded',
    z.string().min(1),
  ),
  initial_value: about(
    'Where the first run begins: a value, `now - 30d` or `today - 7d`. Default: with everything',
    cursorValue.nullable().optional(),
  ),
  end_value: about(
    'Where every run ends: then nothing is kept from run to run, as for a backfill',
    cursorValue.nullable().optional(),
  ),
  row_order: about(
    'The order in which the API lists records, if it does: then a list is read no further than it has to be',
    z.enum(['asc', 'desc']).nullable().optional(),
  ),
  lag: about(
    'How far before the last value the next run begins, for records that come late: seconds of times, days of days, a number, or `2h`',
    amount.nullable().optional(),
  ),
  on_cursor_value_missing: about(
    'What becomes of records without the value. Default `raise`',
    z.enum(['raise', 'include', 'exclude']).optional(),
  ),
  range_start: about(
    '`open`: records with the very last value are not loaded again. Default `closed`',
    range.optional(),
  ),
  range_end: about('`closed`: records with the very `end_value` are loaded, too. Default `open`', range.optional()),
  last_value_func: about(
    'Whether the greatest or the least value is kept. Default `max`',
    z.enum(['max', 'min']).optional(),
  ),
  primary_key: about(
    'Fields that tell records of the same value apart. Default: the primary key of the resource, else the whole record; `[]`: nothing does',
    z.union([z.string().min(1), z.array(z.string().min(1))]).optional(),
  ),
  convert: about(
    'In what form values are sent: `iso`, `date`, `unix`, `unix_ms`, or a pattern such as `%Y%m%d`. Default: as records have them',
    pattern(['iso', 'date', 'unix', 'unix_ms']).optional(),
  ),
  cursor_format: about(
    'How records write times that are neither ISO nor plain numbers: `unix`, `unix_ms`, or a pattern such as `%d.%m.%Y`',
    pattern(['unix', 'unix_ms']).optional(),
  ),
  step: about('Asks for the range in windows of this length, each a list of its own: `7d`', length.optional()),
  granularity: about(
    'By how much less the end of a window is sent, for an API that includes it: `1d`. Default `0s`',
    amount.optional(),
  ),
};

/** `endpoint.incremental`. */
export const incrementalSchema = z.strictObject({
  ...incrementalFields,
  start_param: about('Query parameter that gets the value to begin with', z.string().min(1).optional()),
  end_param: about('Query parameter that gets the value to end with', z.string().min(1).optional()),
});

/** As a parameter, which gets the value to begin with. */
export const incrementalParam = z.strictObject({
  type: about('The value to begin with, and what tells new records', z.literal('incremental')),
  ...incrementalFields,
  end_param: about('Belongs to `endpoint.incremental`', z.unknown().optional()),
});

export type IncrementalParam = z.output<typeof incrementalParam>;
