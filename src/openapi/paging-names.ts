import { bare } from './name-words.ts';
import type { Parameter } from './operations.ts';

// How APIs call what has to do with pages, without case and signs.

const set = (words: string) => new Set(words.split(/\s+/).filter(Boolean));

/** Of lists of records. */
export const listNames = set(
  'data items results result entries records rows entities payload content objects values value list elements resources hits docs documents collection nodes edges',
);

/** Of query parameters, by what they do. */
const pagingParameters = {
  page: set('page pagenumber pageno pagenum pageindex pagenr currentpage p pg pageid paged'),
  offset: set(
    'offset skip start startindex startat startposition first firstresult from begin offsetindex startrow recordoffset pageoffset resultoffset startrecord rowoffset startfrom',
  ),
  cursor: set(
    'cursor after pagetoken nexttoken nextpagetoken continuationtoken continuation continue marker startcursor bookmark scrollid scrolltoken aftercursor nextcursor pagecursor startingafter afterid sinceid startkey nextkey paginationtoken pagingtoken exclusivestartkey nextmarker skiptoken pagestart startaftert keymarker nextid lastid lastkey lastevaluatedkey paginationkey pagekey next exclusivestarttagkey pageafter cursortoken',
  ),
  size: set(
    'limit pagesize perpage count size maxresults maxitems top max maxrecords rows num numresults pagelimit resultsperpage itemsperpage pagesizelimit rpp take length batchsize maxpagesize rowsperpage recordsperpage resultlimit noofrecords maxkeys maxentries pagecount n maxresultsperpage numitems results fetchsize maxsize nbresults numperpage',
  ),
} as const;

export type PagingRole = keyof typeof pagingParameters;

/** What a query parameter does for paging, if it does. */
export function pagingRole({ name, place, schema }: Parameter): PagingRole | undefined {
  if (place !== 'query' || schema.kind === 'boolean' || schema.kind === 'list') return undefined;
  const plain = bare(name);
  const roles: PagingRole[] = ['cursor', 'page', 'offset', 'size'];
  return roles.find((role) => pagingParameters[role].has(plain));
}

export function isPagingParameter(parameter: Parameter): boolean {
  return pagingRole(parameter) !== undefined;
}

/** Of values in a reply. */
export const pagingFields = {
  /** The address of the next page. */
  nextUrl: set(
    'next nexturl nextlink nextpageurl nexthref nextpagelink odatanextlink nexturi nextresultsurl nextpage nextpageuri nextpath nextpagehref',
  ),
  cursor: set(
    'cursor nextcursor nextpagetoken nexttoken endcursor continuationtoken nextcontinuationtoken nextmarker marker bookmark scrollid nextpage next after nextpagecursor nextstartkey lastevaluatedkey continuation continue pagetoken nextpageid nextid token nextkey nextbookmark paginationtoken cursornext cursorsnext cursorsafter cursorafter pagecursor nextsequencetoken nextstart nextafter skiptoken nextpagekey newoffset nextoffset aftercursor',
  ),
  hasMore: set(
    'hasmore hasnextpage hasnext more moreresults morepages hasmoreitems hasmoreresults ismore hasadditionalpages hasmorepages moreavailable hasmorerecords',
  ),
  /** Of records. */
  total: set(
    'total totalcount totalresults totalitems totalrecords totalelements totalnumber totalsize totalhits totalrows recordstotal totalentries totalnumberofrecords totalnumberofresults numfound totalentities totalresultcount totalamount resultstotal itemstotal allcount recordcount',
  ),
  /** Of pages. */
  pages: set(
    'totalpages pages pagecount pagecounts lastpage totalpagecount numberofpages numpages pagestotal maxpage countpages',
  ),
} as const;

/** Whether a key of a reply tells of the reply: a count, a link, a status. */
export function isEnvelope(key: string): boolean {
  const plain = bare(key);
  return (
    envelope.has(plain) ||
    Object.values(pagingFields).some((names) => names.has(plain)) ||
    Object.values(pagingParameters).some((names) => names.has(plain)) ||
    /^(odata|xml|atxml)|^(total|num|next|prev|has|page|paging|pagination|result|response|request|error)|(count|total|url|link|links|href|token|cursor|status|pages|meta|metadata)$/.test(
      plain,
    )
  );
}

// --- internal ---

const envelope = set(
  'meta links link pagination paging pageinfo status success ok code message msg error errors warnings warning messages kind etag object type requestid timestamp version query took time size end to prev previous first last self href embedded info self selflink unreachable included jsonapi filter filters facets aggregations sort sorting order orderby statuscode statusmessage responsemetadata context summary isok isvalid class rel language locale currency date datetime lastupdated updated generated createdat copyright attribution license notice reason description title name apiversion schema limits sum method errorcode errormessage headers elapsed duration found returned per batch cached debug stat displaylength lastmodified checksum',
);
