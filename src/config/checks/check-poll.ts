import { isSingleEntity } from '../../text/placeholders.ts';
import { type Located, scalarAt } from '../file/located-tree.ts';
import type { ClientConfig } from '../grammar/client-schema.ts';
import { isLedOn } from '../grammar/paginator-kinds.ts';
import type { EndpointConfig } from '../grammar/resource-schema.ts';
import { endpointsIn } from './endpoints-in.ts';
import type { Finding } from './finding.ts';
import type { WrittenExpression } from './written-expression.ts';

type Request = Omit<EndpointConfig, 'fallbacks'> & { readonly path: string };

/** A request that cannot be asked again and again: it would do something twice, or it is one of several. */
export function checkPoll(request: Request, client: ClientConfig | undefined): Finding[] {
  const { poll, method = 'GET', paid = false, idempotent = method === 'GET' } = request;
  if (poll === undefined) return [];
  if (paid) return [{ path: ['poll'], message: 'what is `paid` is never sent again, and cannot be polled' }];
  if (!idempotent) {
    const message = 'asks the same again and again: a POST needs `idempotent: true`, if it starts nothing';
    return [{ path: ['poll'], message }];
  }
  const type = paginatorType(request, client);
  if (type === 'auto' || type === 'single_page') return [];
  const whose = request.paginator === undefined ? ' of `source.client`' : '';
  const message = `what is polled has one page: expected \`paginator: single_page\` in place of \`${type}\`${whose}`;
  return [{ path: [request.paginator === undefined ? 'poll' : 'paginator'], message }];
}

/** The conditions of endpoints and their fallbacks. */
export function expressionsInPolls(tree: Located): WrittenExpression[] {
  return endpointsIn(tree).flatMap((at) => {
    const sql = scalarAt(tree, ...at, 'poll', 'until');
    return typeof sql === 'string' && sql !== '' ? [{ path: [...at, 'poll', 'until'], sql }] : [];
  });
}

// --- internal ---

/** As a request applies it. */
function paginatorType({ path, paginator: own }: Request, client: ClientConfig | undefined): string {
  const ofClient = client?.paginator?.type ?? 'auto';
  return own?.type ?? (isSingleEntity(path) && !isLedOn(ofClient) ? 'single_page' : ofClient);
}
