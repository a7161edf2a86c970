import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { keptAt, keptBytes, replyOf } from '../../src/archive/kept-reply.ts';
import { packedBody, unpackedBody } from '../../src/archive/packed-body.ts';

const asked = {
  pipeline: 'shop',
  resource: 'orders',
  request: { method: 'POST', url: 'https://shop.test/orders', body: 'ab12' },
  at: 1_750_000_000_000,
};
const hidden = { text: (text: string) => text.replaceAll('KEY', '***'), body: (bytes: Buffer) => bytes };
const reply = (body: Buffer) => ({
  status: 201,
  headers: new Headers([
    ['x-echo', 'KEY'],
    ['set-cookie', 'session=1'],
    ['set-cookie', 'other=2'],
    ['content-type', 'image/png'],
  ]),
  body,
});

describe('a kept reply', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('{"a":1}\n'.repeat(1000))],
    ['bytes of any kind', Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * at * 31) % 256))],
  ])('of %s comes back as it was, without what only the asker may know', async (_, body) => {
    const one = await keptBytes(asked, reply(body), hidden);
    const kept = keptAt(Buffer.concat([one, one]), one.length);
    if (kept === undefined) throw new Error('nothing is there');
    expect(kept.head).toMatchObject(asked);
    expect(kept.end).toBe(2 * one.length);
    const back = await replyOf(kept);
    expect(back.body.equals(body)).toBe(true);
    expect([back.status, ...back.headers]).toEqual([
      201,
      ['content-type', 'image/png'],
      ['set-cookie', '***'],
      ['set-cookie', '***'],
      ['x-echo', '***'],
    ]);
  });

  it('that was cut short, or written over in part, is recognized wherever it ends', async () => {
    const whole = await keptBytes(asked, reply(Buffer.from('a longer text than nothing')), hidden);
    const bodyStart = whole.indexOf('\n') + 1;
    for (let length = 0; length < whole.length - 1; length += 1) {
      const kept = keptAt(whole.subarray(0, length), 0);
      expect(kept === undefined).toBe(length < bodyStart);
      if (kept !== undefined) await expect(replyOf(kept)).rejects.toThrow('it was cut short while it was written');
    }
    whole.fill(0, bodyStart + 3, bodyStart + 5);
    expect(keptAt(whole, 0)?.body).toBeUndefined();
  });

  it('is packed where that makes it smaller, and read as gzip from any version of Node', async () => {
    const text = Buffer.from('the same words again and again, '.repeat(100));
    const packed = await packedBody(text);
    expect(packed.bytes.length).toBeLessThan(text.length / 5);
    expect((await unpackedBody(packed)).equals(text)).toBe(true);
    expect(await packedBody(Buffer.from('short'))).toEqual({ packing: 'none', bytes: Buffer.from('short') });
    expect((await unpackedBody({ packing: 'gzip', bytes: gzipSync(text) })).equals(text)).toBe(true);
  });
});
