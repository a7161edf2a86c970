import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sandboxModels } from '../../src/sandbox/models.ts';
import { bodyOf, useSandbox } from '../support/sandbox.ts';

const captured = path.resolve(import.meta.dirname, '../../../shared/data/dezgo-info-v3.113.json');

describe('the model list', () => {
  test('stands at /info under models and at /models under data, row for row the same', async () => {
    const { url, key } = await useSandbox();
    const info = await bodyOf(await fetch(`${url}/info`));
    const models = await bodyOf(await fetch(`${url}/models`, { headers: { 'x-dezgo-key': key } }));
    expect(Object.keys(info)).toEqual(['name', 'version', 'models', 'paymentMethods']);
    expect(info.models).toEqual(sandboxModels);
    expect(models).toEqual({ data: info.models });
  });

  test('has the oddities of the live list', () => {
    expect(sandboxModels.filter(({ triggers }) => triggers === null).length).toBeGreaterThan(sandboxModels.length / 2);
    expect(sandboxModels.some(({ id }) => /^\d/.test(id))).toBe(true);
    expect(sandboxModels.some(({ name }) => /[^\p{ASCII}]/u.test(name))).toBe(true);
    expect(sandboxModels.some(({ name }) => name.endsWith(' '))).toBe(true);
    expect(sandboxModels.filter(({ description }) => description === '')).toHaveLength(1);
    expect(new Set(sandboxModels.map(({ id }) => id)).size).toBe(sandboxModels.length);
  });

  test.skipIf(!existsSync(captured))(
    'has the keys of a captured reply, and of its ids only the one ordered',
    async () => {
      const live: { models: { id: string }[]; paymentMethods: object[] } = JSON.parse(readFileSync(captured, 'utf8'));
      const { url } = await useSandbox();
      const info = await bodyOf(await fetch(`${url}/info`));
      expect(Object.keys(info).sort()).toEqual(Object.keys(live).sort());
      expect(Object.keys(info.paymentMethods[0])).toEqual(Object.keys(live.paymentMethods[0] ?? {}));
      const keys = Object.keys(live.models[0] ?? {});
      const liveIds = new Set(live.models.map(({ id }) => id));
      for (const model of sandboxModels) {
        expect(Object.keys(model)).toEqual(keys);
        expect(liveIds.has(model.id)).toBe(model.id === 'flux_1_schnell');
      }
    },
  );

  test('is replaced by the rows that a test gives, also between two requests', async () => {
    const sandbox = await useSandbox({ models: [] });
    const rows = async () => (await bodyOf(await fetch(`${sandbox.url}/info`))).models;
    expect(await rows()).toEqual([]);
    sandbox.setModels([{ id: 'late', extra: 1 }]);
    expect(await rows()).toEqual([{ id: 'late', extra: 1 }]);
  });
});

describe('/paged', () => {
  test('gives every model once and then no cursor', async () => {
    const { url, key } = await useSandbox();
    const seen: object[] = [];
    const cursors: (string | null)[] = [];
    let cursor: string | null = '0';
    while (cursor !== null) {
      const page: { data: object[]; next: string | null } = await bodyOf(
        await fetch(`${url}/paged?cursor=${cursor}`, { headers: { 'x-dezgo-key': key } }),
      );
      seen.push(...page.data);
      cursor = page.next;
      cursors.push(cursor);
    }
    expect(seen).toEqual(sandboxModels);
    expect(cursors).toEqual(['5', '10', null]);
  });
});
