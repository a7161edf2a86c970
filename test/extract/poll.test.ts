import { describe, expect, it } from 'vitest';
import type { PollConfig } from '../../src/config/grammar/poll-schema.ts';
import type { Effects } from '../../src/effects.ts';
import { PipelineError } from '../../src/errors.ts';
import type { HttpRequest } from '../../src/extract/http/transport.ts';
import { lookaheadFor } from '../../src/extract/lookahead.ts';
import type { Waiting } from '../../src/extract/page.ts';
import { type Collected, type ContextParts, collect, effectsNoting, NOW, resource } from './collect.ts';

/** A clock that only waiting moves: it goes on when so many wait as `awaited` says. */
function clockedEffects(awaited: () => number) {
  let now = NOW;
  const sleepers = new Map<() => void, number>();
  const turn = () => {
    if (sleepers.size === 0 || sleepers.size < awaited()) return;
    now = Math.max(now, Math.min(...sleepers.values()));
    for (const [wake, at] of [...sleepers]) if (at <= now) wake();
  };
  const sleep: Effects['sleep'] = (ms, signal) =>
    new Promise((resolve, reject) => {
      const end = (how: () => void) => () => {
        sleepers.delete(wake);
        signal?.removeEventListener('abort', giveUp);
        how();
      };
      const wake = end(resolve);
      const giveUp = end(() => reject(signal?.reason));
      if (signal?.aborted) return giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });
      sleepers.set(wake, now + ms);
      turn();
    });
  return { effects: { ...effectsNoting([]), now: () => now, sleep }, turn };
}

type Answer = (
  id: string,
  ask: number,
  seconds: number,
) => { status?: number; headers?: Record<string, string>; body?: unknown };

const terminated = new PipelineError({ code: 'Terminated', message: 'Stopped.', hint: 'Run again.' });

const UNTIL = "status in ('completed', 'failed')";

/** Jobs that a condition is asked of, and what was asked when, in seconds. */
async function polled(
  ids: readonly string[],
  answer: Answer,
  poll: Partial<PollConfig> = {},
  { concurrency = 5, stopAfter, ...parts }: ContextParts & { concurrency?: number; stopAfter?: number } = {},
): Promise<Collected & { asked: string[]; told: string[]; most: number }> {
  const over = new Set<string>();
  const { effects, turn } = clockedEffects(() => ids.length - over.size);
  const seconds = () => (effects.now() - NOW) / 1000;
  const asks = new Map<string, number>();
  const asked: string[] = [];
  const told: string[] = [];
  let [underWay, most] = [0, 0];
  const stop = new AbortController();
  const transport = async ({ url }: HttpRequest) => {
    const id = new URL(url).pathname.slice('/jobs/'.length);
    const ask = (asks.get(id) ?? 0) + 1;
    asks.set(id, ask);
    asked.push(`${id} ${seconds()}`);
    if (asked.length === stopAfter) stop.abort(terminated);
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    const { status = 200, headers, body } = answer(id, ask, seconds());
    if (isOver(body)) over.add(id);
    turn();
    const text = body === undefined ? '' : JSON.stringify(body);
    return { status, headers: new Headers(headers), body: Buffer.from(text) };
  };
  const endpoint = {
    path: 'jobs/{id}',
    params: { id: { type: 'values' as const, from: [{ list: [...ids] }] } },
    data_selector: '$',
    poll: { until: UNTIL, ...poll },
  };
  const collected = await collect(resource(endpoint, 'jobs'), {
    lookahead: lookaheadFor({ concurrency }, effects),
    effects,
    transport,
    signal: stop.signal,
    onWaiting: (waiting: Waiting) => waiting.kind === 'poll' && told.push(`${waiting.open} of ${waiting.of}`),
    ...parts,
  });
  return { ...collected, asked, told, most };
}

const job = (id: string, status: string) => ({ body: { id, status } });
const isOver = (body: unknown) => /completed|failed|error/.test(JSON.stringify(body) ?? '');
const numbered = (most: number) => Array.from({ length: most }, (_, index) => `j${index}`);

describe('what is polled', () => {
  it('is asked again until the condition holds, and only its last reply has records', async () => {
    const { records, asked, outcome, traces } = await polled(['a'], (id, ask) =>
      job(id, ['queued', 'processing', 'completed'][ask - 1] ?? ''),
    );
    expect(records).toEqual([{ id: 'a', status: 'completed' }]);
    expect(asked).toEqual(['a 0', 'a 2', 'a 4']);
    expect(traces).toHaveLength(3);
    expect(outcome).toMatchObject({ status: 'extracted', records: 1, requests: 3, notes: [] });
  });

  it('waits side by side, whatever `concurrency` is, and comes in the order of the configuration', async () => {
    const ids = numbered(50);
    const { records, asked, told, most } = await polled(
      ids,
      (id, _, seconds) => job(id, seconds >= 60 - Number(id.slice(1)) ? 'completed' : 'queued'),
      { every: 5000 },
    );
    expect(records).toEqual(ids.map((id) => ({ id, status: 'completed' })));
    expect(most).toBe(5);
    expect(asked.at(-1)).toMatch(/^j\d 60$/);
    expect(told).toHaveLength(12);
    expect(told[0]).toBe('50 of 50');
    const open = told.map((text) => Number.parseInt(text, 10));
    expect(open).toEqual(open.toSorted((a, b) => b - a));
  });

  it('is loaded as it stands when the time is over', async () => {
    const { records, asked, outcome } = await polled(['a', 'b'], (id) => job(id, id === 'a' ? 'queued' : 'failed'), {
      timeout: 5000,
    });
    expect(records).toEqual([
      { id: 'a', status: 'queued' },
      { id: 'b', status: 'failed' },
    ]);
    expect(asked).toEqual(['a 0', 'b 0', 'a 2', 'a 4', 'a 5']);
    expect(outcome?.notes).toEqual([`1 of 2 were still open after 5s and loaded as they stood (\`until: ${UNTIL}\`)`]);
  });

  it('is asked when `Retry-After` says so, and not at all when that is too late', async () => {
    const { asked } = await polled(['a'], (id, ask) =>
      ask < 3 ? { ...job(id, 'queued'), headers: { 'retry-after': ask === 1 ? '7' : '400' } } : job(id, 'completed'),
    );
    expect(asked).toEqual(['a 0', 'a 7']);
  });

  it('goes on after a 202 without content', async () => {
    const { records } = await polled(['a'], (id, ask) => (ask < 3 ? { status: 202 } : job(id, 'completed')));
    expect(records).toEqual([{ id: 'a', status: 'completed' }]);
  });

  it('ends with a reply that is ignored', async () => {
    const ignoring = { response_actions: [{ status_code: 404, action: 'ignore' as const }] };
    const endpoint = { path: 'jobs/a', data_selector: '$', poll: { until: UNTIL }, ...ignoring };
    let asked = 0;
    const { outcome } = await collect(resource(endpoint, 'jobs'), {
      transport: async () => {
        asked += 1;
        const body = Buffer.from('{"status":"queued"}');
        return { status: asked < 3 ? 200 : 404, headers: new Headers(), body };
      },
    });
    expect(outcome).toMatchObject({ status: 'ignored', notes: ['the reply was ignored (404)'] });
    expect(asked).toBe(3);
  });

  it.each<[string, string]>([
    [
      "state = 'x'",
      "`poll.until: state = 'x'` of `jobs` is about keys that the record of GET /jobs/a does not have. It has: id, status.",
    ],
    [
      'status > 5',
      '`until: status > 5` in `poll` of `jobs` failed: Binder Error: Cannot compare values of type VARCHAR',
    ],
  ])('fails at once for the condition %s, which can never hold', async (until, message) => {
    const { error, asked } = await polled(['a'], (id) => job(id, 'queued'), { until });
    expect(String(error)).toContain(message);
    expect(asked).toHaveLength(1);
  });

  it('may be about a key that comes late, and says where none came', async () => {
    const until = "status = 'completed' or error is not null";
    const late = await polled(['a'], (id, ask) => ({ body: { id, status: 'x', ...(ask > 1 && { error: 'e' }) } }), {
      until,
    });
    expect(late.asked).toHaveLength(2);
    const never = await polled(['a'], (id) => job(id, 'x'), { until, timeout: 1000 });
    expect(never.outcome?.notes[0]).toContain('; no record had `error`');
  });

  it('ends at once when the run is stopped', async () => {
    const { error, asked, traces } = await polled(numbered(50), (id) => job(id, 'queued'), {}, { stopAfter: 20 });
    expect(error).toMatchObject({ code: 'Terminated' });
    expect(asked.length).toBeLessThan(26);
    expect(traces.length).toBeLessThanOrEqual(asked.length);
  });
});
