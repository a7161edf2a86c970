import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { asPipelineError, exitCodes } from '../errors.ts';
import { plainLines } from '../text/plain-text.ts';
import type { PageDocument } from './page-document.ts';
import { type Project, publishedVersion } from './project.ts';
import { type Asked, askedBy } from './request-guard.ts';
import { isDownloadForm, sendRows } from './rows-download.ts';
import { isViewName, viewNames, views } from './views.ts';

export interface Served {
  readonly project: Project;
  readonly token: string;
  readonly page: PageDocument;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Answers one request: with the page, the data of a view, or why not. */
export async function answerRequest(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const asked = askedBy(request, served.token);
  if ('status' in asked) return send(response, asked.status, 'text/plain', `${asked.message}\n`);
  try {
    await answerAsked(asked, response, served);
  } catch (thrown) {
    if (response.headersSent) throw thrown;
    const { code, message, hint, exitCode } = asPipelineError(thrown);
    const failure = { code, message: plainLines(message), hint: plainLines(hint) };
    sendJson(response, exitCode === exitCodes.config ? 400 : 500, { failure });
  }
}

// --- internal ---

const headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex',
};

/** Of all that is no page. */
const closedPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
const closed = { ...headers, 'content-security-policy': closedPolicy };

async function answerAsked({ name, query }: Asked, response: ServerResponse, served: Served): Promise<void> {
  const { page, project, signal } = served;
  if (name === '' || isViewName(name)) return send(response, 200, 'text/html', page.html, page.policy);
  if (name === 'version.json') return sendJson(response, 200, { version: await publishedVersion(project) });
  const view = name.endsWith('.json') ? name.slice(0, -'.json'.length) : '';
  if (isViewName(view)) return sendJson(response, 200, await views[view](project, query, signal));
  const form = name.startsWith('rows.') ? name.slice('rows.'.length) : '';
  if (isDownloadForm(form)) {
    return sendRows(response, project, { form, sql: query.get('sql') ?? '', headers: closed, signal });
  }
  const known = viewNames.map((one) => `${one}.json`).join(', ');
  send(response, 404, 'text/plain', `There is no such view. There are ${known}.\n`);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', `${JSON.stringify(value)}\n`);
}

function send(response: ServerResponse, status: number, type: string, body: string, policy = closedPolicy): void {
  const about: OutgoingHttpHeaders = {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'content-security-policy': policy,
    ...(status === 405 && { allow: 'GET, HEAD' }),
    // What somebody who is refused still has to say is not waited for.
    ...((status === 403 || status === 405) && { connection: 'close' }),
  };
  response.writeHead(status, about).end(body);
}
