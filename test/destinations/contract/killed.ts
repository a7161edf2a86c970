import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startCli } from '../../support/cli.ts';
import { useServer } from '../../support/server.ts';
import { newPlace, type ProjectOn, projectOn } from './project-on.ts';
import type { TestDestination, TextTables } from './test-destination.ts';

const records = 200;

/** Each with lists, and of each another way to get into its tables. */
function resourcesFor({ lacks }: TestDestination): object[] {
  const merged = { name: 'merged', primary_key: 'id', write_disposition: 'merge' };
  return [
    { name: 'appended' },
    { name: 'replaced', write_disposition: 'replace' },
    ...(lacks.merge === undefined ? [merged] : []),
  ];
}

/** When a run is killed: so many milliseconds after an event. */
interface Moment {
  readonly title: string;
  isReached(event: { readonly event: string; readonly step?: string }): boolean;
  readonly milliseconds: number;
}

const begun: Moment['isReached'] = ({ event, step }) => event === 'step.started' && step === 'load';
const moments: readonly Moment[] = [
  { title: 'when it begins to load', isReached: begun, milliseconds: 0 },
  { title: 'while it loads', isReached: begun, milliseconds: 60 },
  { title: 'while it loads, later', isReached: begun, milliseconds: 200 },
  { title: 'when it has published', isReached: ({ event }) => event === 'package.finished', milliseconds: 0 },
];

export function expectKills(destination: TestDestination): void {
  test('a run that is killed is made good by the next one', async () => {
    let version = 1;
    const { url } = await useServer(() =>
      Array.from({ length: records }, (_, id) => ({ id, version, of: Array.from({ length: id % 3 }, () => version) })),
    );
    const resources = resourcesFor(destination);
    const project = await projectOn(destination, await newPlace(destination), { url, resources });
    expect(await project.run()).toMatchObject({ code: 0 });

    for (const moment of moments) {
      version += 1;
      await startAndKill(project, moment);
      const when = moment.title;
      const { code, stderr } = await project.run();
      expect({ when, code, stderr: code === 0 ? '' : stderr }).toEqual({ when, code: 0, stderr: '' });
      const tables = await destination.read(project.place);
      for (const name of resources.map((one) => ('name' in one ? String(one.name) : '')))
        expect({ when, name, wrong: wrongIn(tables, name, version) }).toEqual({ when, name, wrong: [] });
    }
  });
}

// --- internal ---

async function startAndKill(project: ProjectOn, { isReached, milliseconds }: Moment): Promise<void> {
  const child: ChildProcess = startCli(['run', '--log-format', 'json'], project);
  const gone = once(child, 'exit');
  if (child.stderr === null) throw new Error('the process has no stderr');
  for await (const line of createInterface({ input: child.stderr })) if (isReached(JSON.parse(line))) break;
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await gone;
}

/** What does not add up in a table: loads are whole, of `merge` and `replace` only the last one is there. */
function wrongIn(tables: TextTables, name: string, version: number): string[] {
  const rows = tables[name] ?? [];
  const items = tables[`${name}__of`] ?? [];
  const ids = new Set(rows.map(({ _dlt_id }) => _dlt_id));
  const loads = new Map<string, number>();
  for (const { _dlt_load_id } of rows) loads.set(`${_dlt_load_id}`, (loads.get(`${_dlt_load_id}`) ?? 0) + 1);
  const known = new Set(tables._dlt_loads?.map(({ load_id }) => load_id));
  const last = rows.filter((row) => row.version === `${version}`);
  const expected = name === 'appended' ? loads.size * records : records;
  return [
    ...(rows.length === expected ? [] : [`${rows.length} rows in ${loads.size} loads`]),
    ...(ids.size === rows.length ? [] : ['_dlt_id twice']),
    ...(items.length === expected - Math.ceil(expected / records) ? [] : [`${items.length} items of ${expected} rows`]),
    ...(items.every(({ _dlt_parent_id }) => ids.has(_dlt_parent_id ?? '')) ? [] : ['items without a row']),
    ...(last.length >= records ? [] : [`${last.length} rows of the last version`]),
    ...[...loads].filter(([id]) => !known.has(id)).map(([id]) => `load ${id} is not in the books`),
  ];
}
