import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { key, smallProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';

/** A source that is down while `isDown`; and everything that is told of its runs. */
async function useWorld() {
  const world = { isDown: false };
  const server = await useServer(({ path }, response) => {
    if (path !== '/models') return { ok: true };
    if (!world.isDown) return [{ id: 1, name: 'one' }];
    response.writeHead(400).end(`no such thing, ${key} <!channel>`);
    return undefined;
  });
  const told = (start: string) => server.asked.filter(({ path }) => path.startsWith(start));
  return { world, url: server.url, told };
}

const secretPath = '/hook/T0/B0/of-the-hook-0123456789';
const check = '/ping/5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278';

test('hooks, ping, metrics and lineage tell of five nights, three of which fail', async () => {
  const { world, url, told } = await useWorld();
  const project = await smallProject(url, {
    resources: [{ name: 'models', primary_key: 'id', write_disposition: 'merge' }],
    pipeline: {
      notify: [
        { url: `${url}/hook/slack`, after: 2 },
        { url: { secret: 'hook' }, on: ['schema_change'] },
      ],
      ping: `${url}${check}?create=1`,
      metrics_file: 'dezgo.prom',
      openlineage: { url: `${url}/lineage`, file: 'lineage.jsonl', namespace: 'nightly' },
    },
  });
  const run = async () => project.run(['run', '-q'], { SOURCES__SHOP__HOOK: `${url}${secretPath}` });
  const text = (name: string) => readFile(join(project.cwd, name), 'utf8');
  const nights = [await run()];
  world.isDown = true;
  for (let night = 0; night < 3; night += 1) nights.push(await run());
  const failing = await text('dezgo.prom');
  world.isDown = false;
  nights.push(await run());

  expect(nights.map(({ code }) => code)).toEqual([0, 5, 5, 5, 0]);
  expect([nights[0]?.stderr, nights[4]?.stderr]).toEqual(['', '']);

  const hooks = told('/hook').map(({ path, body }) => ({ path, ...JSON.parse(body) }));
  expect(hooks).toMatchObject([
    { path: secretPath, event: 'schema_change', pipeline: 'small', run: { exitCode: 0 } },
    { path: '/hook/slack', event: 'failure', failures: 2, run: { exitCode: 5, failure: { code: 'ReplyUnusable' } } },
    { path: '/hook/slack', event: 'recovery', failures: 3, run: { exitCode: 0 } },
  ]);
  expect(hooks[0].text).toMatch(/changed tables of data:\n• models: table added/);
  expect(hooks[1].text).toMatch(/^small on .* failed \(exit code 5\)\. It is the failure number 2 in a row, since 20/);
  expect(hooks[1].text).toContain('no such thing, *** &lt;!channel&gt;');

  const pings = told('/ping').map(({ path }) => path.slice(check.length));
  expect(pings).toEqual([0, 5, 5, 5, 0].flatMap((code) => ['/start', `/${code}`]));
  const [begin, end, ...later] = told('/ping').map(({ query }) => query.get('rid'));
  expect(end).toBe(begin);
  expect(later).not.toContain(begin);
  expect(told('/ping').every(({ query }) => query.get('create') === '1')).toBe(true);
  expect(told('/ping')[3]?.body).toMatch(
    /^error: GET \/models was answered with status 400.*\n\nPipeline small failed/,
  );

  const value = (metrics: string, name: string) =>
    metrics.match(new RegExp(`^dezgo_elt_${name}(?:{.*})? (.*)$`, 'm'))?.[1];
  const metrics = await text('dezgo.prom');
  expect(value(failing, 'last_exit_code')).toBe('5');
  expect(value(failing, 'requests')).toBe('1');
  expect(failing).toContain('dezgo_elt_requests{pipeline="small",resource="models",status="400"} 1\n');
  expect(Number(value(failing, 'last_run_timestamp_seconds'))).toBeGreaterThan(
    Number(value(failing, 'last_success_timestamp_seconds')),
  );
  expect(value(metrics, 'last_run_timestamp_seconds')).toBe(value(metrics, 'last_success_timestamp_seconds'));

  const events = (await text('lineage.jsonl')).trim().split('\n');
  expect(told('/lineage').map(({ body }) => body)).toEqual(events);
  const lineage = events.map((line) => JSON.parse(line));
  const [complete, fail] = ['COMPLETE', 'FAIL'];
  expect(lineage.map(({ eventType }) => eventType)).toEqual(
    [complete, fail, fail, fail, complete].flatMap((type) => ['START', type]),
  );
  expect(lineage[0]).toMatchObject({
    job: { namespace: 'nightly', name: 'small' },
    inputs: [{ namespace: url, name: '/models' }],
  });
  const table = { namespace: `duckdb://${project.file}`, name: 'file.data.models' };
  const statistics = (rowCount: number) => ({ outputFacets: { outputStatistics: { rowCount } } });
  expect(lineage[1].outputs).toMatchObject([{ ...table, ...statistics(1) }]);
  expect(lineage[3]).toMatchObject({
    outputs: [],
    run: { facets: { errorMessage: { programmingLanguage: 'TypeScript' } } },
  });
  expect(lineage[9].outputs).toMatchObject([{ ...table, ...statistics(0) }]);

  const shown = [...nights.flatMap(({ stdout, stderr }) => [stdout, stderr]), metrics, ...events, ...hooks.map(String)];
  expect(shown.join('\n')).not.toMatch(/of-the-hook|KEY-5A4D/);
});
