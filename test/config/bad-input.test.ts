import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { located, type Path, plain, withValue } from '../../src/config/file/located-tree.ts';
import { resolveConfig } from '../../src/config/load-config.ts';
import { PipelineError } from '../../src/errors.ts';
import { load } from './loading.ts';

const text = await readFile(fileURLToPath(new URL('../../pipeline.config.yaml', import.meta.url)), 'utf8');
const shipped: unknown = parse(text, { merge: true });
const tree = located(shipped);

function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [at, ...members.flatMap(([key, member]) => pathsIn(member, [...at, key]))];
}

/** Whatever comes in: a configuration, or problems that a person can read. */
async function expectAnswer(answer: Promise<unknown>): Promise<void> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return;
  if (!(error instanceof PipelineError)) throw error;
  expect(error.code).toBe('ConfigInvalid');
  expect(error.message).not.toMatch(/Invalid input|undefined|\[object|NaN/);
}

test('any value in any place of the shipped file is taken or is a problem', async () => {
  const words = fc.constantFrom('', 'merge', 'values', 'offset', '{id}', '$', 'id', '0', '-1', '30s', '<set me up!>');
  const anything = fc.anything({ maxDepth: 2, values: [fc.boolean(), fc.integer(), words, fc.constant(null)] });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...pathsIn(shipped)), anything, async (at, value) => {
      const broken = plain(withValue(tree, at, located(value)));
      // @ts-expect-error: what the compiler would refuse is the point here.
      await expectAnswer(resolveConfig(broken, { env: {} }));
    }),
    { numRuns: 100, seed: 20260101 },
  );
});

test('any cut or doubled piece of the shipped file is taken or is a problem', async () => {
  const place = fc.nat(text.length);
  await fc.assert(
    fc.asyncProperty(place, place, fc.string({ maxLength: 5 }), async (from, to, inserted) => {
      await expectAnswer(load(text.slice(0, from) + inserted + text.slice(to)));
    }),
    { numRuns: 30, seed: 20260101 },
  );
});

test('any value in any variable is taken or is a problem', async () => {
  const variables = fc.constantFrom(
    'PIPELINE__NAME',
    'PIPELINE__DESTINATION',
    'DESTINATION__DUCKDB__CREDENTIALS',
    'RUNTIME__REQUEST_TIMEOUT',
    'SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL',
    'SOURCES__DEZGO_API_SOURCE__CLIENT__PAGINATOR',
    'SOURCES__DEZGO_API_SOURCE__RESOURCES__JOBS__ENDPOINT',
    'SOURCES__DEZGO_API_SOURCE__RESOURCES__JOBS__ENDPOINT__PARAMS__ID',
    'SOURCES__DEZGO_API_SOURCE__RESOURCES__JOBS__NAME',
    'SOURCES__DEZGO_API_SOURCE__RESOURCE_DEFAULTS__PRIMARY_KEY',
  );
  await fc.assert(
    fc.asyncProperty(variables, fc.string({ minLength: 1 }), async (variable, value) => {
      await expectAnswer(load(text, { env: { [variable]: value } }));
    }),
    { numRuns: 30, seed: 20260101 },
  );
});
