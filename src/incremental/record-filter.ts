import { PipelineError } from '../errors.ts';
import type { Json } from '../json/json-value.ts';
import { CursorOrder, type CursorPoint } from './cursor-order.ts';
import { cursorOfText, cursorText } from './cursor-value.ts';
import { areLegacyHashes, type DedupKey, dedupHash } from './dedup-hash.ts';
import type { IncrementalConfig, IncrementalStart } from './incremental-start.ts';
import type { Window } from './windows.ts';

/** How far records were read: plain JSON, kept with the position of a resource. */
export interface HighWater {
  /** JSON text of the furthest value. */
  readonly last_value: string | null;
  /** Of the records that have that value. */
  readonly unique_hashes: readonly string[];
}

export interface FilteredPage {
  readonly records: readonly Json[];
  /** A record was beyond the range, on the side where all that follow are, too: nothing more is to be asked for. */
  readonly isOver: boolean;
}

export interface FilterParts {
  readonly config: IncrementalConfig;
  readonly start: IncrementalStart;
  /** The resource's own, where `incremental` names none. */
  readonly primaryKey: readonly string[] | undefined;
  /** Of the page that was read last; null: none was. */
  readonly reached: HighWater | null;
  /** The value that `cursor_path` finds in a record. */
  readonly cursorIn: (record: Json) => unknown;
}

/** Lets through what is in the range and was not loaded before, and keeps the furthest value: dlt's rules, record by record. */
export class RecordFilter {
  readonly #parts: FilterParts;
  readonly #order: CursorOrder;
  readonly #key: DedupKey;
  readonly #isDeduplicating: boolean;
  readonly #start: CursorPoint | undefined;
  readonly #end: CursorPoint | undefined;
  readonly #known: ReadonlySet<string>;
  readonly #isKnownLegacy: boolean;
  #isLegacy: boolean;
  #last: CursorPoint | undefined;
  /** As it came; changed only by what is further. */
  #lastText: string | null;
  #hashes: Set<string>;
  #excluded = 0;
  #foreign = 0;

  constructor(parts: FilterParts) {
    const { config, start, primaryKey, reached } = parts;
    this.#parts = parts;
    this.#order = new CursorOrder(config);
    this.#key = keyOf(config, primaryKey);
    this.#isDeduplicating = isDeduplicating(config, start);
    this.#start = this.#pointOf(start.start_value);
    this.#end = this.#pointOf(start.end_value);
    this.#known = new Set(start.unique_hashes);
    this.#isKnownLegacy = areLegacyHashes(start.unique_hashes);
    const { last_value, unique_hashes } = reached ?? start;
    this.#lastText = last_value;
    this.#last = this.#pointOf(last_value);
    this.#hashes = new Set(unique_hashes);
    this.#isLegacy = areLegacyHashes(unique_hashes);
  }

  get reached(): HighWater {
    return { last_value: this.#lastText, unique_hashes: this.#isDeduplicating ? [...this.#hashes] : [] };
  }

  /** What was left out and is no matter of course. */
  notes(): string[] {
    const { cursor_path } = this.#parts.config;
    return [
      ...(this.#excluded === 0
        ? []
        : [`${this.#excluded} without \`${cursor_path}\` left out (on_cursor_value_missing)`]),
      ...(this.#foreign === 0 ? [] : [`${this.#foreign} left out of windows that they do not belong to`]),
    ];
  }

  /** `window`: of the list that the page is a part of. */
  page(records: readonly Json[], window: Window | undefined): FilteredPage {
    const { row_order } = this.#parts.config;
    const bounds = window === undefined ? undefined : this.#boundsOf(window);
    const latest: Json[] = [];
    let isOver = false;
    const kept = records.filter((record) => {
      const side = this.#sideOf(record, bounds, latest);
      isOver ||= (side === 'before' && row_order === 'desc') || (side === 'after' && row_order === 'asc');
      return side === 'within';
    });
    for (const record of latest) this.#hashes.add(dedupHash(record, this.#key, this.#isLegacy));
    return { records: kept, isOver };
  }

  #sideOf(record: Json, bounds: Bounds | undefined, latest: Json[]): Side {
    const { config, cursorIn } = this.#parts;
    const value = cursorIn(record);
    if (value == null) return this.#withoutValue(record, value);
    const point = this.#order.point(value);
    const end = this.#end === undefined ? -1 : this.#order.compare(point, this.#end);
    if (end > 0 || (end === 0 && config.range_end !== 'closed')) return 'after';
    const start = this.#start === undefined ? 1 : this.#order.compare(point, this.#start);
    if (start < 0 || (start === 0 && config.range_start === 'open')) return 'before';
    if (start === 0 && this.#isKnown(record)) return 'left out'; // behind it may be others of the same value
    const inWindow = bounds === undefined ? 'within' : this.#sideOfWindow(point, bounds);
    if (inWindow !== 'within') {
      this.#foreign += 1;
      return inWindow;
    }
    this.#advance(record, point, latest);
    return 'within';
  }

  #isKnown(record: Json): boolean {
    if (!this.#isDeduplicating || this.#known.size === 0) return false;
    return this.#known.has(dedupHash(record, this.#key, this.#isKnownLegacy));
  }

  #advance(record: Json, point: CursorPoint, latest: Json[]): void {
    const further = this.#last === undefined ? 1 : this.#order.compare(point, this.#last);
    if (further < 0) return;
    if (further > 0) {
      this.#last = point;
      this.#lastText = cursorText(point.value);
      this.#hashes = new Set();
      this.#isLegacy = false;
      latest.length = 0;
    }
    if (this.#isDeduplicating) latest.push(record);
  }

  #withoutValue(record: Json, value: unknown): Side {
    const { cursor_path, on_cursor_value_missing: missing = 'raise' } = this.#parts.config;
    if (missing === 'include') return 'within';
    if (missing === 'raise') throw cursorMissing(cursor_path, record, value);
    this.#excluded += 1;
    return 'left out';
  }

  /** The last window ends where the range does. */
  #boundsOf({ start, end, isLast }: Window): Bounds {
    return { start: this.#order.point(start), end: isLast ? undefined : this.#order.point(end) };
  }

  #sideOfWindow(point: CursorPoint, { start, end }: Bounds): Side {
    if (this.#order.compare(point, start) < 0) return 'before';
    return end === undefined || this.#order.compare(point, end) < 0 ? 'within' : 'after';
  }

  #pointOf(text: string | null): CursorPoint | undefined {
    const value = cursorOfText(text);
    return value === undefined ? undefined : this.#order.point(value);
  }
}

// --- internal ---

/** `left out`: it has no value, or was loaded before. */
type Side = 'before' | 'within' | 'after' | 'left out';

interface Bounds {
  readonly start: CursorPoint;
  readonly end: CursorPoint | undefined;
}

function keyOf({ primary_key }: IncrementalConfig, ofResource: readonly string[] | undefined): DedupKey {
  if (primary_key !== undefined) return { fields: primary_key, isRequired: true };
  const [only, ...more] = ofResource ?? [];
  return { fields: more.length === 0 ? only : ofResource, isRequired: false };
}

/** Where a range overlaps the one before by intent, or nothing is kept of it, none of its records counts as known. */
function isDeduplicating(
  { range_start, lag, primary_key }: IncrementalConfig,
  { isStateless }: IncrementalStart,
): boolean {
  return range_start !== 'open' && !isStateless && !lag && !(Array.isArray(primary_key) && primary_key.length === 0);
}

function cursorMissing(path: string, record: Json, value: unknown): PipelineError {
  const fields = typeof record === 'object' && record !== null ? Object.keys(record).slice(0, 20) : [];
  const what = value === null ? 'is null' : 'is not there';
  return new PipelineError({
    code: 'CursorUnusable',
    message: `The cursor \`${path}\` ${what} in a record, which has ${fields.length === 0 ? 'no fields' : fields.map((name) => `\`${name}\``).join(', ')}.`,
    hint: 'Correct `cursor_path`, as the API names the field; or set `on_cursor_value_missing` to `include` or `exclude`.',
    facts: { cursorPath: path, fields },
  });
}
