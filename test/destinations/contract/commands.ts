import { expect, test } from 'vitest';
import { useServer } from '../../support/server.ts';
import { newPlace, projectOn } from './project-on.ts';
import type { TestDestination } from './test-destination.ts';

const orders = {
  name: 'orders',
  endpoint: { path: 'orders', incremental: { cursor_path: 'at', initial_value: '2026-01-01', start_param: 'since' } },
};

/** The commands that look at a destination, or change its state. */
export function expectCommands(destination: TestDestination): void {
  test('info, schema, query, doctor, plan and state tell of it, and state set changes where a run begins', async () => {
    const since: (string | null)[] = [];
    const { url } = await useServer(({ query }) => {
      since.push(query.get('since'));
      return [
        { id: 1, at: '2026-02-01T00:00:00Z', of: [1, 2] },
        { id: 2, at: '2026-03-01T00:00:00Z' },
      ];
    });
    const project = await projectOn(destination, await newPlace(destination), { url, resources: [orders] });
    const say = async (...args: string[]) => {
      const { code, stdout, stderr } = await project.run(args);
      expect({ args, code, stderr }).toMatchObject({ args, code: 0 });
      return stdout;
    };
    const json = async (...args: string[]) => JSON.parse(await say(...args, '--format', 'json'));

    expect(await say('plan')).toContain('orders');
    await say('run');
    expect((await json('info')).tables).toMatchObject([
      { name: 'orders', rows: 2 },
      { name: 'orders__of', rows: 2 },
    ]);
    expect(await say('schema')).toContain('orders__of');
    expect(await say('query', 'select id from orders order by id', '--format', 'csv')).toBe('id\n1\n2\n');
    await say('doctor');
    expect((await json('state', 'show')).resources).toMatchObject([{ resource: 'orders' }]);

    await say('state', 'set', 'orders', 'at', '2026-02-15');
    await say('run');
    expect(since.at(-1)).toContain('2026-02-15');
    expect((await json('info')).tables).toMatchObject([
      { name: 'orders', rows: 3 },
      { name: 'orders__of', rows: 2 },
    ]);
    expect((await json('info')).loads).toHaveLength(3);
  });
}
