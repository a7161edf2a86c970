import { isoTime } from '../../text/iso-time.ts';
import type { ServerValue } from './warehouse-transport.ts';

/** ISO 8601 in milliseconds, UTC, of an instant that a server gave. */
export function serverTime(value: ServerValue | undefined): string {
  return isoTime(Date.parse(String(value)));
}
