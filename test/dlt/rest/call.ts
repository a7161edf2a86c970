import type { IncomingHttpHeaders } from 'node:http';

/** A request of either program. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly base: string;
  /** 0 in the first run of a configuration, 1 in its second: by then the source has more. */
  readonly round: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Api = (call: Call, ...found: string[]) => Reply | undefined;

export const many = <Item>(count: number, make: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));
/** Hours after the beginning of 2024. */
export const at = (hours: number) => new Date(Date.UTC(2024, 0, 1, hours)).toISOString().replace('.000', '');
export const unixAt = (hours: number) => Date.UTC(2024, 0, 1, hours) / 1000;
export const param = ({ query }: Call, name: string, otherwise = '') => query.get(name) ?? otherwise;
export const numberOf = (call: Call, name: string, otherwise: number) => Number(param(call, name, String(otherwise)));
export const json = ({ body }: Call) => JSON.parse(body === '' ? '{}' : body);
export const refused: Reply = { status: 401, body: { message: 'Bad credentials' } };
export const bad = (message: string): Reply => ({ status: 400, body: { message } });
export const addressed = ({ base, path, query }: Call, changes: Record<string, unknown>) => {
  const url = new URL(`${base}${path}?${query}`);
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, String(value));
  return url.href;
};

/** A page of a list by its number, with the header `Link`. */
export function linked(
  call: Call,
  items: readonly unknown[],
  size: number,
  body = (page: readonly unknown[]): unknown => page,
): Reply {
  const page = numberOf(call, 'page', 1);
  const more = page * size < items.length;
  return {
    headers: more ? { link: `<${addressed(call, { page: page + 1 })}>; rel="next"` } : {},
    body: body(items.slice((page - 1) * size, page * size)),
  };
}

/** A page of a list from a cursor on, which is a place in it. */
export function from(items: readonly unknown[], cursor: unknown, size: number) {
  const start = Number(cursor ?? 0);
  const next = start + size < items.length ? String(start + size) : undefined;
  return { page: items.slice(start, start + size), next };
}

/** A page of a list by its number, with the header `X-Next-Page`. */
export function numbered(call: Call, items: readonly unknown[], size: number): Reply {
  const page = numberOf(call, 'page', 1);
  const more = page * size < items.length;
  return {
    headers: more ? { 'x-next-page': String(page + 1) } : {},
    body: items.slice((page - 1) * size, page * size),
  };
}
