import { parentField } from '../../text/parent-field.ts';
import { formatProblem, placeholders, referenceProblem } from '../../text/placeholders.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import type { EndpointConfig, ResourceConfig } from '../grammar/resource-schema.ts';
import { useOf } from '../value-columns.ts';
import { placeholderOf, variablesIn } from '../variables.ts';
import { checkCosts } from './check-costs.ts';
import { checkFiles } from './check-files.ts';
import { checkHeaders } from './check-headers.ts';
import { checkIncludedHeaders } from './check-included-headers.ts';
import { checkIncremental } from './check-incremental.ts';
import { checkAppliedPaginator, checkPaginator } from './check-paginator.ts';
import { checkPoll } from './check-poll.ts';
import { checkQueries } from './check-queries.ts';
import { checkTexts, isColumn, namesFor, valuesIn } from './check-texts.ts';
import { checkValues } from './check-values.ts';
import { checkAuthVariables, checkVariables } from './check-variables.ts';
import { type CursorTexts, cursorTexts } from './cursor-texts.ts';
import { below, type Finding } from './finding.ts';

type Own = Omit<EndpointConfig, 'fallbacks'>;
type Request = Own & { readonly path: string };

/** What is wrong with the requests of a resource: of its endpoint, and of every fallback with what it inherits. */
export function checkEndpoint({ name, data, endpoint }: ResourceConfig, client?: ClientConfig): Finding[] {
  if (data !== undefined) return [];
  const { fallbacks = [], ...main } = endpoint ?? {};
  const request = { ...main, path: main.path ?? name };
  const cursor = cursorTexts(main);
  const found = [...checkIncremental(main), ...checkRequest(request, main, cursor, client)];
  const said = new Set(found.map(({ message }) => message));
  const ofFallbacks = fallbacks.flatMap((own, index) => {
    const whole = { ...request, ...own, path: own.path ?? request.path };
    const findings = checkRequest(whole, own, cursor, client);
    // What a fallback inherits is wrong once.
    const added = findings.filter(({ path: [key = ''], message }) => Object.hasOwn(own, key) || !said.has(message));
    return below(['fallbacks', index], added);
  });
  return [...found, ...ofFallbacks, ...checkValues(endpoint)];
}

// --- internal ---

/** `own` is what was written for this request, without what it inherits. */
function checkRequest(request: Request, own: Own, cursor: CursorTexts, client?: ClientConfig): Finding[] {
  return [
    ...checkPath(request, cursor),
    ...checkTexts(own, namesFor(request.params), cursor),
    ...(client === undefined ? [] : checkVariables(own, ['path', 'params', 'json', 'data', 'headers'], client)),
    ...(client === undefined ? [] : checkAuthVariables(own.auth, client)),
    ...below(['params'], checkQueries(own.params)),
    ...checkBody(request, own),
    ...checkFormat(request),
    ...checkCosts(request, own, client),
    ...checkPoll(request, client),
    ...checkFiles(request),
    ...checkHeaders(own),
    ...checkIncludedHeaders(own),
    ...below(['paginator'], checkPaginator(own.paginator)),
    ...checkAppliedPaginator(request, client?.paginator),
  ];
}

function checkPath(request: Request, cursor: CursorTexts): Finding[] {
  const { path, params = {} } = request;
  const variables = new Set([...variablesIn(path)].map(placeholderOf));
  const bound = new Set(placeholders(path).filter((name) => !variables.has(name)));
  const unbound = [...bound].flatMap((name) => {
    const message = unboundPlaceholder(name, params);
    return message === undefined ? [] : [{ path: ['path'], message }];
  });
  const ofCursor = cursor.problem(path, false);
  const unused = [...valuesIn(params)].filter((name) => {
    const { isWhole, columns } = useOf(name, request);
    return !isWhole && columns.length === 0;
  });
  return [
    ...unbound,
    ...(ofCursor === undefined ? [] : [{ path: ['path'], message: ofCursor }]),
    ...unused.map((name) => ({
      path: ['params', name],
      message: `\`type: ${typeOf(params[name])}\` needs the placeholder \`{${name}}\` in \`path\`, here \`${path}\`, or in a text of \`params\`, \`json\`, \`data\` or \`headers\``,
    })),
  ];
}

function unboundPlaceholder(name: string, params: NonNullable<Request['params']>): string | undefined {
  if (name.startsWith('incremental.')) return undefined;
  const wrong = referenceProblem(name) ?? formatProblem(name, (plain) => Object.hasOwn(params, plain));
  if (wrong !== undefined) return wrong;
  if (parentField(name) !== undefined || isColumn(name, params)) return undefined;
  if (!Object.hasOwn(params, name)) return `\`{${name}}\` has no value: add \`params: { ${name}: … }\``;
  const value = params[name];
  if (value === null || Array.isArray(value)) return `\`{${name}}\` needs one value, or \`type: values\``;
  return undefined;
}

function typeOf(param: unknown): string {
  return typeof param === 'object' && param !== null && 'type' in param ? String(param.type) : 'values';
}

function checkFormat(request: Request): Finding[] {
  const { format = 'auto', csv, store, data_selector: selector } = request;
  const isSelected = selector !== undefined && selector !== '$';
  const mayBeBinary = format === 'binary' || (format === 'auto' && csv === undefined && !isSelected);
  const other =
    csv !== undefined ? '`csv`' : format === 'auto' ? 'JSON, of which `data_selector` is a part' : `\`${format}\``;
  return [
    ...(csv === undefined || format === 'csv' || format === 'auto'
      ? []
      : [{ path: ['csv'], message: `goes with \`format: csv\`, not with \`${format}\`` }]),
    ...(store === undefined || mayBeBinary
      ? []
      : [{ path: ['store'], message: `is for images and other binary replies, not for ${other}` }]),
    ...(format !== 'binary' || !isSelected
      ? []
      : [{ path: ['data_selector'], message: 'nothing is selected from a binary reply: expected `$`, or none' }]),
    ...checkLeading(request),
  ];
}

/** A paginator that is led on by what a reply of this format does not hold. */
function checkLeading({ format, paginator }: Request): Finding[] {
  if (
    (format !== 'binary' && format !== 'text') ||
    !['json_link', 'json_response', 'cursor'].includes(paginator?.type ?? '')
  )
    return [];
  const message = `\`${paginator?.type}\` finds the next page in JSON, which a \`${format}\` reply is not: expected \`single_page\`, or one that headers or numbers lead on`;
  return [{ path: ['paginator'], message }];
}

function checkBody({ method = 'GET', json, data }: Request, own: Own): Finding[] {
  if (json !== undefined && data !== undefined) {
    return [{ path: ['data'], message: 'expected either `json` or `data`, not both' }];
  }
  const body = json === undefined ? 'data' : 'json';
  if ((json ?? data) === undefined || method === 'POST') return [];
  const path = own[body] === undefined ? ['method'] : [body];
  return [{ path, message: `a GET sends no body: \`${body}\` needs \`method: POST\`` }];
}
