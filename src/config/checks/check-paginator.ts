import { isSingleEntity } from '../../text/placeholders.ts';
import { isLedOn, paginatorKinds } from '../grammar/paginator-kinds.ts';
import type { PaginatorConfig } from '../grammar/paginator-schema.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import type { Finding } from './finding.ts';

type Paginator = Partial<Record<string, unknown>>;

/** What is wrong with a paginator wherever it stands. */
export function checkPaginator(paginator: PaginatorConfig | undefined): Finding[] {
  if (paginator === undefined) return [];
  return [...checkPlaces(paginator), ...checkSize(paginator), ...checkTotal(paginator), ...checkEnd(paginator)];
}

/** What is wrong with the paginator that a request has, its own or that of the client. */
export function checkAppliedPaginator(
  { path, method = 'GET', json, data, paginator: own }: Omit<EndpointConfig, 'fallbacks'> & { readonly path: string },
  ofClient: PaginatorConfig | undefined,
): Finding[] {
  const applied = own ?? (isSingleEntity(path) && !isLedOn(ofClient?.type ?? 'auto') ? undefined : ofClient);
  const whose = own === undefined ? ' of `source.client.paginator`' : '';
  return bodyPathsOf(applied).flatMap(([key, place]) => {
    const message = bodyPathProblem(`\`${key}\`${whose}`, place);
    return message === undefined ? [] : [{ path: own === undefined ? ['paginator'] : ['paginator', key], message }];
  });

  function bodyPathProblem(key: string, place: string): string | undefined {
    if (method !== 'POST')
      return `a GET sends no body: ${key} needs \`method: POST\`; for a query parameter there is \`…_param\``;
    if (data !== undefined) return `${key} writes into JSON: expected \`json\`, not \`data\``;
    return hasPlace(json ?? {}, place)
      ? undefined
      : `the body in \`json\` has no place for \`${place}\`, which ${key} sets`;
  }
}

// --- internal ---

/** Names of the body paths that a paginator writes to, and these. */
function bodyPathsOf(paginator: Paginator = {}): [key: string, path: string][] {
  return Object.entries(paginator).flatMap(([key, path]) =>
    key.endsWith('_body_path') && typeof path === 'string' ? [[key, path] as [string, string]] : [],
  );
}

function checkPlaces(paginator: Paginator): Finding[] {
  return bodyPathsOf(paginator).flatMap(([key]) => {
    const param = key.replace('body_path', 'param');
    if (paginator[param] === undefined) return [];
    return [{ path: [key], message: `expected either \`${param}\` or \`${key}\`, not both` }];
  });
}

/** Of a kind that may know how many records a page has. */
function checkSize(paginator: Paginator): Finding[] {
  if (ownMaximum(paginator) === undefined || Object.hasOwn(paginator, 'limit')) return [];
  const sent = ['page_size_param', 'page_size_body_path'].filter((key) => paginator[key] !== undefined);
  const isStop = paginator.stop_after_short_page === true;
  if (paginator.page_size !== undefined) {
    const message = 'says nothing alone: expected `page_size_param` or `stop_after_short_page: true` beside it';
    return sent.length > 0 || isStop ? [] : [{ path: ['page_size'], message }];
  }
  const needing = [...sent, ...(isStop ? ['stop_after_short_page'] : [])];
  return needing.map((key) => ({ path: [key], message: 'needs a `page_size` beside it' }));
}

function checkTotal({ total_path, total_header }: Paginator): Finding[] {
  if (total_header === undefined || typeof total_path !== 'string') return [];
  return [{ path: ['total_header'], message: 'expected either `total_path` or `total_header`, not both' }];
}

/** A list whose pages nothing counts, and which an empty page does not end. */
function checkEnd(paginator: Paginator): Finding[] {
  const maximum = ownMaximum(paginator);
  if (maximum === undefined) return [];
  const { stop_after_empty_page, stop_after_short_page, total_path, total_header, has_more_path, maximum_pages } =
    paginator;
  const isCounted =
    total_path !== null ||
    total_header !== undefined ||
    maximum_pages !== undefined ||
    Object.hasOwn(paginator, maximum);
  if (stop_after_empty_page !== false || stop_after_short_page === true || isCounted || has_more_path !== undefined)
    return [];
  const message = `nothing ends this list: expected \`stop_after_empty_page: true\`, a \`total_path\`, a \`has_more_path\`, \`${maximum}\` or \`maximum_pages\``;
  return [{ path: ['stop_after_empty_page'], message }];
}

/** The key that says where such a list stops, of a paginator that counts: `maximum_offset`. */
function ownMaximum({ type }: Paginator): string | undefined {
  const kind = paginatorKinds.find(({ shape }) => shape.type.value === type);
  return Object.keys(kind?.shape ?? {}).find((key) => key.startsWith('maximum_') && key !== 'maximum_pages');
}

/** As the request puts it there: mappings on the way are made where nothing stands. */
function hasPlace(json: unknown, path: string): boolean {
  let place: unknown = json;
  for (const name of path.replace(/^\$\./, '').split('.').slice(0, -1)) {
    if (typeof place !== 'object' || place === null) return false;
    place = Reflect.get(place, name) ?? {};
  }
  return typeof place === 'object' && place !== null;
}
