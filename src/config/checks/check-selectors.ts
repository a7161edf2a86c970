import { selectorProblem } from '../../json-path/json-path-syntax.ts';
import { type Located, nodeAt, type Path, scalarAt } from '../file/located-tree.ts';
import type { Finding } from './finding.ts';

const none = 'expected a JSONPath; write `null` for none';
const some = 'expected a JSONPath, such as `meta.next`';
/** Keys of paginators, and what to say of an empty text there. An empty `data_selector` means that there is none. */
const emptyPaths: Readonly<Record<string, string>> = {
  next_url_path: some,
  cursor_path: some,
  total_path: none,
  has_more_path: none,
};

/** Every JSONPath of the configuration that is none: found before anything is asked for, or paid for. */
export async function checkSelectors(tree: Located): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const path of selectorPlaces(tree)) {
    const expression = scalarAt(tree, ...path);
    if (typeof expression !== 'string') continue;
    const message = expression === '' ? emptyPaths[String(path.at(-1))] : await selectorProblem(expression);
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
    ...endpoints.flatMap((endpoint) => [[...endpoint, 'data_selector'], ...paginatorPlaces(endpoint)]),
  ];
}

function paginatorPlaces(at: Path): Path[] {
  return Object.keys(emptyPaths).map((key) => [...at, 'paginator', key]);
}

function indexesOf(tree: Located, path: Path): number[] {
  const node = nodeAt(tree, path);
  return node?.kind === 'list' ? [...node.items.keys()] : [];
}
