import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { apiKey, BASE, client, collect, NOW, resource } from '../collect.ts';
import { useNock } from './nock-guard.ts';

useNock();

const models = resource({ data_selector: 'data' });
const ok = { data: [{ id: 'a' }] };
const reset = () => new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
const slow = { ...client, retry: { attempts: 5, backoff: 1000, max_delay: 5000 } };

describe('a GET is sent again', () => {
  it.each([408, 429, 500, 502, 503, 504])('after %i', async (status) => {
    nock(BASE).get('/models').reply(status);
    nock(BASE).get('/models').reply(200, ok);
    const { records, traces } = await collect(models);
    expect(records).toEqual(ok.data);
    expect(traces).toMatchObject([{ status: 200, attempts: 2 }]);
  });

  it('after a failed connection', async () => {
    nock(BASE).get('/models').replyWithError(reset());
    nock(BASE).get('/models').reply(200, ok);
    expect(await collect(models)).toMatchObject({ records: ok.data, error: undefined });
  });

  it('with waits that double, jitter, and stay below the cap', async () => {
    nock(BASE).get('/models').times(5).reply(500);
    const { slept } = await collect(models, { client: slow });
    expect(slept).toEqual([750, 1500, 3000, 3750]);
  });

  it('exactly when Retry-After says so, in seconds or as a date', async () => {
    nock(BASE).get('/models').reply(429, '', { 'Retry-After': '3' });
    nock(BASE)
      .get('/models')
      .reply(503, '', { 'Retry-After': new Date(NOW + 4000).toUTCString() });
    nock(BASE).get('/models').reply(200, ok);
    expect(await collect(models, { client: slow })).toMatchObject({ slept: [3000, 4000], records: ok.data });
  });

  it('when the reset header of a 429 says so', async () => {
    nock(BASE).get('/models').reply(429, '', { 'x-rate-limit-reset-at-utc': '2026-01-15T12:00:02' });
    nock(BASE)
      .get('/models')
      .reply(429, '', { 'x-ratelimit-reset': String(NOW / 1000 + 4) });
    nock(BASE).get('/models').reply(429, '', { 'ratelimit-reset': '5' });
    nock(BASE).get('/models').reply(200, ok);
    expect(await collect(models, { client: slow })).toMatchObject({ slept: [2000, 4000, 5000], records: ok.data });
  });
});

describe('a GET is given up', () => {
  it('when all attempts failed with 5xx', async () => {
    nock(BASE).get('/models').times(3).reply(502, '<html><title>Bad\u001b[31m Gateway</title></html>');
    const { error, traces } = await collect(models);
    expect(error).toMatchObject({
      code: 'SourceUnavailable',
      message: 'GET /models failed at the source (502, 3 attempts): Bad Gateway',
    });
    expect(traces).toMatchObject([{ status: 502, attempts: 3 }]);
  });

  it('when the network stays away', async () => {
    nock(BASE).get('/models').times(3).replyWithError(reset());
    const { error, traces } = await collect(models);
    expect(error).toMatchObject({
      code: 'SourceUnavailable',
      message: `No answer to GET ${BASE}/models (3 attempts): reset [ECONNRESET]`,
    });
    expect(traces).toMatchObject([{ status: null, attempts: 3, bytes: 0 }]);
  });

  it('at once when the server wants more time than max_delay, saying when to come back', async () => {
    nock(BASE).get('/models').reply(429, '', { 'Retry-After': '3600' });
    const { error, slept } = await collect(models, { client: slow });
    expect(error).toMatchObject({
      code: 'SourceThrottled',
      message: expect.stringContaining('2026-01-15T13:00:00.000Z'),
      hint: 'Run again after 2026-01-15T13:00:00.000Z, or raise `source.client.retry.max_delay`.',
    });
    expect(slept).toEqual([]);
  });

  it.each([
    ['Retry-After', '9'.repeat(400)],
    ['Retry-After', '99999999999'],
    ['Retry-After', '+275760-09-13T00:00:00Z'],
    ['Retry-After', 'Fri, 31 Dec 275759 23:59:59 GMT'],
    ['x-ratelimit-reset', '9'.repeat(400)],
    ['x-rate-limit-reset-at-utc', '9999-99-99T00:00:00'],
  ])('at once, as throttled, whatever time the server names: %s: %.30s', async (header, value) => {
    nock(BASE)
      .persist()
      .get('/models')
      .reply(429, '', { [header]: value });
    const { error, slept } = await collect(models, { client: slow });
    expect(error).toMatchObject({ code: 'SourceThrottled', exitCode: 5 });
    expect(slept.every((ms) => ms <= slow.retry.max_delay)).toBe(true);
  });

  it('as throttled when 429 does not end, saying that more attempts would help', async () => {
    nock(BASE).get('/models').times(3).reply(429);
    expect((await collect(models)).error).toMatchObject({
      code: 'SourceThrottled',
      message: 'The source is too busy for GET /models (429, 3 attempts)',
      hint: 'Run again later, or raise `source.client.retry.attempts`.',
    });
    nock(BASE).get('/models').times(3).reply(429, '', { 'Retry-After': '2' });
    expect((await collect(models)).error).toMatchObject({
      hint: expect.stringMatching(/^Run again after \S+Z, or raise `source\.client\.retry\.attempts`\.$/),
    });
  });

  it.each([400, 401, 402, 403, 404, 410, 422])('at once on %i', async (status) => {
    nock(BASE).get('/models').reply(status);
    const { error, traces } = await collect(models);
    expect(error).toBeDefined();
    expect(traces).toMatchObject([{ status, attempts: 1 }]);
  });

  it('at once when the certificate is refused', async () => {
    const cause = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
    nock(BASE).get('/models').replyWithError(new TypeError('fetch failed', { cause }));
    const { error, traces } = await collect(models);
    expect(error).toMatchObject({ code: 'SourceUnavailable', hint: expect.stringContaining('certificate') });
    expect(traces).toMatchObject([{ attempts: 1 }]);
  });

  it('at once on a defect that is no failure of the network', async () => {
    let calls = 0;
    const transport = async () => {
      calls += 1;
      throw new Error('a defect');
    };
    const { error } = await collect(models, { transport });
    expect(error).toMatchObject({ message: 'a defect' });
    expect(calls).toBe(1);
  });
});

describe('a POST', () => {
  const post = resource({ path: 'generate', method: 'POST', json: { prompt: 'x' }, data_selector: '$' });

  it.each([500, 502, 503, 408, 429])('is not sent again after %i', async (status) => {
    nock(BASE).post('/generate', { prompt: 'x' }).reply(status);
    const { error, traces } = await collect(post);
    expect(error).toBeDefined();
    expect(traces).toMatchObject([{ method: 'POST', status, attempts: 1 }]);
  });

  it('is not sent again when the connection fails', async () => {
    nock(BASE).post('/generate').replyWithError(reset());
    expect(await collect(post)).toMatchObject({ error: { code: 'SourceUnavailable' }, traces: [{ attempts: 1 }] });
  });

  it.each([429, 503])('is sent again after %i with Retry-After: nothing was executed', async (status) => {
    nock(BASE).post('/generate').reply(status, '', { 'Retry-After': '2' });
    nock(BASE).post('/generate', { prompt: 'x' }).reply(200, { id: 'job' });
    expect(await collect(post)).toMatchObject({ records: [{ id: 'job' }], slept: [2000] });
  });

  it('is not sent again after 500 with Retry-After', async () => {
    nock(BASE).post('/generate').reply(500, '', { 'Retry-After': '2' });
    expect(await collect(post)).toMatchObject({ error: { code: 'SourceUnavailable' }, slept: [] });
  });
});

describe('a source without a client', () => {
  it('asks an absolute path', async () => {
    nock('https://other.example.test').get('/m').reply(200, ok);
    const absolute = resource({ path: 'https://other.example.test/m', data_selector: 'data' });
    expect(await collect(absolute, { client: undefined, secrets: [apiKey] })).toMatchObject({ records: ok.data });
  });
});
