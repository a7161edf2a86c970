import type { ResolvedResource } from '../config/pipeline-config.ts';
import { textsIn } from '../config/texts-in.ts';
import type { IncrementalStart } from '../incremental/incremental-start.ts';
import { incrementalChains } from '../incremental/placeholder-values.ts';
import { type FilteredPage, type HighWater, RecordFilter } from '../incremental/record-filter.ts';
import type { Window } from '../incremental/windows.ts';
import type { Json } from '../json/json-value.ts';
import { jsonPath } from '../json-path/json-path.ts';
import { configuredStrategy, factsOf, type Strategy } from '../schema/strategies.ts';
import type { Values } from './http/url.ts';

const START = 'incremental.start_value';
const SENT = /\{incremental\.(start|last)_value\}/;

/** Which records of an incremental resource are new, in the order in which its pages are delivered. */
export class NewRecords {
  readonly #filter: RecordFilter;
  readonly #start: IncrementalStart;
  readonly #isUnsent: boolean;
  /** By what is sent as its beginning, which no two have in common. */
  readonly #windows: ReadonlyMap<string, Window>;

  private constructor(parts: NewRecordsParts) {
    this.#filter = parts.filter;
    this.#start = parts.start;
    this.#windows = parts.windows;
    this.#isUnsent = parts.isUnsent;
  }

  /** Undefined for a resource that is not incremental. `reached`: of the last page that was read, by an earlier run too. */
  static async of(
    { endpoint, primary_key, write_disposition }: ResolvedResource,
    start: IncrementalStart | undefined,
    reached: HighWater | null,
  ): Promise<NewRecords | undefined> {
    const config = endpoint?.incremental;
    if (config === undefined || start === undefined) return undefined;
    const path = await jsonPath(config.cursor_path, 'incremental.cursor_path');
    const cursorIn = (record: Json) => path.first(record);
    const filter = new RecordFilter({ config, start, primaryKey: primary_key, reached, cursorIn });
    const windows = incrementalChains(config, start).flatMap(({ values, window }) =>
      window === undefined ? [] : [[String(values[START]), window] as const],
    );
    const isUnsent =
      isPiling(configuredStrategy(write_disposition)) && !textsIn(endpoint).some((text) => SENT.test(text));
    return new NewRecords({ filter, start, windows: new Map(windows), isUnsent });
  }

  get reached(): HighWater {
    return this.#filter.reached;
  }

  /** `values`: of the chain that the page is a part of. */
  page(records: readonly Json[], values: Values): FilteredPage {
    return this.#filter.page(records, this.#windows.get(String(values[START])));
  }

  /** Where the next run begins. After a list that was not read to its end that is where this one began. */
  after(isWhole: boolean): HighWater {
    return isWhole ? this.reached : this.#start;
  }

  notes(isWhole: boolean): string[] {
    const { cursor_path } = this.#start;
    const stays = `the next run begins where this one did: the list was not read to its end, and what was left may have any \`${cursor_path}\`; with \`row_order: asc\` it would go on`;
    const unsent = `every run reads the whole list, because nothing sends \`{incremental.start_value}\` or has it as \`start_param\``;
    const isFurther = this.reached.last_value !== this.#start.last_value;
    return [
      ...(this.#isUnsent ? [unsent] : []),
      ...this.#filter.notes(),
      ...(isWhole || !isFurther || this.#start.isStateless ? [] : [stays]),
    ];
  }
}

// --- internal ---

/** Rows only ever come: what is loaded twice is there twice. */
function isPiling(strategy: Strategy | undefined): boolean {
  if (strategy === undefined) return false;
  const { needs, absent } = factsOf(strategy);
  return needs === 'no key' && absent === 'stay';
}

interface NewRecordsParts {
  readonly filter: RecordFilter;
  readonly start: IncrementalStart;
  readonly windows: ReadonlyMap<string, Window>;
  readonly isUnsent: boolean;
}
