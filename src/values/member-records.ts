import { ExactNumber } from '../json/exact-number.ts';

/**
 * The records that stand in one, in order. A list of records is taken apart, however deep it is; one that holds a plain value
 * is a record itself, whose parts belong together: `[time, price]` becomes `{ value: [time, price] }`.
 */
export function memberRecords(record: unknown): unknown[] {
  if (!Array.isArray(record)) return [record];
  const members: unknown[] = [];
  const waiting: unknown[] = [record];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) for (let at = next.length - 1; at >= 0; at--) waiting.push(next[at]);
    else if (isPlainValue(next)) return [{ value: record }];
    else members.push(next);
  }
  return members;
}

// --- internal ---

function isPlainValue(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value !== 'object' || value instanceof ExactNumber;
}
