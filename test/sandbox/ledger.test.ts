import { describe, expect, test } from 'vitest';
import { bodyOf, order, request, useSandbox } from '../support/sandbox.ts';

describe('the ledger', () => {
  test('shows its last entry as the account page does', async () => {
    const sandbox = await useSandbox({ now: () => Date.UTC(2026, 0, 31, 12) });
    const text = await (await request(sandbox, '/account/tx/last')).text();
    expect(JSON.parse(text)).toEqual({
      _id: '5a4db0c5-000f-4000-8000-000000000006',
      userId: '5a4db0c5-0001-4000-8000-000000000001',
      amount: -0.0053,
      time: '2026-01-31T11:00:00.000Z',
      type: 'job',
      meta: {
        'job.function': 'text2image',
        'apiKey.label': 'sandbox',
        'job.input.model': 'plainpaper_1_0',
        'file.input': '5a4db0c5-0002-4000-8000-000000000005/input',
        'file.output': '5a4db0c5-0002-4000-8000-000000000005/output',
        'file.output.count': '1',
      },
      credits: 10,
      debits: 0.0799,
      balance: 9.9201,
      index: 6,
    });
  });

  test.each([
    ['/images/generate', 202],
    ['/text2image', 200],
    ['/text2image_flux', 200],
  ])('says the same in the headers of %s, in /account/tx/last and in the job object', async (path, status) => {
    const sandbox = await useSandbox();
    const started = await order(sandbox, path, { prompt: 'a lighthouse', n: 2, seed: 7 });
    expect(started.status).toBe(status);
    const { headers } = started;
    const last = await bodyOf(await request(sandbox, '/account/tx/last'));
    const job = await bodyOf(await request(sandbox, `/jobs/${headers.get('x-dezgo-job-id')}`));
    expect({
      amount: headers.get('x-dezgo-job-amount-usd'),
      credits: headers.get('x-dezgo-balance-credits-usd'),
      debits: headers.get('x-dezgo-balance-debits-usd'),
      total: headers.get('x-dezgo-balance-total-usd'),
      index: headers.get('x-dezgo-balance-index'),
      seed: headers.get('x-input-seed'),
    }).toEqual({
      amount: (-last.amount).toFixed(4),
      credits: last.credits.toFixed(4),
      debits: last.debits.toFixed(4),
      total: last.balance.toFixed(4),
      index: String(last.index),
      seed: '7',
    });
    expect(job).toMatchObject({ cost: -last.amount, seed: 7, createdAt: last.time });
    expect(last.meta['file.output']).toBe(`${job.id}/output`);
    expect(last.meta['file.output.count']).toBe('2');
  });

  test('keeps four exact decimals over many jobs, until the money is gone: then 402 and no entry', async () => {
    const sandbox = await useSandbox();
    let jobs = 0;
    for (;;) {
      const reply = await order(sandbox, '/text2image_flux', { prompt: 'x', n: 4 });
      await reply.arrayBuffer();
      if (reply.status === 402) break;
      expect(reply.status).toBe(200);
      jobs += 1;
      const money = (name: string) => Math.round(Number(reply.headers.get(`x-dezgo-balance-${name}-usd`)) * 10_000);
      expect(money('credits') - money('debits')).toBe(money('total'));
    }
    expect(jobs).toBe(Math.floor(99_201 / (4 * 181)));
    const text = await (await request(sandbox, '/account/tx/last')).text();
    expect(text).not.toMatch(/\d\.\d{5}/);
    expect(JSON.parse(text).index).toBe(6 + jobs);
  });

  test('is not touched by a request that only reads', async () => {
    const sandbox = await useSandbox();
    const before = await (await request(sandbox, '/account/tx/last')).text();
    const models = await request(sandbox, '/models');
    expect([...models.headers.keys()].filter((name) => name.startsWith('x-dezgo-balance'))).toEqual([]);
    expect(await (await request(sandbox, '/account/tx/last')).text()).toBe(before);
  });
});
