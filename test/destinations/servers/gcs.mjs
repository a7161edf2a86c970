import { join } from 'node:path';
import { bucketEnvironment } from './bucket-environment.mjs';
import { goProgram } from './installed.mjs';
import { freePort, isListening, start } from './programs.mjs';

/** fake-gcs-server: what Google Cloud Storage answers, from memory; it lets everybody in. There is one bucket. */
export async function startGcs() {
  const folder = await goProgram('fake-gcs-server', 'github.com/fsouza/fake-gcs-server@v1.56.1');
  const port = await freePort();
  const endpoint_url = `http://127.0.0.1:${port}`;
  const address = ['-host', '127.0.0.1', '-port', String(port), '-public-host', `127.0.0.1:${port}`];
  const args = ['-scheme', 'http', '-backend', 'memory', ...address, '-external-url', endpoint_url];
  const stop = await start(join(folder, 'bin', 'fake-gcs-server'), args, () => isListening(port));
  const body = JSON.stringify({ name: 'contract' });
  await fetch(`${endpoint_url}/storage/v1/b?project=test`, { method: 'POST', body });
  return { env: bucketEnvironment('GCS', 'gs://contract/data', { endpoint_url, project_id: 'test' }), stop };
}
