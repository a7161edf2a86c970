import { FileReference, filesIn } from '../../config/file-reference.ts';
import { Secret } from '../../config/secret.ts';
import { PipelineError } from '../../errors.ts';
import { filledText, filledValue } from '../../text/placeholders.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Step } from '../paginators/paginator.ts';
import { multipart } from './multipart.ts';
import { type SentFile, sentFile } from './sent-file.ts';
import { asText, type PlainParam, type Values, withParams } from './url.ts';

export interface RequestBody {
  /** Bytes where it is a form with files. */
  readonly body?: string | Uint8Array | undefined;
  readonly contentType?: string;
  readonly isMultipart?: boolean;
}

/**
 * `json` as JSON, with the values that the paginator puts there; `data` as a form, of several parts where it has files, or as it is
 * where it is text. Throws ConfigInvalid for both at once, for a GET with either, and for a file that cannot be sent.
 */
export async function bodyOf(endpoint: Endpoint, step: Step, values: Values): Promise<RequestBody> {
  const { method, json, data, path } = endpoint;
  const hasJson = json !== undefined || step.body !== undefined;
  if (!hasJson && data === undefined) return {};
  if (method !== 'POST') throw invalid(`The endpoint \`${path}\` has a request body, but its method is ${method}`);
  if (hasJson && data !== undefined) throw invalid(`The endpoint \`${path}\` has both \`json\` and \`data\``);
  if (hasJson) {
    const sent = asSent(json ?? {}, values, await encodedFiles(json, values, path));
    return { body: JSON.stringify(withBodyParams(sent, step.body ?? {})), contentType: 'application/json' };
  }
  if (typeof data === 'string') return { body: filledText(data, values) };
  return formOf(data ?? {}, values, path);
}

// --- internal ---

type Fields = Exclude<NonNullable<Endpoint['data']>, string>;

/** What stands in place of a file in JSON. */
type Encoded = ReadonlyMap<unknown, string>;

async function encodedFiles(json: unknown, values: Values, sender: string): Promise<Encoded> {
  const encoded = filesIn(json).map(async ({ reference }) => {
    const { bytes, type } = await sentFile(reference, values, sender);
    const start = reference.data_url === true ? `data:${type};base64,` : '';
    return [reference, start + bytes.toString('base64')] as const;
  });
  return new Map(await Promise.all(encoded));
}

/** A copy. Anything but mappings and lists goes to JSON as it is, such as a program's own Date. */
function asSent(json: unknown, values: Values, files: Encoded): unknown {
  if (json instanceof Secret) return json.reveal();
  if (Array.isArray(json)) return json.map((item) => asSent(item, values, files));
  if (isObject(json) && Object.getPrototypeOf(json) === Object.prototype)
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, asSent(value, values, files)]));
  return typeof json === 'string' ? filledValue(json, values) : (files.get(json) ?? json);
}

async function formOf(data: Fields, values: Values, sender: string): Promise<RequestBody> {
  const plain: Record<string, PlainParam> = {};
  const parts: (readonly [string, string | SentFile])[] = [];
  for (const [name, field] of Object.entries(data)) {
    if (field instanceof FileReference) {
      parts.push([name, await sentFile(field, values, sender)]);
      continue;
    }
    const value = fieldAsSent(field, values);
    plain[name] = value;
    if (value !== null) parts.push([name, asText(value)]);
  }
  if (parts.some(([, value]) => typeof value !== 'string')) return { ...multipart(parts), isMultipart: true };
  const body = withParams(new URL('http://form'), plain).search.slice(1);
  return { body, contentType: 'application/x-www-form-urlencoded' };
}

function fieldAsSent<Field>(value: Field | Secret, values: Values): Field | string {
  if (value instanceof Secret) return value.reveal();
  return typeof value === 'string' ? filledText(value, values) : value;
}

/** Sets `{ 'page.cursor': 'x' }` as `page: { cursor: 'x' }` in the body. */
function withBodyParams(json: unknown, params: Readonly<Record<string, unknown>>): unknown {
  for (const [path, value] of Object.entries(params)) {
    const names = path.replace(/^\$\./, '').split('.');
    const last = names.pop() ?? path;
    let place = json;
    for (const name of names) {
      if (!isObject(place)) break;
      place[name] ??= {};
      place = place[name];
    }
    if (!isObject(place)) throw invalid(`The request body has no place for \`${path}\`, which the paginator sets`);
    place[last] = value;
  }
  return json;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function invalid(message: string): PipelineError {
  return new PipelineError({ code: 'ConfigInvalid', message, hint: 'Correct the endpoint in the configuration.' });
}
