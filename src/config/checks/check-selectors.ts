import { selectorProblem } from '../../json-path/json-path-syntax.ts';
import { indexesAt, type Located, nodeAt, type Path, scalarAt } from '../file/located-tree.ts';
import { alternatives } from '../file/schema-walk.ts';
import { jsonPathAdvice } from '../grammar/json-path-text.ts';
import { paginatorKinds } from '../grammar/paginator-kinds.ts';
import type { Finding } from './finding.ts';

/**
 * Keys of paginators that hold a JSONPath, and what to say of an empty text there. An empty `data_selector` means that there is
 * none.
 */
const pathKeys: ReadonlyMap<string, string> = new Map(
  paginatorKinds.flatMap(({ shape }) =>
    Object.entries(shape).flatMap(([key, field]) => {
      const [advice] = alternatives(field).flatMap((schema) => jsonPathAdvice(schema) ?? []);
      return advice === undefined ? [] : [[key, advice] as const];
    }),
  ),
);

/** Every JSONPath of the configuration that is none: found before anything is asked for, or paid for. */
export async function checkSelectors(tree: Located): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const path of selectorPlaces(tree)) {
    const expression = scalarAt(tree, ...path);
    if (typeof expression !== 'string') continue;
    const message = expression === '' ? emptyText(String(path.at(-1))) : await selectorProblem(expression);
    if (message !== undefined) findings.push({ path, message });
  }
  return findings;
}

// --- internal ---

function emptyText(key: string): string | undefined {
  return key === 'json_path' ? 'expected a JSONPath, such as `error.code`' : pathKeys.get(key);
}

function selectorPlaces(tree: Located): Path[] {
  const resources = ['source', 'resources'];
  const endpoints = indexesAt(tree, resources).flatMap((index) => {
    const endpoint = [...resources, index, 'endpoint'];
    const fallbacks = [...endpoint, 'fallbacks'];
    return [endpoint, ...indexesAt(tree, fallbacks).map((fallback) => [...fallbacks, fallback])];
  });
  return [
    ...paginatorPlaces(['source', 'client']),
    ...authPlaces(['source', 'client']),
    ...endpoints.flatMap((endpoint) => [
      [...endpoint, 'data_selector'],
      ...paginatorPlaces(endpoint),
      ...authPlaces(endpoint),
      ...rulePlaces(tree, [...endpoint, 'response_actions']),
      ...cursorPlaces(tree, endpoint),
    ]),
  ];
}

function paginatorPlaces(at: Path): Path[] {
  return [...pathKeys.keys()].map((key) => [...at, 'paginator', key]);
}

function authPlaces(at: Path): Path[] {
  return ['access_token_path', 'expires_in_path'].map((key) => [...at, 'auth', key]);
}

function rulePlaces(tree: Located, at: Path): Path[] {
  return indexesAt(tree, at).map((index) => [...at, index, 'json_path']);
}

function cursorPlaces(tree: Located, endpoint: Path): Path[] {
  const params = nodeAt(tree, [...endpoint, 'params']);
  const names = params?.kind === 'map' ? [...params.entries.keys()] : [];
  const ofParams = names.map((name) => [...endpoint, 'params', name, 'cursor_path']);
  return [[...endpoint, 'incremental', 'cursor_path'], ...ofParams];
}
