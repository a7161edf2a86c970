import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  clients,
  isWithin,
  requireClient,
  requireClients,
  requireInstalled,
} from '../../src/destinations/require-client.ts';
import { projectRoot } from '../support/repository.ts';

test('a library that is installed is imported', async () => {
  const { default: pg } = await requireClient('pg', () => import('pg'));
  expect(pg.Client).toBeTypeOf('function');
});

test('one that is not is told with the line that installs it', async () => {
  const load = () => import(String('@azure/storage-blob'));
  await expect(requireClient('@azure/storage-blob', load)).rejects.toMatchObject({
    exitCode: 2,
    message: 'This destination needs the package `@azure/storage-blob`, which is not installed.',
    hint: 'Install it beside dezgo-elt: `npm install --save-dev @azure/storage-blob`.',
  });
});

test('a kind needs all of its libraries', async () => {
  await expect(requireClients(['pg', 'pg-copy-streams'])).resolves.toBeUndefined();
  await expect(requireClients(['pg', '@google-cloud/storage'])).rejects.toMatchObject({
    exitCode: 2,
    hint: 'Install it beside dezgo-elt: `npm install --save-dev @google-cloud/storage`.',
  });
});

test('one that is there and cannot be loaded says why', async () => {
  const load = () => Promise.reject(new Error('no such binary'));
  await expect(requireClient('pg', load)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/^The package `pg` 8\..* cannot be loaded: no such binary$/),
    hint: 'Install it again: `npm install --save-dev pg pg-copy-streams`.',
  });
});

test('what is not installed is known without loading what is', async () => {
  await expect(requireInstalled(['pg', 'pg-copy-streams'])).resolves.toBeUndefined();
  await expect(requireInstalled(['pg', '@aws-sdk/client-s3'])).rejects.toMatchObject({ code: 'UsageInvalid' });
});

test.each([
  ['8.16.0', '^8.16.0', true],
  ['8.23.1', '^8.16.0', true],
  ['8.15.9', '^8.16.0', false],
  ['9.0.0', '^8.16.0', false],
  ['9.1.2', '^8.3.1 || ^9.0.0', true],
  ['8.3.0', '^8.3.1 || ^9.0.0', false],
  ['8.3.1-beta.1', '^8.3.1 || ^9.0.0', true],
])('%s in %s: %s', (version, range, within) => {
  expect(isWithin(version, range)).toBe(within);
});

test('the ranges are those that npm is told', () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const { '@opentelemetry/api': _, ...expected } = peerDependencies;
  expect(clients).toEqual(expected);
});
