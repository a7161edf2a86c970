import { describe, expect, it } from 'vitest';
import type { HttpReply } from '../../../src/extract/http/transport.ts';
import type { Waiting } from '../../../src/extract/page.ts';
import { waitingText } from '../../../src/report/waiting.ts';
import { load, problems, withResources } from '../../config/loading.ts';
import { client, collect, NOW, resource } from '../collect.ts';

const pages = resource({ data_selector: 'data', paginator: { type: 'json_link', next_url_path: 'next' } });

/** Two pages, the first with these headers: how long the second waited, and what was told. */
async function between(headers: Record<string, string>, status = 200): Promise<{ waited: number; told: Waiting[] }> {
  let now = NOW;
  const begun: number[] = [];
  const told: Waiting[] = [];
  const effects = {
    now: () => now,
    random: () => 0.5,
    sleep: async (ms: number) => {
      now += ms;
    },
    env: {},
    log: { warn: () => {}, progress: () => {} },
    transport: async (): Promise<HttpReply> => {
      begun.push(now);
      const isFirst = begun.length === 1;
      const body = { data: [{ id: begun.length }], ...(isFirst && { next: '/models/2' }) };
      return {
        status: isFirst ? status : 200,
        headers: new Headers(isFirst ? headers : {}),
        body: Buffer.from(JSON.stringify(body)),
      };
    },
  };
  await collect(pages, { effects, onWaiting: (waiting) => told.push(waiting), client: { ...client, auth: undefined } });
  return { waited: (begun[1] ?? 0) - (begun[0] ?? 0), told };
}

describe('a reply that says that nothing is left', () => {
  it.each<[Record<string, string>, number]>([
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, 30_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1.5' }, 1500],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 20) }, 20_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + 7000) }, 7000],
    [{ 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '2026-01-15T12:00:09Z' }, 9000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '2' }, 2000],
    [{ 'x-ratelimit-credits-remaining': '0', 'x-ratelimit-credits-reset': '4' }, 4000],
    [{ 'x-ratelimit-credits-remaining': '3', 'x-ratelimit-credits-reset': '4' }, 0],
    [{ ratelimit: '"default";r=0;t=30' }, 30_000],
    [{ ratelimit: '"burst";r=0;t=3, "day";r=900;t=3600' }, 3000],
    [{ ratelimit: 'limit=100, remaining=0, reset=7' }, 7000],
    [{ ratelimit: '"default";r=1;t=30' }, 0],
    [{ ratelimit: '"default";t=30' }, 0],
    [{ 'ratelimit-remaining': '1', 'ratelimit-reset': '30' }, 0],
    [{ 'ratelimit-remaining': '0' }, 0],
    [{ 'ratelimit-remaining': '', 'ratelimit-reset': '30' }, 0],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': 'soon' }, 0],
    [{ 'ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 - 20) }, 0],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '3600' }, 0], // beyond `max_delay`: a refusal will say more
  ])('makes the next request wait: %j', async (headers, waited) => {
    expect((await between(headers)).waited).toBe(waited);
  });

  it('is told once, with the time where it is long', async () => {
    const { told } = await between({ 'ratelimit-remaining': '0', 'ratelimit-reset': '30' });
    expect(told.map((waiting) => waitingText(waiting, NOW))).toEqual([
      'api.example.test has no requests left, GET /models/2 is sent in 30 s, at 2026-01-15T12:00:30.000Z',
    ]);
  });

  it('with 429 is waited for as the reset says', async () => {
    const { waited, told } = await between(
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + 4000) },
      429,
    );
    expect(waited).toBe(4000);
    expect(told).toMatchObject([{ kind: 'retry', after: '429', wait: 4000 }]);
  });
});

describe('`rate_limit` of an endpoint', () => {
  it('holds beside that of the client', async () => {
    const config = await load(withResources('- { name: a, endpoint: { rate_limit: 10/1s } }'));
    expect(config.source.resources[0]?.endpoint?.rate_limit).toEqual({ requests: 10, window: 1000 });
    expect(await problems(withResources('- { name: a, endpoint: { rate_limit: fast } }'))).toEqual([
      expect.stringContaining('endpoint.rate_limit  expected requests in a time: `10/1s`, `100/1m`'),
    ]);
    let now = NOW;
    const begun: number[] = [];
    const effects = {
      now: () => now,
      random: () => 0.5,
      sleep: async (ms: number) => {
        now += ms;
      },
      env: {},
      log: { warn: () => {}, progress: () => {} },
      transport: async (): Promise<HttpReply> => {
        begun.push(now - NOW);
        return { status: 200, headers: new Headers(), body: Buffer.from('{"data":[{"id":1}]}') };
      },
    };
    const params = { id: { type: 'values' as const, from: [{ list: [1, 2, 3, 4] }] } };
    const what = resource({ path: 'a/{id}', params, data_selector: 'data', rate_limit: { requests: 2, window: 500 } });
    await collect(what, { effects });
    expect(begun).toEqual([0, 0, 500, 500]);
  });
});
