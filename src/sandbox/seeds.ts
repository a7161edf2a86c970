import { Account } from './account.ts';
import { JobBook, type JobFate, type JobOrder } from './job-book.ts';

const hour = 60 * 60 * 1000;

interface Seed {
  readonly ageHours: number;
  readonly polls: number;
  readonly fate: JobFate;
  readonly cost: number;
  readonly count: number;
}

/** In the order of `sandboxJobs`: the first is older than the 30 days that job data is kept. */
const seeds: readonly Seed[] = [
  { ageHours: 31 * 24, polls: 2, fate: 'completed', cost: 150, count: 1 },
  { ageHours: 48, polls: 2, fate: 'completed', cost: 362, count: 2 },
  { ageHours: 24, polls: 2, fate: 'failed', cost: 53, count: 1 },
  { ageHours: 2, polls: 1, fate: 'completed', cost: 181, count: 1 },
  { ageHours: 1, polls: 0, fate: 'completed', cost: 53, count: 1 },
];

/** Books with one deposit of 10 USD and the jobs of `sandboxJobs`, dated back from `now`. */
export function openBooks(now: number): { account: Account; jobs: JobBook } {
  const account = new Account();
  const jobs = new JobBook(account);
  account.deposit(100_000, now - 32 * 24 * hour);
  seeds.forEach((seed, index) => {
    jobs.start(orderOf(seed, index, now), seed.polls);
  });
  return { account, jobs };
}

function orderOf({ ageHours, fate, cost, count }: Seed, index: number, now: number): JobOrder {
  return {
    function: 'text2image',
    model: 'plainpaper_1_0',
    prompt: `an invented prompt, number ${index + 1}`,
    seed: 1000 + index,
    width: 512,
    height: 512,
    count,
    cost,
    fate,
    createdAt: now - ageHours * hour,
  };
}
