import { describe, expect, it } from 'vitest';
import { extractResource } from '../../src/extract/extract-resource.ts';
import type { HttpReply, HttpRequest, Transport } from '../../src/extract/http/transport.ts';
import { findingsOf } from '../support/findings.ts';
import { apiKey, client, effectsNoting, resource } from './collect.ts';

/** Pages 0, 1, 2 … without end, and what was asked. */
function endless(): { asked: HttpRequest[]; transport: Transport } {
  const asked: HttpRequest[] = [];
  const transport = async (request: HttpRequest): Promise<HttpReply> => {
    asked.push(request);
    const body = Buffer.from(JSON.stringify({ data: [{ n: asked.length }] }));
    return { status: 200, headers: new Headers(), body };
  };
  return { asked, transport };
}

function start(method: 'GET' | 'POST', transport: Transport, signal?: AbortSignal) {
  const paginator = { type: 'page_number', base_page: 0, stop_after_empty_page: true } as const;
  const json = method === 'POST' ? { json: {} } : {};
  return extractResource(resource({ method, paginator, data_selector: 'data', ...json }), {
    client,
    signal,
    effects: { ...effectsNoting([]), transport },
    secrets: [apiKey],
    findings: findingsOf(),
    exactNumbers: false,
  });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('while a page is worked on', () => {
  it('the next one, and no further one, is asked for', async () => {
    const { asked, transport } = endless();
    const pages = start('GET', transport);
    await pages.next();
    await settled();
    expect(asked).toHaveLength(2);
    await pages.next();
    await settled();
    expect(asked).toHaveLength(3);
    await pages.return({ status: 'extracted', records: 0, requests: 0, notes: [] });
  });

  it('a POST is not sent ahead', async () => {
    const { asked, transport } = endless();
    const pages = start('POST', transport);
    await pages.next();
    await settled();
    expect(asked).toHaveLength(1);
  });

  it('an interruption ends the resource before the page that was asked for ahead', async () => {
    const { asked, transport } = endless();
    const stop = new AbortController();
    const pages = start('GET', transport, stop.signal);
    await pages.next();
    await settled();
    stop.abort();
    await expect(pages.next()).rejects.toMatchObject({ code: 'Interrupted' });
    expect(asked).toHaveLength(2);
  });

  it('the failure of the next one comes after it, and troubles nobody who stops before', async () => {
    const failing = async (request: HttpRequest): Promise<HttpReply> => {
      if (request.url.endsWith('page=1')) throw new Error('a defect');
      return endless().transport(request);
    };
    const stopped = start('GET', failing);
    expect((await stopped.next()).done).toBe(false);
    await settled();
    await stopped.return({ status: 'extracted', records: 0, requests: 0, notes: [] });

    const pages = start('GET', failing);
    expect((await pages.next()).done).toBe(false);
    await settled();
    await expect(pages.next()).rejects.toThrow('a defect');
  });

  it('who stops early cancels what was asked for ahead', async () => {
    let signal: AbortSignal | undefined;
    const hanging = (request: HttpRequest): Promise<HttpReply> => {
      if (request.url.endsWith('page=0')) return endless().transport(request);
      signal = request.signal;
      return new Promise((_, reject) =>
        request.signal?.addEventListener('abort', () => reject(request.signal?.reason)),
      );
    };
    for await (const page of start('GET', hanging)) {
      expect(page.records).toHaveLength(1);
      await settled();
      break;
    }
    expect(signal?.aborted).toBe(true);
  });
});
