import type { Call, Reply, World } from './reply.ts';

/** A method at a path, and what it answers. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** The last segment may be `{id}`. */
  readonly path: string;
  /** Fields without which the call is refused, for the OpenAPI document. */
  readonly needs?: readonly string[];
  /** Only the order's resource table names it; no client or page of the live service does. */
  readonly plan?: true;
  /** Answers without a key too. */
  readonly open?: true;
  /** What it answers with, for the OpenAPI document: the schema of JSON, or `image`. Absent: the document does not say. */
  readonly shape?: object | 'image';
  /** Query parameters that it takes, for the same. */
  readonly query?: readonly string[];
  readonly answer: (call: Call, world: World) => Reply | Promise<Reply>;
}

export function matches(pattern: string, path: string): boolean {
  if (!pattern.endsWith('/{id}')) return pattern === path;
  const folder = pattern.slice(0, -'{id}'.length);
  return path.startsWith(folder) && path.length > folder.length && !path.includes('/', folder.length);
}
