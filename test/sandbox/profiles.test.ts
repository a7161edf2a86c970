import { describe, expect, test } from 'vitest';
import { generationPrice, upscalingPrice } from '../../src/sandbox/prices.ts';
import { type ProfileName, profiles } from '../../src/sandbox/profiles/profiles.ts';
import type { Sandbox } from '../../src/sandbox/stand-in-api.ts';
import { bodyOf, useSandbox } from '../support/sandbox.ts';

const keyHeaders = {
  dezgo: ({ key }: Sandbox) => ({ 'x-dezgo-key': key }),
  rapidapi: ({ key }: Sandbox) => ({ 'x-rapidapi-key': key, 'x-rapidapi-host': 'dezgo.p.rapidapi.com' }),
  segmind: ({ key }: Sandbox) => ({ 'x-api-key': key }),
} as const;

async function played(profile: Exclude<ProfileName, 'dezgo'>, credits?: number) {
  let now = Date.UTC(2026, 0, 31, 12);
  const options = credits === undefined ? {} : { credits, creditsResetAfter: 90_000 };
  const sandbox = await useSandbox({ profile, now: () => now, ...options });
  const headers = { 'content-type': 'application/json', ...keyHeaders[profile](sandbox) };
  const post = (path: string, body: object, more: Record<string, string> = {}) =>
    fetch(`${sandbox.baseUrl}${path}`, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
    });
  const get = (path: string) => fetch(`${sandbox.baseUrl}${path}`, { headers });
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { sandbox, post, get, pass };
}

const creditsIn = ({ headers }: Response) =>
  ['x-credits-cost', 'x-ratelimit-credits-limit', 'x-ratelimit-credits-remaining', 'x-ratelimit-credits-reset'].map(
    (name) => headers.get(name),
  );

test.each(Object.keys(profiles) as ProfileName[])(
  '%s describes its routes in /openapi.json, without a key',
  async (profile) => {
    const sandbox = await useSandbox({ profile });
    const document = await bodyOf(await fetch(`${sandbox.url}/openapi.json`));
    expect(document).toMatchObject({ openapi: '3.0.3', servers: [{ url: sandbox.baseUrl }] });
    const { title, routes, base } = profiles[profile];
    expect(document.info.title).toContain(title);
    const described = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${base}${path}`),
    );
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  },
);

test('prices are those of the published table', () => {
  const square = (side: number) => ({ width: side, height: side });
  expect([512, 768, 1024].map((side) => generationPrice({ ...square(side), steps: 30 }))).toEqual([19, 87, 181]);
  expect([320, 512, 768, 1024].map((side) => upscalingPrice(square(side)))).toEqual([5, 12, 29, 51]);
  expect(generationPrice({ ...square(64), steps: 1 })).toBe(generationPrice({ ...square(512), steps: 10 }));
});

describe('rapidapi', () => {
  test('needs both headers, and refuses as the gateway does', async () => {
    const { sandbox, post } = await played('rapidapi');
    const refused = async (headers: Record<string, string>) => {
      const reply = await fetch(`${sandbox.url}/info`, { headers });
      return [reply.status, Object.keys(await bodyOf(reply))];
    };
    expect(await refused({})).toEqual([401, ['message']]);
    expect(await refused({ ...keyHeaders.rapidapi(sandbox), 'x-rapidapi-key': 'another' })).toEqual([403, ['message']]);
    expect(await refused({ 'x-rapidapi-key': sandbox.key })).toEqual([404, ['message']]);
    expect((await post('/text2image', {})).status).toBe(400);
    expect((await post('/text2image', { prompt: 'x', width: 'wide' })).status).toBe(400);
  });

  test('counts credits in every reply, refuses when there are too few, and gives new ones when it said', async () => {
    const { post, get, pass } = await played('rapidapi', 212);
    expect(creditsIn(await get('/info'))).toEqual([null, '212', '212', '90']);
    const painted = await post('/text2image', { prompt: 'x', width: 1024, height: 1024 });
    expect(painted.headers.get('content-type')).toBe('image/png');
    expect(creditsIn(painted)).toEqual(['181', '212', '31', '90']);
    expect(creditsIn(await post('/text2image', { prompt: 'x', upscale: 2 }))).toEqual(['31', '212', '0', '90']);
    const refused = await post('/text2image', { prompt: 'x' });
    expect(refused.status).toBe(429);
    expect(creditsIn(refused)).toEqual([null, '212', '0', '90']);
    pass(90_000);
    expect(creditsIn(await post('/upscale', { image: 'x' }))).toEqual(['12', '212', '200', '90']);
  });
});

describe('segmind', () => {
  test('answers the models of the order with an image and what it cost, until the credits are gone: then 406', async () => {
    const { post, get } = await played('segmind', 0.05);
    const painted = await post('/instantid', { prompt: 'x', face_image: 'y', seed: 7 });
    expect(painted.headers.get('content-type')).toBe('image/png');
    const money = (reply: Response) =>
      ['x-cost', 'x-remaining-credits', 'x-seed-value'].map((name) => reply.headers.get(name));
    expect(money(painted)).toEqual(['0.025', '0.025', '7']);
    expect(await bodyOf(await get('/get-user-credits'))).toEqual({ credits: 0.025, 'free-credits': 0 });
    const asText = await post('/fast-flux-schnell', { prompt: 'x', base64: true });
    expect(Buffer.from((await bodyOf(asText)).image, 'base64').toString('latin1')).toContain('PNG');
    const refused = await post('/face-to-sticker', { image: 'y' });
    expect([refused.status, await bodyOf(refused)]).toEqual([
      406,
      { error: expect.stringMatching(/Insufficient credits/) },
    ]);
  });

  test('takes its key in x-api-key only, JSON or a form, and answers a wrong method with a page', async () => {
    const { sandbox, post, get } = await played('segmind');
    const bearer = { headers: { authorization: `Bearer ${sandbox.key}` } };
    expect((await fetch(`${sandbox.baseUrl}/get-user-credits`, bearer)).status).toBe(401);
    expect((await post('/instantid', { prompt: 'x', face_image: 'y' }, { 'content-type': 'text/plain' })).status).toBe(
      406,
    );
    const page = await get('/models/');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await get('/instantid')).headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect((await fetch(`${sandbox.baseUrl}/v1/models/`, bearer)).status).toBe(404);
  });
});
