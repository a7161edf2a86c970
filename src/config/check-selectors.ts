import { selectorProblem } from '../schema/json-path-syntax.ts';
import type { Finding } from './cross-checks.ts';
import { type Located, nodeAt, type Path, scalarAt } from './located.ts';

const ofPaginators = ['next_url_path', 'cursor_path', 'total_path', 'has_more_path'] as const;

/** Every JSONPath of the configuration that is none: found before anything is asked for, or paid for. */
export async function checkSelectors(tree: Located): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const path of selectorPlaces(tree)) {
    const expression = scalarAt(tree, ...path);
    if (typeof expression !== 'string') continue;
    const message = await selectorProblem(expression);
    if (message !== undefined) findings.push({ path, message });
  }
  return findings;
}

// --- internal ---

function selectorPlaces(tree: Located): Path[] {
  const resources = ['source', 'resources'];
  const endpoints = indexesOf(tree, resources).flatMap((index) => {
    const endpoint = [...resources, index, 'endpoint'];
    const fallbacks = [...endpoint, 'fallbacks'];
    return [endpoint, ...indexesOf(tree, fallbacks).map((fallback) => [...fallbacks, fallback])];
  });
  return [
    ...paginatorPlaces(['source', 'client']),
    ...endpoints.flatMap((endpoint) => [...dataSelector(tree, endpoint), ...paginatorPlaces(endpoint)]),
  ];
}

/** An empty one means that there is none. */
function dataSelector(tree: Located, endpoint: Path): Path[] {
  const path = [...endpoint, 'data_selector'];
  return scalarAt(tree, ...path) === '' ? [] : [path];
}

function paginatorPlaces(at: Path): Path[] {
  return ofPaginators.map((key) => [...at, 'paginator', key]);
}

function indexesOf(tree: Located, path: Path): number[] {
  const node = nodeAt(tree, path);
  return node?.kind === 'list' ? [...node.items.keys()] : [];
}
