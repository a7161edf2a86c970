import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/load-config.ts';
import { realEffects } from '../../src/effects.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { SecretMask } from '../../src/extract/http/secret-mask.ts';
import { notify } from '../../src/notify/notify.ts';
import type { LastLoad } from '../../src/notify/stale.ts';
import { runSummary } from '../../src/report/run-summary.ts';
import { failedTrace, trace } from '../report/traces.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';

const now = Date.parse('2026-01-15T12:00:00Z');
const hour = 3_600_000;

/** A pipeline whose hook is at `path` of a server that takes messages while `isUp`. */
async function useHook(entry: object, folder?: string) {
  const state = { isUp: true };
  const server = await useServer((_, response) => void response.writeHead(state.isUp ? 200 : 404).end());
  const cwd = folder ?? (await tempFolder());
  const pipeline = { name: 'small', working_dir: '.', notify: { url: `${server.url}/hook`, ...entry } };
  const config = await resolveConfig(
    { pipeline, source: { name: 's', resources: [{ name: 'a', data: () => [] }] } },
    { cwd, env: {} },
  );
  const effects = { ...realEffects, env: {}, now: () => now };
  const mask = new SecretMask([], { count() {} });
  const run = async (exitCode: number, more: { loads?: LastLoad[]; balance?: number; code?: ErrorCode } = {}) => {
    const { loads, balance = null, code } = more;
    const failure = { code: code ?? 'SourceRefused', message: 'no', hint: 'Ask.', loadId: null } as const;
    const told = exitCode === 0 ? trace({ balance }) : failedTrace({ exitCode, failure });
    const warnings = await notify(config, {
      summary: runSummary(told),
      loads,
      patience: { most: 1000 },
      effects,
      mask,
    });
    return warnings.length;
  };
  let seen = 0;
  const events = () => {
    const news = server.asked.slice(seen).map(({ body }) => JSON.parse(body).event);
    seen += news.length;
    return news;
  };
  return { state, run, events, cwd, asked: server.asked };
}

test('a failure that could not be told is told after the next one; a run that found the lock taken counts as neither', async () => {
  const { state, run, events } = await useHook({ after: 2 });
  await run(4);
  await run(75, { code: 'RunLocked' });
  expect(events()).toEqual([]);
  state.isUp = false;
  expect(await run(4)).toBe(1);
  expect(events()).toEqual(['failure']);
  state.isUp = true;
  await run(4);
  await run(4);
  expect(events()).toEqual(['failure']);
  state.isUp = false;
  await run(0);
  state.isUp = true;
  events();
  await run(0);
  await run(0);
  expect(events()).toEqual(['recovery']);
});

test('a failure that becomes another one is told anew; a mistyped option is none, and ends no row of them', async () => {
  const { run, events, cwd } = await useHook({ after: 2 });
  await run(2, { code: 'UsageInvalid' });
  await run(2, { code: 'UsageInvalid' });
  await run(7, { code: 'ContractViolated' });
  expect(events()).toEqual([]);
  await run(2, { code: 'UsageInvalid' });
  await run(7, { code: 'ContractViolated' });
  await run(7, { code: 'ContractViolated' });
  expect(events()).toEqual(['failure']);
  await run(4);
  await run(4);
  expect(events()).toEqual(['failure']);
  expect(JSON.parse(await readFile(join(cwd, 'notified.json'), 'utf8'))).toMatchObject([{ failures: 5 }]);
  await run(0);
  expect(events()).toEqual(['recovery']);
});

test('old data is told once a resource, a low balance once until it is not, by runs that fail too', async () => {
  const { run, events, asked } = await useHook({ on: ['stale', 'low_balance'], max_age: '26h', balance: 5 });
  const loads = (a: number, b: number | null) => [
    { resource: 'a', at: now - a * hour },
    { resource: 'b', at: b === null ? null : now - b * hour },
  ];
  await run(0, { loads: loads(26, null), balance: 5 });
  expect(events()).toEqual([]);
  await run(4, { loads: loads(50, 1) });
  expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
    event: 'stale',
    stale: [{ resource: 'a', loadedAt: '2026-01-13T10:00:00.000Z' }],
    text: expect.stringMatching(/older than it should be \(26h\)\. Last good loads: a \(2 days ago\)\.$/),
  });
  events();
  await run(0, { loads: loads(50, 1), balance: 4.99 });
  expect(events()).toEqual(['low_balance']);
  await run(0, { loads: loads(50, 30), balance: 1 });
  expect(events()).toEqual(['stale']);
  await run(0, { loads: loads(1, 1), balance: 6 });
  await run(0, { loads: loads(27, 1), balance: 4 });
  expect(events().toSorted()).toEqual(['low_balance', 'stale']);
});

test('a hook that fails says so once a run, however much it was to be told', async () => {
  const { run, state, asked } = await useHook({ on: ['failure', 'stale'], max_age: '1h' });
  state.isUp = false;
  expect(await run(4, { loads: [{ resource: 'a', at: now - 2 * hour }] })).toBe(1);
  expect(asked).toHaveLength(2);
});

test('where nothing can be remembered, every failure is told', async () => {
  const { run, events } = await useHook({ after: 3 }, join(await tempFolder({ file: '' }), 'file'));
  await run(4);
  await run(4);
  expect(events()).toEqual(['failure', 'failure']);
});

test('what is remembered and was damaged counts as nothing', async () => {
  const cwd = await tempFolder({ 'notified.json': '[{"pipeline":"small","failures":-1,"told":[]}, 3, {' });
  const { run, events } = await useHook({}, cwd);
  await run(4);
  expect(events()).toEqual(['failure']);
  expect(JSON.parse(await readFile(join(cwd, 'notified.json'), 'utf8'))).toMatchObject([
    { pipeline: 'small', failures: 1 },
  ]);
});
