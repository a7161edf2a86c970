import type { Path } from './file/located-tree.ts';
import { Secret } from './secret.ts';

export interface FoundSecret {
  readonly secret: Secret;
  readonly path: Path;
}

/** Every secret in a part of the configuration, with its place; `at` is the place of the part. */
export function secretsIn(value: unknown, at: Path = []): FoundSecret[] {
  if (value instanceof Secret) return [{ secret: value, path: at }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    return secretsIn(member, [...at, Array.isArray(value) ? Number(key) : key]);
  });
}
