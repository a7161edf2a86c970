import { describe, it } from 'vitest';
import { guessPaginator, type SettledPaginator } from '../../src/extract/paginators/guess.ts';
import { guessSelector } from '../../src/extract/reply/guess-selector.ts';
import type { Json } from '../../src/json/json-value.ts';
import { jsonPath } from '../../src/json-path/json-path.ts';
import { isSingleEntity } from '../../src/text/placeholders.ts';
import { hasOracle, readOracle } from '../support/dlt-oracle.ts';
import { expectAsListed } from './differences.ts';
import { caseName, noRestDetect, type PaginatorFound, type RestDetect } from './oracle-case.ts';

const recorded = readOracle<RestDetect>('rest_detect.json', noRestDetect);

/** dlt's paginators that stop by themselves, by our names of them. */
const kinds: Readonly<Record<string, SettledPaginator['type']>> = {
  HeaderLinkPaginator: 'header_link',
  JSONLinkPaginator: 'json_link',
  JSONResponseCursorPaginator: 'cursor',
  PageNumberPaginator: 'page_number',
  SinglePagePaginator: 'single_page',
};

/** Where dlt found the link: a path that its own shortest form shows in brackets. */
function linkPath({ detail }: PaginatorFound): string | undefined {
  return detail.next_url_path?.replace(/^\((.*)\)$/, '$1');
}

describe.skipIf(!hasOracle)('what a reply shows, as dlt sees it', () => {
  it.each(recorded.selector_autodetect)('its records: $doc', (found) => {
    const ours = guessSelector(found.doc, undefined);
    expectAsListed(caseName.selector(found), ours === found.path ? [] : [ours]);
  });

  it.each(recorded.paginator_autodetect)('its next page: $doc, Link: $link_header', (found) => {
    const headers = new Headers(found.link_header === null ? {} : { link: found.link_header });
    const ours = guessPaginator({ headers, body: found.doc });
    const path = ours.type === 'json_link' ? ours.next_url_path.replace(/^\$\./, '') : undefined;
    const isSame = ours.type === kinds[found.paginator] && path === linkPath(found);
    expectAsListed(caseName.paginator(found), isSame ? [] : [ours.type]);
  });

  it.each(recorded.single_entity_path)('that `%s` is one record: %s', (path, isOne) => {
    expectAsListed(caseName.singleEntity([path, isOne]), isSingleEntity(path) === isOne ? [] : [!isOne]);
  });

  it.each(recorded.jsonpath.cases)('what `$expr` leads to', async ({ expr, values }) => {
    const found = await jsonPath(expr, 'data_selector').then(
      (path): readonly Json[] => path.matches(recorded.jsonpath.doc),
      () => 'no JSONPath of RFC 9535',
    );
    const isSame = JSON.stringify(found) === JSON.stringify(values);
    expectAsListed(caseName.jsonPath({ expr, values }), isSame ? [] : [found]);
  });
});
