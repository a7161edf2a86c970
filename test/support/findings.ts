import type { Findings } from '../../src/findings.ts';

/** Findings that nobody is told, but for those given. */
export function findingsOf(told: Partial<Findings> = {}): Findings {
  const nobody = () => undefined;
  return { note: nobody, warn: nobody, count: nobody, reject: nobody, request: nobody, ...told };
}
