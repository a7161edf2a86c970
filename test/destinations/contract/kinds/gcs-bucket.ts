import { type BucketClient, type TestBucket, testBucket } from './bucket.ts';

const bucket = testBucket('TEST_GCS');

/** fake-gcs-server, or what its name stands for. */
export const gcsBucket: TestBucket = { ...bucket, nobody: { endpoint_url: 'http://127.0.0.1:9' }, open };

// --- internal ---

const library = '@google-cloud/storage';

interface Library {
  readonly Storage: new (options: object) => { bucket(name: string): Bucket };
}
interface Bucket {
  getFiles(options: object): Promise<[{ readonly name: string }[]]>;
  file(name: string): { download(): Promise<[Uint8Array]>; delete(): Promise<unknown> };
}

async function open(): Promise<BucketClient> {
  const { Storage }: Library = await import(library);
  const { endpoint_url: apiEndpoint, project_id: projectId, client_email } = bucket.credentials;
  const { private_key } = bucket.secrets;
  const account = private_key === undefined ? {} : { credentials: { client_email, private_key } };
  const client = new Storage({ apiEndpoint, projectId, ...account }).bucket(new URL(bucket.url).host);
  return {
    keys: async (prefix) => (await client.getFiles({ prefix }))[0].map(({ name }) => name),
    bytes: async (key) => (await client.file(key).download())[0],
    remove: async (key) => {
      await client.file(key).delete();
    },
  };
}
