import { type BucketClient, type TestBucket, testBucket } from './bucket.ts';

const bucket = testBucket('TEST_S3');
const name = new URL(bucket.url).host;

/** moto, or what its name stands for. */
export const s3Bucket: TestBucket = { ...bucket, nobody: { endpoint_url: 'http://127.0.0.1:9' }, open };

// --- internal ---

const library = '@aws-sdk/client-s3';

interface Library {
  readonly S3: new (
    options: object,
  ) => {
    listObjectsV2(input: object): Promise<{ Contents?: { Key: string }[]; NextContinuationToken?: string }>;
    getObject(input: object): Promise<{ Body: { transformToByteArray(): Promise<Uint8Array> } }>;
    deleteObject(input: object): Promise<object>;
  };
}

async function open(): Promise<BucketClient> {
  const { S3 }: Library = await import(library);
  const { endpoint_url: endpoint, region_name: region, aws_access_key_id: accessKeyId } = bucket.credentials;
  const credentials = { accessKeyId, secretAccessKey: bucket.secrets.aws_secret_access_key };
  const client = new S3({ endpoint, region, credentials, forcePathStyle: endpoint !== undefined });
  return {
    keys: async (Prefix) => {
      const found: string[] = [];
      let next: string | undefined;
      do {
        const page = await client.listObjectsV2({ Bucket: name, Prefix, ContinuationToken: next });
        found.push(...(page.Contents ?? []).map(({ Key }) => Key));
        next = page.NextContinuationToken;
      } while (next !== undefined);
      return found;
    },
    bytes: async (Key) => (await client.getObject({ Bucket: name, Key })).Body.transformToByteArray(),
    remove: async (Key) => {
      await client.deleteObject({ Bucket: name, Key });
    },
  };
}
