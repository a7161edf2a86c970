import type { Path } from '../file/located-tree.ts';
import { FileReference, filesIn } from '../file-reference.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import type { Finding } from './finding.ts';

/** Files in a body that is asked again and again, and what was meant as a file and would be sent as it was written. */
export function checkFiles({ json, data, poll }: Omit<EndpointConfig, 'fallbacks'>): Finding[] {
  const isPolled = poll !== undefined && filesIn([json, data]).length > 0;
  const message = 'asks the same again and again, and would send its files each time';
  return [...(isPolled ? [{ path: ['poll'], message }] : []), ...almostFiles(json, ['json'])];
}

// --- internal ---

const keys = ['file', 'content_type', 'data_url', 'filename'];

function almostFiles(value: unknown, at: Path): Finding[] {
  if (typeof value !== 'object' || value === null || value instanceof FileReference) return [];
  const members: [string, unknown][] = Object.entries(value);
  if (at.length > 1 && 'file' in value && members.length > 1 && members.every(([key]) => keys.includes(key)))
    return [
      { path: at, message: 'expected `{ file: PATH, content_type: TYPE, data_url: true }`, of which `file` is needed' },
    ];
  return members.flatMap(([key, member]) => almostFiles(member, [...at, Array.isArray(value) ? Number(key) : key]));
}
