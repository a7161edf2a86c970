import { describe, expect, test } from 'vitest';
import { sandboxKey } from '../../src/sandbox/ids.ts';
import { bodyOf, useSandbox } from '../support/sandbox.ts';

describe('the key', () => {
  test('has the form of a live key', () => {
    expect(sandboxKey).toMatch(/^DEZGO-[0-9A-F]{72}$/);
  });

  test('is accepted in X-Dezgo-Key, and the reply names the user', async () => {
    const { url, key } = await useSandbox();
    const reply = await fetch(`${url}/models`, { headers: { 'X-Dezgo-Key': key } });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-dezgo-auth-userid')).toMatch(/^5a4db0c5-/);
  });

  test.each(['KEY', 'Bearer KEY', 'Key KEY'])(
    'is refused as "Authorization: %s", and the body names the header',
    async (form) => {
      const { url, key } = await useSandbox();
      const reply = await fetch(`${url}/models`, { headers: { authorization: form.replace('KEY', key) } });
      expect(reply.status).toBe(401);
      const body = await reply.text();
      expect(JSON.parse(body)).toEqual({
        title: 'Unauthorized',
        detail: 'The header X-Dezgo-Key is missing. The header Authorization is not read.',
      });
      expect(body).not.toContain(key);
      expect(reply.headers.has('x-dezgo-auth-userid')).toBe(false);
    },
  );

  test('is refused in the query', async () => {
    const { url, key } = await useSandbox();
    const reply = await fetch(`${url}/models?X-Dezgo-Key=${key}`);
    expect(reply.status).toBe(401);
    expect((await bodyOf(reply)).detail).toBe('The header X-Dezgo-Key is missing.');
  });

  test('is refused when wrong, without being repeated', async () => {
    const { url } = await useSandbox({ key: 'DEZGO-RIGHT' });
    const reply = await fetch(`${url}/account/tx/last`, { headers: { 'x-dezgo-key': 'DEZGO-WRONG' } });
    expect(reply.status).toBe(401);
    expect(await reply.text()).not.toContain('WRONG');
  });

  test('is not needed for /info, and a wrong one does no harm there', async () => {
    const { url } = await useSandbox();
    expect((await fetch(`${url}/info`)).status).toBe(200);
    const withWrong = await fetch(`${url}/info`, { headers: { 'x-dezgo-key': 'DEZGO-WRONG' } });
    expect(withWrong.status).toBe(200);
    expect(withWrong.headers.has('x-dezgo-auth-userid')).toBe(false);
  });
});
