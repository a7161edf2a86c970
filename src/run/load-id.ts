/** Digits after the point: a load id is seconds since 1970, always to the microsecond, so that text order is time order. */
const FRACTION_DIGITS = 6;

/**
 * The id of a new load package, `1749667187.541553`: greater than every one in `taken`, because clocks step back.
 *
 * @param now milliseconds since 1970
 */
export function nextLoadId(now: number, taken: readonly string[]): string {
  let micros = BigInt(Math.floor(now * 1000));
  for (const id of taken) {
    const other = microsOf(id);
    if (other >= micros) micros = other + 1n;
  }
  const digits = String(micros).padStart(10 + FRACTION_DIGITS, '0');
  return `${digits.slice(0, -FRACTION_DIGITS)}.${digits.slice(-FRACTION_DIGITS)}`;
}

/** dlt writes ids with any number of decimals. */
function microsOf(loadId: string): bigint {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(loadId);
  if (match === null) return 0n;
  return BigInt((match[1] ?? '0') + (match[2] ?? '').padEnd(FRACTION_DIGITS, '0').slice(0, FRACTION_DIGITS));
}
