const TIMES_LONGER = 16;
/** Between the 1 of a scan that is linear and the 16 of one that is quadratic. */
export const LINEAR = 4;

/**
 * How much more one text costs than sixteen of a sixteenth of its length: about 1 where work grows with the length, 16 where it
 * grows with its square. The fastest of several rounds of each counts, so that a busy machine changes little.
 */
export function growth(scan: (text: string) => unknown, textOf: (length: number) => string, length = 1000): number {
  const short = textOf(length);
  const long = textOf(length * TIMES_LONGER);
  const manyShort = () => {
    for (let times = 0; times < TIMES_LONGER; times++) scan(short);
  };
  const fastest = { short: Number.POSITIVE_INFINITY, long: Number.POSITIVE_INFINITY };
  manyShort();
  for (let round = 0; round < 6; round++) {
    fastest.short = Math.min(fastest.short, duration(manyShort));
    fastest.long = Math.min(
      fastest.long,
      duration(() => scan(long)),
    );
    if (round > 0 && fastest.long < LINEAR * fastest.short) break;
  }
  return fastest.long / fastest.short;
}

function duration(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
