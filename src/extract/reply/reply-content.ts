import { isUtf8 } from 'node:buffer';
import { isEncoding } from '../../config/grammar/format-schema.ts';
import { PipelineError } from '../../errors.ts';
import { errorCode } from '../../files/reason.ts';
import type { Json } from '../../json/json-value.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Answer } from '../http/exchange.ts';
import { BadCsv } from './csv.ts';
import { csvRecords } from './csv-records.ts';
import type { JsonBodyOptions } from './json-body.ts';
import { BadLine, jsonLines } from './json-lines.ts';
import { fileName, guessFormat, isTabbed, type KnownFormat } from './reply-format.ts';
import { replyJson, requireOfKind } from './reply-json.ts';
import { unpacked } from './unpacked.ts';
import { BadPack, type ZipFile } from './zip.ts';

export interface ContentOptions extends JsonBodyOptions {
  readonly endpoint: Endpoint;
  /** Of what is packed. */
  readonly maxBytes: number;
  note(text: string): void;
}

export interface ReplyContent {
  readonly body: Json;
  /** The body is a list of records of which each is looked at by itself: the lines of a file, say. */
  readonly isEach: boolean;
}

/** What a successful reply holds, whatever it is packed in. Throws ReplyUnusable. */
export async function replyContent(answer: Answer, options: ContentOptions): Promise<ReplyContent> {
  const files = await filesIn(answer, options.maxBytes);
  const kinds = files.map((file) => formatOf(answer, file, options));
  const [file] = files;
  if (file === undefined) throw unusable(answer, 'is a zip without files');
  if (files.length === 1 && kinds[0] === 'json') {
    if (!isUtf8(file.bytes)) options.note(NOT_UTF8);
    return { body: await replyJson({ ...answer, body: file.bytes }, options), isEach: false };
  }
  if (kinds.includes('json'))
    throw unusable(answer, severalFiles(files, options), 'JSON is read from a zip of one file.');
  const records: Json[] = [];
  for (const [index, each] of files.entries()) {
    for (const record of await recordsIn(answer, each, kinds[index] ?? 'text', options)) records.push(record);
  }
  return { body: records, isEach: true };
}

// --- internal ---

const LONGEST_NOTE = 300;
const NOT_UTF8 = 'a reply was not UTF-8: bytes that are none became U+FFFD';

async function filesIn(answer: Answer, maxBytes: number): Promise<ZipFile[]> {
  try {
    return await unpacked({ name: fileName(answer), bytes: answer.body }, maxBytes);
  } catch (error) {
    if (error instanceof BadPack) throw unusable(answer, error.message);
    if (errorCode(error) !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw unusable(
      answer,
      `is larger than ${maxBytes} bytes when it is unpacked, the limit set by \`max_response_bytes\``,
      'Ask for less at a time, or raise `source.client.max_response_bytes`.',
    );
  }
}

function formatOf(answer: Answer, file: ZipFile, { endpoint, note }: ContentOptions): KnownFormat {
  const { format = endpoint.csv === undefined ? 'auto' : 'csv' } = endpoint;
  if (format !== 'auto' && format !== 'binary') return format;
  const guess = guessFormat(answer, file);
  if (guess.isGuess && guess.format !== 'json')
    note(`the reply was read as ${names[guess.format]}; set \`format: ${guess.format}\` to settle it`);
  return guess.format;
}

const names: Readonly<Record<KnownFormat, string>> = { json: 'JSON', jsonl: 'JSON lines', csv: 'CSV', text: 'text' };

async function recordsIn(answer: Answer, file: ZipFile, format: KnownFormat, options: ContentOptions): Promise<Json[]> {
  const { bytes } = file;
  const note = (text: string) => options.note(options.mask.quote(text, LONGEST_NOTE));
  // A list of no lines is as empty as `[]`.
  if (bytes.length === 0 && format === 'jsonl') return [];
  if (bytes.length === 0 && options.endpoint.allow_empty) return [];
  requireOfKind({ ...answer, body: bytes }, names[format], options.mask);
  try {
    if (format === 'jsonl') {
      if (!isUtf8(bytes)) options.note(NOT_UTF8);
      return await jsonLines(bytes, options);
    }
    const text = textOf(answer, bytes, options);
    const records =
      format === 'csv' ? csvRecords(text, options.endpoint.csv ?? {}, isTabbed(answer, file), note) : [text];
    const masked = options.mask.mayBeIn(bytes, text) ? options.mask.json(records) : records;
    return Array.isArray(masked) ? masked : records;
  } catch (error) {
    if (error instanceof BadCsv)
      throw unusable(answer, error.message, 'Check `csv` of the endpoint: `delimiter`, `header`, `encoding`.');
    if (error instanceof BadLine) throw unusable(answer, error.message);
    if (errorCode(error) === 'ERR_STRING_TOO_LONG') throw unusable(answer, 'is longer than a text can be, 512 MB');
    throw error;
  }
}

/** By the configured encoding, that of the reply, the mark at its beginning, or UTF-8. */
function textOf({ headers }: Answer, bytes: Buffer, { endpoint, note }: ContentOptions): string {
  const [, said = ''] = /charset="?([^\s;"]+)/i.exec(headers.get('content-type') ?? '') ?? [];
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  const encoding = endpoint.csv?.encoding ?? marked ?? (isEncoding(said) ? said : 'utf-8');
  const text = decoded(bytes, encoding);
  if (text.includes('\ufffd') && !(isUtf8(bytes) && /^utf-?8$/i.test(encoding)))
    note(`a reply was not ${encoding.toUpperCase()}: bytes that are none became U+FFFD`);
  return text;
}

/** Node 20 to 23 take windows-1252, which has signs where Latin-1 has controls, for Latin-1. */
function decoded(bytes: Buffer, label: string): string {
  const decoder = new TextDecoder(label);
  const text = decoder.decode(bytes);
  if (decoder.encoding !== 'windows-1252') return text;
  return text.replace(/[\u0080-\u009f]/g, (sign) => WINDOWS_SIGNS.charAt(sign.charCodeAt(0) - 0x80));
}

const WINDOWS_SIGNS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function severalFiles(files: readonly ZipFile[], { mask }: ContentOptions): string {
  const some = files.slice(0, 3).map(({ name }) => mask.quote(name, 60));
  return `is a zip of ${files.length} files (${some.join(', ')}${files.length > some.length ? ', …' : ''})`;
}

function unusable(
  answer: Answer,
  what: string,
  hint = 'Run again; if it stays so, ask whoever runs the source.',
): PipelineError {
  const { request, status, headers } = answer;
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `The reply to ${request} ${what}.`,
    hint,
    facts: { request, status, contentType: headers.get('content-type') },
  });
}
