import type { ConfigFileInput } from '../../../../src/index.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;
type Endpoint = Exclude<NonNullable<Resource['endpoint']>, string>;

/** What a destination may lack. */
export type Feature =
  | 'merge'
  | 'scd2'
  | 'delete missing'
  | 'widening'
  | 'required columns'
  | 'comments'
  | 'counts of deleted rows';

/** What a resource is in one run, and what its source answers. */
export interface Step extends Omit<Resource, 'name' | 'data' | 'endpoint'> {
  /** JSON text. */
  readonly reply: string;
  readonly endpoint?: Endpoint;
  /** `--full-refresh` names it. */
  readonly refreshed?: true;
}

/** A resource, from run to run; undefined where a run does not load it. */
export interface Case {
  /** Of the resource. All its tables begin so, and those of no other case do. */
  readonly name: string;
  /** What is true of it, in words. */
  readonly title: string;
  readonly needs?: readonly Feature[];
  readonly steps: readonly (Step | undefined)[];
  /** Its names are too long for some destinations, which shorten them. */
  readonly hasLongNames?: true;
}

/** The same hints in each run. */
export function inEach(hints: Omit<Step, 'reply'>, ...replies: readonly (unknown[] | string)[]): Step[] {
  return replies.map((reply) => ({ ...hints, reply: typeof reply === 'string' ? reply : JSON.stringify(reply) }));
}
