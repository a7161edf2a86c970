import { isUtf8 } from 'node:buffer';
import { PipelineError } from '../../errors.ts';
import { errorCode } from '../../files/reason.ts';
import type { Json } from '../../json/json-value.ts';
import type { Answer } from '../http/exchange.ts';
import type { SecretMask } from '../http/secret-mask.ts';
import { imageKind } from './binary-kind.ts';
import { decodeUtf8, type JsonBodyOptions, parseJsonBody } from './json-body.ts';

/** The value of a successful reply. Throws ReplyUnusable that says what came instead of JSON. */
export async function replyJson(answer: Answer, options: JsonBodyOptions): Promise<Json> {
  const { mask } = options;
  const unusable = ([what, hint]: Complaint) => cannotUse(answer, typeOf(answer, mask), what, hint);
  requireOfKind(answer, 'JSON', mask);
  try {
    return await parseJsonBody(answer.body, options);
  } catch (error) {
    if (errorCode(error) === 'ERR_STRING_TOO_LONG') {
      throw unusable(['is longer than a text can be, 512 MB', 'Ask for smaller pages.']);
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw unusable(whatIsWrong(error.message, answer.body, mask));
  }
}

/** Throws ReplyUnusable for a reply that is empty, an image or a page where `kind`, such as `CSV`, was expected. */
export function requireOfKind(answer: Answer, kind: string, mask: SecretMask): void {
  const type = typeOf(answer, mask);
  const other = otherThan(kind, answer, type);
  if (other !== undefined) throw cannotUse(answer, type, ...other);
}

/** What to say of a reply that is no file, where one was expected or the reply says that it is one. */
export function notBinary(answer: Answer, mask: SecretMask): PipelineError {
  const type = typeOf(answer, mask);
  const [what, hint] = insteadOfFile(answer, mask);
  const isClaimed = what !== empty[0] && /^image\//i.test(type);
  const claim = isClaimed ? `says that it is ${type}, but ` : '';
  return cannotUse(answer, type, `${claim}${what}`, hint);
}

/** A reply that holds no record at all: 204, an empty body, null, {}. */
export function isBlank({ status, body }: Answer): boolean {
  if (status === 204 || body.length === 0) return true;
  return body.length < 100 && /^(null|\{\s*\})?$/.test(decodeUtf8(body).trim());
}

// --- internal ---

function typeOf({ headers }: Answer, mask: SecretMask): string {
  return mask.quote(headers.get('content-type') ?? '', 80);
}

type Complaint = readonly [what: string, hint: string];

const empty: Complaint = ['is empty', 'If that means “nothing there”, set `allow_empty: true` for the endpoint.'];
const pathHint = 'Check `base_url` and `path`: this address does not answer as an API.';

function otherThan(kind: string, { body, status }: Answer, type: string): Complaint | undefined {
  if (status === 204 || decodeUtf8(body.subarray(0, 100)).trim() === '') {
    return empty;
  }
  const image = imageKind(body)?.contentType ?? /^image\/[^;]+/i.exec(type)?.[0];
  if (image !== undefined) {
    return [`is an image (${image}), not ${kind}`, 'To keep it as a file, set `format: binary` for the endpoint.'];
  }
  const start = decodeUtf8(body.subarray(0, 200)).trimStart();
  if (kind !== 'text' && start.startsWith('<'))
    return [`is ${/^<\?xml/i.test(start) ? 'XML' : 'an HTML page'}, not ${kind}`, pathHint];
  if (kind === 'CSV' && /\bjson\b/i.test(type)) return ['is JSON, not CSV', 'Correct `format` of the endpoint.'];
  return undefined;
}

function insteadOfFile({ body }: Answer, mask: SecretMask): Complaint {
  const start = decodeUtf8(body.subarray(0, 200)).trimStart();
  if (start === '') return empty;
  if (/^<(!doctype html|html)/i.test(start)) return ['is an HTML page', pathHint];
  const again = 'Run again; if it stays so, ask whoever runs the source.';
  if (/^[[{]/.test(start)) {
    const hint = 'Look what it says. For an endpoint that may answer with JSON, leave `format` out.';
    return [`is JSON: ${mask.quote(start, 60)}`, hint];
  }
  if (isUtf8(body)) return [`is text: ${mask.quote(start, 60)}`, again];
  return ['does not begin like one', again];
}

/** The message of the parser itself would quote the reply, secrets included. */
function whatIsWrong(message: string, body: Buffer, mask: SecretMask): Complaint {
  const text = decodeUtf8(body);
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (/end of (JSON )?input/i.test(message) || position >= text.trimEnd().length) {
    return [
      `is cut short: its JSON ends after ${body.length} bytes`,
      'Run again; if it stays so, ask for smaller pages.',
    ];
  }
  const isKnown = !Number.isNaN(position);
  const where = isKnown ? ` at character ${position}` : '';
  return [`is not JSON${where}: ${mask.quote(text, 60, isKnown ? Math.max(0, position - 20) : 0)}`, pathHint];
}

function cannotUse({ request, status }: Answer, type: string, what: string, hint: string): PipelineError {
  return new PipelineError({
    code: 'ReplyUnusable',
    message: `The reply to ${request} ${what}`,
    hint,
    facts: { request, status, contentType: type },
  });
}
