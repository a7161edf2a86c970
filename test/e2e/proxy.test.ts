import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from '../support/cli.ts';
import { key, smallProject } from '../support/project.ts';
import { useProxy } from '../support/proxy.ts';
import { query } from '../support/published.ts';
import { projectRoot } from '../support/repository.ts';

const tls = join(projectRoot, 'test/fixtures/tls');
const certificate = join(tls, 'certificate.pem');

/** A source that speaks https, as the host that its certificate names. */
async function useSecureServer() {
  const keys: unknown[] = [];
  const options = { key: await readFile(join(tls, 'key.pem')), cert: await readFile(certificate) };
  const server = createServer(options, (request, response) => {
    keys.push(request.headers['x-key']);
    response.end('{"data": [{"id": 1}]}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, keys };
}

it('a run behind a proxy reaches a host that only the proxy can find, over TLS from end to end', async () => {
  const server = await useSecureServer();
  const proxy = await useProxy({ target: server.url });
  const project = await smallProject('https://api.example.test', {
    resources: [{ name: 'models', endpoint: { path: 'models', data_selector: 'data' } }],
  });
  const withUser = proxy.url.replace('//', '//me:hunter2@');
  const { code, stderr } = await runCli(['run'], {
    ...project,
    env: { ...project.env, HTTPS_PROXY: withUser, NODE_EXTRA_CA_CERTS: certificate },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(proxy.asked.map(({ line }) => line)).toEqual(['CONNECT api.example.test:443']);
  expect(server.keys).toEqual([key]);
  expect(await query(project.file, 'select id::integer as id from models')).toEqual([{ id: 1 }]);
});
