import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import type { PipelineError } from '../../../src/errors.ts';
import { BASE, client, collect, KEY, resource } from '../collect.ts';
import { useNock } from './nock-guard.ts';

useNock();

const models = resource({ data_selector: 'data' });

async function refused(
  status: number,
  body: string | Record<string, unknown> = '',
  headers = {},
): Promise<PipelineError> {
  nock(BASE).get('/models').reply(status, body, headers);
  const { error } = await collect(models);
  return error as PipelineError;
}

describe('a refused key', () => {
  it.each([401, 403])('names the header that was sent and where the key came from (%i)', async (status) => {
    const error = await refused(status);
    expect(error).toMatchObject({
      code: 'SourceRefused',
      exitCode: 4,
      message: `GET /models was refused (${status}); the header \`X-Dezgo-Key\` was sent, its value from environment DEZGO_API_KEY`,
      hint: expect.stringContaining('Check the key in environment DEZGO_API_KEY'),
    });
  });

  it('is not shown, even where the reply repeats it', async () => {
    const error = await refused(401, { title: 'Unauthorized', detail: `no such key ${KEY}` });
    expect(error.message).toContain('Unauthorized: no such key ***');
    expect(JSON.stringify(error)).not.toContain(KEY);
  });

  it('names the key, not the ordinary headers beside it', async () => {
    nock(BASE).get('/models').reply(401);
    const headers = { 'X-Tenant': 'acme' };
    expect((await collect(models, { client: { ...client, headers } })).error).toMatchObject({
      message:
        'GET /models was refused (401); the header `X-Dezgo-Key` was sent, its value from environment DEZGO_API_KEY',
    });
  });

  it.each([
    [401, {}],
    [403, { links: { keys: 'https://example.com/keys' } }],
  ])('that has quotes around it is told so in the hint (%i)', async (status, links) => {
    nock(BASE).get('/models').reply(status);
    const quoted = Secret.found('api_key', '"quoted-key"', 'environment DEZGO_API_KEY');
    const auth = { type: 'api_key' as const, name: 'X-Dezgo-Key', location: 'header' as const, api_key: quoted };
    const { error } = await collect(models, { client: { ...client, auth, ...links } });
    expect(error).toMatchObject({
      hint: `The value from environment DEZGO_API_KEY begins or ends with a quotation mark: correct that, then run again.${status === 403 ? ' Keys are made at https://example.com/keys.' : ''}`,
    });
  });

  it('without credentials says that none were sent', async () => {
    nock(BASE).get('/models').reply(401);
    const { auth: _, ...open } = client;
    expect((await collect(models, { client: open })).error).toMatchObject({
      code: 'SourceRefused',
      message: 'GET /models was refused (401); no credentials were sent',
    });
  });
});

describe('an account without money', () => {
  it.each([
    [402, undefined],
    [200, [{ status_code: 200, action: 'fail' as const, as: 'budget' as const }]],
  ])('names the page where credit is added (%i)', async (status, response_actions) => {
    nock(BASE).get('/models').reply(status, { data: [] });
    const linked = { ...client, links: { billing: 'https://example.com/billing' } };
    const asked = resource({ data_selector: 'data', ...(response_actions && { response_actions }) });
    expect((await collect(asked, { client: linked })).error).toMatchObject({
      exitCode: 8,
      hint: expect.stringContaining('Add credit to the account at https://example.com/billing, then run again.'),
    });
  });

  it('is a matter of budget on 402', async () => {
    expect(await refused(402, { title: 'Balance too low' })).toMatchObject({
      code: 'BudgetExhausted',
      exitCode: 8,
      message: 'The account cannot pay for GET /models (402): Balance too low',
    });
  });

  it('is one on 406 that speaks of credits, and not on another 406', async () => {
    expect(await refused(406, { error: 'Insufficient credits' })).toMatchObject({ code: 'BudgetExhausted' });
    expect(await refused(406, { error: 'content type' })).toMatchObject({ code: 'ReplyUnusable' });
  });
});

describe('another refusal', () => {
  it('quotes title and detail of the problem, in one line without control characters', async () => {
    const error = await refused(400, {
      title: 'Bad\nrequest',
      detail: `\u001b[2J\u0007page \u202emust be > 0 ${'x'.repeat(500)}`,
    });
    expect(error).toMatchObject({ code: 'ReplyUnusable', exitCode: 5, facts: { status: 400 } });
    expect(error.message).toMatch(/^GET \/models was answered with status 400: Bad request: page must be > 0 x{50,}…$/);
    expect(error.message.length).toBeLessThan(280);
  });

  it.each([
    [{ message: 'You are not subscribed to this API.' }, 'You are not subscribed to this API.'],
    [{ error: { message: 'inner' } }, 'inner'],
    [{ errors: [{ message: 'of GraphQL', path: ['a'] }] }, 'of GraphQL'],
    [{ errors: [{ status: '422', title: 'Invalid', detail: 'of JSON:API' }] }, 'Invalid: of JSON:API'],
    [{ title: 'One or more', errors: { name: ['is too long'] } }, 'One or more: name is too long'],
    [{ detail: [{ loc: ['query', 'page'], msg: 'of FastAPI' }] }, 'of FastAPI'],
    [{ errors: ['of Rails'] }, 'of Rails'],
    [{ errors: [null, 5, [], { code: 7 }] }, ''],
    ['plain text', 'plain text'],
    ['<!doctype html><p>no title', 'an HTML page'],
    ['', ''],
  ])('of body %j says %j', async (body, said) => {
    const error = await refused(422, body);
    expect(error.facts.detail).toBe(said);
  });

  it('of 404 tells what to check', async () => {
    expect(await refused(404)).toMatchObject({ hint: expect.stringMatching(/`path`.*action: ignore/) });
  });

  it('of 304 is not taken for an answer', async () => {
    expect(await refused(304)).toMatchObject({ code: 'ReplyUnusable', facts: { status: 304 } });
  });

  it('does not show secrets of the URL', async () => {
    nock(BASE).get('/models').query(true).reply(404);
    const { error, traces } = await collect(resource({ params: { token: 'plain-token', q: KEY } }));
    expect(error).toMatchObject({ message: 'GET /models?token=***&q=*** was not found (404)' });
    expect(traces[0]?.url).toBe(`${BASE}/models?token=***&q=***`);
  });
});
