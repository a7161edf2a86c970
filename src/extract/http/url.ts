import { PipelineError } from '../../errors.ts';
import { wellFormed } from '../../json/json-text.ts';
import { withoutEnd, withoutStart } from '../../text/ends.ts';
import { fillPlaceholders, type PlaceholderValues } from '../../text/placeholders.ts';

/** Of a query, as it is sent. */
export type PlainParam = Scalar | readonly Scalar[];

type Scalar = string | number | boolean | null;
export type Values = PlaceholderValues;

/**
 * `jobs/{id}` with `a/b` → `jobs/a%2Fb`. What the path begins with may be a path or a URL itself: `{resources.repos.url}/tags`.
 * Throws ConfigInvalid for a name without a value.
 */
export function fillPath(path: string, values: Values): string {
  return fillPlaceholders(path, (name, isStart) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value == null) {
      throw new PipelineError({
        code: 'ConfigInvalid',
        message: `The path \`${path}\` has a place for \`${name}\`, but \`params\` has no such parameter.`,
        hint: `Add \`${name}\` to the endpoint's \`params\`, or write \`{{${name}}}\` if braces are meant.`,
        facts: { path, parameter: name },
      });
    }
    const text = String(value);
    return isStart && text.includes('/') ? wellFormed(text) : segment(text);
  });
}

/** As it was written: one slash between base and path, none before an empty path or a query; an absolute URL as it is. */
export function joinedUrl(base: string, path: string): string {
  if (isAbsolute(path)) return path;
  if (path === '' || path.startsWith('?')) return `${base}${path}`;
  return `${withoutEnd(base, '/')}/${withoutStart(path, '/')}`;
}

/** The URL of an endpoint. Throws ConfigInvalid without a base for a relative path, and for what is no address to ask. */
export function joinUrl(base: string | undefined, path: string): URL {
  if (base === undefined && !isAbsolute(path)) {
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The path \`${path}\` is relative, but the source has no \`client\` with a \`base_url\`.`,
      hint: 'Add `source.client.base_url`, or write the whole URL as path.',
      facts: { path },
    });
  }
  const joined = joinedUrl(base ?? '', path);
  const url = URL.canParse(joined) ? new URL(joined) : undefined;
  if (url !== undefined && !holdsUser(url)) return url;
  throw new PipelineError({
    code: 'ConfigInvalid',
    message: url === undefined ? `\`${joined}\` is no URL.` : `The URL of ${url.host} holds a user name or password.`,
    hint: 'Look at what the placeholders of `path` stand for; credentials belong in `auth`.',
    facts: { host: url?.host },
  });
}

/**
 * Adds query parameters as dlt does: null is dropped, a list repeats its key, `true` is `True`. A key that the URL itself
 * already carries stays beside it.
 */
export function withParams(url: URL, params: Readonly<Record<string, PlainParam>>): URL {
  const added = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    for (const item of [value].flat()) if (item !== null) added.append(key, asText(item));
  }
  if (added.size === 0) return url;
  const result = new URL(url);
  result.search = [url.search.slice(1), added.toString()].filter((part) => part !== '').join('&');
  return result;
}

/**
 * True if what was meant for `home` may also go to `url`: the same scheme, host and port, or the same host from
 * `http` to `https` on their usual ports.
 */
export function isSameHome(home: URL, url: URL): boolean {
  if (home.origin === url.origin) return true;
  const isUpgrade = home.protocol === 'http:' && url.protocol === 'https:' && home.port === '' && url.port === '';
  return isUpgrade && home.hostname === url.hostname;
}

/** True for an address that holds what belongs in `auth`: `fetch` refuses it, and messages would show it. */
export function holdsUser({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** As Python's `requests` writes it: `True` for `true`. */
export function asText(value: string | number | boolean): string {
  if (typeof value !== 'boolean') return String(value);
  return value ? 'True' : 'False';
}

// --- internal ---

function isAbsolute(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

function segment(value: string): string {
  if (value === '.' || value === '..' || value === '') {
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `The value \`${value}\` cannot stand in a path.`,
      hint: 'Remove it from the values of the parameter.',
      facts: { value },
    });
  }
  return encodeURIComponent(wellFormed(value));
}
