import { expect, test } from 'vitest';
import { Secret } from '../../src/config/secret.ts';
import { type Effects, realEffects } from '../../src/effects.ts';
import { patienceFor } from '../../src/notify/patience.ts';
import { post } from '../../src/notify/post.ts';
import { type Answering, closedPort, useServer } from '../support/server.ts';

const effects: Effects = { ...realEffects, env: {}, sleep: async () => undefined };
const message = { contentType: 'application/json', body: '{"text":"it failed"}', timeout: 300_000 };
const known = (url: string) => Secret.found('url', url, 'environment HOOK');

const answers: [string, Answering, RegExp | undefined, number][] = [
  ['204', (_, response) => void response.writeHead(204).end(), undefined, 1],
  ['a page of any kind', (_, response) => void response.end('<html>'), undefined, 1],
  ['404', () => undefined, /^it answered 404$/, 1],
  ['500', (_, response) => void response.writeHead(500).end(), /^it answered 500$/, 3],
  [
    'a redirect to another host',
    (_, response) => void response.writeHead(302, { location: 'https://other.example/T0/secret' }).end(),
    /^it answered 302, a redirect to https:\/\/other\.example, which is not followed$/,
    1,
  ],
  ['a reset', (_, response) => void response.destroy(), /^(socket hang up|.*ECONNRESET.*)$/, 3],
  ['2 MB', (_, response) => void response.end('x'.repeat(2_000_000)), /^the reply is larger than 1000000 bytes$/, 1],
];

test.each(answers)('of a hook that answers with %s', async (_, answer, reason, times) => {
  const { url, asked } = await useServer(answer);
  const told = await post({ ...message, url: known(`${url}/hook`) }, effects);
  if (reason === undefined) expect(told).toBeUndefined();
  else expect(told).toMatch(reason);
  expect(asked).toHaveLength(times);
  expect(asked[0]).toMatchObject({ method: 'POST', path: '/hook', body: message.body });
});

test('the name of the host, which may be the secret, is in no reason', async () => {
  const { url } = await useServer((_, response) => {
    response.writeHead(302, { location: `${url.replace('http:', 'https:')}/hook` }).end();
  });
  const unknown = await post({ ...message, url: known('http://Token-0123456789.invalid/') }, effects);
  expect(unknown).toBe('getaddrinfo ENOTFOUND ***');
  expect(await post({ ...message, url: known(`${url}/hook`) }, effects)).toMatch(
    /^it answered 302, a redirect to https:\/\/\*\*\*:\d+, which is not followed$/,
  );
});

test('a hook that hangs is given up after its time', async () => {
  const { url, asked } = await useServer((_, response) => void response.writeHead(200).write('begun, '));
  const told = await post({ ...message, url: known(url), timeout: 300 }, effects);
  expect(told).toBe('no complete answer within 0.3 s');
  expect(asked).toHaveLength(1);
});

test('a hook is given up before its time where the run that tells it is stopped', async () => {
  const stop = new AbortController();
  const { url } = await useServer(() => {
    stop.abort();
    return new Promise(() => undefined);
  });
  const quick: Effects = { ...effects, sleep: (milliseconds, signal) => realEffects.sleep(milliseconds / 100, signal) };
  const { over: signal, end } = patienceFor(stop.signal, quick);
  const told = await post({ ...message, url: known(url), timeout: 600_000, signal }, effects);
  expect(told).toBe('the run was stopped, and 5 s more were not enough');
  end();
});

test('user name and password of an address are sent, headers too, and none of them is shown', async () => {
  const { url, asked } = await useServer(() => ({ ok: true }));
  const address = url.replace('://', '://me:p%40ss@');
  const headers = { 'X-Token': Secret.found('token', 'of-the-hook', 'environment T') };
  expect(await post({ ...message, url: known(`${address}/a#b`), headers }, effects)).toBeUndefined();
  expect(asked[0]?.headers).toMatchObject({
    authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    'x-token': 'of-the-hook',
  });
});

test('an address that leads nowhere, is none or is not known is a reason that does not show it', async () => {
  const gone = `${await closedPort()}/secret-path`;
  const reasons = await Promise.all([
    post({ ...message, url: known(gone) }, effects),
    post({ ...message, url: known('ftp://example.com/secret-path') }, effects),
    post({ ...message, url: known('http://') }, effects),
    post({ ...message, url: Secret.missing('hook', ['environment HOOK']) }, effects),
    post({ ...message, url: known(gone), headers: { 'X-Token': 'line\nbreak' } }, effects),
    post({ ...message, url: known(gone) }, { ...effects, env: { http_proxy: 'socks5://secret-path' } }),
  ]);
  expect(reasons).toEqual([
    expect.stringMatching(/ECONNREFUSED/),
    'what environment HOOK holds is no http address',
    'what environment HOOK holds is no http address',
    'the address is not known. The secret `hook` was not found. Looked in: environment HOOK',
    'a header holds what no header can carry',
    'The environment variable http_proxy holds no address of an HTTP proxy.',
  ]);
  expect(reasons.join()).not.toContain('secret-path');
});
