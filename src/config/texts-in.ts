import { Secret } from './secret.ts';

/** Every text in a part of the configuration, however deep; no secrets. */
export function textsIn(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  const isInner = typeof part === 'object' && part !== null && !(part instanceof Secret);
  return isInner ? Object.values(part).flatMap(textsIn) : [];
}
