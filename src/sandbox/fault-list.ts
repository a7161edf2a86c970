import { PipelineError } from '../errors.ts';
import { type FaultKind, type FaultName, faults } from './faults.ts';
import type { Call } from './reply.ts';

/** A fault by its name, or with its defaults changed. */
export type Fault = FaultName | FaultSettings;

interface FaultSettings {
  readonly name: FaultName;
  /** Only requests of this path. Default: as the fault says, mostly every path. */
  readonly path?: string;
  /** Only so many requests. Default: as the fault says, mostly all. */
  readonly times?: number;
  /** How long a slow fault waits, in milliseconds. @default 2000 */
  readonly ms?: number;
}

const faultNames = Object.keys(faults).filter(isFaultName);

/**
 * A name that somebody typed.
 *
 * @throws PipelineError `UsageInvalid`, with the names there are.
 */
export function faultName(text: string): FaultName {
  if (isFaultName(text)) return text;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `There is no fault "${text}" in the sandbox.`,
    hint: `Give one of: ${faultNames.join(', ')}.`,
    facts: { fault: text },
  });
}

function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(faults, text);
}

interface ActiveFault {
  readonly kind: FaultKind;
  readonly path: string | undefined;
  readonly ms: number;
  left: number;
}

/** The faults that are switched on, and how many requests each has left. */
export class FaultList {
  readonly #active: readonly ActiveFault[];

  constructor(wanted: Fault | readonly Fault[] | null) {
    this.#active = [wanted ?? []].flat().map(activate);
  }

  /** What the first fault that works in this way does to the call; it counts as used. */
  take<Way extends 'instead' | 'alter' | 'send'>(
    way: Way,
    call: Call,
  ): { act: NonNullable<FaultKind[Way]>; ms: number } | undefined {
    for (const active of this.#active) {
      const act = active.kind[way];
      if (act === undefined || active.left <= 0 || (active.path ?? call.path) !== call.path) continue;
      active.left -= 1;
      return { act, ms: active.ms };
    }
    return undefined;
  }
}

function activate(fault: Fault): ActiveFault {
  const settings = typeof fault === 'string' ? { name: fault } : fault;
  const kind = faults[faultName(settings.name)];
  return {
    kind,
    path: settings.path ?? kind.path,
    ms: settings.ms ?? 2000,
    left: settings.times ?? kind.times ?? Number.POSITIVE_INFINITY,
  };
}
