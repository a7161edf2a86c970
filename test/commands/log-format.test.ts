import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logLineSchema } from '../../src/report/log-schema.ts';
import { key, smallProject } from '../support/project.ts';
import { sendJson, useServer } from '../support/server.ts';

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => logLineSchema.parse(JSON.parse(line)));

/** A list, and one that is refused. */
async function project() {
  const { url } = await useServer(({ path }, response) =>
    path === '/models' ? [{ id: 1 }, { id: 2 }] : sendJson(response, 403, { detail: `no ${key}` }),
  );
  const resources = [
    { name: 'models', endpoint: { path: 'models', data_selector: '$' } },
    { name: 'jobs', selected: false, endpoint: { path: 'jobs', data_selector: '$' } },
  ];
  return smallProject(url, { resources });
}

describe('--log-format json', () => {
  it('makes everything on stderr an object a line, in a run that goes well, fails, and with a wrong option', async () => {
    const { run } = await project();
    const good = await run(['run', '--log-format', 'json']);
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/^Pipeline small load step completed/);
    const events = linesOf(good.stderr).map(({ event }) => event);
    expect(events.filter((event) => event !== 'progress')).toEqual([
      'run.started',
      'step.started',
      'resource.started',
      'request',
      'resource.finished',
      'step.finished',
      'step.started',
      'package.finished',
      'step.finished',
      'run.finished',
    ]);

    const bad = await run(['run', 'jobs', '--log-format=json', '--quiet', '--debug']);
    expect(bad.code).toBe(4);
    expect(bad.stderr).not.toContain(key);
    expect(linesOf(bad.stderr).at(-1)).toMatchObject({
      event: 'failure',
      level: 'error',
      code: 'SourceRefused',
      exitCode: 4,
      hint: expect.stringContaining('key'),
    });

    for (const wrong of [['--fulll-refresh'], ['nothing'], ['-c', 'absent.yaml']]) {
      const { code, stderr } = await run(['run', ...wrong, '--log-format', 'json']);
      expect(code).toBe(2);
      const [{ event, level } = { event: '', level: '' }, ...more] = linesOf(stderr).toReversed();
      expect([event, level]).toEqual(['failure', 'error']);
      expect(more.filter((line) => line.level === 'error')).toEqual([]);
    }
    const unknown = await run(['run', '--log-format', 'xml']);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Allowed choices are text, json') });
  });

  it('says no more with --quiet than warnings, and no progress with --progress none', async () => {
    const { run } = await project();
    expect(await run(['run', '--quiet', '--log-format', 'json'])).toMatchObject({ code: 0, stderr: '' });
    const { stderr } = await run(['run', '--progress', 'none', '--log-format', 'json']);
    const events = linesOf(stderr).map(({ event }) => event);
    expect(events).toContain('resource.finished');
    expect(events.filter((event) => ['progress', 'request', 'waiting'].includes(event))).toEqual([]);
  });
});

describe('--log-file', () => {
  it('is appended, readable for its owner alone, and has everything that stderr was spared', async () => {
    const { run, cwd } = await project();
    const path = join(cwd, 'run.log');
    expect(await run(['run', '--quiet', '--log-file', 'run.log'])).toEqual({ code: 0, stdout: '', stderr: '' });
    const first = linesOf(await readFile(path, 'utf8'));
    expect(first.at(-1)).toMatchObject({ event: 'run.finished', exitCode: 0 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { code, stderr } = await run(['run', 'nothing', '--log-file', path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: There is no resource `nothing`/);
    const both = linesOf(await readFile(path, 'utf8'));
    expect(both.slice(0, first.length)).toEqual(first);
    expect(both.at(-1)).toMatchObject({ event: 'failure', code: 'ResourceUnknown', exitCode: 2 });
  });

  it('that cannot be written is one warning, and the run goes on', async () => {
    const { run, cwd } = await project();
    await mkdir(join(cwd, 'folder'));
    await appendFile(join(cwd, 'file'), '');
    for (const path of ['folder', 'absent/run.log', 'file/run.log']) {
      const { code, stderr } = await run(['run', '--log-file', path]);
      expect(code).toBe(0);
      expect(stderr.match(/^warning: the log file .* cannot be written: /gm)).toHaveLength(1);
      const json = await run(['run', '--log-format', 'json', '--log-file', path]);
      expect(linesOf(json.stderr).filter(({ level }) => level === 'warn')).toHaveLength(1);
    }
  });
});
