import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documents } from '../support/documents.ts';
import { smallProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';
import { cursorsIn, idsIn, paged, useTimedSource } from './timed-source.ts';

const initial_value = '2024-01-01T00:00:00Z';
const cursor = { cursor_path: 'at', initial_value };

/** Each with another way to know what is new; all read the list of their name. */
const resources = [
  { name: 'orders', primary_key: 'id', endpoint: { ...paged, incremental: { ...cursor, start_param: 'since' } } },
  {
    name: 'late',
    primary_key: 'id',
    write_disposition: 'merge',
    endpoint: { ...paged, params: { since: { type: 'incremental', ...cursor, lag: '2h' } } },
  },
  { name: 'unsent', endpoint: { ...paged, incremental: { cursor_path: 'at' } } },
  {
    name: 'snapshot',
    write_disposition: 'replace',
    endpoint: { ...paged, incremental: { ...cursor, start_param: 'since' } },
  },
];

const before = { id: 0, at: '2023-12-31T23:59:59Z' };
/** As text the second would be the earliest. */
const first = [
  { id: 1, at: '2024-01-10T10:00:00Z' },
  { id: 2, at: '2024-01-10T04:30:00-06:00' },
  { id: 3, at: '2024-01-10T10:15:00Z' },
];
const boundary = '2024-01-10T04:30:00-06:00';
/** At the boundary, but written in another way; late; later. */
const second = [
  { id: 4, at: '2024-01-10T10:30:00Z' },
  { id: 5, at: '2024-01-10T09:00:00Z' },
  { id: 6, at: '2024-01-10T05:00:00-06:00' },
];

async function shop() {
  const names = resources.map(({ name }) => name);
  const source = await useTimedSource(Object.fromEntries(names.map((name) => [name, [before, ...first]])));
  const project = await smallProject(source.url, { resources });
  const run = async (args: string[] = []) => {
    const result = await project.run(['run', ...args]);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    return result;
  };
  const ids = async () =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await idsIn(project.file, name)] as const)));
  const grow = () => {
    for (const name of names) source.lists[name]?.push(...second);
  };
  return { source, project, run, ids, grow };
}

describe('incremental resources', () => {
  it('load what is new from night to night, and a refresh, a range, a whole load as they are asked for', async () => {
    const { source, project, run, ids, grow } = await shop();

    await run();
    expect(await ids()).toEqual({ orders: '1 2 3', late: '1 2 3', unsent: '0 1 2 3', snapshot: '1 2 3' });
    expect(source.queriesOf('orders')[0]).toBe('since=2024-01-01T00%3A00%3A00Z&page=1');
    const { orders } = await cursorsIn(project.file);
    const entry = { initial_value, last_value: boundary, start_value: initial_value };
    expect(orders).toEqual({ at: { ...entry, unique_hashes: [expect.stringMatching(/^.{12}$/)] } });

    grow();
    const asked = source.asked.length;
    await run();
    expect(await ids()).toEqual({
      orders: '1 2 3 4 6',
      late: '1 2 3 4 5 6',
      unsent: '0 1 2 3 4 6',
      snapshot: '1 2 3 4 5 6',
    });
    const sent = source.asked.slice(asked).map(({ path, query }) => `${path} ${query.get('since')}`);
    expect(new Set(sent)).toEqual(
      new Set([`/orders ${boundary}`, '/late 2024-01-10T02:30:00-06:00', '/unsent null', `/snapshot ${initial_value}`]),
    );
    const kept = await cursorsIn(project.file);
    expect(kept.orders).toMatchObject({ at: { last_value: '2024-01-10T05:00:00-06:00', start_value: boundary } });
    expect(kept.late).toMatchObject({ at: { last_value: '2024-01-10T05:00:00-06:00', unique_hashes: [] } });

    const third = await run(['orders']);
    expect(third.stdout).toContain('no new records');
    expect(await cursorsIn(project.file)).toEqual(kept);

    await run(['orders', '--from', '2024-01-10', '--to', '2024-01-10T10:10:00Z']);
    expect((await ids()).orders).toBe('1 1 2 3 4 5 6');
    expect(await cursorsIn(project.file), 'nothing is kept of a range').toEqual(kept);

    await run(['orders', '--full-refresh']);
    expect((await ids()).orders).toBe('1 2 3 4 5 6');
    expect((await cursorsIn(project.file)).orders).toMatchObject({ at: { start_value: initial_value } });
  });

  it('of the documents load what they say', async () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(documents.get('docs/incremental.md') ?? '') ?? [];
    const now = Date.now();
    const day = (ago: number) => new Date(now - ago * 86_400_000).toISOString();
    const { url, asked } = await useServer(({ path }) =>
      path === '/orders'
        ? { data: [{ id: 1, updated_at: day(1) }] }
        : { data: [3, 2, 1, 0].map((ago) => ({ id: ago, at: day(ago) })) },
    );
    const project = await smallProject(url, { resources: parse(yaml) });
    for (const _ of ['first', 'second']) expect(await project.run()).toMatchObject({ code: 0 });
    expect([await idsIn(project.file, 'orders'), await idsIn(project.file, 'visits')]).toEqual(['1', '0 1 2 3']);
    const of = (list: string) => asked.filter(({ path }) => path === `/${list}`).map(({ query }) => query);
    const [first, second] = of('orders').map((query) => Date.parse(query.get('updated_since') ?? ''));
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(28 * 86_400_000);
    const days = of('visits').map((query) => `${query.get('from')} ${query.get('to')}`);
    const [three, two] = [day(3).slice(0, 10), day(2).slice(0, 10)];
    expect(days[0]).toBe(`${three} ${three}`);
    expect(days[1]).toBe(`${two} ${two}`);
  });

  it('are what a range and a refresh go with', async () => {
    const source = await useTimedSource({ orders: [] });
    const project = await smallProject(source.url, { resources: [{ name: 'orders', endpoint: paged }] });
    const refused = async (...args: string[]) => {
      const { code, stderr } = await project.run(['run', ...args]);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('--from', '2024-01-01')).toContain(
      '`--from 2024-01-01` goes with incremental resources, and this run has none: orders',
    );
    expect(await refused('--from', 'now - 2 months')).toContain('`now - 2 months` is no value');
    expect(await refused('--full-refresh')).toContain('`--full-refresh` goes with incremental resources');
    expect(await refused('--full-refresh', '--to', 'now')).toContain('exclude each other');
    expect(source.asked).toEqual([]);
  });
});
