import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tellingWhileSlow } from '../../../src/extract/http/slow-reply.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('tellingWhileSlow(reply, tell)', () => {
  it('tells after five seconds, and again each time the reply has taken twice as long', async () => {
    const told: number[] = [];
    const reply = new Promise((resolve) => setTimeout(resolve, 21_000, 'there'));
    const waiting = tellingWhileSlow(reply, (milliseconds) => told.push(milliseconds));
    vi.advanceTimersByTime(4999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(16_001);
    expect(await waiting).toBe('there');
    expect(told).toEqual([5000, 10_000, 20_000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind a reply that failed', async () => {
    await expect(tellingWhileSlow(Promise.reject(new Error('reset')), () => {})).rejects.toThrow('reset');
    expect(vi.getTimerCount()).toBe(0);
  });
});
