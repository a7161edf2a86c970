import { once } from 'node:events';
import { copyFile, readdir, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startCli } from '../../support/cli.ts';
import { useServer } from '../../support/server.ts';
import { type LakeParts, lakeWith, withLake } from './kinds/lake-with.ts';
import { newPlace, type ProjectOn, projectOn } from './project-on.ts';

const resources = [
  { name: 'appended' },
  { name: 'merged', primary_key: 'id', write_disposition: 'merge' },
  { name: 'replaced', write_disposition: 'replace' },
];
/** Long ago for a file of a load that came to nothing. */
const twoDaysAgo = () => Date.now() / 1000 - 2 * 24 * 3600;

/** `compact`, of a lake whose data is in a folder of this machine. */
export function expectCompacting(parts: LakeParts): void {
  const lake = lakeWith(parts);
  const open = async () => {
    let version = 0;
    const { url } = await useServer(() => {
      version += 1;
      return Array.from({ length: 40 }, (_, id) => ({ id: id + version, version, of: [id, version] }));
    });
    const project = await projectOn(lake, await newPlace(lake), { url, resources });
    for (let night = 0; night < 4; night += 1) expect(await project.run()).toMatchObject({ code: 0 });
    return project;
  };
  /** Whatever files they are in. */
  const rowsOf = async ({ place }: ProjectOn) =>
    Object.entries(await lake.read(place)).map(([table, rows]) => [
      table,
      rows.map((row) => JSON.stringify(row)).sort(),
    ]);
  const compact = async (project: ProjectOn, ...args: string[]): Promise<Compacted> => {
    const { code, stdout, stderr } = await project.run(['compact', '--format', 'json', ...args]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return { ...JSON.parse(stdout), stderr };
  };

  describe(`compact of ${parts.name}`, () => {
    test('leaves fewer files and the same rows; a reader of before goes on until its files are old', async () => {
      const project = await open();
      const before = await rowsOf(project);
      const files = await parquetFiles(project);
      await withLake(parts, project.place, async (reader) => {
        const count = `select count(*)::integer as n from lake."${project.place.dataset}".appended`;
        await reader.run('begin transaction');
        expect(await reader.row(count)).toEqual({ n: 160 });
        const first = await compact(project);
        expect(first.after.files).toBeLessThan(first.before.files);
        expect(first).toMatchObject({ expiredSnapshots: 0, deletedFiles: 0 });
        expect(await reader.row(count)).toEqual({ n: 160 });
        await reader.run('commit');
      });
      expect(await rowsOf(project)).toEqual(before);

      const second = await compact(project, '--older-than', '0s');
      expect(second.expiredSnapshots).toBeGreaterThan(0);
      expect(second.deletedFiles).toBeGreaterThan(0);
      expect((await parquetFiles(project)).length).toBeLessThan(files.length);
      expect(await rowsOf(project)).toEqual(before);

      expect(await project.run()).toMatchObject({ code: 0 });
      const after = await lake.read(project.place);
      expect([after.appended?.length, after.replaced?.length]).toEqual([200, 40]);
    });

    test('deletes what a killed load has left a day ago, and nothing where files of somebody else are', async () => {
      const project = await open();
      const before = await rowsOf(project);
      const [one = ''] = await parquetFiles(project);
      const left = join(dirname(one), 'ducklake-019a0b1c-2d3e-7f40-8a5b-6c7d8e9f0a1b.parquet');
      const foreign = join(dirname(one), 'mine.parquet');
      const young = left.replace('019a', '019b');
      for (const file of [left, foreign, young]) await copyFile(one, file);
      for (const file of [left, foreign]) await utimes(file, twoDaysAgo(), twoDaysAgo());

      const { stderr } = await compact(project, '--older-than', '0s');
      expect(stderr).toMatch(
        /files of somebody else, such as .+mine\.parquet: 2 that the catalogue does not have were left/,
      );
      expect(await parquetFiles(project)).toEqual(expect.arrayContaining([left, foreign, young]));

      await utimes(foreign, Date.now() / 1000, Date.now() / 1000);
      expect(await compact(project, '--older-than', '0s')).toMatchObject({ deletedFiles: 1 });
      const files = await parquetFiles(project);
      expect(files).toEqual(expect.arrayContaining([foreign, young]));
      expect(files).not.toContain(left);
      expect(await rowsOf(project)).toEqual(before);
    });

    test('that is killed loses nothing, and is done by the next one', async () => {
      const project = await open();
      const before = await rowsOf(project);
      for (const milliseconds of [300, 500, 700, 900, 1200]) {
        const child = startCli(['compact', '--older-than', '0s'], project);
        const gone = once(child, 'exit');
        await sleep(milliseconds);
        child.kill('SIGKILL');
        await gone;
        expect(await rowsOf(project)).toEqual(before);
      }
      await compact(project, '--older-than', '0s');
      expect(await compact(project, '--older-than', '0s')).toMatchObject({ expiredSnapshots: 0 });
      expect(await rowsOf(project)).toEqual(before);
      expect(await project.run()).toMatchObject({ code: 0 });
    });
  });
}

// --- internal ---

interface Compacted {
  readonly before: { readonly files: number };
  readonly after: { readonly files: number };
  readonly expiredSnapshots: number;
  readonly deletedFiles: number;
  readonly stderr: string;
}

async function parquetFiles({ place }: ProjectOn): Promise<string[]> {
  const files = await readdir(place.folder, { recursive: true });
  return files.flatMap((file) => (file.endsWith('.parquet') ? [join(place.folder, file)] : [])).sort();
}
