import { PipelineError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import type { Step } from './paginators/paginator.ts';
import { withParams } from './url.ts';

export interface RequestBody {
  readonly body?: string;
  readonly contentType?: string;
}

/**
 * `json` as JSON, with the values that the paginator puts there; `data` as a form, or as it is where it is text. Throws
 * ConfigInvalid for both at once, and for a GET with either.
 */
export function bodyOf(endpoint: Endpoint, step: Step): RequestBody {
  const { method, json, data, path } = endpoint;
  const hasJson = json !== undefined || step.body !== undefined;
  if (!hasJson && data === undefined) return {};
  if (method !== 'POST') throw invalid(`The endpoint \`${path}\` has a request body, but its method is ${method}`);
  if (hasJson && data !== undefined) throw invalid(`The endpoint \`${path}\` has both \`json\` and \`data\``);
  if (hasJson)
    return { body: JSON.stringify(withBodyParams(json ?? {}, step.body ?? {})), contentType: 'application/json' };
  if (typeof data === 'string') return { body: data };
  return {
    body: withParams(new URL('http://form'), data ?? {}).search.slice(1),
    contentType: 'application/x-www-form-urlencoded',
  };
}

// --- internal ---

/** Sets `{ 'page.cursor': 'x' }` as `page: { cursor: 'x' }` in a copy of the body. */
function withBodyParams(json: unknown, params: Readonly<Record<string, unknown>>): unknown {
  const copy: unknown = structuredClone(json);
  for (const [path, value] of Object.entries(params)) {
    const names = path.replace(/^\$\./, '').split('.');
    const last = names.pop() ?? path;
    let place = copy;
    for (const name of names) {
      if (!isObject(place)) break;
      place[name] ??= {};
      place = place[name];
    }
    if (!isObject(place)) throw invalid(`The request body has no place for \`${path}\`, which the paginator sets`);
    place[last] = value;
  }
  return copy;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function invalid(message: string): PipelineError {
  return new PipelineError({ code: 'ConfigInvalid', message, hint: 'Correct the endpoint in the configuration.' });
}
