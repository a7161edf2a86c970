import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PipelineError, type Trace } from '../../src/index.ts';
import { key, type Project, type SmallConfig, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { fingerprint, query } from '../support/published.ts';
import { type Answering, closedPort, sendJson, useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';
import { alone, type BadAlone, endpoint, good, models, replies, status } from './bad-replies.ts';

/** The file that a first run with good replies leaves. */
const goodFile = shared(async () => {
  const { url } = await useServer(() => good);
  const { run, file } = await smallProject(url, { resources: [{ ...models, endpoint }] });
  expect(await run()).toMatchObject({ code: 0 });
  return readFile(file);
});

/** What a first run published, and a source that answers otherwise from then on. */
async function published(answering: Answering, bad: Partial<BadAlone> = {}) {
  const server = await useServer(answering);
  const config: SmallConfig = {
    client: bad.client ?? {},
    resources: [{ ...models, ...bad.resource, endpoint: bad.endpoint ?? endpoint }],
  };
  const project = await smallProject(server.url, config);
  await writeFile(project.file, await goodFile());
  return { project, before: fingerprint(project.file), config, asked: server.asked };
}

/** One run with a resource for each reply, of which none can be read. */
const refused = shared(async () => {
  const nameOf = (index: number) => `models${String(index).padStart(2, '0')}`;
  const server = await useServer((asked, response) => {
    const bad = replies[Number(asked.path.slice('/models'.length))];
    return bad?.answering(asked, response);
  });
  const project = await smallProject(server.url, {
    pipeline: { on_resource_failure: 'continue' },
    resources: replies.map((bad, index) => ({
      ...models,
      ...bad.resource,
      name: nameOf(index),
      endpoint: { ...(bad.endpoint ?? endpoint), path: nameOf(index) },
    })),
  });
  await writeFile(project.file, await goodFile());
  const before = fingerprint(project.file);
  const { code, stdout, stderr } = await project.run(['run', '--format', 'json']);
  expect({ code, published: JSON.parse(stdout).published }).toEqual({ code: replies[0]?.code, published: false });
  expect(fingerprint(project.file)).toBe(before);
  await expectNoSecret(project, stdout + stderr);
  const resources: Trace['resources'] = JSON.parse(stdout.replace(/models\d\d/g, 'models')).resources;
  return replies.map((_, index) => ({
    error: resources[index]?.error,
    asked: server.asked.filter(({ path }) => path === `/${nameOf(index)}`).length,
  }));
});

/** The last line of stderr: message, and after a dash the hint. */
function failure(stderr: string): { message: string; hint: string } {
  const line = stderr.trimEnd().split('\n').at(-1) ?? '';
  const [, message = '', hint = ''] = /^error: (.*?) — (.*)$/.exec(line) ?? [];
  return { message, hint };
}

describe('bad input ends with its own message, hint and exit code, and nothing published changes', () => {
  it.each(replies)('$what', async (bad) => {
    const { error, asked } = (await refused())[replies.indexOf(bad)] ?? {};
    expect(error && new PipelineError(error)).toMatchObject({ exitCode: bad.code });
    for (const part of bad.says) expect(error?.message).toMatch(part);
    expect(error?.hint).toMatch(bad.hint);
    if (bad.asked !== undefined) expect(asked).toBe(bad.asked);
  });

  it.each(alone)('$what', async (bad) => {
    const { project, before, asked } = await published(bad.answering, bad);
    const { code, stdout, stderr } = await project.run();
    const { message, hint } = failure(stderr);
    expect({ code, stderr }).toEqual({ code: bad.code, stderr: expect.any(String) });
    for (const part of bad.says) expect(message).toMatch(part);
    expect(hint).toMatch(bad.hint);
    expect(stdout).toMatch(/^Pipeline small failed after .*: nothing was published$/m);
    if (bad.asked !== undefined) expect(asked).toHaveLength(bad.asked);
    expect(fingerprint(project.file)).toBe(before);
    await expectNoSecret(project, stdout + stderr);
  });

  it('nobody listens there', async () => {
    const { project, before, config } = await published(() => good);
    const url = await closedPort();
    await writeConfig(project, smallConfig(url, config));
    const { code, stderr } = await project.run();
    expect(code).toBe(5);
    expect(failure(stderr).message).toContain(`No answer to GET ${url}/models (3 attempts): `);
    expect(failure(stderr).message).toContain('ECONNREFUSED');
    expect(failure(stderr).hint).toMatch(/base_url/);
    expect(fingerprint(project.file)).toBe(before);
  });

  it('a redirect to another host is followed without the key', async () => {
    const other = await useServer((_, response) => sendJson(response, 401, { title: 'Who are you?' }));
    const { project, before } = await published(
      (_, response) =>
        void response.writeHead(302, { location: `${other.url.replace('127.0.0.1', 'localhost')}/models` }).end(),
    );
    const { code, stderr } = await project.run();
    expect(code).toBe(4);
    expect(failure(stderr).message).toMatch(/no credentials were sent/);
    expect(failure(stderr).hint).toMatch(/redirect/);
    expect(other.asked).toHaveLength(1);
    expect(JSON.stringify(other.asked[0]?.headers)).not.toContain(key);
    expect(fingerprint(project.file)).toBe(before);
  });
});

describe('a key', () => {
  it('that a reply repeats is in no row, output, ledger or package, and the report counts it', async () => {
    const echo = { data: [{ id: 1, name: `you sent ${key}`, tags: [key, 'b'], [`named ${key}`]: 1 }], next: null };
    const { project } = await published(() => echo);
    const { code, stdout, stderr } = await project.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/masked/);
    expect(await query(project.file, 'select name from models')).toEqual([{ name: 'you sent ***' }]);
    expect(await query(project.file, 'select value from models__tags order by _dlt_list_idx')).toEqual([
      { value: '***' },
      { value: 'b' },
    ]);
    await expectNoSecret(project, stdout + stderr);
  });

  it('that an error repeats is not in the message', async () => {
    const { project } = await published(status(400, 'application/json', JSON.stringify({ title: `Not for ${key}` })));
    const { code, stdout, stderr } = await project.run(['run', '--debug']);
    expect(code).toBe(5);
    expect(stderr).toMatch(/Not for \*\*\*/);
    await expectNoSecret(project, stdout + stderr);
  });

  it('that is missing is asked for with every place that was looked in', async () => {
    const { project, asked, before } = await published(() => good);
    const { code, stderr } = await project.run(['run'], { SHOP_KEY: '' });
    expect(code).toBe(2);
    for (const place of ['SOURCES__SHOP__API_KEY', 'SHOP_KEY', 'secrets.yaml']) expect(stderr).toContain(place);
    expect(asked).toEqual([]);
    expect(fingerprint(project.file)).toBe(before);
  });
});

/** Neither in what was printed nor in any file, in pieces of a length that compression of short texts leaves whole. */
async function expectNoSecret({ cwd }: Project, output: string): Promise<void> {
  expect(output).not.toContain(key);
  const names = await readdir(cwd, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(2);
  for (const file of files)
    expect({ file, found: (await readFile(file)).includes(key) }).toEqual({ file, found: false });
}
