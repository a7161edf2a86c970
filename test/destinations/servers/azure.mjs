import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketEnvironment } from './bucket-environment.mjs';
import { npmPackages } from './installed.mjs';
import { freePort, isListening, start } from './programs.mjs';

/** The account that azurite knows; its key is published with it. */
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** azurite: what Azure's Blob Storage answers. There is one container. */
export async function startAzure() {
  const modules = await npmPackages('azurite', 'azurite@3.35.0', '@azure/storage-blob@^12.32.0');
  const data = await mkdtemp(join(await realpath(tmpdir()), 'dezgo-elt-azurite-'));
  const port = await freePort();
  const args = ['--location', data, '--blobHost', '127.0.0.1', '--blobPort', String(port), '--silent'];
  const program = join(modules, 'node_modules', '.bin', 'azurite-blob');
  const quiet = ['--skipApiVersionCheck', '--disableTelemetry'];
  const stop = await start(program, [...args, ...quiet], () => isListening(port));
  const host = `http://127.0.0.1:${port}/${account}`;
  const { BlobServiceClient, StorageSharedKeyCredential } = createRequire(join(modules, 'x.js'))('@azure/storage-blob');
  const client = new BlobServiceClient(host, new StorageSharedKeyCredential(account, key));
  await client.createContainer('contract');
  const credentials = { azure_storage_account_name: account, azure_account_host: host };
  return {
    env: bucketEnvironment('AZURE', 'az://contract/data', credentials, { azure_storage_account_key: key }),
    stop: async () => {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
