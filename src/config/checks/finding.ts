import type { Path } from '../file/located-tree.ts';

/** Something wrong between values that are each right by themselves. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

/** Findings of a part, in the whole that holds it at `at`. */
export function below(at: Path, findings: readonly Finding[]): Finding[] {
  return findings.map(({ path, message }) => ({ path: [...at, ...path], message }));
}
