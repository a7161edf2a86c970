import { createServer, type Socket } from 'node:net';
import { whenDone } from '../../support/shared.ts';

/** What a statement is answered with: rows of texts, or an error by its SQLSTATE. */
export type Answer = { readonly columns: readonly string[]; readonly rows: readonly string[][] } | { error: string };

/**
 * Speaks PostgreSQL's protocol, as far as a client needs it, and does nothing but keep what it is asked; gone when the test ends.
 *
 * @param answer of a statement, by its text; undefined: it was done
 */
export async function recordingServer(answer: (sql: string) => Answer | undefined) {
  const statements: string[] = [];
  const server = createServer((socket) => {
    let waiting = Buffer.alloc(0);
    let asked: string | undefined;
    let isStarted = false;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      waiting = Buffer.concat([waiting, data]);
      for (let head = isStarted ? 1 : 0; waiting.length >= head + 4; head = 1) {
        const end = head + waiting.readInt32BE(head);
        if (waiting.length < end) return;
        const kind = isStarted ? String.fromCharCode(waiting[0] ?? 0) : 'startup';
        const body = waiting.subarray(head + 4, end);
        waiting = waiting.subarray(end);
        isStarted = true;
        if (kind === 'startup') socket.write(Buffer.concat([message('R', int32(0)), READY]));
        if (kind === 'P') asked = texts(body)[1];
        if (kind === 'Q') asked = texts(body)[0];
        if ((kind !== 'Q' && kind !== 'S') || asked === undefined) continue;
        statements.push(asked);
        socket.write(Buffer.concat([...(kind === 'S' ? BOUND : []), ...replyTo(answer(asked)), READY]));
      }
    });
    sockets.push(socket);
  });
  const sockets: Socket[] = [];
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  whenDone(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, statements };
}

// --- internal ---

const int16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number) => Buffer.concat([int16(value >> 16), int16(value & 65_535)]);
const text = (value: string) => Buffer.from(`${value}\0`);
const message = (kind: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
};
const texts = (body: Buffer) => body.toString().split('\0');

const READY = message('Z', Buffer.from('I'));
const BOUND = [message('1'), message('2')];
const VARCHAR = 1043;

function replyTo(answer: Answer | undefined): Buffer[] {
  if (answer === undefined) return [message('C', text('DONE'))];
  if ('error' in answer) return [message('E', text('SERROR'), text(`C${answer.error}`), text('Mno'), Buffer.from([0]))];
  const { columns, rows } = answer;
  const fields = columns.map((name) => [text(name), int32(0), int16(0), int32(VARCHAR), int16(0), int32(0), int16(0)]);
  const cells = (row: string[]) => row.flatMap((value) => [int32(Buffer.byteLength(value)), Buffer.from(value)]);
  return [
    message('T', int16(columns.length), ...fields.flat()),
    ...rows.map((row) => message('D', int16(row.length), ...cells(row))),
    message('C', text(`SELECT ${rows.length}`)),
  ];
}
