import { columnName } from '../../schema/naming.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import type { Finding } from './finding.ts';

/** Headers of a reply that would become one and the same field of its records. */
export function checkIncludedHeaders({ include_headers = {} }: Pick<EndpointConfig, 'include_headers'>): Finding[] {
  const entries = Object.entries(include_headers);
  return entries.flatMap(([header, key], index) => {
    const isTaken = entries.slice(0, index).some(([, other]) => columnName(other) === columnName(key));
    const message = `the field \`${columnName(key)}\` is that of another header`;
    return isTaken ? [{ path: ['include_headers', header], message }] : [];
  });
}
