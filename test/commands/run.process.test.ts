import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { resultOf, startCli } from '../support/cli.ts';
import { shippedProject, smallProject } from '../support/project.ts';
import { value } from '../support/published.ts';
import { useSandbox } from '../support/sandbox.ts';
import { useServer } from '../support/server.ts';

/** A source that says when it was asked and answers when it is let. */
async function heldSource() {
  let arrived = () => {};
  let release = () => {};
  const asked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { url } = await useServer(async () => {
    arrived();
    await released;
    return { data: [{ id: 1 }] };
  });
  const resources = [{ name: 'models', endpoint: { path: 'models', data_selector: 'data' } }];
  return { project: await smallProject(url, { resources }), asked, release };
}

describe('dezgo-elt run, while it runs in a process of its own', () => {
  it('makes another one exit with 75, and `info` says that it is going on', async () => {
    const { project, asked, release } = await heldSource();
    const first = startCli(['run'], project);
    const finished = resultOf(first);
    await asked;
    const second = await project.run();
    const info = await project.run(['info']);
    const json = await project.run(['info', '--format', 'json']);
    expect(second.code).toBe(75);
    expect(second.stderr).toMatch(/^error: .*\n$/);
    expect(info.code).toBe(0);
    expect(info.stdout).toMatch(new RegExp(`^A run is in progress: .*${first.pid}`, 'm'));
    expect(info.stdout).toContain('No loads yet.');
    const { running, runs, packages } = JSON.parse(json.stdout);
    expect(running).toMatchObject({ pid: first.pid, pipeline: 'small', loadId: packages[0].loadId });
    expect(runs).toMatchObject([{ exitCode: 75, failureCode: 'RunLocked' }]); // of this one there is no end yet
    release();
    expect((await finished).code).toBe(0);
  });

  it('stops at once on a second signal', async () => {
    const { project, asked } = await heldSource();
    const child = startCli(['run'], project);
    const finished = resultOf(child);
    await asked;
    child.kill('SIGINT');
    const { stderr } = child;
    if (stderr !== null) await once(stderr, 'data');
    child.kill('SIGINT');
    expect((await finished).code).toBe(130);
  });

  it('does its work although nobody reads the report', async () => {
    const { url, key } = await useSandbox();
    const project = await shippedProject(url, { DEZGO_API_KEY: key });
    const child = startCli(['run'], project);
    child.stdout?.destroy();
    const { code, stderr } = await resultOf(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await value(project.file, 'select count(*) from account_tx_last', 'dezgo_api_data')).toBe(1);
  });
});
