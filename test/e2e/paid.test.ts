import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startCli } from '../support/cli.ts';
import { smallProject } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

const orders = (ids: readonly string[]) => [
  {
    name: 'orders',
    write_disposition: 'append',
    endpoint: {
      path: 'orders/{id}',
      method: 'POST',
      json: { prompt: 'a lighthouse' },
      data_selector: '$',
      params: { id: { type: 'values', from: [{ list: ids }] } },
    },
  },
];

describe('a POST, which costs money', () => {
  it('is never sent twice, though the run is killed between any two: its reply is safe before the next is sent', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    let arrived = () => {};
    let stuckAt = 'b';
    const { url, asked } = await useServer(({ path }) => {
      if (path !== `/orders/${stuckAt}`) return { job: path, status: 'queued' };
      arrived();
      return new Promise(() => {});
    });
    const project = await smallProject(url, { resources: orders(ids) });
    for (const id of ['b', 'd']) {
      stuckAt = id;
      const waiting = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const child = startCli(['run', 'orders'], project);
      await waiting;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    stuckAt = 'none';
    expect(await project.run(['run', 'orders'])).toMatchObject({ code: 0 });
    // The request that was under way when the run died may have been executed or not: nobody can know.
    expect(asked.map(({ path }) => path.at(-1))).toEqual(['a', 'b', 'b', 'c', 'd', 'd']);
    expect(await query(project.file, 'select job from orders order by job')).toEqual(
      ids.map((id) => ({ job: `/orders/${id}` })),
    );
  });

  it('that fails is not tried again: once is enough to pay', async () => {
    const { url, asked } = await useServer((_, response) => void response.writeHead(502).end());
    const project = await smallProject(url, { resources: orders(['a']) });
    expect(await project.run()).toMatchObject({ code: 5 });
    expect(asked).toHaveLength(1);
  });
});
