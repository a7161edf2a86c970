import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { LineProcess } from './line-process.ts';
import { type LimitedAnswer, type QueryLimits, tookTooLong } from './live-query.ts';
import { isStopped, type ProcessAnswer, type ProcessQuestion, parsedAnswer, tookTooMuch } from './query-lines.ts';
import type { RowsFile } from './rows-file.ts';

export interface QueryProgram {
  /** Node and this program, as they were started. */
  readonly program: readonly string[];
  /** Of the program: `-c FILE`, `--secrets FILE`. */
  readonly options: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Asks like `queryLive`, in a process of its own: for SQL of which nobody knows what it does. Functions of DuckDB go on for minutes and take
 * any memory without listening, and only a process can be ended. It is started with the first question, kept for the next ones, and
 * holds no lock between them; a question that has to be stopped takes it along.
 */
export class QueryProcess {
  readonly #how: QueryProgram;
  readonly #effects: Pick<Effects, 'sleep'>;
  #running: LineProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(how: QueryProgram, effects: Pick<Effects, 'sleep'>) {
    this.#how = how;
    this.#effects = effects;
  }

  /** One question after the other. Throws as `queryLive`; QueryFailed also where it took too much memory. */
  async ask(sql: string, { signal, ...limits }: QueryLimits): Promise<LimitedAnswer> {
    const turn = this.#last.then(() => this.#asked({ sql, limits }, limits.seconds, signal));
    this.#last = turn.catch(() => undefined);
    const said = await turn;
    if (said !== undefined && 'answer' in said) return said.answer;
    throw this.#errorIn(said);
  }

  /** All rows as a file, like `writeRowsFile`, in a process for this alone: no question waits for it. */
  async save(
    sql: string,
    file: RowsFile,
    { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const own = new QueryProcess(this.#how, this.#effects);
    try {
      const said = await own.#asked({ sql, file }, seconds, signal);
      if (said === undefined || !('saved' in said)) throw own.#errorIn(said);
    } finally {
      own.close();
    }
  }

  /** Ends the process. */
  close(): void {
    this.#running?.end();
    this.#running = undefined;
  }

  /** undefined: the process ended instead. */
  async #asked(
    question: ProcessQuestion,
    seconds: number,
    signal: AbortSignal | undefined,
  ): Promise<ProcessAnswer | undefined> {
    signal?.throwIfAborted();
    const stop = () => this.close();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const running = await this.#started();
      running.send(JSON.stringify(question));
      const said = await this.#within(seconds + GRACE, seconds, running.next());
      signal?.throwIfAborted();
      return said === undefined ? undefined : parsedAnswer(said);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  #errorIn(said: ProcessAnswer | undefined): PipelineError {
    const error = said !== undefined && 'error' in said ? new PipelineError(said.error) : tookTooMuch();
    if (isStopped(error)) this.close();
    return error;
  }

  /** The one that runs, or a new one that says that it listens. */
  async #started(): Promise<LineProcess> {
    if (this.#running !== undefined && !this.#running.isOver) return this.#running;
    const { program, options, ...where } = this.#how;
    const [node = '', ...script] = program;
    const command = [node, `--max-old-space-size=${HEAP}`, ...script, ...options, 'query', '-', '--answer-lines'];
    const running = LineProcess.start(command, where);
    this.#running = running;
    if ((await this.#within(START, START, running.next())) !== undefined) return running;
    this.close();
    throw new PipelineError({
      code: 'Internal',
      message: 'The process that answers queries did not start.',
      hint: "Ask from a shell: dezgo-elt query 'show tables'",
    });
  }

  /** Ends the process where it says nothing for so many seconds. */
  async #within<T>(seconds: number, told: number, work: Promise<T>): Promise<T> {
    const ended = new AbortController();
    const late = this.#effects.sleep(seconds * 1000, ended.signal).then(
      () => {
        this.close();
        throw tookTooLong(told);
      },
      () => work, // it was in time
    );
    try {
      return await Promise.race([work, late]);
    } finally {
      ended.abort();
    }
  }
}

// --- internal ---

/** Seconds, on a machine that has much to do. */
const START = 60;
/** Seconds beyond the limit of the query, for opening and for an answer by itself. */
const GRACE = 2;
/** Megabytes of JavaScript. */
const HEAP = 512;
