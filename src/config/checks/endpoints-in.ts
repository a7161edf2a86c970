import { indexesAt, type Located, nodeAt, type Path } from '../file/located-tree.ts';

/** Where endpoints stand as mappings, and their fallbacks behind each. */
export function endpointsIn(tree: Located): Path[] {
  const resources = ['source', 'resources'];
  return indexesAt(tree, resources).flatMap((index) => {
    const at = [...resources, index, 'endpoint'];
    if (nodeAt(tree, at) === undefined) return [];
    return [at, ...indexesAt(tree, [...at, 'fallbacks']).map((place) => [...at, 'fallbacks', place])];
  });
}
