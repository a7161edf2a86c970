import { describe, expect, it } from 'vitest';
import { extractResource } from '../../src/extract/extract-resource.ts';
import type { HttpReply, HttpRequest } from '../../src/extract/http/transport.ts';
import { lookaheadFor } from '../../src/extract/lookahead.ts';
import { findingsOf } from '../support/findings.ts';
import { apiKey, client, collect, type EndpointParts, effectsNoting, resource } from './collect.ts';

const ids = ['a', 'b', 'c'];
const values: EndpointParts['params'] = { id: { type: 'values', from: [{ list: ids }] } };
const post: EndpointParts = { method: 'POST', json: { id: '{id}' }, params: values };
const get: EndpointParts = { path: 'models/{id}', params: values };

const kinds: readonly [what: string, EndpointParts, Repeats][] = [
  ['a GET', get, { ahead: true, after502: 3, afterRefusal: 3 }],
  ['a GET that is not idempotent', { ...get, idempotent: false }, { ahead: false, after502: 1, afterRefusal: 3 }],
  ['a GET that is paid', { ...get, paid: true }, { ahead: false, after502: 1, afterRefusal: 1 }],
  ['a POST', post, { ahead: false, after502: 1, afterRefusal: 3 }],
  ['a POST that is idempotent', { ...post, idempotent: true }, { ahead: true, after502: 3, afterRefusal: 3 }],
  ['a POST that is paid', { ...post, paid: true }, { ahead: false, after502: 1, afterRefusal: 1 }],
  [
    'a POST that is paid, with a rule to wait',
    { ...post, paid: true, response_actions: [{ status_code: [429, '5xx'], action: 'retry', wait: 1 }] },
    { ahead: false, after502: 1, afterRefusal: 3 },
  ],
];

interface Repeats {
  readonly ahead: boolean;
  readonly after502: number;
  readonly afterRefusal: number;
}

/** Answers every request with the status, and keeps them. */
function answering(status: number, headers: Record<string, string> = {}) {
  const asked: HttpRequest[] = [];
  const transport = async (request: HttpRequest): Promise<HttpReply> => {
    asked.push(request);
    return { status, headers: new Headers(headers), body: Buffer.from('{"data":[{"id":1}]}') };
  };
  return { asked, transport };
}

describe.each(kinds)('%s', (_, endpoint, { ahead, after502, afterRefusal }) => {
  const models = resource({ data_selector: 'data', ...endpoint });

  it(`is ${ahead ? '' : 'not '}sent before its turn`, async () => {
    const { asked, transport } = answering(200);
    const effects = { ...effectsNoting([]), transport };
    const pages = extractResource(models, {
      client,
      effects,
      lookahead: lookaheadFor({ concurrency: 5 }, effects),
      seeds: { seeds: ids.map((id) => ({ values: { id } })), sources: [] },
      secrets: [apiKey],
      findings: findingsOf(),
      exactNumbers: false,
    });
    await pages.next();
    for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toHaveLength(ahead ? 3 : 1);
    await pages.return({ status: 'extracted', records: 0, requests: 0, notes: [] });
  });

  it(`is sent ${after502} times where it fails, ${afterRefusal} times where the source asks to wait`, async () => {
    const [failing, refusing] = [answering(502), answering(503, { 'retry-after': '1' })];
    await collect(models, failing);
    await collect(models, refusing);
    expect([failing.asked.length, refusing.asked.length]).toEqual([after502, afterRefusal]);
  });
});
