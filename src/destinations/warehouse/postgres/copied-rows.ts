import type { Client } from 'pg';
import { requireClient } from '../../require-client.ts';

/**
 * Sends what `copy … from stdin` reads. A server that does not take it any more says so in between: then no more is sent. Who is
 * told to stop does not wait for a server that reads nothing: the session is over.
 *
 * @returns how many rows came
 */
export async function copyRows(
  client: Client,
  sql: string,
  pieces: AsyncIterable<Buffer>,
  signal?: AbortSignal,
): Promise<number> {
  const { default: copyStreams } = await requireClient('pg-copy-streams', () => import('pg-copy-streams'));
  signal?.throwIfAborted();
  const target = client.query(copyStreams.from(sql));
  let isRefused = false;
  let stop = () => {};
  const failed = new Promise<never>((_, reject) => {
    // `pipeline` would wait for the end of a stream that the server's refusal never ends.
    target.on('error', (error) => {
      isRefused = true;
      reject(error); // and of the one after: the stream tells the end of what was refused as another
    });
    stop = () => reject(signal?.reason);
  });
  signal?.addEventListener('abort', stop);
  failed.catch(() => undefined);
  try {
    for await (const piece of pieces)
      await Promise.race([failed, new Promise<unknown>((resolve) => target.write(piece, resolve))]);
    await Promise.race([failed, new Promise<void>((resolve) => target.end(resolve))]);
    return target.rowCount;
  } catch (error) {
    if (signal?.aborted)
      client.end().catch(() => undefined); // at once, because a statement runs
    else if (!isRefused) target.destroy(new Error('the rows ended too early')); // else the server waits for more
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
