import { type Fragment, fragment } from '../../../load/staging/sql-fragment.ts';
import type { Dialect } from '../dialect.ts';

/** A point in time, as SQL of the engine. `micros`: microseconds since 1970. */
export function instantValue(dialect: Dialect, micros: bigint): Fragment {
  return fragment(`cast(? as ${dialect.typeOf({ name: '', data_type: 'timestamp' })})`, isoMicros(micros));
}

/** ISO 8601 in UTC, to the microsecond. */
function isoMicros(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number(micros - rest) / 1000).toISOString().slice(0, -5);
  return `${seconds}.${String(rest).padStart(6, '0')}Z`;
}
