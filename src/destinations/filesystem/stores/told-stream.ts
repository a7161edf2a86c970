import { Readable } from 'node:stream';

/** The same bytes; what breaks off on the way is thrown as `tell` makes it. */
export function toldStream(stream: Readable, tell: (thrown: unknown) => Error): Readable {
  return Readable.from(told(stream, tell), { objectMode: false });
}

// --- internal ---

async function* told(stream: Readable, tell: (thrown: unknown) => Error): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    throw tell(error);
  }
}
