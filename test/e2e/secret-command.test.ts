import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PipelineError } from '../../src/errors.ts';
import { smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { useProxy } from '../support/proxy.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';
import { runCommand } from '../support/terminal.ts';

/** It never stands in a file, but for the parts that the command puts together. */
const key = ['KEY', 'OF', 'A', 'VAULT'].join('-');
const code = `require('node:fs').appendFileSync('started', 'x'); console.log('API_KEY=' + ['KEY','OF','A','VAULT'].join('-'))`;

it('a run asks a command for the key and hides it, takes values and the proxy from .env; info asks nobody', async () => {
  const server = await useServer(({ path, headers }) => ({ id: path, said: headers['x-key'] }));
  const proxy = await useProxy({ target: server.url });
  const id = { type: 'values', from: [{ env: 'IDS' }] };
  const resources = [{ name: 'models', endpoint: { path: 'models/{id}', data_selector: '$', params: { id } } }];
  const project = await smallProject('http://api.example.test', { resources }, { SHOP_KEY: '' });
  await writeConfig(project, {
    ...smallConfig('http://api.example.test', { resources }),
    secrets: { command: [process.execPath, '-e', code] },
  });
  await writeFile(join(project.cwd, '.env'), `IDS=a,b\nHTTP_PROXY=${proxy.url}\n`);
  await chmod(join(project.cwd, '.env'), 0o600);

  expect(await project.run(['info'])).toMatchObject({ code: 0, stderr: '' });
  expect(await project.run(['plan'])).toMatchObject({ code: 0, stderr: '' });
  await expect(readFile(join(project.cwd, 'started'))).rejects.toThrow('ENOENT');

  const { code: exitCode, stdout, stderr } = await project.run();
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.not.stringContaining(key) });
  expect(stdout).not.toContain(key);
  expect(server.asked.map(({ headers }) => headers['x-key'])).toEqual([key, key]);
  expect(await query(project.file, 'select id, said from models order by id')).toEqual([
    { id: '/models/a', said: '***' },
    { id: '/models/b', said: '***' },
  ]);
  expect(await readFile(join(project.cwd, 'started'), 'utf8')).toBe('x');
});

it('a run that is stopped together with its command for secrets was stopped, and did not fail', async () => {
  const resources = [{ name: 'models' }];
  const project = await smallProject('http://127.0.0.1:9', { resources }, { SHOP_KEY: '' });
  await writeConfig(project, {
    ...smallConfig('http://127.0.0.1:9', { resources }),
    secrets: { command: [process.execPath, '-e', 'process.exit(1)'] },
  });
  const reason = new PipelineError({ code: 'Terminated', message: 'Stopped.', hint: 'Run again.' });
  const stopped = await runCommand(['run'], { ...project, signal: AbortSignal.abort(reason) });
  expect(stopped).toMatchObject({ code: 143, stderr: expect.not.stringContaining('command for secrets') });
  expect(await project.run()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('gave none: it ended with exit code 1'),
  });
});
