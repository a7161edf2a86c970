import { createHash } from 'node:crypto';
import type { SentFile } from './sent-file.ts';

/**
 * A form with files, `multipart/form-data` as browsers write it (WHATWG HTML, 4.10.21.8). The same fields are the same bytes: a
 * boundary made of what they hold cannot stand in them by chance.
 */
export function multipart(fields: readonly (readonly [name: string, value: string | SentFile])[]) {
  const parts = fields.map(([name, value]) =>
    typeof value === 'string' ? textPart(name, value) : filePart(name, value),
  );
  const hash = createHash('sha256');
  for (const { head, body } of parts) hash.update(head).update(body);
  const boundary = `dezgo-elt-${hash.digest('hex').slice(0, 32)}`;
  const pieces = parts.flatMap(({ head, body }) => [`--${boundary}\r\n`, head, '\r\n\r\n', body, '\r\n']);
  return {
    body: Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece))),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

// --- internal ---

interface Part {
  readonly head: string;
  readonly body: Buffer;
}

function textPart(name: string, value: string): Part {
  return { head: `Content-Disposition: form-data; name="${escaped(name)}"`, body: Buffer.from(value) };
}

function filePart(field: string, { name, type, bytes }: SentFile): Part {
  const disposition = `Content-Disposition: form-data; name="${escaped(field)}"; filename="${escaped(name)}"`;
  return { head: `${disposition}\r\nContent-Type: ${type}`, body: bytes };
}

function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
