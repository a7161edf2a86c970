import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestDestination, TextTables } from '../test-destination.ts';
import { type BucketClient, bucketEnv, emptyFolder, keyBelow, type TestBucket } from './bucket.ts';
import { filesLack } from './filesystem.ts';
import { readFiles } from './read-files.ts';

/** Parquet files in a bucket, as dlt lays them out: what `filesystem` does in a folder. */
export function filesystemIn(name: string, bucket: TestBucket): TestDestination {
  const { url, credentials, nobody } = bucket;
  return {
    name,
    settings: (_, more) => ({ type: 'filesystem', bucket_url: url, credentials, ...more }),
    env: bucketEnv(bucket, 'FILESYSTEM'),
    unreachable: () => ({ type: 'filesystem', bucket_url: url, credentials: { ...credentials, ...nobody } }),
    read: async ({ folder, dataset }) => withCopy(folder, await bucket.open(), keyBelow(url, dataset)),
    drop: async ({ dataset }) => emptyFolder(await bucket.open(), keyBelow(url, dataset)),
    lacks: filesLack,
  };
}

// --- internal ---

async function withCopy(folder: string, client: BucketClient, prefix: string): Promise<TextTables> {
  const copy = await mkdtemp(join(folder, 'copy-'));
  try {
    await Promise.all(
      (await client.keys(prefix)).map(async (key) => {
        const file = join(copy, key.slice(prefix.length));
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, await client.bytes(key));
      }),
    );
    return await readFiles(copy);
  } finally {
    await rm(copy, { recursive: true });
  }
}
