import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCli } from '../support/cli.ts';
import { smallProject } from '../support/project.ts';
import { query, tables, value } from '../support/published.ts';
import { sendJson, useServer } from '../support/server.ts';

const resources = ['a', 'b', 'c'].map((name) => ({
  name,
  primary_key: 'id',
  write_disposition: 'merge',
  endpoint: { path: name, data_selector: '$' },
}));
const continued = { resources, pipeline: { on_resource_failure: 'continue' } };

/** Answers each path with the record, or the status, that stands for it. */
const useAnswers = (answers: Readonly<Record<string, object | number>>) =>
  useServer(({ path }, response) => {
    const answer = answers[path.slice(1)];
    if (typeof answer === 'number') sendJson(response, answer, {});
    else return answer;
  });

describe('a resource that fails', () => {
  it('fails the run: nothing is published, and what comes after it is not asked for', async () => {
    const { url, asked } = await useAnswers({ a: { id: 1 }, b: 402, c: { id: 3 } });
    const { run, file } = await smallProject(url, { resources, client: { concurrency: 1 } });
    const { code, stdout } = await run();
    expect(code).toBe(8);
    expect(stdout).toMatch(/nothing was published/);
    expect(asked.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(existsSync(file)).toBe(false);
  });

  it('with `on_resource_failure: continue` is named, the others are published, exit 3', async () => {
    const { url } = await useAnswers({ a: { id: 1 }, b: 402, c: { id: 3 } });
    const { run, file } = await smallProject(url, continued);
    const { code, stdout, stderr } = await run();
    expect(code).toBe(3);
    expect(stdout).toMatch(/b: failed: The account cannot pay for GET \/b \(402\)/);
    expect(stderr).toMatch(/^error: Everything else was published, but this failed: b\./);
    expect(await tables(file)).toEqual(['a', 'c']);
  });

  it('keeps the rows of its earlier loads, also when part of its pages came', async () => {
    let good = true;
    const list = { path: 'b', data_selector: 'data', paginator: { type: 'page_number', total_path: null } };
    const { url } = await useServer(({ path, query: asked }, response) => {
      if (path !== '/b') return { id: path };
      const page = Number(asked.get('page') ?? 0);
      if (page === 2 && !good) return sendJson(response, 403, {});
      return { data: page > 2 ? [] : [{ id: page, good }] };
    });
    const { run, file } = await smallProject(url, {
      ...continued,
      resources: resources.map((resource) => (resource.name === 'b' ? { ...resource, endpoint: list } : resource)),
    });
    expect(await run()).toMatchObject({ code: 0 });
    good = false;
    expect(await run()).toMatchObject({ code: 3 });
    expect(await query(file, 'select id::integer as id, good from b order by id')).toEqual(
      [0, 1, 2].map((id) => ({ id, good: true })),
    );
    expect(await value(file, 'select count(distinct _dlt_load_id) from a')).toBe(1);
    expect(await value(file, 'select count(*) from _dlt_loads')).toBe(2);
  });

  it('is named, too, by the run that continues one that was killed after it failed', async () => {
    let stuck = true;
    let arrived = () => {};
    const { url, asked } = await useServer(async ({ path, query: parameters }, response) => {
      if (path === '/a') return sendJson(response, 402, {});
      const page = Number(parameters.get('page'));
      if (page < 6 || !stuck) return sleep(70, { data: [{ id: page }], pages: 8 });
      arrived();
      return new Promise(() => {});
    });
    const paginator = { type: 'page_number', total_path: 'pages' };
    const b = { name: 'b', endpoint: { path: 'b', data_selector: 'data', paginator } };
    const project = await smallProject(url, {
      ...continued,
      client: { concurrency: 1 },
      resources: [...resources.slice(0, 1), b],
    });
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const child = startCli(['run'], project);
    await waiting;
    child.kill('SIGKILL');
    await once(child, 'exit');
    stuck = false;

    const { code, stdout } = await project.run();
    expect(code).toBe(3);
    expect(stdout).toMatch(/Continues package/);
    expect(stdout).toMatch(/a: failed/);
    expect(asked.filter(({ path }) => path === '/a')).toHaveLength(1);
    expect(await query(project.file, 'select count(*)::integer as n, max(id)::integer as last from b')).toEqual([
      { n: 8, last: 7 },
    ]);
  });

  it('together with all others fails the run with the code of the first, and the report names all', async () => {
    const { url } = await useAnswers({ a: 402, b: 404, c: 403 });
    const { run, file } = await smallProject(url, continued);
    const { code, stdout, stderr } = await run();
    expect(code).toBe(8);
    expect(stdout).toMatch(/nothing was published/);
    for (const said of [/a: failed: .*402/, /b: failed: .*404/, /c: failed: .*403/]) expect(stdout).toMatch(said);
    expect(stderr).toMatch(/^error: The account cannot pay for GET \/a \(402\)/);
    expect(existsSync(file)).toBe(false);
  });
});
