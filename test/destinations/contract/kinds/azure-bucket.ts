import { type BucketClient, type TestBucket, testBucket } from './bucket.ts';

const bucket = testBucket('TEST_AZURE');

/** azurite, or what its name stands for. */
export const azureBucket: TestBucket = { ...bucket, nobody: { azure_account_host: 'http://127.0.0.1:9/nobody' }, open };

// --- internal ---

const library = '@azure/storage-blob';

interface Library {
  readonly StorageSharedKeyCredential: new (account: string, key: string) => object;
  readonly ContainerClient: new (url: string, credential: object) => Container;
}
interface Container {
  listBlobsFlat(options: object): AsyncIterable<{ readonly name: string }>;
  getBlobClient(name: string): { downloadToBuffer(): Promise<Uint8Array>; delete(): Promise<unknown> };
}

async function open(): Promise<BucketClient> {
  const { ContainerClient, StorageSharedKeyCredential }: Library = await import(library);
  const { azure_storage_account_name: account = '', azure_account_host: host } = bucket.credentials;
  const key = new StorageSharedKeyCredential(account, bucket.secrets.azure_storage_account_key ?? '');
  const address = host ?? `https://${account}.blob.core.windows.net`;
  const client = new ContainerClient(`${address}/${new URL(bucket.url).host}`, key);
  return {
    keys: async (prefix) => {
      const found: string[] = [];
      for await (const { name } of client.listBlobsFlat({ prefix })) found.push(name);
      return found;
    },
    bytes: (name) => client.getBlobClient(name).downloadToBuffer(),
    remove: async (name) => {
      await client.getBlobClient(name).delete();
    },
  };
}
