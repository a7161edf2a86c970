import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { useServer } from '../../support/server.ts';
import { newPlace, type ProjectOn, projectOn } from './project-on.ts';
import type { TestDestination } from './test-destination.ts';

const names = ['one', 'two'];

/** Two pipelines, each in a folder of its own. */
export function expectAtOnce(destination: TestDestination): void {
  test('two runs at once lose nothing of each other', async () => {
    const { url } = await useServer(({ path }) =>
      Array.from({ length: 50 }, (_, id) => ({ id, of: [path.slice(1), `${id}`] })),
    );
    const place = await newPlace(destination);
    const projects = await Promise.all(
      names.map((name) => projectOn(destination, place, { url, name, resources: [{ name }, { name: 'both' }] })),
    );
    const rounds = 2;
    for (let round = 0; round < rounds; round += 1)
      for (const [index, result] of (
        await Promise.all(projects.map((project) => runCli(['run'], project)))
      ).entries()) {
        // Where only one may write at a time, the other's package waits for its next run.
        if (result.code !== 6) expect(result, result.stderr).toMatchObject({ code: 0 });
        else await loadWaiting(projects[index]);
      }

    const tables = await destination.read(place);
    const counts = Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.length]));
    expect(counts).toMatchObject({
      one: 50 * rounds,
      one__of: 100 * rounds,
      two: 50 * rounds,
      both: 100 * rounds,
      both__of: 200 * rounds,
      _dlt_loads: 2 * rounds,
    });
    for (const table of ['one', 'two', 'both']) {
      const ids = tables[table]?.map(({ _dlt_id }) => _dlt_id) ?? [];
      expect(new Set(ids).size).toBe(ids.length);
      const parents = tables[`${table}__of`]?.map(({ _dlt_parent_id }) => _dlt_parent_id) ?? [];
      expect(parents.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });
}

async function loadWaiting(project: ProjectOn | undefined): Promise<void> {
  const names = project === undefined ? [] : await readdir(project.packages);
  for (const name of names.filter((one) => one.endsWith('.duckdb'))) {
    const result = await project?.run(['packages', 'retry', name.replace('.duckdb', ''), '--yes']);
    expect(result, result?.stderr).toMatchObject({ code: 0 });
  }
}
