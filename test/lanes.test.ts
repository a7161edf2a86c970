import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const folder = import.meta.dirname;
/** Node has no `mkfifo`: that one command, which is over at once, is no process beside a test. */
const harmless = new Set(['support/unusual.ts']);

const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');

/** Files of this folder that a file imports, by name. */
const importsOf = (name: string) =>
  [...textOf(name).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    .map(([, specifier = '']) => relative(folder, resolve(dirname(join(folder, name)), specifier)))
    .filter((imported) => !imported.startsWith('..') && existsSync(join(folder, imported)));

const startsProcesses = /'node:(child_process|worker_threads)'/;
/** The package under its own name is what was built. */
const isOfTheBuild = /(?:from |resolve\()['`]dezgo-elt[/'`]/;

/** How a test comes to start a process, or to what was built: the files from one import to the next. */
function wayToProcess(name: string, seen = new Set<string>()): string | undefined {
  if (seen.has(name) || harmless.has(name)) return undefined;
  seen.add(name);
  if (startsProcesses.test(textOf(name)) || isOfTheBuild.test(textOf(name))) return name;
  const [way] = importsOf(name).flatMap((imported) => wayToProcess(imported, seen) ?? []);
  return way === undefined ? undefined : `${name} → ${way}`;
}

const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && name !== 'lanes.test.ts')
  .sort();
const isNamedSo = (name: string) => name.endsWith('.process.test.ts') || name.startsWith('e2e/');

test('a test that starts a process, or needs the build, is named so', () => {
  expect(tests.length).toBeGreaterThan(50);
  expect(tests.flatMap((name) => (isNamedSo(name) ? [] : (wayToProcess(name) ?? [])))).toEqual([]);
});

test('a test that is named so does', () => {
  const named = tests.filter((name) => name.endsWith('.process.test.ts'));
  expect(named.filter((name) => wayToProcess(name) === undefined)).toEqual([]);
});
