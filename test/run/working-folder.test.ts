import { lstatSync } from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFileInput } from '../../src/config/grammar/config-schema.ts';
import { asPipelineError } from '../../src/errors.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Unusual, unusual } from '../support/unusual.ts';
import { withoutRoot } from '../support/without-root.ts';

const loadId = '1700000000.000000';

function config(folder: string, workingDir = join(folder, 'w')): ConfigFileInput {
  return {
    pipeline: {
      name: 'p',
      dataset_name: 'd',
      working_dir: workingDir,
      destination: { path: join(folder, 'p.duckdb') },
    },
    source: { name: 's', resources: [{ name: 't', data: () => [{ id: 1 }] }] },
  };
}

/** A folder in which everybody can write. */
async function commonFolder(): Promise<string> {
  const folder = await tempFolder();
  await chmod(folder, 0o777);
  return folder;
}

/** How a run ended, also one that could not even begin. */
async function outcome(input: ConfigFileInput): Promise<{ exitCode: number; message: string; hint: string }> {
  try {
    const { exitCode, failure } = await runPipeline(input);
    return { exitCode, message: failure?.message ?? '', hint: failure?.hint ?? '' };
  } catch (thrown) {
    const { exitCode, message, hint } = asPipelineError(thrown);
    return { exitCode, message, hint };
  }
}

const noFolder: readonly Unusual[] = [
  'a file',
  'a file without rights',
  'a folder without rights',
  'a link to a file',
  'a link that leads nowhere',
  'a link to itself',
  'a FIFO',
];
const noFile: readonly Unusual[] = [
  'a folder',
  'a file without rights',
  'a link to a file',
  'a link that leads nowhere',
  'a link to itself',
  'a FIFO',
  'a link to a device',
];
const cases: readonly (readonly [place: string, what: Unusual])[] = [
  ...['w', 'w/spill', 'w/packages', 'w/packages/loaded', 'w/packages/rejected'].flatMap((place) =>
    noFolder.map((what) => [place, what] as const),
  ),
  ...[
    'w/ledger.duckdb',
    'w/ledger.duckdb.wal',
    `w/packages/${loadId}.duckdb`,
    `w/packages/${loadId}.duckdb.wal`,
  ].flatMap((place) => noFile.map((what) => [place, what] as const)),
];

/** `path mode` of everything below a folder, sorted. */
async function rightsBelow(folder: string, under = ''): Promise<string[]> {
  const entries = await readdir(join(folder, under), { withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(under, entry.name);
    const rights = (lstatSync(join(folder, path)).mode & 0o777).toString(8);
    return [`${path} ${rights}`, ...(entry.isDirectory() ? await rightsBelow(folder, path) : [])];
  });
  return (await Promise.all(lines)).flat().sort();
}

async function withUmask<T>(mask: number, work: () => Promise<T>): Promise<T> {
  const before = process.umask(mask);
  try {
    return await work();
  } finally {
    process.umask(before);
  }
}

describe('what a run keeps in its working folder is for its user only', () => {
  const failing = (input: ConfigFileInput): ConfigFileInput => ({
    ...input,
    source: {
      ...input.source,
      resources: [
        {
          name: 't',
          data: function* () {
            yield Array.from({ length: 2000 }, (_, id) => ({ id })); // a page that stays, in a pending package
            throw new Error('no more');
          },
        },
      ],
    },
  });

  test.each([0o000, 0o022, 0o277])('with the umask %o', async (mask) => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'deep'));
    const workingDir = join(folder, 'deep', 'w');
    await withUmask(mask, async () => {
      expect(await runPipeline(config(folder, workingDir))).toMatchObject({ exitCode: 0 });
      expect(await runPipeline(failing(config(folder, workingDir)))).toMatchObject({ exitCode: 5 });
    });
    const rights = await rightsBelow(join(folder, 'deep'));
    expect(rights.length).toBeGreaterThan(8);
    expect(
      rights.filter(
        (line) => !/((\.duckdb(\.wal)?|\.jsonl?) 600|w(\/spill|\/packages(\/loaded|\/rejected)?)? 700)$/.test(line),
      ),
    ).toEqual([]);
  });

  test('also what an older version left open to others', async () => {
    const folder = await tempFolder();
    await runPipeline(failing(config(folder)));
    for (const line of await rightsBelow(folder)) {
      const path = join(folder, line.split(' ')[0] ?? '');
      await chmod(path, lstatSync(path).isDirectory() ? 0o755 : 0o644);
    }
    await chmod(join(folder, 'w'), 0o755);
    await runPipeline(config(folder));
    expect((await rightsBelow(folder)).filter((line) => line.startsWith('w') && !/ [67]00$/.test(line))).toEqual([]);
  });

  test('but a folder that holds other things, too, stays open, with what is not of a run', async () => {
    const folder = await commonFolder();
    await writeFile(join(folder, 'notes.txt'), 'for everybody', { mode: 0o644 });
    await chmod(join(folder, 'notes.txt'), 0o644);
    await runPipeline(config(folder, folder));
    expect(lstatSync(folder).mode & 0o777).toBe(0o777);
    expect(await rightsBelow(folder)).toEqual([
      'ledger.duckdb 600',
      'ledger.duckdb.wal 600',
      expect.stringMatching(/^notes.txt 644$/),
      expect.stringMatching(/^p.duckdb /),
      'packages 700',
      'packages/loaded 700',
      expect.stringMatching(/^packages\/loaded\/.*\.duckdb 600$/),
      expect.stringMatching(/^packages\/loaded\/.*\.duckdb\.wal 600$/),
      expect.stringMatching(/^packages\/loaded\/.*\.json 600$/),
      'packages/rejected 700',
      'replies.json 600',
      'runs.jsonl 600',
      'spill 700',
    ]);
  });

  test('and the folders above it get the usual rights', async () => {
    const folder = await tempFolder();
    await withUmask(0o022, () => runPipeline(config(folder, join(folder, 'a', 'b', 'w'))));
    expect((await rightsBelow(folder)).slice(0, 3)).toEqual(['a 755', 'a/b 755', 'a/b/w 700']);
  });
});

describe('a run ends with 6, naming the path and what to do, and touches nothing, where', () => {
  test.each(cases)('%s is %s', async (place, what) => {
    const folder = await commonFolder();
    const path = join(folder, place);
    await withoutRoot(async () => {
      await mkdir(dirname(path), { recursive: true });
      if (place.endsWith('.wal')) await withDuckdbFile(path.slice(0, -4), async () => undefined);
      await unusual[what](path);
      const before = lstatSync(path);
      const { exitCode, message, hint } = await outcome(config(folder));
      expect({ exitCode, message }).toEqual({ exitCode: 6, message: expect.stringContaining(path) });
      expect(hint).not.toBe('');
      const { ino, size } = lstatSync(path);
      expect({ ino, size }).toEqual({ ino: before.ino, size: before.size });
      await chmod(path, 0o700).catch(() => undefined); // so that it can be removed
    });
  });

  test.each([
    ['missing, and nobody can make it', '/proc/none/w'],
    ['longer than the system allows', join('/', 'x'.repeat(300))],
    ['not a name', 'a\0b'],
  ])('the working folder is %s', async (_, path) => {
    const folder = await tempFolder();
    const { exitCode, message, hint } = await outcome(config(folder, path));
    expect({ exitCode, message }).toEqual({ exitCode: 6, message: expect.stringContaining(path) });
    expect(hint).toContain('`pipeline.working_dir`');
  });
});
