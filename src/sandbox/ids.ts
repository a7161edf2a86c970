/** Ids of the stand-in are numbered, never random: the same calls give the same ids. Every one starts with `5a4db0c5`. */
function inventedId(series: number, number: number): string {
  return `5a4db0c5-${hex(series, 4)}-4000-8000-${hex(number, 12)}`;
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** The key that the stand-in accepts when none is given. Invented: it opens nothing else. */
export const sandboxKey = `DEZGO-${'5A4DB0C5'.repeat(9)}`;

export const sandboxUserId = inventedId(1, 1);

const jobSeries = 2;

export const jobId = (number: number) => inventedId(jobSeries, number);
export const imageId = (job: string, index: number) => inventedId(3 + index, Number.parseInt(job.slice(-12), 16));
export const transactionId = (index: number) => inventedId(0xf, index);

/**
 * Jobs that are there from the start. `running` and `queued` advance with every GET; `expired` is older than 30 days
 * and `unknown` never existed: both answer 404.
 */
export const sandboxJobs = {
  expired: jobId(1),
  completed: jobId(2),
  failed: jobId(3),
  running: jobId(4),
  queued: jobId(5),
  unknown: jobId(0xdead),
} as const;
