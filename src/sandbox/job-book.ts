import type { Account, Transaction, Units } from './account.ts';
import { imageId, jobId } from './ids.ts';

export type JobFate = 'completed' | 'failed';

export interface JobOrder {
  /** The generation function, such as `text2image`. */
  readonly function: string;
  readonly model: string;
  readonly prompt: string | null;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** How many images were ordered. */
  readonly count: number;
  readonly cost: Units;
  readonly fate: JobFate;
  readonly createdAt: number;
}

export interface Job extends JobOrder {
  readonly id: string;
  readonly imageIds: readonly string[];
  /** The ledger entry that paid for it. */
  readonly transaction: Transaction;
}

const keptMs = 30 * 24 * 60 * 60 * 1000;

/** All jobs of the stand-in, and how often each was asked for: asking is what makes them advance. */
export class JobBook {
  readonly #account: Account;
  readonly #jobs = new Map<string, Job>();
  readonly #polls = new Map<string, number>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** `polls` is how often the job counts as asked for already: 0 queued, 1 processing, 2 and more finished. */
  start(order: JobOrder, polls: number): Job {
    const id = jobId(this.#jobs.size + 1);
    const meta = {
      'job.function': order.function,
      'apiKey.label': 'sandbox',
      'job.input.model': order.model,
      'file.input': `${id}/input`,
      'file.output': `${id}/output`,
      'file.output.count': String(order.count),
    };
    const transaction = this.#account.charge(order.cost, meta, order.createdAt);
    const imageIds = Array.from({ length: order.count }, (_, index) => imageId(id, index));
    const job: Job = { ...order, id, imageIds, transaction };
    this.#jobs.set(id, job);
    this.#polls.set(id, polls);
    return job;
  }

  /** The job, or undefined when it never was or its data is older than 30 days. */
  find(id: string, now: number): Job | undefined {
    const job = this.#jobs.get(id);
    return job !== undefined && now - job.createdAt <= keptMs ? job : undefined;
  }

  /** The job as the API shows it now. The next call shows its next status. */
  poll(job: Job, origin: string): object {
    const shown = this.show(job, origin);
    this.#polls.set(job.id, this.#pollsOf(job) + 1);
    return shown;
  }

  /** The job object is invented: no client or page shows a real one. */
  show(job: Job, origin: string): object {
    const status = this.#statusOf(job);
    return {
      id: job.id,
      status,
      function: job.function,
      model: job.model,
      prompt: job.prompt,
      seed: job.seed,
      cost: -job.transaction.amount,
      createdAt: job.transaction.time,
      updatedAt: new Date(job.createdAt + 1000 * Math.min(this.#pollsOf(job), 2)).toISOString(),
      error: status === 'failed' ? { title: 'Generation failed', detail: 'The stand-in was asked to fail.' } : null,
      result: status === 'completed' ? { seed: job.seed, images: imagesOf(job, origin) } : null,
    };
  }

  /** The finished, unexpired job that made this image. */
  makerOf(id: string, now: number): Job | undefined {
    const maker = [...this.#jobs.values()].find(({ imageIds }) => imageIds.includes(id));
    if (maker === undefined || this.#statusOf(maker) !== 'completed') return undefined;
    return this.find(maker.id, now);
  }

  #pollsOf(job: Job): number {
    return this.#polls.get(job.id) ?? 0;
  }

  #statusOf(job: Job): 'queued' | 'processing' | JobFate {
    const polls = this.#pollsOf(job);
    if (polls === 0) return 'queued';
    return polls === 1 ? 'processing' : job.fate;
  }
}

function imagesOf(job: Job, origin: string): object[] {
  return job.imageIds.map((id, index) => ({
    id,
    index,
    url: `${origin}/images/${id}`,
    format: 'png',
    width: job.width,
    height: job.height,
  }));
}
