import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));

interface SourceFile {
  /** Such as `load/plan.ts`. */
  readonly name: string;
  readonly folder: string;
  readonly text: string;
  /** Files of this project, by name. */
  readonly files: readonly string[];
  /** Everything else, such as `node:fs` and `zod`. */
  readonly packages: readonly string[];
}

const house: readonly SourceFile[] = filesBelow(source).map((path) => {
  const name = relative(source, path);
  const text = readFileSync(path, 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  const inside = specifiers.filter((specifier) => specifier.startsWith('.'));
  return {
    name,
    folder: name.includes('/') ? (name.split('/')[0] ?? '') : '',
    text,
    files: inside.map((specifier) => relative(source, resolve(dirname(path), specifier))),
    packages: specifiers.filter((specifier) => !specifier.startsWith('.')),
  };
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : path.endsWith('.ts') ? [path] : []));
}

function importersOf(packageName: string): string[] {
  const files = house.filter(({ packages }) =>
    packages.some((name) => name === packageName || name.startsWith(`${packageName}/`)),
  );
  return files.map(({ name }) => name);
}

const inRooms = (rooms: readonly string[]) => (name: string) => rooms.some((room) => name.startsWith(room));

describe('the house', () => {
  test('there is something to look at', () => {
    expect(house.length).toBeGreaterThan(50);
    expect(house.some(({ files }) => files.length > 0)).toBe(true);
  });

  test.each(['extract', 'normalize', 'load', 'publish'])('the step %s imports no other step', (step) => {
    const others = ['extract', 'normalize', 'load', 'publish'].filter((other) => other !== step);
    const crossing = house
      .filter(({ folder }) => folder === step)
      .flatMap(({ name, files }) =>
        files.filter((file) => others.some((other) => file.startsWith(`${other}/`))).map((file) => `${name} → ${file}`),
      );
    expect(crossing).toEqual([]);
  });

  test.each(['schema', 'normalize'])('%s does no input or output and knows no clock', (folder) => {
    const impure = house
      .filter((file) => file.folder === folder)
      .flatMap(({ name, text, packages }) => [
        ...packages
          .filter((used) => /^node:(fs|http|https|net|child_process|timers|worker_threads|os)/.test(used))
          .map((used) => `${name} → ${used}`),
        ...(/\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bMath\.random\b|\bfetch\(/.test(text)
          ? [`${name}: clock, chance or network`]
          : []),
      ]);
    expect(impure).toEqual([]);
  });

  test.each([
    ['@duckdb/node-api', ['duckdb/']],
    ['@duckdb/node-bindings', ['duckdb/']],
    ['yaml', ['config/', 'report/']],
    ['p-retry', ['extract/']],
    ['undici', ['extract/']],
    ['commander', ['cli.ts', 'commands/']],
    ['zod', ['config/']],
  ])('only its own rooms import %s', (packageName, rooms) => {
    const allowed = inRooms(rooms);
    const importers = importersOf(packageName);
    expect(importers).not.toEqual([]);
    expect(importers.filter((name) => !allowed(name))).toEqual([]);
  });

  test('only extract/ calls fetch', () => {
    const callers = house.filter(({ text }) => /(?<![.\w])fetch\(/.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    expect(callers.map(({ folder }) => folder).filter((folder) => folder !== 'extract')).toEqual([]);
  });

  test('only cli.ts and effects.ts touch the process', () => {
    const touching = house.filter(({ text }) =>
      /\bprocess\.(env|argv|exit|exitCode|on|once|stdout|stderr|stdin|cwd|kill)\b/.test(text),
    );
    expect(touching.map(({ name }) => name).filter((name) => name !== 'cli.ts' && name !== 'effects.ts')).toEqual([]);
  });

  test('no file imports itself through others', () => {
    const byName = new Map(house.map((file) => [file.name, file]));
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      if (path.includes(name)) cycles.push([...path.slice(path.indexOf(name)), name].join(' → '));
      if (done.has(name) || path.includes(name)) return;
      for (const file of byName.get(name)?.files ?? []) visit(file, [...path, name]);
      done.add(name);
    };
    for (const { name } of house) visit(name, []);
    expect(cycles).toEqual([]);
  });

  test('facts of errors have names in camelCase, as all JSON', () => {
    const names = house.flatMap(({ text }) =>
      [...text.matchAll(/\bfacts: \{([^}]*)\}/g)].flatMap(([, facts = '']) =>
        facts.split(',').map((fact) => fact.split(':')[0]?.trim() ?? ''),
      ),
    );
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => name.includes('_'))).toEqual([]);
  });

  test('no pattern without an anchor begins or ends with a run: its work would grow with the square of a text', () => {
    const literal = /(?<=[(,=:|&?!]\s*|return )\/(?![*/])((?:[^/\n\\[]|\\.|\[(?:[^\]\n\\]|\\.)*\])+)\/[dgimsuvy]*/g;
    const run = /^(?:\\.|[^\\^(])[+*](?=.)|[+*]\$$/;
    const anchored = /^(?:\^|\(\?<)(?!.*\|)/;
    const patterns = house.flatMap(({ name, text }) =>
      [...text.matchAll(literal)].map(([, source = '']) => ({ name, source })),
    );
    expect(patterns.length).toBeGreaterThan(50);
    const withoutClasses = (source: string) =>
      source.replace(/\\.|\[(?:[^\]\\]|\\.)+\]/g, (part) => (part.startsWith('[') ? '.' : part));
    const slow = patterns.filter(
      ({ source }) => run.test(withoutClasses(source)) && !anchored.test(withoutClasses(source)),
    );
    expect(slow).toEqual([]);
  });

  test('no file is over 300 lines', () => {
    expect(house.filter(({ text }) => text.split('\n').length > 300).map(({ name }) => name)).toEqual([]);
  });
});
