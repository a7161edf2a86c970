import { type Call, problem, type Reply, type World } from './reply.ts';

/** Undefined when the call carries the right key in `X-Dezgo-Key`, else the 401 that says what is wrong with it. */
export function refusal(call: Call, world: World): Reply | undefined {
  const key = call.headers['x-dezgo-key'];
  if (key === world.key) return undefined;
  if (key !== undefined) return unauthorized('The key in the header X-Dezgo-Key is not known.');
  const misplaced = call.headers.authorization === undefined ? '' : ' The header Authorization is not read.';
  return unauthorized(`The header X-Dezgo-Key is missing.${misplaced}`);
}

export const unauthorized = (detail: string) => problem(401, 'Unauthorized', detail);
