import { type ErrorCode, PipelineError } from '../../errors.ts';
import { errorText } from '../reply/error-text.ts';
import { decodeUtf8 } from '../reply/json-body.ts';
import { billingPage, keysPage } from './account-pages.ts';
import type { Credential } from './auth.ts';
import type { Answer } from './exchange.ts';
import { retryAfter } from './retry-after.ts';
import type { SecretMask } from './secret-mask.ts';
import type { Session } from './session.ts';

type Refused = Pick<Session, 'mask' | 'effects' | 'retry' | 'client'>;

/** The error that a status outside 2xx stands for; what the body says about it is quoted. */
export function refusal(answer: Answer, { mask, effects, retry, client }: Refused): PipelineError {
  const now = effects.now();
  const { status, request } = answer;
  const said = saidIn(answer, mask);
  const failed = (code: ErrorCode, message: string, hint: string) =>
    new PipelineError({
      code,
      message: said === '' ? message : `${message}: ${said}`,
      hint,
      facts: { status, request, attempts: answer.attempts, detail: said },
    });
  if (status === 401 || status === 403) {
    return failed(
      'SourceRefused',
      `${request} was refused (${status}); ${sentText(answer.sent)}`,
      `${keyHint(answer.sent)}${keysPage(client)}`,
    );
  }
  if (status === 402 || (status === 406 && /credit|balance|insufficient|quota|payment/i.test(said))) {
    return failed(
      'BudgetExhausted',
      `The account cannot pay for ${request} (${status})`,
      `${billingPage(client)}, then run again.`,
    );
  }
  const wait = retryAfter(answer, now);
  if (status === 429 || (status === 503 && wait !== null)) {
    const when = wait === null ? null : new Date(now + wait).toISOString();
    const asks = when === null ? '' : ` and wants to be asked again at ${when}`;
    return failed(
      'SourceThrottled',
      `The source is too busy for ${request} (${status}${times(answer)})${asks}`,
      `Run again ${when === null ? 'later' : `after ${when}`}${orWait(answer, wait, retry)}.`,
    );
  }
  if (status === 408 || status >= 500) {
    return failed(
      'SourceUnavailable',
      `${request} failed at the source (${status}${times(answer)})`,
      'Run again later.',
    );
  }
  if (status === 404) {
    return failed(
      'ReplyUnusable',
      `${request} was not found (404)`,
      'Check the `path` of the endpoint; if a missing one is no error, add `response_actions: [{ status_code: 404, action: ignore }]`.',
    );
  }
  return failed('ReplyUnusable', `${request} was answered with status ${status}`, hintForStatus(status));
}

/** What a person may learn from the body: what JSON says of its failure, the title of a page, or the text itself. */
export function saidIn({ body, headers }: Answer, mask: SecretMask): string {
  const text = decodeUtf8(body.subarray(0, MOST_BYTES));
  const isBinary = /image|octet-stream/.test(headers.get('content-type') ?? '');
  return mask.quote(problemText(text) ?? (isBinary ? '' : plainBody(text)));
}

// --- internal ---

/** The setting that ended the retries; a POST may have had none. */
function orWait({ attempts }: Answer, wait: number | null, retry: Session['retry']): string {
  const setting = (wait ?? 0) > retry.max_delay ? 'max_delay' : attempts >= retry.attempts ? 'attempts' : undefined;
  return setting === undefined ? '' : `, or raise \`source.client.retry.${setting}\``;
}

function times({ attempts }: Answer): string {
  return attempts === 1 ? '' : `, ${attempts} attempts`;
}

function sentText(sent: readonly Credential[]): string {
  const keys = sent.filter(({ isKey }) => isKey);
  if (keys.length === 0) return 'no credentials were sent';
  return keys
    .map(
      ({ place, name, origin }) =>
        `the ${place === 'header' ? 'header' : 'parameter'} \`${name}\` was sent${origin === undefined ? '' : `, its value from ${origin}`}`,
    )
    .join('; ');
}

function keyHint(sent: readonly Credential[]): string {
  const odd = sent.find(({ oddity }) => oddity !== undefined);
  if (odd !== undefined) return `The value${from(odd)} ${odd.oddity}: correct that, then run again.`;
  const origin = sent.find((credential) => credential.origin !== undefined)?.origin;
  if (!sent.some(({ isKey }) => isKey))
    return 'Set `auth` for this source, or check that no redirect leads to another host.';
  return `Check the key${origin === undefined ? '' : ` in ${origin}`}, what it may do, and that the source expects it there (\`auth\`).`;
}

function from({ origin }: Credential): string {
  return origin === undefined ? '' : ` from ${origin}`;
}

function hintForStatus(status: number): string {
  if (status < 400) return 'Check `base_url` and `path`.';
  return 'Check the `path`, `params` and body of the endpoint against the documentation of the API.';
}

const MOST_BYTES = 1_000_000;

function problemText(text: string): string | undefined {
  try {
    return errorText(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function plainBody(text: string): string {
  if (!/^\s*</.test(text)) return text;
  return /<title[^<>]*>([^<]*)<\/title>/i.exec(text)?.[1] ?? 'an HTML page';
}
