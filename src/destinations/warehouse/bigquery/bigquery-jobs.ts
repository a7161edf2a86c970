import type { Parameters } from '../../../duckdb/connection.ts';
import type {
  BigqueryAnswer,
  BigqueryClient,
  BigqueryField,
  BigqueryJob,
  BigqueryJobFacts,
  BigqueryQuery,
} from './bigquery-client.ts';
import { bigqueryError, statementError } from './bigquery-errors.ts';
import { bigqueryParameters, type JobRow } from './bigquery-values.ts';

/** Rows that are asked for at a time, of what can be large. */
const BATCH = 2000;

export interface JobPage {
  readonly fields: readonly BigqueryField[];
  readonly rows: readonly JobRow[];
}

/** Statements of one user, each a job; in a session, once it was begun. What fails throws as the client threw it, unless a method says otherwise. */
export class BigqueryJobs {
  readonly #client: BigqueryClient;
  readonly #location: string;
  readonly #dataset: string;
  readonly #signal: AbortSignal | undefined;
  #sessionId: string | undefined;
  #running: BigqueryJob | undefined;

  constructor(client: BigqueryClient, location: string, dataset: string, signal?: AbortSignal) {
    this.#client = client;
    this.#location = location;
    this.#dataset = dataset;
    this.#signal = signal;
  }

  get dataset(): string {
    return this.#dataset;
  }

  get location(): string {
    return this.#location;
  }

  get hasSession(): boolean {
    return this.#sessionId !== undefined;
  }

  /** Later statements are in one session, in which transactions are. Answers its id. */
  async openSession(): Promise<string> {
    const job = await this.#start({ query: 'select 1', createSession: true });
    await this.#page(job);
    const [facts] = await job.getMetadata();
    this.#sessionId = facts.statistics?.sessionInfo?.sessionId;
    if (this.#sessionId === undefined) throw new Error('BigQuery opened no session');
    return this.#sessionId;
  }

  leaveSession(): void {
    this.#sessionId = undefined;
  }

  /** All rows at once. */
  async rows(sql: string, values: Parameters): Promise<JobPage> {
    const job = await this.#start({ query: sql, ...bigqueryParameters(values), ...this.#session() });
    const first = await this.#page(job);
    const rows = [...first.rows];
    for (let next = first.next; next !== undefined; ) {
      const page = await this.#page(job, next);
      rows.push(...page.rows);
      next = page.next;
    }
    return { fields: first.fields, rows };
  }

  /** How many rows a statement changed. */
  async change(sql: string, values: Parameters, names: 'qualified' | 'of the dataset' = 'qualified'): Promise<number> {
    const within = names === 'qualified' ? {} : this.#names();
    const job = await this.#start({ query: sql, ...bigqueryParameters(values), ...this.#session(), ...within });
    if (job.metadata?.status?.state === 'DONE') return changedBy(job.metadata);
    const { changed } = await this.#page(job);
    if (changed !== undefined) return Number(changed);
    const [facts] = await job.getMetadata();
    return changedBy(facts);
  }

  /** SQL that somebody else wrote: one statement that only reads. Its pages as they come; throws StatementFailed or PipelineError. */
  async asked(
    sql: string,
    values: Parameters,
  ): Promise<{ fields: JobPage['fields']; pages: () => AsyncGenerator<JobPage['rows']> }> {
    await this.check(sql, values);
    return this.#telling(async () => {
      const query = { query: sql, ...bigqueryParameters(values), ...this.#session(), ...this.#names() };
      const job = await this.#start(query);
      const first = await this.#page(job, undefined, BATCH);
      return { fields: first.fields, pages: () => this.#pages(job, first) };
    });
  }

  /** Runs nothing. Throws StatementFailed unless it is one statement that only reads. */
  async check(sql: string, values: Parameters = []): Promise<void> {
    await this.#telling(async () => {
      const [job] = await this.#client.createQueryJob({
        ...{ query: sql, dryRun: true },
        ...bigqueryParameters(values),
        ...this.#names(),
      });
      const kind = job.metadata?.statistics?.query?.statementType;
      if (kind !== 'SELECT') throw statementError(notOneSelect(kind), this.#location);
    });
  }

  /** What runs fails. */
  interrupt(): void {
    this.#running?.cancel().catch(() => undefined);
  }

  async #start(query: BigqueryQuery): Promise<BigqueryJob> {
    this.#signal?.throwIfAborted();
    const [job] = await this.#client.createQueryJob(query);
    return job;
  }

  #names() {
    return { defaultDataset: { datasetId: this.#dataset } };
  }

  #session() {
    return this.#sessionId === undefined
      ? {}
      : { connectionProperties: [{ key: 'session_id', value: this.#sessionId }] };
  }

  async *#pages(job: BigqueryJob, first: Page): AsyncGenerator<JobPage['rows']> {
    if (first.rows.length > 0) yield first.rows;
    for (let next = first.next; next !== undefined; ) {
      const token = next;
      const page = await this.#telling(() => this.#page(job, token, BATCH));
      yield page.rows;
      next = page.next;
    }
  }

  /** Waits until there are rows, or none. */
  async #page(job: BigqueryJob, pageToken?: string, maxResults?: number): Promise<Page> {
    const stop = () => void job.cancel().catch(() => undefined);
    this.#signal?.addEventListener('abort', stop, { once: true });
    this.#running = job;
    try {
      for (;;) {
        const answer = await this.#answer(job, { pageToken, maxResults });
        this.#signal?.throwIfAborted();
        if (answer.jobComplete === false) continue;
        return {
          fields: answer.schema?.fields ?? [],
          rows: (answer.rows ?? []).map(({ f }) => f.map(({ v }) => v)),
          next: answer.pageToken,
          changed: answer.numDmlAffectedRows,
        };
      }
    } finally {
      this.#running = undefined;
      this.#signal?.removeEventListener('abort', stop);
    }
  }

  /** By the REST API itself: the client would round values, and lose columns of the same name. */
  #answer({ id, location }: BigqueryJob, of: { pageToken?: string | undefined; maxResults?: number | undefined }) {
    const given = Object.fromEntries(Object.entries({ location, ...of }).filter(([, value]) => value !== undefined));
    const qs = { ...given, 'formatOptions.useInt64Timestamp': true };
    return new Promise<BigqueryAnswer>((resolve, reject) => {
      this.#client.request({ uri: `/queries/${id}`, qs }, (error, answer) =>
        error === null || error === undefined ? resolve(answer) : reject(error),
      );
    });
  }

  async #telling<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw statementError(error, this.#location);
    }
  }
}

/** Runs it, and tells what fails as a member of the family. */
export async function told<T>(location: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw bigqueryError(error, location);
  }
}

// --- internal ---

interface Page extends JobPage {
  readonly next: string | undefined;
  readonly changed: string | undefined;
}

function changedBy({ statistics }: BigqueryJobFacts): number {
  return Number(statistics?.query?.numDmlAffectedRows ?? 0);
}

function notOneSelect(kind: string | undefined): Error {
  const found = kind === undefined ? 'this is none' : `this is ${kind.replaceAll('_', ' ')}`;
  return Object.assign(new Error(`Only one SELECT is answered, and ${found}`), {
    errors: [{ reason: 'accessDenied' }],
  });
}
