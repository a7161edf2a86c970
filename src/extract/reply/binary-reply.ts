import { createHash } from 'node:crypto';
import type { HttpRequest } from '../../effects.ts';
import type { Json } from '../../json/json-value.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Answer } from '../http/exchange.ts';
import type { Session } from '../http/session.ts';
import type { Values } from '../http/url.ts';
import { type BinaryKind, imageKind, isKnownImageType, kindOfType } from './binary-kind.ts';
import { imageSize } from './image-size.ts';
import { notBinary } from './reply-json.ts';
import { valueMembers } from './value-members.ts';

export interface BinaryOptions {
  readonly endpoint: Endpoint;
  readonly session: Session;
  /** What the request was for. */
  readonly values: Values;
  note(text: string): void;
  /** What was found in replies, and how often. */
  count(what: string, times: number): void;
}

/** Where the body of a reply is written that is a file by its beginning; undefined: nowhere, whatever comes. */
export function fileForReply(endpoint: Endpoint, { files, maxFileBytes }: Session): HttpRequest['fileFor'] {
  if (files === undefined || endpoint.store === 'column' || !mayBeBinary(endpoint)) return undefined;
  return ({ status, headers, first }) => {
    const isThere = status >= 200 && status < 300 && first.length > 0;
    const kind = isThere ? kindOf(endpoint, typeOf(headers), first) : undefined;
    return kind === undefined ? undefined : { path: files.draft(), maxBytes: maxFileBytes };
  };
}

/**
 * The one record of a reply that is a file, which is kept when this returns; undefined for any other reply.
 *
 * @throws PipelineError ReplyUnusable where it is not what it says, or what was expected; DestinationFailed
 */
export async function binaryRecord(answer: Answer, options: BinaryOptions): Promise<Json | undefined> {
  const { endpoint, session, values, note, count } = options;
  if (!mayBeBinary(endpoint)) return undefined;
  const { body, headers } = answer;
  const type = session.mask.text(typeOf(headers));
  const kind = kindOf(endpoint, type, body);
  if (kind === undefined) {
    if (endpoint.format === 'binary' || isKnownImageType(type)) throw notBinary(answer, session.mask);
    return undefined;
  }
  const { contentType } = kind;
  if (isKnownImageType(type) && kindOfType(type).contentType !== contentType)
    note(`what came as ${kindOfType(type).contentType} is ${contentType}`);
  const { width, height } = await imageSize(body, contentType);
  if (answer.file !== undefined) count(`files of ${session.resource} in ${session.files?.name}`, 1);
  return {
    ...valueMembers(values),
    content_type: contentType,
    ...(await kept(answer, kind, session)),
    width,
    height,
  };
}

// --- internal ---

/** Where something is selected from a reply, it is JSON. */
function mayBeBinary({ format = 'auto', csv, data_selector: selector = '$' }: Endpoint): boolean {
  return format === 'binary' || (format === 'auto' && csv === undefined && selector === '$');
}

function typeOf(headers: Headers): string {
  return headers.get('content-type') ?? '';
}

/** Where nobody says that a file comes, both have to: its type, and its bytes. */
function kindOf({ format }: Endpoint, type: string, bytes: Uint8Array): BinaryKind | undefined {
  const image = imageKind(bytes);
  if (format !== 'binary') return /^image\//i.test(type) ? image : undefined;
  if (image !== undefined) return image;
  return bytes.length === 0 || isKnownImageType(type) || isOther(type, bytes) ? undefined : kindOfType(type);
}

/** The page or the JSON that tells of a failure. */
function isOther(type: string, bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1').trimStart();
  return /^<(!doctype html|html)/i.test(start) || /^application\/(problem\+)?json\b/i.test(type);
}

async function kept(
  { body, file }: Answer,
  { extension }: BinaryKind,
  { files }: Session,
): Promise<Record<string, Json>> {
  if (file !== undefined && files !== undefined) {
    const { bytes, sha256 } = file;
    return { bytes, sha256, file: await files.keep(file, extension) };
  }
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { bytes: body.length, sha256, content: body.toString('base64') };
}
