import type { Call, Reply, World } from '../reply.ts';
import type { Route } from '../route.ts';

/** One of the services that the stand-in plays. */
export interface Profile {
  /** Such as `Dezgo API`. */
  readonly title: string;
  /** The key that it accepts when none is given. Invented: it opens nothing else. */
  readonly key: string;
  /** Where the paths of a configuration begin, such as `/v1`; empty for the root. */
  readonly base: string;
  /** Headers that every request needs, with the key first. */
  readonly headers: readonly string[];
  readonly routes: readonly Route[];
  /** Undefined when the call carries the right key, else the reply that says what is wrong with it. */
  refusal(call: Call, world: World): Reply | undefined;
  /** What every reply to the right key carries. */
  replyHeaders(world: World): Reply['headers'];
  /** An error in the words of this service. */
  failure(status: number, detail: string, headers?: Reply['headers']): Reply;
}
