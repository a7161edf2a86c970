import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { strategies } from '../src/schema/strategies.ts';
import { documents } from './support/documents.ts';
import { projectRoot } from './support/repository.ts';

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
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : /\.tsx?$/.test(path) ? [path] : []));
}

function importersOf(packageName: string): string[] {
  const files = house.filter(({ packages }) =>
    packages.some((name) => name === packageName || name.startsWith(`${packageName}/`)),
  );
  return files.map(({ name }) => name);
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');

/** What stands on what: a room imports from its own floor and from those below. */
const floors: Readonly<Record<string, number>> = {
  'cli.ts': 9,
  commands: 8,
  'index.ts': 8,
  'read-table.ts': 8,
  'event-stream.ts': 8,
  dataset: 8,
  recording: 8,
  mcp: 8,
  'pipeline.ts': 7,
  dashboard: 7,
  inspection: 7,
  scaffold: 7,
  run: 6,
  destinations: 5,
  notify: 5,
  telemetry: 5,
  'schema-files': 5,
  ledger: 4,
  report: 4,
  load: 4,
  normalize: 4,
  extract: 4,
  expectations: 4,
  config: 3,
  archive: 3,
  deploy: 3,
  completion: 2,
  incremental: 3,
  package: 3,
  values: 3,
  'trace.ts': 3,
  'planned-run.ts': 1,
  'findings.ts': 1,
  'events.ts': 1,
  schema: 2,
  duckdb: 2,
  'json-path': 2,
  sandbox: 2,
  openapi: 2,
  json: 1,
  text: 1,
  files: 1,
  'errors.ts': 1,
  'effects.ts': 1,
  'version.ts': 1,
};

const roomOf = (name: string) => name.split('/')[0] ?? name;
const floorOf = (name: string) => floors[roomOf(name)] ?? Number.NaN;

/** Imports from one room to another. */
const arrows = house.flatMap(({ name, files }) =>
  files.filter((file) => roomOf(file) !== roomOf(name)).map((file) => ({ from: name, to: file })),
);

const inRooms = (rooms: readonly string[]) => (name: string) => rooms.some((room) => name.startsWith(room));

describe('the house', () => {
  test('there is something to look at', () => {
    expect(house.length).toBeGreaterThan(50);
    expect(house.some(({ files }) => files.length > 0)).toBe(true);
  });

  test('every folder has a floor', () => {
    expect(house.filter(({ name }) => !(roomOf(name) in floors)).map(({ name }) => name)).toEqual([]);
  });

  test('the floors are told to contributors', () => {
    const text = readFileSync(fileURLToPath(new URL('../.github/CONTRIBUTING.md', import.meta.url)), 'utf8');
    const told = [...text.matchAll(/^\| (\d) \| (.*) \|$/gm)].flatMap(([, floor, rooms = '']) =>
      [...rooms.matchAll(/`([\w.-]+)\/?`/g)].map(([, room = '']) => [room, Number(floor)] as const),
    );
    const rooms = told.filter(([room]) => room !== 'src');
    expect(Object.fromEntries(rooms)).toEqual(floors);
  });

  test('no arrow between rooms runs up, types included', () => {
    const up = arrows.filter(({ from, to }) => floorOf(to) > floorOf(from));
    expect(up.map(({ from, to }) => `${from} (${floorOf(from)}) → ${to} (${floorOf(to)})`)).toEqual([]);
  });

  test('no two rooms import each other', () => {
    const between = new Set(arrows.map(({ from, to }) => `${roomOf(from)} → ${roomOf(to)}`));
    const circles = arrows.filter(({ from, to }) => between.has(`${roomOf(to)} → ${roomOf(from)}`));
    expect(circles.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  const steps = ['extract', 'normalize', 'load'];

  test.each(steps)('the step %s imports no other step', (step) => {
    const crossing = arrows.filter(({ from, to }) => roomOf(from) === step && steps.includes(roomOf(to)));
    expect(crossing).toEqual([]);
  });

  test('a run, and all that is told of it, sees of the destinations what every destination is', () => {
    const outside = ['pipeline.ts', 'run', 'ledger', 'report', 'load', 'schema-files', 'extract', 'normalize'];
    const inside = arrows.filter(({ from, to }) => outside.includes(roomOf(from)) && /^destinations\/[^/]+\//.test(to));
    expect(inside).toEqual([]);
  });

  /** What several kinds of destination stand on, and which. A kind imports its own family, and never another kind. */
  const families: Readonly<Record<string, readonly string[]>> = {
    attached: ['duckdb', 'ducklake', 'filesystem'],
    warehouse: [
      'warehouse/postgres',
      'warehouse/snowflake',
      'warehouse/bigquery',
      'warehouse/redshift',
      'warehouse/databricks',
    ],
  };

  /** `attached`, `duckdb`, `warehouse`, `warehouse/postgres`: the family or the kind that a file of `destinations/` belongs to. */
  const houseOf = (name: string): string | undefined => {
    const folder = /^destinations\/(.+)\/[^/]+$/.exec(name)?.[1];
    const known = Object.entries(families).flat(2);
    const parts = folder?.split('/') ?? [];
    return (
      parts.map((_, index) => parts.slice(0, index + 1).join('/')).findLast((path) => known.includes(path)) ?? folder
    );
  };

  test('a destination imports its family, no other destination and no other family; a family imports none', () => {
    const crossing = house.flatMap(({ name, files }) =>
      files
        .map((file) => ({ file, from: houseOf(name), to: houseOf(file) }))
        .filter(({ from, to }) => from !== undefined && to !== undefined && from !== to)
        .filter(({ from = '', to = '' }) => !families[to]?.includes(from))
        .map(({ file }) => `${name} → ${file}`),
    );
    expect(crossing).toEqual([]);
  });

  test('report/ opens no database', () => {
    expect(arrows.filter(({ from, to }) => roomOf(from) === 'report' && roomOf(to) === 'duckdb')).toEqual([]);
  });

  test('no two files have one name', () => {
    const names = house.map(({ name }) => name.split('/').at(-1) ?? name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(['schema', 'values', 'normalize'])('%s does no input or output and knows no clock', (folder) => {
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
    ['yaml', ['config/', 'schema-files/', 'report/', 'scaffold/']],
    ['p-retry', ['extract/']],
    ['undici', ['extract/']],
    ['commander', ['cli.ts', 'commands/']],
    ['@opentelemetry/api', ['telemetry/']],
    ['preact', ['dashboard/page/']],
    ['zod', ['config/', 'schema-files/', 'report/', 'mcp/']],
    ['@modelcontextprotocol/server', ['mcp/']],
  ])('only its own rooms import %s', (packageName, rooms) => {
    const allowed = inRooms(rooms);
    const importers = importersOf(packageName);
    expect(importers).not.toEqual([]);
    expect(importers.filter((name) => !allowed(name))).toEqual([]);
  });

  test('only extract/ calls fetch, and the page of the dashboard, which a browser runs', () => {
    const callers = house.filter(({ text }) => /(?<![.\w])fetch\(/.test(withoutComments(text)));
    expect(callers.map(({ name }) => name).filter((name) => !/^(extract|dashboard\/page)\//.test(name))).toEqual([]);
  });

  test('only cli.ts and effects.ts touch the process', () => {
    const touching = house.filter(({ text }) =>
      /\bprocess\.(env|argv|exit|exitCode|on|once|stdout|stderr|stdin|cwd|kill)\b/.test(text),
    );
    expect(touching.map(({ name }) => name).filter((name) => name !== 'cli.ts' && name !== 'effects.ts')).toEqual([]);
  });

  /** Where time passes that is not the run's own, and why no clock of a test can stand for it. */
  const realTime: Readonly<Record<string, string>> = {
    'effects.ts': 'it is the clock',
    'sandbox/stand-in-api.ts': 'a server for others, with a clock of its own in its options',
    'sandbox/send.ts': 'a server for others',
    'dashboard/page/clock.ts': 'a browser runs it',
    'extract/http/fetch-transport.ts': 'the time limit of a request; a program brings another transport as a whole',
    'extract/http/slow-reply.ts': 'how long the server really takes',
    'files/read-text.ts': 'another program fills the pipe, and the configuration comes before the effects of its run',
    'duckdb/held-files.ts': 'another part of this process uses the file, and a reader of a table has no effects',
    'duckdb/interrupt.ts': 'the threads of DuckDB, which are told to stop, and told again',
    'destinations/attached/publish/copy-file.ts': 'the clock of the file system, whose times it is compared with',
    'destinations/attached/publish/leftovers.ts': 'the clock of the file system, whose times it is compared with',
    'destinations/warehouse/postgres/streamed-rows.ts': 'DuckDB fills the file that is read',
    'destinations/warehouse/snowflake/snowflake-limit.ts': 'the driver, which has no effects and may never answer',
  };

  test('time passes by the clock of the effects, but for what happens elsewhere', () => {
    // `setImmediate` lets others have their turn: it waits for no time.
    const timed = house.filter(({ text }) => {
      const code = withoutComments(text);
      return (
        /(?<![.\w])(set|clear)(Timeout|Interval)\b|\bAbortSignal\.timeout\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/.test(
          code,
        ) || /from 'node:timers'|import (?!\{ setImmediate \}).* from 'node:timers\/promises'/.test(code)
      );
    });
    expect(timed.map(({ name }) => name).sort()).toEqual(Object.keys(realTime).sort());
  });

  test('what a strategy is, is asked of the table of strategies, never by its name', () => {
    const byName = new RegExp(
      `[!=]== '(${Object.keys(strategies).join('|')})'|case '(${Object.keys(strategies).join('|')})'`,
    );
    expect(house.filter(({ text }) => byName.test(text)).map(({ name }) => name)).toEqual([]);
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

  test('the last sentence of an error ends with a full stop, unless in a command or in words from elsewhere', () => {
    const values = house.flatMap(({ name, text }) =>
      [...text.matchAll(/new PipelineError\(\{([\s\S]*?)\n\s*\}\)/g)].flatMap(([, members = '']) =>
        [...members.matchAll(/^\s*(?:message|hint):\s*([\s\S]*?),?(?=\n\s*[\w.]+\b[:,}]|$(?![\s\S]))/gm)].map(
          ([, value = '']) => ({ name, value: value.trim() }),
        ),
      ),
    );
    const written = values.filter(({ value }) => /['"`]$/.test(value) && !value.endsWith("''"));
    expect(written.length).toBeGreaterThan(100);
    const isEnded = (value: string) => /[.?!}].$/.test(value) || /: dezgo-elt .+$/.test(value);
    expect(written.filter(({ value }) => !isEnded(value))).toEqual([]);
  });

  test('problems of a configuration are fragments, without a full stop', () => {
    const problems = house
      .filter(({ name }) => name.startsWith('config/checks/') || name.startsWith('config/grammar/'))
      .flatMap(({ text }) =>
        [...text.matchAll(/\bmessage(?:: | = )(['"`])(.+?)\1[ ,;]/g)].map(([, , message = '']) => message),
      );
    expect(problems.length).toBeGreaterThan(10);
    expect(problems.filter((problem) => problem.endsWith('.'))).toEqual([]);
  });

  test('the live file, the working copy and the dataset have one name each, here and in the documents', () => {
    const others = ['.github/CONTRIBUTING.md', 'CHANGELOG.md'].map((name) => [
      name,
      readFileSync(join(projectRoot, name), 'utf8'),
    ]);
    const texts = [...documents, ...others, ...house.map(({ name, text }) => [name, text])];
    const second =
      /\b(?:(?:published|main|target|destination|output|final) file|(?:shadow|loaded|temporary) copy|(?:target|destination) (?:schema|dataset|database))\b/gi;
    const found = texts.flatMap(([name, text = '']) =>
      [...text.matchAll(second)].map(([words]) => `${name}: ${words}`),
    );
    expect(found).toEqual([]);
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
