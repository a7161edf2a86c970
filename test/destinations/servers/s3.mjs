import { join } from 'node:path';
import { bucketEnvironment } from './bucket-environment.mjs';
import { pythonPackages } from './installed.mjs';
import { freePort, isListening, start } from './programs.mjs';

/** moto: what S3 answers, from memory; it lets everybody in. There is one bucket. */
export async function startS3() {
  const python = await pythonPackages('moto', 'moto[server,s3]==5.2.5');
  const port = await freePort();
  const endpoint_url = `http://127.0.0.1:${port}`;
  const program = join(python, 'bin', 'moto_server');
  const stop = await start(program, ['-H', '127.0.0.1', '-p', String(port)], () => isListening(port));
  await fetch(`${endpoint_url}/contract`, { method: 'PUT' });
  const credentials = { endpoint_url, region_name: 'us-east-1', aws_access_key_id: 'invented' };
  return {
    env: bucketEnvironment('S3', 's3://contract/data', credentials, { aws_secret_access_key: 'invented' }),
    stop,
  };
}
