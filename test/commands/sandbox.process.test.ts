import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCli } from '../support/cli.ts';
import { projectRoot } from '../support/repository.ts';
import { runCommand } from '../support/terminal.ts';

/** Starts the sandbox and gives the variables that it says to export. */
async function startSandbox(...args: string[]) {
  const child = startCli(['sandbox', ...args], { cwd: tmpdir() });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { stdout } = child;
  if (stdout === null) throw new Error('the process has no stdout');
  let text = '';
  while (!text.includes('dezgo-elt run')) text += String((await once(stdout, 'data'))[0]);
  const exported = [...text.matchAll(/export (\w+)='([^']*)'/g)].map(([, name, value]) => [name, value]);
  return { child, text, env: Object.fromEntries(exported) as Record<string, string | undefined> };
}

const ask = (env: Record<string, string | undefined>, path: string) =>
  fetch(`${env.SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL}${path}`, {
    headers: { 'X-Dezgo-Key': env.SOURCES__DEZGO_API_SOURCE__API_KEY ?? '' },
  });

describe('dezgo-elt sandbox', () => {
  it('serves the stand-in as its instructions say, until SIGINT, which is no failure', async () => {
    const { child, text, env } = await startSandbox();
    expect(text).toMatch(/stand-in of the Dezgo API/);
    expect((await ask(env, 'models')).status).toBe(200);
    const ended = once(child, 'close');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });

  it('hides the planned routes and plays a fault on demand', async () => {
    const { env } = await startSandbox('--no-plan-routes', '--fault', 'empty-204');
    expect((await ask(env, 'models')).status).toBe(404);
    expect((await ask(env, 'info')).status).toBe(200);
    expect((await ask(env, 'account/tx/last')).status).toBe(204);
  });

  it('plays the service that --profile names, with the variables and the configuration of its example', async () => {
    const { code, stdout } = await runCommand(['sandbox', '--profile', 'segmind'], {
      cwd: projectRoot,
      signal: AbortSignal.abort(),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^A stand-in of the Segmind API listens on http/);
    expect(stdout).toMatch(/export SOURCES__SEGMIND_SOURCE__CLIENT__BASE_URL='http:.*\/v1\/'\n/);
    expect(stdout).toContain('  npx dezgo-elt run -c examples/segmind/pipeline.config.yaml\n');
    const unknown = await runCommand(['sandbox', '--profile', 'midjourney'], { cwd: projectRoot });
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('dezgo, rapidapi, segmind') });
  });

  it('lists the faults when one is unknown', async () => {
    const { code, stderr } = await runCommand(['sandbox', '--fault', 'flood'], { cwd: tmpdir() });
    expect(code).toBe(2);
    expect(stderr).toContain('html-502');
  });

  it('says so when the port is taken', async () => {
    const { env } = await startSandbox();
    const { port } = new URL(env.SOURCES__DEZGO_API_SOURCE__CLIENT__BASE_URL ?? '');
    const { code, stderr } = await runCommand(['sandbox', '--port', port], { cwd: tmpdir() });
    expect(code).toBe(2);
    expect(stderr).toContain(`port ${port}`);
  });
});
