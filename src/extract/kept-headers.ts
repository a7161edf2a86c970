import type { ClientConfig } from '../config/grammar/client-schema.ts';
import { holdsCredential } from '../config/grammar/reply-headers-schema.ts';
import type { Findings } from '../findings.ts';
import { ExactNumber } from '../json/exact-number.ts';
import type { Json } from '../json/json-value.ts';
import { type RequestRow, requestKey } from '../schema/requests-table.ts';
import type { Endpoint } from './endpoint.ts';
import type { MaskedHeaders } from './http/masked-headers.ts';
import type { ReplyFacts } from './page.ts';
import { withMembers } from './parent-fields.ts';
import { isItem } from './steps/item.ts';

/** What an endpoint keeps of the headers of its replies. */
export class KeptHeaders {
  /** Undefined where nothing is captured. */
  readonly #captures: ((header: string) => boolean) | undefined;
  readonly #included: readonly (readonly [header: string, key: string])[];

  constructor({ capture_headers, include_headers = {} }: Endpoint, client: ClientConfig | undefined) {
    const patterns = capture_headers ?? client?.capture_headers ?? [];
    const amounts = [client?.cost_header, client?.balance_header].filter((name) => name !== undefined);
    this.#captures = patterns.length === 0 ? undefined : matching([...patterns, ...amounts]);
    this.#included = Object.entries(include_headers);
  }

  /** The row of `_elt_requests` for a reply; undefined where its headers are not captured. */
  captured({ headers, ...reply }: ReplyFacts): RequestRow | undefined {
    if (this.#captures === undefined) return undefined;
    const names = headers.names().filter(this.#captures);
    return {
      resource: reply.resource,
      method: reply.method,
      url: reply.url,
      status: reply.status,
      started_at: reply.startedAt / 1000,
      duration_ms: Math.round(reply.milliseconds * 1000) / 1000,
      attempts: reply.attempts,
      ...Object.fromEntries(names.map((name) => [requestKey(name), valueIn(headers, name)])),
    };
  }

  /** The records with the headers that their reply has, each instead of a field of that name, which is counted. */
  included(records: readonly Json[], { headers, resource }: ReplyFacts, findings: Pick<Findings, 'count'>) {
    const all = this.#included.map(([header, key]) => [key, valueIn(headers, header)] as const);
    const found = all.filter(([, value]) => value !== null);
    for (const [key] of found) {
      const replaced = records.filter((record) => isItem(record) && record[key] != null).length;
      if (replaced > 0) findings.count(`values of \`${key}\` in ${resource} replaced by a header`, replaced);
    }
    return withMembers(records, Object.fromEntries(found));
  }
}

// --- internal ---

function matching(patterns: readonly string[]): (header: string) => boolean {
  const forms = patterns.map((pattern) => pattern.replace(/[.+^$|]/g, '\\$&').replaceAll('*', '.*'));
  const form = new RegExp(`^(?:${forms.join('|')})$`);
  return (header) => form.test(header) && !holdsCredential(header);
}

const NUMBER = /^-?(\d+)(?:\.(\d+))?$/;
/** So many digits every double keeps. */
const EXACT_DIGITS = 15;

/** A number where it is written as one, exact; else text, of which an ISO date and time becomes a timestamp like any other. */
function valueIn(headers: MaskedHeaders, name: string): Json {
  const text = headers.get(name)?.trim() ?? '';
  if (text === '') return null;
  const [, whole, fraction] = NUMBER.exec(text) ?? [];
  if (whole === undefined || (whole.startsWith('0') && whole !== '0')) return text;
  if (fraction === undefined) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  return whole.length + fraction.length > EXACT_DIGITS ? new ExactNumber(text) : Number(text);
}
