import { apiDocument } from '../../../src/openapi/api-document.ts';
import type { DraftedResource } from '../../../src/openapi/drafted-source.ts';
import { jsonPathOf } from '../../../src/openapi/json-path-of.ts';
import { isParameter, type Operation, operationsOf } from '../../../src/openapi/operations.ts';
import { isPagingParameter, pagingFields } from '../../../src/openapi/paging-names.ts';
import { replyFields } from '../../../src/openapi/reply-fields.ts';

/** So many of so many. */
interface Share {
  found: number;
  of: number;
}

export const newShares = () => ({
  /**
   * Of the GETs whose path does not end with a parameter, and whose reply is one list or holds exactly one (of objects; of anything
   * where there are none of objects; at most three levels down): those whose list is selected.
   */
  lists: { found: 0, of: 0 },
  /** Of the lists that have a parameter, or a field beside them, that is called as paging is: those with a paginator. */
  paginators: { found: 0, of: 0 },
  /** Of all lists: those with a primary key. */
  keys: { found: 0, of: 0 },
  /** Of the GETs with a parameter in their path before which the document has a list: those whose path is filled from it. */
  parents: { found: 0, of: 0 },
  /** Of the replies that hold several lists: those with `$` and no word about the lists. */
  silent: { found: 0, of: 0 },
});

/** Counts the resources of one document, which were drafted in the order of its GETs. */
export function countShares(
  shares: ReturnType<typeof newShares>,
  root: unknown,
  resources: readonly DraftedResource[],
): void {
  const document = apiDocument(root, 'document');
  const { gets } = operationsOf(document);
  const count = (share: Share, isFound: boolean) => {
    share.of += 1;
    share.found += isFound ? 1 : 0;
  };
  const lists = new Set(gets.flatMap(({ segments }, index) => (resources[index]?.isList ? [template(segments)] : [])));
  for (const [index, operation] of gets.entries()) {
    const resource = resources[index];
    if (resource === undefined) continue;
    const reply = replyFields(document.schemas, operation.reply);
    const [first, ...more] = reply.lists;
    const selector = resource.selector.value;
    if (first !== undefined && more.length === 0 && !isParameter(operation.segments.at(-1)))
      count(shares.lists, selector === jsonPathOf(first.path));
    if (more.length > 0) count(shares.silent, selector === '$' && resource.otherLists.length === 0);
    if (resource.isList) count(shares.keys, resource.key !== undefined);
    const leadsOn = reply.fields.some(({ names }) => leading.has(names.at(-1) ?? ''));
    if (resource.isList && (operation.parameters.some(isPagingParameter) || leadsOn))
      count(shares.paginators, resource.paginator !== undefined);
    if (hasListBefore(operation, lists)) count(shares.parents, resource.included.length > 0);
  }
}

// --- internal ---

const leading = new Set([...pagingFields.nextUrl, ...pagingFields.hasMore]);

function template(segments: readonly string[]): string {
  return segments.map((segment) => (isParameter(segment) ? '{}' : segment)).join('/');
}

function hasListBefore({ segments }: Operation, lists: ReadonlySet<string>): boolean {
  return segments.some((segment, index) => isParameter(segment) && lists.has(template(segments.slice(0, index))));
}
