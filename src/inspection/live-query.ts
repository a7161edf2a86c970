import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { DatasetReader } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { jsonCell, textCell } from '../duckdb/cells.ts';
import type { QueryColumn, QueryValue } from '../duckdb/query-stream.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { SecretMask } from '../extract/http/secret-mask.ts';
import { count } from '../text/count.ts';

export interface QueryLimits {
  readonly rows: number;
  /** Of columns and rows as JSON text, in UTF-8. */
  readonly bytes: number;
  /** For opening and answering. */
  readonly seconds: number;
  /** Megabytes that DuckDB may use; a server is not told. Default: 512 */
  readonly memory?: number;
  readonly threads?: number;
  /** Ends it sooner, with its reason. */
  readonly signal?: AbortSignal;
}

export interface LimitedAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Each value as JSON text, in the order of the columns: digits are exact, secrets that are known are `***`. */
  readonly rows: readonly (readonly string[])[];
  /** Which limit there are more rows beyond; null: these are all. */
  readonly cut: 'rows' | 'bytes' | null;
  /** How many values are only the beginning of what they are, with `…` at their end. */
  readonly shortened: number;
}

/**
 * Asks the live file, or whatever the destination is, one statement that reads. It is opened for that, locked down (the dataset is
 * all that is in reach) and closed again: nobody is kept from publishing, and the next query sees what was published meanwhile.
 *
 * @throws PipelineError QueryFailed: the SQL is no good, does more than read, or took too long; UsageInvalid: nothing was loaded yet;
 * DestinationLocked, …: it cannot be opened.
 */
export async function queryLive(
  config: PipelineConfig,
  sql: string,
  limits: QueryLimits,
  effects: Pick<Effects, 'sleep'>,
): Promise<LimitedAnswer> {
  const { seconds, memory = MEMORY, threads, signal } = limits;
  const ended = new AbortController();
  const late = new AbortController();
  const stop = AbortSignal.any([late.signal, ...(signal === undefined ? [] : [signal])]);
  effects.sleep(seconds * 1000, ended.signal).then(
    () => late.abort(tookTooLong(seconds)),
    () => undefined,
  );
  const work = reading(config, { memory, threads }, stop, (reader) => answerOf(reader, config, sql, limits));
  try {
    return await Promise.race([work, unheeded(stop, ended.signal, effects)]);
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
  }
}

export function tookTooLong(seconds: number): PipelineError {
  return new PipelineError({
    code: 'QueryFailed',
    message: `The query took longer than ${seconds} s and was stopped.`,
    hint: 'Ask for less: a condition on a column, fewer joins, an aggregate instead of rows.',
    facts: { seconds },
  });
}

// --- internal ---

/** Megabytes. */
const MEMORY = 512;
/** Characters of a longer value, as SQL counts them: enough to see what it is. */
const LONGEST_VALUE = 2000;
/** Of JavaScript's text, that a character is at most. */
const UNITS = 2;
/** Milliseconds that DuckDB gets to end what it is told to end. */
const GRACE = 1000;

async function reading<T>(
  config: PipelineConfig,
  allowed: { readonly memory: number; readonly threads?: number | undefined },
  stop: AbortSignal,
  work: (reader: DatasetReader) => Promise<T>,
): Promise<T> {
  stop.throwIfAborted();
  const reader = await destinationOf(config).reader(allowed);
  const stopListening = reader.interruptOn(stop);
  try {
    stop.throwIfAborted();
    return await work(reader);
  } finally {
    stopListening();
    reader.close();
  }
}

async function answerOf(
  reader: DatasetReader,
  { secrets }: PipelineConfig,
  sql: string,
  { rows: most, bytes }: QueryLimits,
): Promise<LimitedAnswer> {
  const mask = new SecretMask(secrets, { count: () => undefined });
  const { columns, batches } = await reader.query(sql);
  const cells = new Cells(mask, Math.min(LONGEST_VALUE, Math.ceil(bytes / 4)));
  const shown = columns.map(({ name, type }) => ({ name: mask.text(name), type: String(type) }));
  const rows: string[][] = [];
  let left = bytes - Buffer.byteLength(JSON.stringify(shown));
  if (left < 0) throw tooWide(columns.length, bytes);
  let cut: LimitedAnswer['cut'] = null;
  loop: for await (const batch of batches()) {
    for (const values of batch) {
      if (rows.length === most) {
        cut = 'rows';
        break loop;
      }
      const row = columns.map((column, index) => cells.text(values[index] ?? null, column));
      left -= row.reduce((sum, cell) => sum + Buffer.byteLength(cell) + 1, 2);
      if (left < 0) {
        cut = 'bytes';
        break loop;
      }
      rows.push(row);
    }
  }
  return { columns: shown, rows, cut, shortened: cells.shortened };
}

class Cells {
  readonly #mask: SecretMask;
  readonly #longest: number;
  shortened = 0;

  constructor(mask: SecretMask, longest: number) {
    this.#mask = mask;
    this.#longest = longest;
  }

  text(value: QueryValue, { type }: QueryColumn): string {
    const json = jsonCell(value, type);
    if (json.length <= this.#longest && this.#mask.text(json) === json) return json;
    const text = textCell(value, type) ?? 'null';
    const most = this.#longest * UNITS;
    const characters = [...this.#mask.start(text, most)];
    if (text.length <= most && characters.length <= this.#longest) return JSON.stringify(characters.join(''));
    this.shortened += 1;
    return JSON.stringify(`${characters.slice(0, this.#longest).join('')}…`);
  }
}

function tooWide(columns: number, bytes: number): PipelineError {
  return new PipelineError({
    code: 'QueryFailed',
    message: `The names and types of ${count(columns, 'column')} alone are longer than ${bytes} characters.`,
    hint: 'Name the columns that you need.',
    facts: { columns },
  });
}

/** Fails when a statement did not end although it was told to. It then ends by itself, and its file is closed. */
async function unheeded(stop: AbortSignal, ended: AbortSignal, { sleep }: Pick<Effects, 'sleep'>): Promise<never> {
  await new Promise((resolve) => {
    stop.addEventListener('abort', resolve, { once: true });
  });
  await sleep(GRACE, ended).catch(() => undefined);
  throw stop.reason;
}
