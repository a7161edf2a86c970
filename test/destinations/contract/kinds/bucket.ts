import { clientsEnv } from './clients-env.ts';

/** A bucket that a lane has started, or somebody's own. */
interface StartedBucket {
  /** `s3://bucket/folder` */
  readonly url: string;
  /** By dlt's names. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface TestBucket extends StartedBucket {
  /** Credentials that lead to where nobody answers. */
  readonly nobody: Readonly<Record<string, string>>;
  open(): Promise<BucketClient>;
}

/** How the tests look into a bucket, past our own stores. */
export interface BucketClient {
  keys(prefix: string): Promise<readonly string[]>;
  bytes(key: string): Promise<Uint8Array>;
  remove(key: string): Promise<void>;
}

/** @param variable of the environment, such as `TEST_S3` */
export function testBucket(variable: string): StartedBucket {
  return JSON.parse(process.env[variable] ?? '{"url": "s3://none", "credentials": {}, "secrets": {}}');
}

/** What a run finds in its environment: the secrets, and libraries that are installed elsewhere. */
export function bucketEnv({ secrets }: StartedBucket, section: string): Readonly<Record<string, string>> {
  const named = Object.entries(secrets).map(([key, value]) => [
    `DESTINATION__${section}__CREDENTIALS__${key.toUpperCase()}`,
    value,
  ]);
  return { ...Object.fromEntries(named), ...clientsEnv };
}

/** Deletes what a test has put there. */
export async function emptyFolder(client: BucketClient, prefix: string): Promise<void> {
  for (const key of await client.keys(prefix)) await client.remove(key);
}

/** Where the files of a dataset begin. */
export function keyBelow(url: string, dataset: string): string {
  return [...new URL(url).pathname.split('/'), dataset, '']
    .filter((part, index, all) => part !== '' || index === all.length - 1)
    .join('/');
}
