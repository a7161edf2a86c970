import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCli } from '../support/cli.ts';
import { png } from '../support/images.ts';
import { key, type Project, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

/** A resource that costs money, and one that does not. */
const resources = (endpoint: object = {}, hints: object = {}) => [
  { name: 'models', endpoint: { path: 'models', data_selector: 'data' } },
  {
    name: 'orders',
    ...hints,
    endpoint: {
      path: 'orders/{id}',
      method: 'POST',
      paid: true,
      json: { prompt: 'a lighthouse' },
      data_selector: '$',
      params: { id: { type: 'values', from: [{ list: ['a', 'b'] }] } },
      ...endpoint,
    },
  },
];

const order = ['run', 'orders', '--allow-paid'];
const archive = ({ cwd }: Project) => join(cwd, '.dezgo-elt', 'archive');
const kept = async (project: Project) => {
  const names = await readdir(archive(project), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.paid'));
};
const jobs = (file: string) => query(file, 'select job from orders order by job');

/** Counts the orders; each reply costs money and repeats the key. */
async function useShop() {
  const { url, asked } = await useServer(({ path, headers }, response) => {
    if (path === '/models') return { data: [{ id: 1 }] };
    response.setHeader('set-cookie', `session=${key}`);
    response.setHeader('x-cost', '0.05');
    return { job: path, key: headers['x-key'] };
  });
  return { url, orders: () => asked.filter(({ path }) => path !== '/models').map(({ path }) => path) };
}

describe('a reply that was paid for', () => {
  it('waits, without secrets, until its rows are loaded: the run after one that failed does not ask for it again', async () => {
    const { url, orders } = await useShop();
    const project = await smallProject(url, { resources: resources({ data_selector: 'jobs' }) });
    const failed = await project.run(order);
    expect(failed.code).toBe(5);
    const [file = ''] = await kept(project);
    expect(failed.stderr).toContain(
      `1 reply of \`orders\` that was paid for is kept: the next run of it loads it without asking again. To drop it, delete ${join(archive(project), file)}.`,
    );
    const text = await readFile(join(archive(project), file), 'latin1');
    expect(text).toMatch(/^\{"pipeline":"small","resource":"orders","request":\{"method":"POST"/);
    expect(text).toContain('["x-cost","0.05"]');
    expect(text).not.toContain(key);
    expect((await stat(join(archive(project), file))).mode & 0o777).toBe(0o600);
    const info = JSON.parse((await project.run(['info', '--format', 'json'])).stdout);
    expect(info.paidReplies).toMatchObject([
      { resource: 'orders', request: 'POST /orders/a', isAnswered: true, file: join(archive(project), file) },
    ]);

    // A run of others does not load it, and says how it is loaded.
    const other = await project.run(['run', 'models']);
    expect(other).toMatchObject({ code: 0 });
    expect(other.stderr).toContain('loads it without asking again: dezgo-elt run orders');
    expect(await kept(project)).toEqual([file]);

    // Failing again costs nothing.
    expect(await project.run(order)).toMatchObject({ code: 5 });
    expect(orders()).toEqual(['/orders/a']);

    await writeConfig(project, smallConfig(url, { resources: resources() }));
    const { code, stdout } = await project.run(order);
    expect(code).toBe(0);
    expect(stdout).toMatch(/POST \/orders\/a of `orders` was answered by the reply of .*: it was not paid for again/);
    expect(await jobs(project.file)).toEqual([{ job: '/orders/a' }, { job: '/orders/b' }]);
    expect(orders()).toEqual(['/orders/a', '/orders/b']);

    // What is loaded is paid for again when it is asked for again.
    expect(await kept(project)).toEqual([]);
    expect(await project.run(order)).toMatchObject({ code: 0 });
    expect(orders()).toHaveLength(4);
  });

  it('outlives a package that a contract refuses, and one that is dropped', async () => {
    const { url, orders } = await useShop();
    const strict = { primary_key: 'number', write_disposition: 'merge' };
    const project = await smallProject(url, { resources: resources({}, strict) });
    const refused = await project.run(order);
    expect(refused.code).toBe(7);
    expect(refused.stderr).toContain(
      '2 replies of `orders` that were paid for are kept and not loaded yet; this loads them without asking again: dezgo-elt run orders --allow-paid',
    );
    expect(await kept(project)).toHaveLength(2);
    await writeConfig(project, smallConfig(url, { resources: resources() }));
    expect(await project.run(order)).toMatchObject({ code: 0 });
    expect(orders()).toEqual(['/orders/a', '/orders/b']);
    expect(await jobs(project.file)).toHaveLength(2);
    expect(await kept(project)).toEqual([]);
  });

  it('that is an image is whole when it is loaded later', async () => {
    const image = Buffer.concat([png(640, 512, 1), Buffer.alloc(700_000, 7)]);
    const { url, asked } = await useServer((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(image);
    });
    const endpoint = { path: 'paint', method: 'POST', paid: true };
    const paint = (hints: object) => ({ resources: [{ name: 'orders', endpoint, ...hints }] });
    const project = await smallProject(url, paint({ primary_key: 'number', write_disposition: 'merge' }));
    expect(await project.run(order)).toMatchObject({ code: 7 });
    await writeConfig(project, smallConfig(url, paint({})));
    expect(await project.run(order)).toMatchObject({ code: 0 });
    expect(asked).toHaveLength(1);
    const [row] = await query(project.file, 'select file, width::integer as width from orders');
    expect(row).toMatchObject({ width: 640 });
    expect((await readFile(join(project.cwd, String(row?.file)))).equals(image)).toBe(true);
  });

  it('outlives a kill: what had come is loaded by the run that continues, or begins anew; what had not is told', async () => {
    let arrived = () => {};
    let isStuck = true;
    const { url, asked } = await useServer(({ path }) => {
      if (!isStuck || path !== '/orders/b') return { job: path };
      arrived();
      return new Promise(() => {});
    });
    for (const resume_within of ['1h', '0s']) {
      isStuck = true;
      const before = asked.length;
      const project = await smallProject(url, { resources: resources(), pipeline: { resume_within } });
      const waiting = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      const child = startCli(order, project);
      await waiting;
      child.kill('SIGKILL');
      await once(child, 'exit');
      isStuck = false;
      const { code, stderr } = await project.run(order);
      expect(code).toBe(0);
      expect(stderr).toMatch(/POST \/orders\/b of `orders`, which costs money, was sent at .*it may have been charged/);
      expect(asked.slice(before).map(({ path }) => path)).toEqual(['/orders/a', '/orders/b', '/orders/b']);
      expect(await jobs(project.file)).toEqual([{ job: '/orders/a' }, { job: '/orders/b' }]);
      expect(await kept(project)).toEqual([]);
    }
  });

  it('is not asked for where it could not be kept', async () => {
    const { url, orders } = await useShop();
    const project = await smallProject(url, { resources: resources() });
    expect(await project.run(['run', 'models'])).toMatchObject({ code: 0 });
    await writeFile(archive(project), 'in the way');
    const { code, stderr } = await project.run(order);
    expect(code).toBe(6);
    expect(stderr).toMatch(
      /The reply to POST \/orders\/a would cost money and could not be kept in .*Nothing was sent/,
    );
    expect(orders()).toEqual([]);
  });

  it('that is refused, or a failure by a rule, is asked for again', async () => {
    let status = 402;
    const { url, asked } = await useServer((_, response) => {
      const body = JSON.stringify(status === 200 ? { error: 'busy' } : { job: 'x' });
      response.writeHead(status).end(body);
    });
    const response_actions = [{ json_path: 'error', action: 'fail', as: 'unavailable' }];
    const params = { id: { type: 'values', from: [{ list: ['a'] }] } };
    const project = await smallProject(url, { resources: resources({ response_actions, params }) });
    expect(await project.run(order)).toMatchObject({ code: 8 });
    status = 200;
    expect(await project.run(order)).toMatchObject({ code: 5 });
    status = 201;
    expect(await project.run(order)).toMatchObject({ code: 0 });
    expect(asked).toHaveLength(3);
    expect(await kept(project)).toEqual([]);
  });
});
