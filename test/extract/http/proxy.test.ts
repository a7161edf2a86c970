import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/extract/http/proxy.ts';
import { useProxy } from '../../support/proxy.ts';
import { client, collect, resource } from '../collect.ts';
import { serve } from '../http-server.ts';

const models = resource({ data_selector: 'data' });
const clientFor = (base_url: string) => ({ ...client, base_url });

async function source() {
  const { url, requests } = await serve((_, response) => response.end('{"data": [{"id": 1}]}'));
  return { url, requests };
}

describe('the proxy of a URL', () => {
  it.each<[string, string, Record<string, string>, string | undefined]>([
    ['no proxy at all', 'https://a.x/', {}, undefined],
    ['that for https', 'https://a.x/', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' }, 'http://p:1'],
    ['that for http', 'http://a.x/', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' }, 'http://q:2'],
    ['none for https where there is one for http alone', 'https://a.x/', { HTTP_PROXY: 'http://q:2' }, undefined],
    ['the variable in lower case first', 'http://a.x/', { http_proxy: 'http://p:1', HTTP_PROXY: 'q:2' }, 'http://p:1'],
    ['an empty variable as none', 'http://a.x/', { http_proxy: '', HTTP_PROXY: ' ' }, undefined],
    ['an address without a scheme', 'http://a.x/', { HTTP_PROXY: 'p.example.test:3128' }, 'http://p.example.test:3128'],
    ['none where everything is an exception', 'http://a.x/', { HTTP_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
  ])('is %s', (_, url, env, expected) => {
    expect(proxyFor(url, env)?.url).toBe(expected);
  });

  it.each(['socks5://user:hunter2@p:1', 'http://user:hunter2@', 'hunter2 hunter2'])(
    'must be one: %s is refused and not shown',
    (HTTP_PROXY) => {
      expect(() => proxyFor('http://a.x/', { HTTP_PROXY })).toThrow(
        expect.objectContaining({
          code: 'ConfigInvalid',
          message: 'The environment variable HTTP_PROXY holds no address of an HTTP proxy.',
        }),
      );
    },
  );
});

describe('a request', () => {
  it('goes by the proxy in HTTP_PROXY, with its user name and password, which go no further', async () => {
    const { url, requests } = await source();
    const proxy = await useProxy({ target: url });
    const env = { HTTP_PROXY: proxy.url.replace('//', '//me:hunter%232@') };
    const { records, error } = await collect(models, { client: clientFor('http://api.example.test/v1/'), env });
    expect(error).toBeUndefined();
    expect(records).toEqual([{ id: 1 }]);
    expect(proxy.asked).toEqual([
      {
        line: 'GET http://api.example.test/v1/models',
        authorization: `Basic ${Buffer.from('me:hunter#2').toString('base64')}`,
      },
    ]);
    expect(requests[0]?.headers).toMatchObject({ host: 'api.example.test', 'x-dezgo-key': expect.any(String) });
  });

  it('keeps the password of the proxy out of what a reply repeats', async () => {
    const { url } = await serve((_, response) => response.end('{"data": ["hunter#2", "bWU6aHVudGVyIzI="]}'));
    const proxy = await useProxy({ target: url });
    const env = { HTTP_PROXY: proxy.url.replace('//', '//me:hunter%232@') };
    expect(await collect(models, { client: clientFor('http://api.example.test/'), env })).toMatchObject({
      records: ['***', '***'],
    });
  });

  it('for https asks the proxy for a tunnel', async () => {
    const { url } = await source();
    const proxy = await useProxy({ target: url });
    const env = { https_proxy: proxy.url };
    const { error } = await collect(models, { client: clientFor('https://api.example.test/'), env });
    expect(proxy.asked).toEqual([{ line: 'CONNECT api.example.test:443', authorization: undefined }]);
    // At the other end of the tunnel is a server without TLS.
    expect(error).toMatchObject({ facts: { reason: 'ERR_SSL_WRONG_VERSION_NUMBER' } });
  });

  it.each([
    ['api.example.test', 'http://api.example.test/'],
    ['.example.test', 'http://api.example.test/'],
    ['other.test, example.test:80', 'http://api.example.test/'],
  ])('to a host in NO_PROXY (%s) goes without', async (NO_PROXY, base_url) => {
    const proxy = await useProxy({ target: 'http://127.0.0.1:9' });
    const env = { HTTP_PROXY: proxy.url, NO_PROXY };
    const { error } = await collect(models, { client: clientFor(base_url), env });
    expect(error).toMatchObject({ message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
    expect(proxy.asked).toEqual([]);
  });

  it('to this machine goes without', async () => {
    const { url } = await source();
    const proxy = await useProxy({ target: 'http://127.0.0.1:9' });
    const { records } = await collect(models, { client: clientFor(url), env: { HTTP_PROXY: proxy.url } });
    expect(records).toEqual([{ id: 1 }]);
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ['http', 407, 'the proxy wants a user name and a password [PROXY_407]', 1],
    ['https', 407, 'the proxy wants a user name and a password [PROXY_407]', 1],
    ['https', 403, 'the proxy does not connect to that host [PROXY_403]', 1],
    ['https', 502, 'the proxy does not connect to that host [PROXY_502]', 3],
  ])('over %s that the proxy answers with %i says so', async (scheme, answer, message, attempts) => {
    const proxy = await useProxy({ target: 'http://127.0.0.1:9', answer });
    const env = { HTTP_PROXY: proxy.url.replace('//', '//me:hunter2@'), HTTPS_PROXY: proxy.url };
    const { error } = await collect(models, { client: clientFor(`${scheme}://api.example.test/`), env });
    expect(error).toMatchObject({
      code: 'SourceUnavailable',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(`It was sent by the proxy in ${scheme.toUpperCase()}_PROXY`),
      facts: { attempts },
    });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('does not mind a proxy that is none and is not for it', async () => {
    const { url } = await source();
    const env = { HTTPS_PROXY: 'socks5://p:1' };
    expect(await collect(models, { client: clientFor(url), env })).toMatchObject({ error: undefined });
  });

  it('by a proxy that nobody runs names the variable', async () => {
    const env = { HTTP_PROXY: 'http://127.0.0.1:9' };
    const { error } = await collect(models, { client: clientFor('http://api.example.test/'), env });
    expect(error).toMatchObject({
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('the proxy in HTTP_PROXY'),
    });
  });
});
