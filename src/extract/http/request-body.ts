import { Secret } from '../../config/secret.ts';
import { PipelineError } from '../../errors.ts';
import { filledText, filledValue } from '../../text/placeholders.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Step } from '../paginators/paginator.ts';
import { type Values, withParams } from './url.ts';

export interface RequestBody {
  readonly body?: string;
  readonly contentType?: string;
}

/**
 * `json` as JSON, with the values that the paginator puts there; `data` as a form, or as it is where it is text. Throws
 * ConfigInvalid for both at once, and for a GET with either.
 */
export function bodyOf(endpoint: Endpoint, step: Step, values: Values): RequestBody {
  const { method, json, data, path } = endpoint;
  const hasJson = json !== undefined || step.body !== undefined;
  if (!hasJson && data === undefined) return {};
  if (method !== 'POST') throw invalid(`The endpoint \`${path}\` has a request body, but its method is ${method}`);
  if (hasJson && data !== undefined) throw invalid(`The endpoint \`${path}\` has both \`json\` and \`data\``);
  if (hasJson) {
    const body = JSON.stringify(withBodyParams(asSent(json ?? {}, values), step.body ?? {}));
    return { body, contentType: 'application/json' };
  }
  if (typeof data === 'string') return { body: filledText(data, values) };
  const form = Object.entries(data ?? {}).map(([name, value]) => [name, fieldAsSent(value, values)] as const);
  return {
    body: withParams(new URL('http://form'), Object.fromEntries(form)).search.slice(1),
    contentType: 'application/x-www-form-urlencoded',
  };
}

// --- internal ---

/** A copy. Anything but mappings and lists goes to JSON as it is, such as a program's own Date. */
function asSent(json: unknown, values: Values): unknown {
  if (json instanceof Secret) return json.reveal();
  if (Array.isArray(json)) return json.map((item) => asSent(item, values));
  if (isObject(json) && Object.getPrototypeOf(json) === Object.prototype)
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, asSent(value, values)]));
  return typeof json === 'string' ? filledValue(json, values) : json;
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
