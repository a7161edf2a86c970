import { describe, expect, it } from 'vitest';
import { type Effects, silentLog } from '../../../src/effects.ts';
import { type RateLimit, RateWindow } from '../../../src/extract/http/rate-window.ts';
import { Traffic } from '../../../src/extract/http/traffic.ts';

/** A clock that stands still until everybody waits, and then goes on to whoever waits shortest. */
class Clock {
  now = 0;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  readonly effects: Effects = {
    now: () => this.now,
    random: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        this.#sleepers.push({ until: this.now + ms, wake: resolve });
      }),
    env: {},
    log: silentLog,
  };

  async run(work: Promise<unknown>): Promise<void> {
    let isOver = false;
    work.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      this.#sleepers.sort((a, b) => a.until - b.until);
      const first = this.#sleepers.shift();
      if (first === undefined) continue;
      this.now = Math.max(this.now, first.until);
      first.wake();
    }
  }
}

/** When each of some requests began, each taking 10 ms. */
async function begun(
  count: number,
  options: { concurrency?: number; rateLimit?: RateLimit; hosts?: readonly string[] },
  meanwhile: (traffic: Traffic, clock: Clock) => Promise<void> = async () => {},
): Promise<number[]> {
  const { concurrency = 100, hosts = ['a'], rateLimit } = options;
  const clock = new Clock();
  const traffic = new Traffic({ concurrency, rateLimit, effects: clock.effects });
  const times: number[] = [];
  const one = (index: number) =>
    traffic.send(hosts[index % hosts.length] ?? '', undefined, async () => {
      times[index] = clock.now;
      await clock.effects.sleep(10);
    });
  const all = Array.from({ length: count }, (_, index) => one(index));
  await clock.run(Promise.all([...all, meanwhile(traffic, clock)]));
  return times;
}

describe('requests to a source', () => {
  it('begin when there is room for them, in their order', async () => {
    expect(await begun(7, { concurrency: 3 })).toEqual([0, 0, 0, 10, 10, 10, 20]);
  });

  it('begin no more often than the rate limit says, in any such time', async () => {
    const rateLimit = { requests: 3, window: 1000 };
    expect(await begun(7, { rateLimit })).toEqual([0, 0, 0, 1000, 1000, 1000, 2000]);
    expect(await begun(5, { rateLimit, concurrency: 1 })).toEqual([0, 10, 20, 1000, 1010]);
  });

  it('wait while their host wants to be left alone, and only theirs', async () => {
    const pause = async (traffic: Traffic) => void traffic.pause('a', 500);
    expect(await begun(6, { concurrency: 2, hosts: ['a', 'b'] }, pause)).toEqual([500, 0, 500, 0, 510, 10]);
  });

  it('wait for the longest of several pauses', async () => {
    const pauses = async (traffic: Traffic) => {
      traffic.pause('a', 500);
      traffic.pause('a', 100);
    };
    expect(await begun(2, { concurrency: 1 }, pauses)).toEqual([500, 510]);
  });

  it('go on when who asked for the pause goes on', async () => {
    const clock = new Clock();
    const traffic = new Traffic({ concurrency: 1, effects: clock.effects });
    traffic.pause('a', 500)();
    await clock.run(traffic.send('a', undefined, async () => undefined));
    expect(clock.now).toBe(0);
  });

  it('that are given up while they wait leave the room to others', async () => {
    const clock = new Clock();
    const traffic = new Traffic({ concurrency: 1, effects: clock.effects });
    const stop = new AbortController();
    const sent: string[] = [];
    const send = (name: string, signal?: AbortSignal) =>
      traffic.send('a', signal, async () => {
        sent.push(name);
        await clock.effects.sleep(10);
      });
    const [first, second, third] = [send('first'), send('second', stop.signal), send('third')];
    stop.abort(new Error('no more'));
    await expect(second).rejects.toThrow('no more');
    await clock.run(Promise.all([first, third]));
    expect(sent).toEqual(['first', 'third']);
  });

  it('wait for a pause too that comes while they wait for the rate limit', async () => {
    const rateLimit = { requests: 2, window: 1000 };
    const pause = async (traffic: Traffic, clock: Clock) => {
      await clock.effects.sleep(900);
      traffic.pause('a', 500);
    };
    expect(await begun(4, { rateLimit }, pause)).toEqual([0, 0, 1400, 1400]);
  });

  it('that are given up while they wait for the rate limit do not count', async () => {
    const clock = new Clock();
    const traffic = new Traffic({ concurrency: 100, rateLimit: { requests: 1, window: 1000 }, effects: clock.effects });
    const stop = new AbortController();
    await clock.run(traffic.send('a', undefined, async () => undefined));
    const given = Array.from({ length: 8 }, () => traffic.send('a', stop.signal, async () => undefined));
    const all = Promise.allSettled(given);
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('no more'));
    await all;
    await clock.run(traffic.send('a', undefined, async () => undefined));
    expect(clock.now).toBe(1000);
  });

  it('go by half as many at once after a refusal, and by one more with every second without another', async () => {
    const clock = new Clock();
    const traffic = new Traffic({ concurrency: 8, effects: clock.effects });
    const times: number[] = [];
    const one = () =>
      traffic.send('a', undefined, async () => {
        times.push(clock.now);
        await clock.effects.sleep(600);
      });
    // Those that were under way together are refused together: that is one refusal.
    for (const begunAt of [0, 0, 0]) traffic.refused('a', begunAt);
    traffic.pause('a', 500);
    await clock.run(Promise.all(Array.from({ length: 15 }, one)));
    expect(times).toEqual([...Array(4).fill(500), ...Array(4).fill(1100), ...Array(5).fill(1700), 2300, 2300]);
  });

  it('go one by one at least, and another host does not suffer', async () => {
    const clock = new Clock();
    const traffic = new Traffic({ concurrency: 3, effects: clock.effects });
    for (const begunAt of [1, 2, 3]) {
      clock.now = begunAt;
      traffic.refused('a', begunAt);
    }
    const times: Record<string, number[]> = { a: [], b: [] };
    const one = (host: string) =>
      traffic.send(host, undefined, async () => {
        times[host]?.push(clock.now);
        await clock.effects.sleep(10);
      });
    await clock.run(Promise.all(['a', 'a', 'b', 'b'].map(one)));
    expect(times).toEqual({ a: [3, 13], b: [3, 3] });
  });

  it('hold to the rate limit of their endpoint too, and those of others go by meanwhile', async () => {
    const clock = new Clock();
    const rateLimit = { requests: 4, window: 1000 };
    const traffic = new Traffic({ concurrency: 2, rateLimit, effects: clock.effects });
    const slow = new RateWindow({ requests: 1, window: 400 });
    const times: Record<string, number[]> = { slow: [], other: [] };
    const one = (kind: string) =>
      traffic.send(
        'a',
        undefined,
        async () => void times[kind]?.push(clock.now),
        kind === 'slow' ? { rate: slow } : {},
      );
    await clock.run(Promise.all(['slow', 'slow', 'slow', 'slow', 'other', 'other'].map(one)));
    expect(times).toEqual({ slow: [0, 400, 1000, 1400], other: [0, 0] });
  });

  it('that are sent again are not behind those that came later', async () => {
    const clock = new Clock();
    const traffic = new Traffic({ concurrency: 1, effects: clock.effects });
    const sent: string[] = [];
    const send = (name: string, turn?: number) =>
      traffic.send('a', undefined, async () => void sent.push(name), turn === undefined ? {} : { turn });
    const turn = traffic.turn();
    await clock.run(Promise.all([send('first'), send('second'), send('again', turn)]));
    expect(sent).toEqual(['first', 'again', 'second']);
  });
});
