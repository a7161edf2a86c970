import { PipelineError } from '../../errors.ts';
import { amountMicros } from '../../incremental/amount.ts';
import { sentValue } from '../../incremental/convert.ts';
import { CursorOrder } from '../../incremental/cursor-order.ts';
import { cursorInstant, isDay } from '../../incremental/cursor-time.ts';
import { type IncrementalConfig, settledStart } from '../../incremental/incremental-start.ts';
import { isRelative } from '../../incremental/relative-time.ts';
import { windowsOf } from '../../incremental/windows.ts';
import { withoutEnd } from '../../text/ends.ts';
import { placeholders } from '../../text/placeholders.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import { incrementalOf } from '../incremental-endpoint.ts';
import { isIncrementalParam } from '../values-param.ts';
import { placeholdersIn } from './check-texts.ts';
import { below, type Finding } from './finding.ts';

/** What of `incremental`, in an endpoint or as one of its parameters, does not go together. */
export function checkIncremental(endpoint: EndpointConfig): Finding[] {
  const settings = incrementalOf(endpoint);
  if (settings === undefined) return [];
  const place = placeOf(endpoint);
  return [
    ...checkOnlyOne(endpoint),
    ...(place[0] === 'incremental' ? below(place, checkRange(settings)) : []),
    ...below(place, checkSettings(settings, isSent(endpoint))),
  ];
}

// --- internal ---

type Settings = IncrementalConfig & { readonly start_param?: string | undefined; readonly end_param?: unknown };

function checkSettings(settings: Settings, sent: boolean): Finding[] {
  const found = [...checkValues(settings), ...checkLag(settings), ...checkStep(settings, sent)];
  return [...checkParams(settings), ...(found.length === 0 ? checkFirstRequests(settings) : found)];
}

function checkParams({ start_param, end_param }: Settings): Finding[] {
  if (start_param === undefined || start_param !== end_param) return [];
  return [{ path: ['end_param'], message: `\`${start_param}\` is \`start_param\` already` }];
}

function placeOf({ incremental, params = {} }: EndpointConfig): string[] {
  const name = Object.keys(params).find((key) => isIncrementalParam(params[key]));
  return incremental === undefined && name !== undefined ? ['params', name] : ['incremental'];
}

function checkOnlyOne({ incremental, params = {} }: EndpointConfig): Finding[] {
  const named = Object.entries(params).filter(([, param]) => isIncrementalParam(param));
  const others = incremental === undefined ? named.slice(1) : named;
  const first = incremental === undefined ? `\`params.${named[0]?.[0]}\`` : '`endpoint.incremental`';
  return [
    ...others.map(([name]) => ({
      path: ['params', name],
      message: `a resource has one cursor, and ${first} is it: write \`"{incremental.start_value}"\` here`,
    })),
    ...named.flatMap(([name, param]) =>
      (['end_value', 'end_param'] as const).flatMap((key) =>
        isIncrementalParam(param) && param[key] != null
          ? [
              {
                path: ['params', name, key],
                message: `\`${key}\` goes with \`endpoint.incremental\`, not with a parameter`,
              },
            ]
          : [],
      ),
    ),
  ];
}

/** The value to begin with, or the end, is asked for. */
function isSent(endpoint: EndpointConfig): boolean {
  const { incremental, params = {}, path = '' } = endpoint;
  const isParam = incremental?.start_param !== undefined || Object.values(params).some(isIncrementalParam);
  const named = [...placeholdersIn(endpoint), ...placeholders(path)];
  return isParam || named.some((name) => name === 'incremental.start_value' || name === 'incremental.last_value');
}

function checkRange({ initial_value, end_value }: Settings): Finding[] {
  if (end_value == null || initial_value != null) return [];
  return [{ path: ['end_value'], message: '`end_value` needs an `initial_value`: a range begins somewhere' }];
}

/** Values that were written cannot be compared, or are in the wrong order. */
function checkValues(settings: Settings): Finding[] {
  const { initial_value, end_value } = settings;
  const order = new CursorOrder(settings);
  const pointOf = (value: unknown) => (value == null || isRelative(value) ? undefined : order.point(value));
  try {
    const [initial, end] = [pointOf(initial_value), pointOf(end_value)];
    if (initial === undefined || end === undefined || order.compare(end, initial) >= 0) return [];
    return [{ path: ['end_value'], message: `\`${end_value}\` is beyond \`initial_value\`, \`${initial_value}\`` }];
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return [{ path: [end_value == null ? 'initial_value' : 'end_value'], message: decapitalized(error.message) }];
  }
}

function checkLag({ lag, initial_value, cursor_format }: Settings): Finding[] {
  if (typeof lag !== 'string' || typeof initial_value !== 'number' || cursor_format !== undefined) return [];
  return [
    {
      path: ['lag'],
      message: `\`${lag}\` is a time, and the cursor has numbers: set \`cursor_format: unix\`, or a number`,
    },
  ];
}

function checkStep(settings: Settings, sent: boolean): Finding[] {
  const { step, granularity, initial_value, last_value_func } = settings;
  if (step === undefined) {
    return granularity === undefined ? [] : [{ path: ['granularity'], message: '`granularity` goes with `step`' }];
  }
  const needs = (what: string) => [{ path: ['step'], message: `\`step\` needs ${what}` }];
  if (initial_value == null) return needs('an `initial_value`: windows begin somewhere');
  if (last_value_func === 'min') return needs('a cursor that grows: `last_value_func: max`');
  if (!sent)
    return needs('`start_param`, or `{incremental.start_value}` somewhere: each window would be the same list');
  return [...checkStepOfValues(settings), ...checkGranularity(settings)];
}

function checkStepOfValues({ step, initial_value, end_value, cursor_format }: Settings): Finding[] {
  if (initial_value == null || isRelative(initial_value)) return [];
  if (cursorInstant(initial_value, cursor_format) !== undefined) return [];
  if (typeof initial_value !== 'number') {
    return [
      { path: ['step'], message: `windows are of times or numbers, and \`initial_value\` is \`${initial_value}\`` },
    ];
  }
  const isNumeric = typeof end_value === 'number' && typeof step === 'number';
  const message =
    'windows of numbers need an `end_value` and a `step` that are numbers; for times since 1970 set `cursor_format: unix`';
  return isNumeric ? [] : [{ path: ['step'], message }];
}

function checkGranularity({ step = 0, granularity = 0, initial_value }: Settings): Finding[] {
  const unit = typeof initial_value === 'string' && isDay(initial_value) ? 'days' : 'seconds';
  if (amountMicros(granularity, unit) <= amountMicros(step, unit)) return [];
  return [{ path: ['granularity'], message: `has to be at most \`step\`, \`${step}\`` }];
}

/** What a run could not ask for, whatever was loaded before; values that depend on its time are left to it. */
function checkFirstRequests(settings: Settings): Finding[] {
  const { initial_value, end_value, step, convert, cursor_format } = settings;
  const [initial, end] = [initial_value, end_value].map((value) =>
    isRelative(value) ? undefined : (value ?? undefined),
  );
  const sent = [initial, end].flatMap((value) =>
    value === undefined ? [] : problemOf('convert', () => sentValue(value, convert, cursor_format)),
  );
  if (sent.length > 0 || step === undefined || initial === undefined || end === undefined) return sent.slice(0, 1);
  const start = () => settledStart(settings, { stored: undefined, now: 0, isReset: false });
  return problemOf('step', () => windowsOf(settings, start()));
}

function problemOf(key: string, work: () => unknown): Finding[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return [{ path: [key], message: decapitalized(error.message) }];
  }
}

function decapitalized(sentence: string): string {
  return withoutEnd(sentence.replace(/^The /, 'the '), '.');
}
